//! What can be wrong with an article of a dump.

use std::error::Error;
use std::io;

use super::columns::Field;
use crate::source::ReadError;

/// Why there is no article where one was expected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ItemError {
    /// The file cannot be opened, or the system fails to read it.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// What the file is packed in, or its own format, is broken or ends too early. What stood before was read.
    #[error("the {what} is damaged or cut short: {source}")]
    Damaged {
        /// What is broken: `gzip stream`, `tar archive`, `Parquet file`, …
        what: &'static str,
        /// What is wrong with it.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The file is packed in a way that is not read.
    #[error("packed as {met}; wanted gzip, zstd, bzip2, zip, tar, or nothing of the kind")]
    Packing {
        /// How it is packed.
        met: &'static str,
    },
    /// The name of the file says that it is packed, and it is not.
    #[error("named as a {wanted}, but its first bytes are not those of one")]
    NotPacked {
        /// What its name says.
        wanted: &'static str,
    },
    /// Archives within archives within archives.
    #[error("packed in more than {limit} layers, an archive counting two; wanted at most {limit}")]
    TooPacked {
        /// How many layers there may be.
        limit: usize,
    },
    /// The article is longer than the caller wants.
    #[error("the {what} is longer than {limit} bytes, the most that is read")]
    TooLong {
        /// What is too long: `file`, `line`, `row`, `record`, …
        what: &'static str,
        /// The limit in bytes, [`Options::max_article_bytes`](super::Options::max_article_bytes).
        limit: u64,
    },
    /// The article is of a format that [`read`](crate::source::read) refuses.
    #[error(transparent)]
    Article(#[from] ReadError),
    /// A line or a cell is not UTF-8.
    #[error("byte {byte:#04x} at offset {offset} of the {what} does not begin a whole UTF-8 character; wanted UTF-8")]
    NotUtf8 {
        /// What is not: `line`, or the name of a column.
        what: String,
        /// Where the first such byte stands.
        offset: usize,
        /// The byte that stands there.
        byte: u8,
    },
    /// A line is not JSON.
    #[error("not a line of JSON: {0}")]
    NotJson(#[source] serde_json::Error),
    /// A line is JSON of another kind.
    #[error("the line holds {met}; wanted an object, with the text in one of its members")]
    NotAnObject {
        /// What it holds.
        met: &'static str,
    },
    /// A column that the caller named is not there.
    #[error("no column “{column}”, which was to hold the {field}; there are {}", listed(.columns))]
    NoColumn {
        /// The column.
        column: String,
        /// What it was to hold.
        field: Field,
        /// The columns that are there.
        columns: Vec<String>,
    },
    /// No column is called as columns of text are.
    #[error("no column that looks like the text (text, body, content, article, …) among {}: name it", listed(.columns))]
    NoText {
        /// The columns that are there.
        columns: Vec<String>,
    },
    /// The column of the text holds something else.
    #[error("column “{column}” holds {met}; wanted the text")]
    NotText {
        /// The column.
        column: String,
        /// What it holds.
        met: &'static str,
    },
    /// A row has more or fewer fields than the header.
    #[error("the row has {met} fields; wanted {wanted}, as the header has")]
    FieldCount {
        /// How many it has.
        met: usize,
        /// How many the header has.
        wanted: usize,
    },
    /// The HTTP message in a record of a web archive cannot be understood.
    #[error("the HTTP response {what}")]
    Http {
        /// What is wrong with it.
        what: String,
    },
    /// A bug of this program or of a library it uses.
    #[error("the reader panicked over it; please report the file")]
    Panicked,
}

/// How many columns a message names.
const NAMED: usize = 12;

fn listed(columns: &[String]) -> String {
    if columns.is_empty() {
        return "none".to_owned();
    }
    let more = if columns.len() > NAMED { ", …" } else { "" };
    format!("{}{more}", columns.get(..NAMED).unwrap_or(columns).join(", "))
}

impl ItemError {
    /// A stream of `what` that is broken.
    pub(super) fn damaged(what: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Damaged { what, source: source.into() }
    }
}

/// `bytes` of `what` as UTF-8.
pub(super) fn utf8(bytes: &[u8], what: impl FnOnce() -> String) -> Result<&str, ItemError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        ItemError::NotUtf8 { what: what(), offset, byte: bytes.get(offset).copied().unwrap_or_default() }
    })
}
