//! Archives: each member is a file.
//!
//! A tar archive is a stream and is read as one. A zip archive has its table at the end; one that does not come as a
//! file of its own is copied to a temporary one first. Members that no name makes an article, like those of a folder,
//! are passed over.

use std::borrow::Cow;
use std::io::{self, BufReader, Read, Seek};

use zip::ZipArchive;
use zip::read::read_zipfile_from_stream;

use super::kind::{Name, Packing};
use super::reader::{Cutting, Halt, Layer, Reader, Stream, seekable};
use super::{At, ItemError};

/// Reads the members of a tar archive.
pub(super) fn tar(reader: &mut Reader<'_>, name: &Name, stream: Stream<'_>) -> Cutting {
    let what = Packing::Tar.name();
    let layer = stream.layer + 1;
    let damaged = |error: io::Error| match Halt::reading(At::Whole, error) {
        Halt::Broken { at, error: ItemError::Unreadable(error), .. } => {
            Halt::Broken { at, error: ItemError::damaged(what, error), layer: Some(layer) }
        }
        halt => halt,
    };
    let mut archive = tar::Archive::new(stream.bytes);
    for entry in archive.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let member = name.member(&String::from_utf8_lossy(&entry.path_bytes()));
        if !kind.is_file() && !kind.is_contiguous() && !kind.is_gnu_sparse() || !reader.takes(&member) {
            reader.out.passed_over();
            continue;
        }
        // The archive takes what there is for the member, be it less than the header says.
        let bytes = Exact { left: entry.size(), stream: entry };
        let bytes = &mut BufReader::new(Layer { stream: bytes, what, number: layer });
        reader.file(&member, Stream { bytes, file: None, layer: layer + 1 })?;
    }
    Ok(())
}

/// A stream that must be as long as was said.
struct Exact<R> {
    stream: R,
    left: u64,
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        if count == 0 && !buffer.is_empty() && self.left > 0 {
            let what = format!("{} bytes of a member are missing", self.left);
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, what));
        }
        self.left = self.left.saturating_sub(count as u64);
        Ok(count)
    }
}

/// Reads the members of a zip archive, in the order of its table.
pub(super) fn zip(reader: &mut Reader<'_>, name: &Name, stream: Stream<'_>) -> Cutting {
    let what = Packing::Zip.name();
    let is_file = stream.file.is_some();
    let layer = stream.layer + 2;
    let mut file = BufReader::new(seekable(stream)?);
    let mut archive = match ZipArchive::new(&mut file) {
        Ok(archive) => archive,
        Err(error) => {
            let damaged = Halt::broken(At::Whole, ItemError::damaged(what, error));
            return if file.rewind().is_ok() {
                zip_without_table(reader, name, &mut file, layer, damaged)
            } else {
                Err(damaged)
            };
        }
    };
    for index in 0..archive.len() {
        let told = archive.name_for_index(index).and_then(Result::ok).map(Cow::into_owned);
        let member = name.member(&told.unwrap_or_else(|| index.to_string()));
        if !takes(reader, &member) {
            continue;
        }
        let entry = match archive.by_index(index) {
            Ok(entry) => entry,
            // Encrypted, or compressed in a way that is not read: the others may still be.
            Err(error) => {
                reader.failed(&member, At::Whole, ItemError::damaged(what, error))?;
                continue;
            }
        };
        let length = entry.compressed_size();
        let bytes = &mut BufReader::new(Layer { stream: entry, what, number: layer });
        reader.file(&member, Stream { bytes, file: None, layer })?;
        if is_file {
            reader.out.read(length);
        }
    }
    Ok(())
}

/// Reads the members of a zip archive whose table is missing or `damaged`, as far as they can be told apart: an archive
/// that was cut short has lost its table and little else.
fn zip_without_table(
    reader: &mut Reader<'_>,
    name: &Name,
    stream: &mut dyn Read,
    layer: usize,
    damaged: Halt,
) -> Cutting {
    let mut stream = stream;
    while let Ok(Some(entry)) = read_zipfile_from_stream(&mut stream) {
        let member = name.member(&entry.name().unwrap_or_else(|_| String::from_utf8_lossy(entry.name_raw())));
        if takes(reader, &member) {
            // A member that is damaged here is where the archive is: that is told once.
            let bytes = &mut BufReader::new(Layer { stream: entry, what: Packing::Zip.name(), number: layer - 1 });
            reader.file(&member, Stream { bytes, file: None, layer })?;
        }
    }
    Err(damaged)
}

/// Whether the member of a zip archive is to be read; if not, it is counted.
fn takes(reader: &mut Reader<'_>, member: &Name) -> bool {
    let is_folder = member.told.ends_with('/');
    let is_taken = !is_folder && reader.takes(member);
    if !is_taken && !is_folder {
        reader.out.passed_over();
    }
    is_taken
}
