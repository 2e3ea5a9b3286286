//! Dumps: articles by the million, in files of many formats, packed in several ways.
//!
//! Reading goes in two steps, because it is shared between threads. One thread walks through the [`Inputs`], takes off
//! what they are packed in and cuts them into [`Raw`] pieces, each of one article; that is cheap, and it cannot be
//! done by many. Whoever takes a piece then [reads](Raw::read) it, on a thread of its own choosing: that parses JSON,
//! extracts the content of a page, and says what was wrong if it cannot.
//!
//! ```no_run
//! use whosaid::source::dump::{Inputs, Options};
//!
//! let inputs = Inputs::resolve(&["news.jsonl.gz".into(), "crawl/*.warc.gz".into()], Options::default())?;
//! for raw in inputs.raws() {
//!     let item = raw.read();
//!     match item.article {
//!         Ok(article) => println!("{}: {} bytes", item.id, article.text.len()),
//!         Err(error) => println!("{} ({}): {error}", item.id, item.place),
//!     }
//! }
//! # Ok::<(), whosaid::source::dump::InputsError>(())
//! ```
//!
//! Every article that is met comes out, as itself or as an error that says where it stands. An error ends at most the
//! file it is in: a line that is not JSON is one item, and so is what a damaged stream holds after the damage.
//!
//! Memory does not grow with the dump. What is cut out is at most [`Options::max_article_bytes`] long; what is longer
//! is skipped as it streams by and leaves one error. Two formats cannot be read as a stream, Parquet and zip: where
//! they do not come as a file of their own they are first copied to a temporary one.
//!
//! What stands here and in `reader` is the frame; one way of packing or cutting is one file of the folder.

mod archive;
mod columns;
mod csv;
mod error;
mod fields;
mod http;
mod inputs;
mod json;
mod kind;
mod lines;
mod parquet;
mod raws;
mod reader;
#[cfg(test)]
mod tests;
mod unpack;
mod warc;
mod whole;

use std::fmt;
use std::sync::Arc;

pub use columns::{Columns, Field, Mapped, Mapping};
pub use error::ItemError;
pub use inputs::{Description, Input, Inputs, InputsError};
pub use kind::{DumpFormat, Packing};
pub use raws::{Raw, Raws};

use super::Article;

/// What the caller wants of the reading.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the inputs are, once unpacked. Without it each is what its name says, or else its first bytes.
    pub format: Option<DumpFormat>,
    /// Which column holds what, where there are columns.
    pub columns: Columns,
    /// How long a file, a line, a row or a record may be, in bytes, with its markup and all its columns; what is longer
    /// is an error. 16 MiB unless said otherwise: a hundred times the longest article that anybody prints.
    pub max_article_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, columns: Columns::default(), max_article_bytes: 16 << 20 }
    }
}

impl Options {
    /// The limit as a number of bytes in memory.
    fn limit(&self) -> usize {
        usize::try_from(self.max_article_bytes).unwrap_or(usize::MAX)
    }
}

/// Where an item stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The name of the file as given; of a member of an archive, both with a `!` between them
    /// (`dump.zip!a/b.txt`); `-` is standard input.
    pub file: Arc<str>,
    /// Where in the file.
    pub at: At,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.file;
        match self.at {
            At::Whole => write!(f, "{file}"),
            At::Line(line) => write!(f, "{file}:{line}"),
            At::Row(row) => write!(f, "{file}, row {row}"),
            At::Offset(offset) => write!(f, "{file}, byte {offset}"),
        }
    }
}

/// Where in a file an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// It is the file.
    Whole,
    /// A line, counted from 1.
    Line(u64),
    /// A row, counted from 1, the header not counted.
    Row(u64),
    /// A record that begins so many bytes into the uncompressed stream.
    Offset(u64),
}

/// One article of a dump, or why there is none.
#[derive(Debug)]
pub struct Item {
    /// Where it stands.
    pub place: Place,
    /// What it is known as. A whole file is known by its name; a record by its id column, or else its address, or else
    /// its file and number (`news.jsonl:12`); a page of a web archive by the id of its record. Nobody promises that a
    /// dump does not use an id twice.
    pub id: String,
    /// The article; its `about.id` is [`id`](Self::id).
    pub article: Result<Article, ItemError>,
}

impl Place {
    /// What an item is known as that has no name of its own.
    fn id(&self) -> String {
        match self.at {
            At::Whole => self.file.to_string(),
            At::Line(n) | At::Row(n) | At::Offset(n) => format!("{}:{n}", self.file),
        }
    }
}
