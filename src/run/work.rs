//! What one thread does with a batch.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::batch::Batch;
use super::ordered::Weigh;
use super::progress::{Clock, Counts, Progress, Stage};
use crate::pipeline::Pipeline;
use crate::record::{ArticleRecord, OffsetUnit, QuoteRecord};
use crate::sink::{Annotated, Chunk, Format};
use crate::source::About;
use crate::source::dump::{At, Item, Place, Raw};
use crate::source::language;

/// A line of the list of errors: which article failed, and why. What does not apply is `null`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ErrorRecord {
    /// The file, as it was given.
    pub file: String,
    /// Its line, from 1, if the file has an article a line.
    pub line: Option<u64>,
    /// Its row, from 1, if the file is a table.
    pub row: Option<u64>,
    /// The byte at which its record begins, if the file has records.
    pub offset: Option<u64>,
    /// The article's id: that of its row in `documents`.
    pub id: String,
    /// Why.
    pub reason: String,
}

impl std::fmt::Display for ErrorRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        match (self.line, self.row, self.offset) {
            (Some(line), ..) => write!(f, ", line {line}")?,
            (_, Some(row), _) => write!(f, ", row {row}")?,
            (.., Some(offset)) => write!(f, ", offset {offset}")?,
            _ => {}
        }
        // The id often says the same.
        if self.id != self.file && !self.id.starts_with(&format!("{}:", self.file)) {
            write!(f, " ({})", self.id)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl ErrorRecord {
    fn new(place: &Place, id: String, reason: String) -> Self {
        let (mut line, mut row, mut offset) = (None, None, None);
        match place.at {
            At::Whole => {}
            At::Line(at) => line = Some(at),
            At::Row(at) => row = Some(at),
            At::Offset(at) => offset = Some(at),
        }
        Self { file: place.file.to_string(), line, row, offset, id, reason }
    }
}

/// What became of a batch.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) chunk: Chunk,
    pub(super) errors: Vec<ErrorRecord>,
    /// The name of the speaker of each quotation that has one.
    pub(super) speakers: Vec<String>,
    pub(super) ends_part: bool,
    quotes: u64,
    foreign: u64,
    bytes: u64,
}

impl Outcome {
    pub(super) fn counts(&self) -> Counts {
        Counts {
            articles: self.chunk.articles(),
            quotes: self.quotes,
            errors: self.errors.len() as u64,
            foreign: self.foreign,
            bytes: self.bytes,
        }
    }
}

/// Deals with batches, on any thread.
pub(super) struct Worker<'a> {
    pub(super) pipeline: &'a Pipeline,
    pub(super) format: Format,
    pub(super) unit: OffsetUnit,
    pub(super) any_language: bool,
    pub(super) progress: &'a Progress,
}

impl Worker<'_> {
    pub(super) fn work(&self, batch: Batch) -> Outcome {
        // What is written of an article is longer than the article.
        let room = batch.bytes() + batch.bytes() / 2;
        let mut outcome = Outcome {
            chunk: Chunk::with_capacity(self.format, room),
            errors: Vec::new(),
            speakers: Vec::new(),
            ends_part: batch.ends_part,
            quotes: 0,
            foreign: 0,
            bytes: 0,
        };
        let mut clock = Clock::start();
        for raw in batch.raws {
            outcome.bytes += raw.len() as u64;
            let place = raw.place().clone();
            let annotated = self.annotated(raw, &mut clock);
            let record = annotated.record();
            if let Some(reason) = &record.error {
                let error = ErrorRecord::new(&place, record.id.clone(), reason.clone());
                outcome.chunk.add_error(&error);
                outcome.errors.push(error);
            } else if !record.status.is_ok() {
                outcome.foreign += 1;
            }
            outcome.quotes += record.quotes.len() as u64;
            let speakers = record.quotes.iter().flat_map(QuoteRecord::speakers);
            outcome.speakers.extend(speakers.filter_map(|speaker| speaker.name.clone()));
            outcome.chunk.add(annotated);
            self.progress.spent(Stage::Encode, clock.lap());
        }
        outcome
    }

    /// The record of an article, whatever happens.
    fn annotated(&self, raw: Raw, clock: &mut Clock) -> Annotated {
        let file = raw.place().file.clone();
        // Nothing that is shared is written to, so a panic cannot leave it half changed.
        let item = catch_unwind(AssertUnwindSafe(|| raw.read()));
        self.progress.spent(Stage::Parse, clock.lap());
        let Ok(item) = item else { return self.failed(&file, "the reader panicked; please report the article") };
        let Item { id, article, .. } = item;
        let article = match article {
            Ok(article) => article,
            Err(error) => return self.failed(&id, error.to_string()),
        };
        let annotated = catch_unwind(AssertUnwindSafe(|| {
            let foreign = if self.any_language { None } else { language::foreign(&article.text) };
            if let Some(code) = foreign {
                return Ok(ArticleRecord::foreign(article, code, self.unit).into());
            }
            self.pipeline.annotate(article).map(|document| Annotated::new(document, self.unit))
        }));
        self.progress.spent(Stage::Annotate, clock.lap());
        match annotated {
            Ok(Ok(annotated)) => annotated,
            Ok(Err(error)) => self.failed(&id, error.to_string()),
            Err(_) => self.failed(&id, "the annotation panicked; please report the article"),
        }
    }

    fn failed(&self, id: &str, reason: impl Into<String>) -> Annotated {
        ArticleRecord::failed(About { id: id.to_owned(), ..About::default() }, self.unit, reason).into()
    }
}
