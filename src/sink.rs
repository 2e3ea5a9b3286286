//! Sinks: where records go.
//!
//! Writing has two halves. [`Chunk`] turns annotated articles into the bytes or rows of a [`Format`]; that is work, and
//! any thread can do it. [`Part`] appends chunks to files, in order, on one thread. Nothing appears under a file's name
//! before the part is complete: a run that is interrupted leaves what was there, not half of something new.
//!
//! A record of a failed article goes the same way as any other, because where it belongs (a line with an `error`, a row
//! of `documents` with a `status`) is for the format to say.
//!
//! ```
//! use whosaid::record::OffsetUnit;
//! use whosaid::sink::{Annotated, Chunk, Format, Output, Part};
//!
//! let doc = whosaid::Pipeline::default().annotate("Nobody said a word.")?;
//! let mut lines = Vec::new();
//! let mut part = Part::stream(Format::JsonLines, Output::stream("memory", &mut lines))?;
//! let mut chunk = Chunk::new(Format::JsonLines);
//! chunk.add(Annotated::new(doc, OffsetUnit::Char));
//! part.write(chunk)?;
//! part.finish()?;
//! assert!(lines.starts_with(br#"{"schema":"whosaid/1""#) && lines.ends_with(b"}\n"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod articles;
mod chunk;
mod compression;
mod csv;
mod output;
mod parquet;
mod part;
mod peers;

use std::io;

use crate::record::tables::Table;

pub use chunk::{Annotated, Chunk};
pub use compression::Compression;
pub use output::{Complete, Output};
pub(crate) use output::{remove_temporary_files, sync_folder};
pub use part::{Part, Place, Provenance};

/// A format of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// One record a line.
    JsonLines,
    /// Five tables, in UTF-8, with a header, quoted as RFC 4180 says.
    Csv,
    /// Five tables, with types.
    Parquet,
    /// Stanford `CoreNLP`'s JSON, an article a line.
    CoreNlp,
    /// `BookNLP`'s four files for each article.
    BookNlp,
    /// brat's text and annotations for each article.
    Brat,
    /// A token a line, with columns of `B-`, `I-` and `O`.
    Conll,
    /// displaCy's input, an article a line.
    Displacy,
    /// Quotebank's JSON, a quotation a line.
    Quotebank,
}

/// What files a format has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One, which can also be a stream.
    Stream,
    /// One a table.
    Tables,
    /// Some for each article, named by the article's number and its id.
    Articles,
}

impl Format {
    /// What files it has.
    #[must_use]
    pub fn layout(self) -> Layout {
        match self {
            Self::JsonLines | Self::CoreNlp | Self::Conll | Self::Displacy | Self::Quotebank => Layout::Stream,
            Self::Csv | Self::Parquet => Layout::Tables,
            Self::BookNlp | Self::Brat => Layout::Articles,
        }
    }

    /// The extension of its files, without a dot and before that of a compression; of files for each article, what the
    /// folder of them is called.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::JsonLines | Self::CoreNlp | Self::Displacy | Self::Quotebank => "jsonl",
            Self::Conll => "conll",
            Self::BookNlp => "booknlp",
            Self::Brat => "brat",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
        }
    }

    /// Whether its files can be compressed as a whole. Those of Parquet are compressed inside, always.
    #[must_use]
    pub fn is_compressible(self) -> bool {
        self != Self::Parquet && self.layout() != Layout::Articles
    }

    /// The beginnings of the names of the files of every format.
    pub(crate) fn all_stems() -> impl Iterator<Item = &'static str> {
        Table::ALL.into_iter().map(Table::name).chain(["out", "articles", "errors"])
    }

    /// The beginnings of the names of its files in a folder.
    fn stems(self) -> Vec<&'static str> {
        match self.layout() {
            Layout::Stream => vec!["out"],
            Layout::Tables => Table::ALL.map(Table::name).to_vec(),
            Layout::Articles => vec!["articles"],
        }
    }
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

impl SinkError {
    fn new(output: impl Into<String>, source: io::Error) -> Self {
        Self { output: output.into(), source }
    }
}
