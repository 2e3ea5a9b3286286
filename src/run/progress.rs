//! How far a run is, for whoever watches it from another thread.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::speakers::Speakers;
use super::work::Outcome;

/// How far a run is. It is written by the run and can be read at any time.
#[derive(Debug, Default)]
pub struct Progress {
    read: AtomicU64,
    expected: AtomicU64,
    articles: AtomicU64,
    earlier: AtomicU64,
    bytes: AtomicU64,
    quotes: AtomicU64,
    errors: AtomicU64,
    foreign: AtomicU64,
    spent: [AtomicU64; 5],
    speakers: Mutex<Speakers>,
}

/// What has been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Articles, those that failed or were left alone included.
    pub articles: u64,
    /// Quotations.
    pub quotes: u64,
    /// Articles that failed.
    pub errors: u64,
    /// Articles in other languages, which were left alone.
    pub foreign: u64,
    /// Bytes of articles as they were read: decompressed, with what surrounds them in their format.
    pub bytes: u64,
}

/// A step of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Files are opened, decompressed and divided.
    Read,
    /// An article is made of each piece.
    Parse,
    /// The pipeline.
    Annotate,
    /// Lines or rows are made of the answer.
    Encode,
    /// They are compressed and written.
    Write,
}

impl Stage {
    /// All steps, in order.
    pub const ALL: [Self; 5] = [Self::Read, Self::Parse, Self::Annotate, Self::Encode, Self::Write];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Annotate => "annotate",
            Self::Encode => "encode",
            Self::Write => "write",
        }
    }
}

/// When something began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant);

impl Clock {
    pub(super) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since, and a clock that starts now.
    pub(super) fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now - std::mem::replace(&mut self.0, now)
    }
}

impl Progress {
    /// What has been written, by this run and by those that it continues.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            articles: self.articles.load(Relaxed),
            quotes: self.quotes.load(Relaxed),
            errors: self.errors.load(Relaxed),
            foreign: self.foreign.load(Relaxed),
            bytes: self.bytes.load(Relaxed),
        }
    }

    /// The articles that earlier runs have completed and this one has skipped.
    #[must_use]
    pub fn earlier(&self) -> u64 {
        self.earlier.load(Relaxed)
    }

    /// How many articles there will be, if the run is limited to a number of them.
    #[must_use]
    pub fn expected(&self) -> Option<u64> {
        Some(self.expected.load(Relaxed)).filter(|&expected| expected > 0)
    }

    /// How many bytes of the input's files were read, as the reader has told with [`set_read`](Self::set_read).
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Relaxed)
    }

    /// Tells how many bytes of the input's files were read.
    pub fn set_read(&self, bytes: u64) {
        self.read.store(bytes, Relaxed);
    }

    /// The time that was spent in a step, on all threads together.
    #[must_use]
    pub fn time(&self, stage: Stage) -> Duration {
        Duration::from_nanos(self.spent[stage as usize].load(Relaxed))
    }

    /// Who was quoted most in this run, and how often. Counts are of quotations with a named speaker. Among very many
    /// names the counts are approximate, from below.
    #[must_use]
    pub fn most_quoted(&self, names: usize) -> Vec<(String, u64)> {
        self.speakers.lock().unwrap_or_else(PoisonError::into_inner).top(names)
    }

    pub(super) fn expect(&self, articles: u64) {
        self.expected.store(articles, Relaxed);
    }

    pub(super) fn add_earlier(&self, counts: Counts) {
        self.earlier.store(counts.articles, Relaxed);
        self.add_counts(counts);
    }

    pub(super) fn add(&self, outcome: &Outcome) {
        self.add_counts(outcome.counts());
        let mut speakers = self.speakers.lock().unwrap_or_else(PoisonError::into_inner);
        outcome.speakers.iter().for_each(|name| speakers.add(name));
    }

    fn add_counts(&self, counts: Counts) {
        self.articles.fetch_add(counts.articles, Relaxed);
        self.quotes.fetch_add(counts.quotes, Relaxed);
        self.errors.fetch_add(counts.errors, Relaxed);
        self.foreign.fetch_add(counts.foreign, Relaxed);
        self.bytes.fetch_add(counts.bytes, Relaxed);
    }

    pub(super) fn spent(&self, stage: Stage, time: Duration) {
        self.spent[stage as usize].fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    /// An iterator whose time is counted.
    pub(super) fn timed<I: Iterator + Send>(&self, stage: Stage, mut items: I) -> impl Iterator<Item = I::Item> + Send {
        std::iter::from_fn(move || {
            let mut clock = Clock::start();
            let item = items.next();
            self.spent(stage, clock.lap());
            item
        })
    }
}
