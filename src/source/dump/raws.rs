//! The pieces of a dump, as they are cut, one after the other.
//!
//! Archives and decoders are easiest read from the outside in, by functions that call each other, while whoever annotates
//! wants to ask for the next piece. A thread of its own reads, and hands its pieces over in batches; that it may run
//! ahead by no more than [`AHEAD`] batches is what bounds memory. The thread ends with the inputs, or as soon as it has
//! something to hand over and nobody is there to take it.

use std::collections::BTreeSet;
use std::io::{self, BufReader, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, mem, thread, vec};

use bytes::Bytes;

use super::columns::{Chosen, Mapping};
use super::csv::{Cells, Header};
use super::inputs::{Input, Source};
use super::kind::Name;
use super::parquet::Table;
use super::reader::{Cutting, Halt, Reader, Receive, Stream};
use super::warc::Page;
use super::{At, Item, ItemError, Options, Place, csv, json, parquet, warc, whole};
use crate::source::Format;

/// One thing as it was cut out of its file, and not yet looked into: cheap to make and to send to another thread.
#[derive(Debug)]
pub struct Raw {
    place: Place,
    cut: Cut,
    /// The most bytes that it may unpack to.
    limit: u64,
}

/// What was cut, by format.
#[derive(Debug)]
pub(super) enum Cut {
    Failed { id: Option<String>, error: ItemError },
    Whole { format: Format, bytes: Vec<u8> },
    Line { bytes: Bytes, chosen: Arc<Chosen> },
    Cells { cells: Cells, header: Arc<Header> },
    Row { row: ::parquet::record::Row, table: Arc<Table> },
    Page(Box<Page>),
}

impl Raw {
    pub(super) fn new(place: Place, cut: Cut, limit: u64) -> Self {
        Self { place, cut, limit }
    }

    pub(super) fn into_error(self) -> Option<ItemError> {
        match self.cut {
            Cut::Failed { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// How long it is, in bytes as they were cut: how much work it is likely to be.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.cut {
            Cut::Failed { .. } => 0,
            Cut::Whole { bytes, .. } => bytes.len(),
            Cut::Line { bytes, .. } => bytes.len(),
            Cut::Cells { cells, .. } => cells.len(),
            Cut::Row { row, .. } => parquet::len(row),
            Cut::Page(page) => page.len(),
        }
    }

    /// Whether there is nothing in it, or an error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads it: the part that takes time, and depends on nothing but the piece itself.
    #[must_use]
    pub fn read(self) -> Item {
        let place = self.place;
        match self.cut {
            Cut::Failed { id, error } => Item { id: id.unwrap_or_else(|| place.id()), place, article: Err(error) },
            Cut::Whole { format, bytes } => whole::read(place, format, &bytes),
            Cut::Line { bytes, chosen } => json::read(place, &bytes, &chosen),
            Cut::Cells { cells, header } => csv::read(place, &cells, &header),
            Cut::Row { row, table } => parquet::read(place, row, &table),
            Cut::Page(page) => warc::read(place, *page, self.limit),
        }
    }
}

/// The pieces of all inputs, in order. A thread reads them; it ends after this is dropped.
#[derive(Debug)]
pub struct Raws {
    batches: Receiver<Vec<Raw>>,
    batch: vec::IntoIter<Raw>,
    shared: Arc<Shared>,
}

/// What the reading thread tells besides pieces.
#[derive(Debug, Default)]
struct Shared {
    bytes: AtomicU64,
    passed_over: AtomicU64,
    mappings: Mutex<Mappings>,
}

#[derive(Debug, Default)]
struct Mappings {
    fresh: Vec<Mapping>,
    /// Those told before, without their file.
    told: BTreeSet<Mapping>,
}

/// Dumps of archives may have a header in each member; this many different ones are remembered.
const MOST_MAPPINGS: usize = 1000;

/// How many batches may wait to be taken.
const AHEAD: usize = 2;

/// How many pieces are handed over together (to wake who waits for them costs as much as to cut a dozen), …
const BATCH: usize = 256;

/// … if they are not this long together, in bytes, …
const BATCH_BYTES: usize = 256 << 10;

/// … or the first has not been waiting so long.
const PATIENCE: Duration = Duration::from_millis(20);

impl Raws {
    pub(super) fn new(inputs: Vec<Input>, options: Options) -> Self {
        let (sender, batches) = sync_channel(AHEAD);
        let shared = Arc::new(Shared::default());
        let raws = Self { batches, batch: Vec::new().into_iter(), shared: Arc::clone(&shared) };
        let first = inputs.first().map(|input| input.name().to_owned()).unwrap_or_default();
        let read = move || {
            let mut feeder = Feeder { sender, batch: Vec::new(), bytes: 0, since: Instant::now(), shared };
            for input in &inputs {
                if feeder.input(input, &options).is_err() {
                    return;
                }
            }
            // Whether anybody took the last batch makes no difference any more.
            let _ = feeder.flush();
        };
        match thread::Builder::new().name("whosaid-read".to_owned()).spawn(read) {
            Ok(_) => raws,
            Err(error) => {
                let place = Place { file: first.into(), at: At::Whole };
                let cut = Cut::Failed { id: None, error: ItemError::Unreadable(error) };
                Self { batch: vec![Raw::new(place, cut, 0)].into_iter(), ..raws }
            }
        }
    }

    /// How many bytes of the inputs, compressed as they are, have been read: of [`Inputs::total_bytes`], for whoever
    /// shows how far it is. Costs next to nothing.
    ///
    /// [`Inputs::total_bytes`]: super::Inputs::total_bytes
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }

    /// How many things were met that are no articles and not expected to be: members of archives whose names are not
    /// those of articles, and records of web archives that are not pages.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.shared.passed_over.load(Ordering::Relaxed)
    }

    /// What columns were taken for, since this was last asked; each once, however many files have the same. A mapping is
    /// here before the first piece of its file comes.
    pub fn mappings(&mut self) -> Vec<Mapping> {
        mem::take(&mut self.shared.mappings.lock().unwrap_or_else(PoisonError::into_inner).fresh)
    }
}

impl Iterator for Raws {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        loop {
            if let Some(raw) = self.batch.next() {
                return Some(raw);
            }
            self.batch = self.batches.recv().ok()?.into_iter();
        }
    }
}

/// The end of the reading thread that gives.
struct Feeder {
    sender: SyncSender<Vec<Raw>>,
    batch: Vec<Raw>,
    bytes: usize,
    since: Instant,
    shared: Arc<Shared>,
}

impl Feeder {
    fn input(&mut self, input: &Input, options: &Options) -> Cutting {
        let before = self.shared.bytes.load(Ordering::Relaxed);
        let shared = Arc::clone(&self.shared);
        let done = each(input, options, self, |stream| Counted { stream, shared: Arc::clone(&shared) });
        if let Some(bytes) = input.bytes() {
            self.shared.bytes.store(before + bytes, Ordering::Relaxed);
        }
        done
    }

    fn flush(&mut self) -> Cutting {
        self.bytes = 0;
        self.sender.send(mem::take(&mut self.batch)).map_err(|_| Halt::Enough)
    }
}

/// Opens an input and cuts it, reading through what `through` makes of it. A bug, here or in a decoder, ends the file it is
/// met in and not the run.
pub(super) fn each<R: Read>(
    input: &Input,
    options: &Options,
    out: &mut dyn Receive,
    through: impl Fn(Box<dyn Read>) -> R,
) -> Cutting {
    let name = Name::new(input.name());
    let mut reader = Reader { options, out };
    let done = catch_unwind(AssertUnwindSafe(|| opened(input, &name, &mut reader, through)));
    done.unwrap_or_else(|_| reader.failed(&name, At::Whole, ItemError::Panicked))
}

fn opened<R: Read>(
    input: &Input,
    name: &Name,
    reader: &mut Reader<'_>,
    through: impl Fn(Box<dyn Read>) -> R,
) -> Cutting {
    let (stream, file): (Box<dyn Read>, _) = match &input.source {
        Source::Standard => (Box::new(io::stdin().lock()), None),
        Source::File(path) => match fs::File::open(path) {
            // Only of a regular file can the beginning be read again.
            Ok(file) => {
                let is_file = file.metadata().is_ok_and(|about| about.is_file());
                (Box::new(file), is_file.then_some(path.as_path()))
            }
            Err(error) => return reader.failed(name, At::Whole, ItemError::Unreadable(error)),
        },
    };
    let bytes = &mut BufReader::with_capacity(BUFFER, through(stream));
    reader.file(name, Stream { bytes, file, layer: 0 })
}

/// How many bytes of a file are read at once.
const BUFFER: usize = 256 << 10;

struct Counted<R> {
    stream: R,
    shared: Arc<Shared>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.shared.bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl Receive for Feeder {
    fn raw(&mut self, raw: Raw) -> Cutting {
        if self.batch.is_empty() {
            self.since = Instant::now();
        }
        self.bytes += raw.len();
        self.batch.push(raw);
        if self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES || self.since.elapsed() >= PATIENCE {
            self.flush()?;
        }
        Ok(())
    }

    fn mapping(&mut self, mapping: Mapping) {
        let mut mappings = self.shared.mappings.lock().unwrap_or_else(PoisonError::into_inner);
        let nameless = Mapping { file: String::new(), ..mapping.clone() };
        if mappings.told.len() < MOST_MAPPINGS && mappings.told.insert(nameless) {
            mappings.fresh.push(mapping);
        }
    }

    fn passed_over(&mut self) {
        self.shared.passed_over.fetch_add(1, Ordering::Relaxed);
    }

    fn read(&mut self, bytes: u64) {
        self.shared.bytes.fetch_add(bytes, Ordering::Relaxed);
    }
}
