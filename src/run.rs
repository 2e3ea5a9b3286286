//! Runs: many articles through a pipeline into files, in order, in bounded memory.
//!
//! ```text
//! one thread       read     an iterator of Raw → batches
//! every processor  parse, annotate, encode     → chunks
//! one thread       write    chunks, in the order of the input → parts
//! ```
//!
//! What is between reading and writing is counted, in articles and in bytes. When it reaches its bound, reading waits:
//! memory does not grow with the dump, and a slow disk slows the reader and not the machine. Which thread works on what
//! shows nowhere: a chunk is written when all before it are.
//!
//! Whatever is wrong with an article is that article's record and a line in the list of errors. Even a bug that panics
//! over one text is: among a million articles it would otherwise take the other 999,999 with it.
//!
//! ```
//! use whosaid::run::{Articles, Progress, Run, Writer};
//! use whosaid::sink::{Format, Output, Part};
//! use whosaid::source::dump::{Inputs, Options};
//!
//! let folder = tempfile::tempdir()?;
//! let article = folder.path().join("bridge.txt");
//! std::fs::write(&article, "“The bridge will open in May,” Ada Cole said on Monday.")?;
//! let inputs = Inputs::resolve(&[article], Options::default())?;
//!
//! let pipeline = whosaid::Pipeline::default();
//! let mut lines = Vec::new();
//! let part = Part::stream(Format::JsonLines, Output::stream("memory", &mut lines))?;
//! let progress = Progress::default();
//! Run::new(&pipeline, Format::JsonLines).articles(inputs.raws(), Articles::default(), Writer::one(part), &progress)?;
//! assert_eq!(progress.counts().quotes, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod batch;
mod manifest;
mod ordered;
mod progress;
mod sample;
mod speakers;
mod work;
mod writer;

use std::num::{NonZeroU64, NonZeroUsize};

use crate::pipeline::Pipeline;
use crate::record::OffsetUnit;
use crate::sink::{Format, SinkError};
use crate::source::dump::Raw;

pub use manifest::{Manifest, ManifestError};
pub use ordered::Bounds;
pub use progress::{Counts, Progress, Stage};
pub use work::ErrorRecord;
pub use writer::{Folder, Writer};

use batch::Batches;
use progress::Clock;
use work::{Outcome, Worker};

/// How articles are dealt with.
#[must_use]
pub struct Run<'a> {
    pipeline: &'a Pipeline,
    format: Format,
    unit: OffsetUnit,
    threads: usize,
    bounds: Bounds,
    any_language: bool,
    fail_fast: bool,
    on_error: &'a dyn Fn(&ErrorRecord),
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("format", &self.format).field("threads", &self.threads).finish_non_exhaustive()
    }
}

/// Which of the articles that are read are dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Articles {
    /// At most so many, from the beginning.
    pub limit: Option<u64>,
    /// So many of these, spread evenly by chance; always the same ones. They are held in memory together.
    pub sample: Option<NonZeroUsize>,
}

/// Why a run ended before its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// An output cannot be written.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// What a folder says about the run in it cannot be read or written, or is of another run.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// An article failed, and the run was to end with the first that does.
    #[error("{0}")]
    Article(Box<ErrorRecord>),
}

impl<'a> Run<'a> {
    /// A run that writes `format`, on all processors, counting offsets in code points.
    pub fn new(pipeline: &'a Pipeline, format: Format) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            pipeline,
            format,
            unit: OffsetUnit::Char,
            threads,
            bounds: Bounds::default(),
            any_language: false,
            fail_fast: false,
            on_error: &|_| {},
        }
    }

    /// What offsets count.
    pub fn offsets(mut self, unit: OffsetUnit) -> Self {
        self.unit = unit;
        self
    }

    /// How many articles are annotated at once.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = threads.get();
        self
    }

    /// How much may be between reading and writing.
    pub fn bounds(mut self, bounds: Bounds) -> Self {
        self.bounds = bounds;
        self
    }

    /// Annotates articles in other languages than English too, instead of saying so and leaving them alone.
    pub fn any_language(mut self, any: bool) -> Self {
        self.any_language = any;
        self
    }

    /// Ends the run with the first article that fails.
    pub fn fail_fast(mut self, first: bool) -> Self {
        self.fail_fast = first;
        self
    }

    /// Is told of every article that failed, in the order of the input, before it is written.
    pub fn on_error(mut self, tell: &'a dyn Fn(&ErrorRecord)) -> Self {
        self.on_error = tell;
        self
    }

    /// Deals with every article and completes the output. Articles that an earlier run has completed are skipped.
    ///
    /// # Errors
    /// [`RunError`] if the output cannot be written, or an article failed and the run is to end with it. A folder of
    /// parts then holds those that were completed, and a run that resumes goes on after them.
    pub fn articles(
        &self,
        raws: impl Iterator<Item = Raw> + Send,
        articles: Articles,
        mut writer: Writer<'_>,
        progress: &Progress,
    ) -> Result<(), RunError> {
        progress.add_earlier(writer.earlier());
        if writer.is_finished() {
            return writer.finish();
        }
        let done = writer.earlier().articles;
        let worker = Worker {
            pipeline: self.pipeline,
            format: self.format,
            unit: self.unit,
            any_language: self.any_language,
            progress,
        };
        let raws = sample::chosen(raws, articles, progress).skip(usize::try_from(done).unwrap_or(usize::MAX));
        let size = if self.pipeline.tags() { batch::Size::TAGGED } else { batch::Size::UNTAGGED };
        let batches = Batches::new(raws, size, writer.articles_per_part().map(NonZeroU64::get));
        ordered::map(
            progress.timed(Stage::Read, batches),
            self.threads,
            Bounds { batches: self.bounds.batches.min(size.ahead), ..self.bounds },
            |batch| worker.work(batch),
            |outcome: Outcome| {
                let mut clock = Clock::start();
                if let Some(error) = outcome.errors.first().filter(|_| self.fail_fast) {
                    (self.on_error)(error);
                    return Err(RunError::Article(Box::new(error.clone())));
                }
                outcome.errors.iter().for_each(self.on_error);
                progress.add(&outcome);
                let ends_part = outcome.ends_part;
                writer.write(outcome)?;
                if ends_part {
                    writer.next_part()?;
                }
                progress.spent(Stage::Write, clock.lap());
                Ok(())
            },
        )?;
        let mut clock = Clock::start();
        writer.finish()?;
        progress.spent(Stage::Write, clock.lap());
        Ok(())
    }
}
