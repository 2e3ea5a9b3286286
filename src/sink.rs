//! Sinks: where records go.
//!
//! A sink takes one record after the other and is then finished. Nothing appears under a file's name before that: a run
//! that is interrupted leaves what was there, not half of something new.
//!
//! A record of a failed article goes the same way as any other, because where it belongs (a line with an `error`, a row
//! of `documents` with a `status`) is for the format to say.

mod csv;
mod jsonl;
mod output;

use std::io;

use crate::record::ArticleRecord;

pub use csv::CsvTables;
pub use jsonl::JsonLines;
pub use output::Output;

/// Where records go.
pub trait Sink {
    /// Writes the record of an article.
    ///
    /// # Errors
    /// [`SinkError`] if the output cannot be written.
    fn write(&mut self, record: &ArticleRecord) -> Result<(), SinkError>;

    /// Completes the output. A sink that is dropped instead leaves no file.
    ///
    /// # Errors
    /// [`SinkError`] if the output cannot be written.
    fn finish(self: Box<Self>) -> Result<(), SinkError>;
}

/// Why an output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {output}: {source}")]
pub struct SinkError {
    /// Which output.
    pub output: String,
    /// What the system says.
    #[source]
    pub source: io::Error,
}
