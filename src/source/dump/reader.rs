//! The walk through a file: what it is packed in is taken off layer by layer, and what is left is cut by its format.
//!
//! Every reader gets a stream and hands what it cuts to a [`Receive`]. It ends early for two reasons, which are the two
//! of [`Halt`]: nobody wants more, or the stream is broken. A break ends the layer in which it happened and no other: a
//! member of an archive whose gzip stream is damaged is one error, and the next member is read; but if it is the archive
//! that is damaged, that too is one error, not one of the member and one of the archive.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Cursor, Read, Seek};
use std::path::Path;

use super::columns::Mapping;
use super::kind::{self, DumpFormat, Name, Packing};
use super::raws::{Cut, Raw};
use super::{At, ItemError, Options, Place, archive, csv, json, parquet, unpack, warc, whole};

/// How many layers a file may be packed in, an archive being two, itself and its members: a `.jsonl.gz` in a `.tar.gz`
/// in a `.zip` is in six.
const MOST_LAYERS: usize = 8;

/// Who takes what is cut.
pub(super) trait Receive {
    /// Takes a piece.
    fn raw(&mut self, raw: Raw) -> Cutting;
    /// Learns what the columns of a file are taken for, before any piece of it comes.
    fn mapping(&mut self, mapping: Mapping);
    /// Learns of a packing that is taken off.
    fn packing(&mut self, packing: Packing) {
        let _ = packing;
    }
    /// Learns of the format of what is about to be cut.
    fn format(&mut self, format: DumpFormat) -> Cutting {
        let _ = format;
        Ok(())
    }
    /// Learns of something that is no article and is not expected to be one.
    fn passed_over(&mut self);
    /// Learns of bytes of the input that were read other than through the stream.
    fn read(&mut self, bytes: u64);
}

/// Why a reader ends before its stream does.
#[derive(Debug)]
pub(super) enum Halt {
    /// Nobody wants more.
    Enough,
    /// The stream cannot be read further.
    Broken {
        at: At,
        error: ItemError,
        /// Which layer broke, counted from the file; none of them, but what is in them, if there is no number.
        layer: Option<usize>,
    },
    /// As [`Broken`](Self::Broken), of a layer further out, and it has been told.
    Told { layer: usize },
}

/// What a reader returns.
pub(super) type Cutting = Result<(), Halt>;

impl Halt {
    /// The format itself is broken at `at`.
    pub(super) fn broken(at: At, error: ItemError) -> Self {
        Self::Broken { at, error, layer: None }
    }

    /// What is met at `at` cannot be read from the stream.
    pub(super) fn reading(at: At, error: io::Error) -> Self {
        match layer_of(&error) {
            Some((what, layer)) => Self::Broken { at, error: ItemError::damaged(what, error), layer: Some(layer) },
            None => Self::broken(at, ItemError::Unreadable(error)),
        }
    }
}

/// An error of one layer, on its way through those within.
#[derive(Debug)]
struct LayerError {
    what: &'static str,
    layer: usize,
    source: io::Error,
}

impl fmt::Display for LayerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for LayerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// Which layer an error comes from, through however many others that have wrapped it in errors of their own.
fn layer_of(error: &io::Error) -> Option<(&'static str, usize)> {
    let mut next: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<LayerError>() {
            return Some((found.what, found.layer));
        }
        next = match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|inner| inner as _),
            None => error.source(),
        };
    }
    None
}

/// A stream that says of its errors which layer they come from.
pub(super) struct Layer<R> {
    pub(super) stream: R,
    pub(super) what: &'static str,
    pub(super) number: usize,
}

impl<R: Read> Read for Layer<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer).map_err(|source| {
            if source.kind() == io::ErrorKind::Interrupted || layer_of(&source).is_some() {
                return source;
            }
            io::Error::new(source.kind(), LayerError { what: self.what, layer: self.number, source })
        })
    }
}

/// A reader of files.
pub(super) struct Reader<'a> {
    pub(super) options: &'a Options,
    pub(super) out: &'a mut dyn Receive,
}

/// A stream of bytes, in the layer that its number says.
pub(super) struct Stream<'s> {
    pub(super) bytes: &'s mut dyn BufRead,
    /// The file that holds exactly these bytes, if there is one that can be read in any order.
    pub(super) file: Option<&'s Path>,
    pub(super) layer: usize,
}

impl Reader<'_> {
    /// Reads a file or a member of an archive. What is broken in it is told as its last item; only what breaks further
    /// out than `stream` is comes back.
    pub(super) fn file(&mut self, name: &Name, stream: Stream<'_>) -> Cutting {
        let outer = stream.layer;
        match self.unpacked(name, stream) {
            Err(Halt::Broken { at, error, layer }) => {
                self.failed(name, at, error)?;
                match layer {
                    Some(layer) if layer < outer => Err(Halt::Told { layer }),
                    _ => Ok(()),
                }
            }
            Err(Halt::Told { layer }) if layer >= outer => Ok(()),
            done => done,
        }
    }

    /// Takes off the outermost packing of `stream`, or cuts it if it has none.
    pub(super) fn unpacked(&mut self, name: &Name, stream: Stream<'_>) -> Cutting {
        let whole = |error| Halt::broken(At::Whole, error);
        let Stream { bytes, file, layer } = stream;
        let mut head = Vec::new();
        let error = bytes.take(kind::HEAD as u64).read_to_end(&mut head).err();
        let met = Packing::of_bytes(&head);
        let packing = match (met, name.packing()) {
            (None, _) if head.is_empty() && error.is_some() => None,
            (None, Some(wanted)) if !is_archive_without_magic(wanted, &head) => {
                return Err(whole(ItemError::NotPacked { wanted: wanted.name() }));
            }
            (met, told) => met.or(told),
        };
        if packing.is_none()
            && let Some(met) = kind::unread_packing(&head)
        {
            return Err(whole(ItemError::Packing { met }));
        }
        if packing.is_some() && layer >= MOST_LAYERS {
            return Err(whole(ItemError::TooPacked { limit: MOST_LAYERS }));
        }
        let format = self.options.format.or_else(|| name.format()).unwrap_or_else(|| DumpFormat::of_bytes(&head));
        let mut bytes = Cursor::new(head).chain(Rest { error, bytes });
        let stream = Stream { bytes: &mut bytes, file, layer };
        let Some(packing) = packing else { return self.cut_as(format, name, stream) };
        self.out.packing(packing);
        match packing {
            Packing::Gzip | Packing::Zstd | Packing::Bzip2 => unpack::decompressed(self, packing, name, stream),
            Packing::Tar => archive::tar(self, name, stream),
            Packing::Zip => archive::zip(self, name, stream),
        }
    }

    fn cut_as(&mut self, format: DumpFormat, name: &Name, stream: Stream<'_>) -> Cutting {
        self.out.format(format)?;
        match format {
            DumpFormat::JsonLines => json::cut(self, name, stream.bytes),
            DumpFormat::Csv => csv::cut(self, b',', name, stream.bytes),
            DumpFormat::Tsv => csv::cut(self, b'\t', name, stream.bytes),
            DumpFormat::Warc => warc::cut(self, name, stream.bytes),
            DumpFormat::Parquet => parquet::cut(self, name, stream),
            DumpFormat::Text | DumpFormat::Markdown | DumpFormat::Html => whole::cut(self, format, name, stream.bytes),
        }
    }

    /// Hands over a piece.
    pub(super) fn cut(&mut self, name: &Name, at: At, cut: Cut) -> Cutting {
        let place = Place { file: name.told.clone(), at };
        self.out.raw(Raw::new(place, cut, self.options.max_article_bytes))
    }

    /// Hands over an error.
    pub(super) fn failed(&mut self, name: &Name, at: At, error: ItemError) -> Cutting {
        self.cut(name, at, Cut::Failed { id: None, error })
    }

    /// That `what` is longer than the caller wants.
    pub(super) fn too_long(&self, what: &'static str) -> ItemError {
        ItemError::TooLong { what, limit: self.options.max_article_bytes }
    }

    /// Whether the member of an archive is read: any, if the caller says what they are, and else those whose names do.
    pub(super) fn takes(&self, name: &Name) -> bool {
        self.options.format.is_some() || name.is_known()
    }
}

/// What is left of a stream. If it broke where its head was read, what comes after the head is that error: the head may
/// hold an article all the same.
struct Rest<'s> {
    error: Option<io::Error>,
    bytes: &'s mut dyn BufRead,
}

impl Read for Rest<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.error.take().map_or_else(|| self.bytes.read(buffer), Err)
    }
}

impl BufRead for Rest<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self.error.take() {
            Some(error) => Err(error),
            None => self.bytes.fill_buf(),
        }
    }

    fn consume(&mut self, count: usize) {
        self.bytes.consume(count);
    }
}

/// Tar archives of before 1988 have no magic bytes, and an empty one is all zeros.
fn is_archive_without_magic(told: Packing, head: &[u8]) -> bool {
    told == Packing::Tar && head.len() >= 512
}

/// Bytes that can be read in any order: the file itself if the stream is one, or a temporary copy.
pub(super) fn seekable(stream: Stream<'_>) -> Result<File, Halt> {
    let unreadable = |error| Halt::broken(At::Whole, ItemError::Unreadable(error));
    let Stream { bytes, file, .. } = stream;
    if let Some(path) = file {
        return File::open(path).map_err(unreadable);
    }
    let mut copy = tempfile::tempfile().map_err(unreadable)?;
    io::copy(bytes, &mut copy).map_err(|error| Halt::reading(At::Whole, error))?;
    copy.rewind().map_err(unreadable)?;
    Ok(copy)
}
