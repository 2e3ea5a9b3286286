//! Reading: the bytes of a file become an [`Article`].
//!
//! Everything after this stage works on one string, [`Article::text`], and
//! reports byte offsets into it; what the markup of a source said about that
//! string is kept beside it as [`Mark`]s. Markup is worth keeping because
//! news pages say with it what prose leaves open: a `<blockquote>` is quoted
//! though no quotation mark stands around it, and a caption or a heading is
//! not a sentence of the story.
//!
//! One format is one file in this folder:
//!
//! * `text` takes plain text exactly as it stands;
//! * `html` finds the main content of a page and renders it;
//! * `markdown` renders Markdown by way of HTML, which is what `CommonMark`
//!   defines it to mean, so raw HTML inside Markdown needs no second rule.
//!
//! [`dump`] finds articles in files of many: it cuts them out, and what it cuts
//! is read here. [`language`] says which articles are not English.
//!
//! The formats share `charset` (bytes to string), `markup` (HTML tokens to
//! paragraphs) and `render` (paragraphs to text and marks). All of them are
//! loops over a stream, never recursions over a tree, so no input can
//! overflow the stack.

mod charset;
pub mod dump;
mod html;
pub mod language;
mod markdown;
mod markup;
mod render;
mod text;

use std::ops::Range;
use std::path::Path;

/// What is known about an article besides its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What the caller named the article: a path, a key, a record number.
    pub id: String,
    /// The headline, where the source states one, with its white space
    /// collapsed.
    pub title: Option<String>,
    /// When the article was published, as the source writes it (usually
    /// ISO 8601); it is neither parsed nor checked.
    pub date: Option<String>,
    /// The address the source gives for itself; it may be relative.
    pub url: Option<String>,
    /// What the caller wants to find in the record again; no reader of a single article fills it.
    pub meta: serde_json::Map<String, serde_json::Value>,
}

/// One article as it was read. Offsets in [`marks`](Self::marks) are bytes
/// into [`text`](Self::text).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// Where it comes from.
    pub about: About,
    /// The text that every later stage reads and points into.
    pub text: String,
    /// What the markup said of the text: whole paragraphs, in text order,
    /// not overlapping, not empty. Plain text has no marks. Text rendered
    /// from markup is covered by them but for the `"\n\n"` that stands
    /// between two paragraphs and nowhere else.
    pub marks: Vec<Mark>,
}

impl From<String> for Article {
    /// A text of which nothing else is known.
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for Article {
    /// A text of which nothing else is known.
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

/// What the markup of a source says of one paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where the paragraph stands, in bytes of [`Article::text`]; always at
    /// character boundaries.
    pub range: Range<usize>,
    /// What the paragraph is.
    pub kind: MarkKind,
}

/// What a paragraph is, by its markup.
///
/// Where elements nest, a block quotation outranks the list, table or code
/// inside it, for it says whose words they are; a heading or a caption keeps
/// its own kind even in a block quotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MarkKind {
    /// Running text.
    Body,
    /// A heading of any level.
    Heading,
    /// One item of a list, or one paragraph of a longer item.
    List,
    /// One paragraph of a block quotation.
    BlockQuote {
        /// Which block quotation of the article, counted from 0 in the order
        /// in which they open. Equal numbers are one quotation of several
        /// paragraphs; of two that nest, each paragraph bears the number of
        /// the inner one, so an outer number may resume after it.
        block: u32,
    },
    /// The caption of a figure or of a table.
    Caption,
    /// Preformatted text. Its line breaks are kept, its blank lines are not.
    Code,
    /// One row of a table, its cells separated by a tab.
    Table,
}

/// A format that [`read`] understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// UTF-8 text, taken as it stands.
    Text,
    /// `CommonMark` with tables and strikethrough, in UTF-8, optionally
    /// after YAML front matter.
    Markdown,
    /// A web page, in the character encoding that it declares.
    Html,
}

impl Format {
    /// The format that the extension of `path` stands for, whatever its case:
    /// `.md` and `.markdown` are Markdown, `.html`, `.htm` and `.xhtml` are
    /// HTML, and every other path is plain text.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default();
        let is_one_of = |known: &[&str]| known.iter().any(|k| extension.eq_ignore_ascii_case(k));
        if is_one_of(&["md", "markdown"]) {
            Self::Markdown
        } else if is_one_of(&["html", "htm", "xhtml"]) {
            Self::Html
        } else {
            Self::Text
        }
    }
}

/// Why bytes could not be read as an article.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Plain text or Markdown is not UTF-8.
    #[error(
        "byte {byte:#04x} at offset {offset} does not begin a whole UTF-8 character; \
         plain text and Markdown must be UTF-8"
    )]
    NotUtf8 {
        /// Where the first such byte stands, in bytes from the start of the
        /// input, a byte-order mark included.
        offset: usize,
        /// The byte that stands there.
        byte: u8,
    },
    /// The elements of a page, or the block quotes and lists of a Markdown
    /// document, nest deeper than any reader of this crate follows.
    #[error("elements are nested more than {limit} deep; wanted at most {limit}")]
    TooDeep {
        /// How many elements may be open at once.
        limit: usize,
    },
}

/// Reads `bytes` as an article in `format`, to be known as `id`.
///
/// A byte-order mark is not text: it is dropped before offsets are counted.
/// Empty input is an article with empty text.
///
/// # Errors
///
/// [`ReadError::NotUtf8`] if plain text or Markdown is not UTF-8, and
/// [`ReadError::TooDeep`] if HTML or Markdown nests beyond reason. Bytes that
/// an HTML page's own encoding does not define become U+FFFD instead, as in
/// a browser.
///
/// ```
/// use whosaid::source::{Format, MarkKind, read};
///
/// let article = read("1", Format::Markdown, b"# Storm\n\n> We *lost* the roof.\n").unwrap();
///
/// assert_eq!(article.about.title.as_deref(), Some("Storm"));
/// assert_eq!(article.text, "Storm\n\nWe lost the roof.");
/// assert_eq!(article.marks[1].kind, MarkKind::BlockQuote { block: 0 });
/// ```
pub fn read(id: &str, format: Format, bytes: &[u8]) -> Result<Article, ReadError> {
    read_labelled(id, format, bytes, None)
}

/// [`read`], of bytes of which a server said what their encoding is. The label is asked where the bytes leave it open.
fn read_labelled(id: &str, format: Format, bytes: &[u8], label: Option<&str>) -> Result<Article, ReadError> {
    let article: Article = match format {
        Format::Text => text::read(bytes, label),
        Format::Markdown => markdown::read(bytes),
        Format::Html => html::read(bytes, label),
    }?;
    Ok(Article { about: About { id: id.to_owned(), ..article.about }, ..article })
}

/// `text` with its white space collapsed, or nothing if there is no more to
/// it: how a title, a date or an address is taken from a source.
fn tidy(text: &str) -> Option<String> {
    // Most are tidy.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    if is_plain && !text.is_empty() && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") {
        return Some(text.to_owned());
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
