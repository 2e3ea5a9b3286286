//! Articles in batches: handing over each article alone would cost more than a short one takes to segment.

use super::ordered::Weigh;
use crate::source::dump::Raw;

/// Articles that one thread deals with together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) raws: Vec<Raw>,
    /// Whether a part of the output ends with the last of them.
    pub(super) ends_part: bool,
    bytes: usize,
}

impl Weigh for Batch {
    fn bytes(&self) -> usize {
        self.bytes
    }
}

/// How long batches are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// The most articles.
    articles: u64,
    /// Bytes after which a batch ends.
    bytes: usize,
    /// How many batches there may be for each thread between reading and writing.
    pub(super) ahead: usize,
}

impl Size {
    /// For a model: with the large one that is seconds of work, and no thread should be left with more than that when the
    /// others have finished.
    pub(super) const TAGGED: Self = Self { articles: 64, bytes: 32 << 10, ahead: usize::MAX };
    /// Without a model that is two milliseconds, and waking another thread costs a hundredth of it.
    pub(super) const UNTAGGED: Self = Self { articles: 512, bytes: 256 << 10, ahead: 4 };
}

/// The batches of an input. They end where parts of the output end.
pub(super) struct Batches<I> {
    raws: I,
    size: Size,
    per_part: Option<u64>,
    count: u64,
}

impl<I> Batches<I> {
    pub(super) fn new(raws: I, size: Size, per_part: Option<u64>) -> Self {
        Self { raws, size, per_part, count: 0 }
    }
}

impl<I: Iterator<Item = Raw>> Iterator for Batches<I> {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        // The first articles go one by one, so that a dozen of them keep a dozen threads busy.
        let most = (self.count / 64 + 1).min(self.size.articles) as usize;
        let mut batch = Batch { raws: Vec::with_capacity(most), ends_part: false, bytes: 0 };
        while batch.raws.len() < most && batch.bytes < self.size.bytes && !batch.ends_part {
            let Some(raw) = self.raws.next() else { break };
            batch.bytes += raw.len();
            batch.raws.push(raw);
            self.count += 1;
            batch.ends_part = self.per_part.is_some_and(|per_part| self.count.is_multiple_of(per_part));
        }
        (!batch.raws.is_empty()).then_some(batch)
    }
}
