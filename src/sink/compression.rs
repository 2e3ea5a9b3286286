//! Compression of an output, which is chosen by its name.
//!
//! The same content gives the same bytes: no time, no name and no number of threads goes into a file.

use std::io::{self, BufWriter, Write};
use std::path::Path;

/// How an output is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// As gzip does: read everywhere.
    Gzip,
    /// As zstd does: faster and smaller.
    Zstd,
}

/// What zstd calls its default. The levels above it cost much more time than they save space on text.
const ZSTD_LEVEL: i32 = 3;

impl Compression {
    /// The compression that the extension of a name stands for: `.gz`, `.zst`, or none.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default();
        if extension.eq_ignore_ascii_case("gz") {
            Self::Gzip
        } else if extension.eq_ignore_ascii_case("zst") {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// What is added to a name: `.gz`, `.zst`, or nothing.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

/// A writer with a compressor before it.
pub(super) enum Compressor<W: Write> {
    None(BufWriter<W>),
    Gzip(Blocks<flate2::write::GzEncoder<W>>),
    Zstd(Blocks<zstd::Encoder<'static, W>>),
}

/// Hands on blocks of one size, whatever the pieces are in which bytes come: where a compressor cuts its own blocks depends
/// on how it is fed.
pub(super) struct Blocks<W> {
    to: W,
    held: Vec<u8>,
}

impl<W: Write> Blocks<W> {
    const SIZE: usize = 64 << 10;

    fn new(to: W) -> Self {
        Self { to, held: Vec::with_capacity(Self::SIZE) }
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.to.write_all(&self.held)?;
        self.held.clear();
        Ok(())
    }

    fn into_inner(mut self) -> io::Result<W> {
        self.hand_on()?;
        Ok(self.to)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.held.len() == Self::SIZE {
            self.hand_on()?;
        }
        let taken = &bytes[..bytes.len().min(Self::SIZE - self.held.len())];
        self.held.extend_from_slice(taken);
        Ok(taken.len())
    }
}

impl<W: Write> Compressor<W> {
    pub(super) fn new(writer: W, compression: Compression) -> io::Result<Self> {
        Ok(match compression {
            Compression::None => Self::None(BufWriter::new(writer)),
            Compression::Gzip => {
                Self::Gzip(Blocks::new(flate2::write::GzEncoder::new(writer, flate2::Compression::default())))
            }
            Compression::Zstd => {
                let mut encoder = zstd::Encoder::new(writer, ZSTD_LEVEL)?;
                // A file that was damaged on the way is then found out by whoever reads it.
                encoder.include_checksum(true)?;
                Self::Zstd(Blocks::new(encoder))
            }
        })
    }

    /// Ends the compressed stream and gives back what it was written to.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Self::None(writer) => writer.into_inner().map_err(io::IntoInnerError::into_error),
            Self::Gzip(writer) => writer.into_inner()?.finish(),
            Self::Zstd(writer) => writer.into_inner()?.finish(),
        }
    }

    /// Whether what is flushed arrives. In the middle of a compressed stream a flush would only make it larger.
    fn passes_through(&mut self) -> Option<&mut BufWriter<W>> {
        match self {
            Self::None(writer) => Some(writer),
            Self::Gzip(_) | Self::Zstd(_) => None,
        }
    }
}

impl<W: Write> Write for Compressor<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::None(writer) => writer.write(bytes),
            Self::Gzip(writer) => writer.write(bytes),
            Self::Zstd(writer) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.passes_through().map_or(Ok(()), Write::flush)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn compressed(compression: Compression, pieces: &[&[u8]]) -> Vec<u8> {
        let mut writer = Compressor::new(Vec::new(), compression).unwrap();
        pieces.iter().try_for_each(|piece| writer.write_all(piece)).unwrap();
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_compressed_is_read_again_and_does_not_depend_on_the_pieces_it_came_in() {
        let text: Vec<u8> = (0..40_000).flat_map(|i| format!("The bridge opens in {i} days. ").into_bytes()).collect();
        let pieces: Vec<_> = text.chunks(777).collect();
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let bytes = compressed(compression, &[&text]);
            assert_eq!(bytes, compressed(compression, &pieces), "{compression:?}");
            let mut read = Vec::new();
            match compression {
                Compression::None => read.clone_from(&bytes),
                Compression::Gzip => drop(flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut read).unwrap()),
                Compression::Zstd => read = zstd::decode_all(&bytes[..]).unwrap(),
            }
            assert_eq!(read, text);
        }
    }

    #[test]
    fn the_name_says_how() {
        let of = |name: &str| Compression::of_path(Path::new(name));
        assert_eq!(of("a.jsonl.gz"), Compression::Gzip);
        assert_eq!(of("a.ZST"), Compression::Zstd);
        assert_eq!(of("gz"), Compression::None);
    }
}
