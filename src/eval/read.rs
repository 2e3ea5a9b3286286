//! Reads gold and predictions: JSON Lines, CoNLL, brat.
//!
//! | format | what |
//! | --- | --- |
//! | [`Format::Jsonl`] | an object a line with `id`, `text` and any of `entities` or `mentions`, `quotes`, `sentences`, `paragraphs`: the records of the output schema, or the fields of gold sets (`content` for `parts`, `type` for `kind`) |
//! | [`Format::Conll`] | a token and its tag a line (`B-PER`, `I-PER`, `O`), sentences apart by an empty line, documents by `-DOCSTART-`; made into running text |
//! | [`Format::Brat`] | text and standoff, `a.txt` beside `a.ann`, or the layout of PolNeAR, `text/a.txt` and `attributions/a_annotator.ann` |
//!
//! A file that is compressed with gzip is read all the same. Whatever is wrong in a file is an error with its line.

mod brat;
mod conll;
mod jsonl;

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::annotated::Annotated;
use super::error::{EvalError, Side, Warning};
use super::speakers::Speakers;

/// How a file says what is in articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON Lines.
    Jsonl,
    /// A column of tokens and one of tags.
    Conll,
    /// A folder, or one file, of brat standoff.
    Brat,
}

impl Format {
    /// The format that a path has by its name: brat for a folder and `.ann`, CoNLL for `.conll`, `.bio`, `.iob` and
    /// `.iob2`, JSON Lines for all else; a `.gz` at the end says nothing.
    #[must_use]
    pub fn of_path(path: &Path) -> Self {
        if path.is_dir() {
            return Self::Brat;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        match name.strip_suffix(".gz").unwrap_or(&name).rsplit_once('.').map(|(_, extension)| extension) {
            Some("ann") => Self::Brat,
            Some("conll" | "bio" | "iob" | "iob2") => Self::Conll,
            _ => Self::Jsonl,
        }
    }
}

/// Articles as they were read, and what was odd about them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Read {
    /// The articles, in the order of the file, or of the names of files.
    pub articles: Vec<Annotated>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Why a line cannot be read: its number, from 1, and what was met and wanted.
type LineError = (usize, String);

/// Reads annotated articles.
///
/// Which side they are on matters for JSON Lines only, where a gold set's `entities` are names and a tool's are what the
/// names in its `mentions` refer to.
///
/// # Errors
/// If a file cannot be read, or a line is not what the format says.
pub fn read(path: &Path, format: Format, side: Side) -> Result<Read, EvalError> {
    let parsed = match format {
        Format::Brat => return brat::read(path),
        Format::Jsonl => jsonl::articles(&text_of(path)?, side),
        Format::Conll => conll::articles(&text_of(path)?),
    };
    let articles = parsed.map_err(|(line, reason)| EvalError::Line { path: path.to_owned(), line, reason })?;
    Ok(Read { articles, warnings: Vec::new() })
}

/// Reads who gold quotations come from: JSON Lines of `{"id", "speakers": [{"i", "speaker", "also", "kind", "mention"}]}`,
/// in which `i` is the number of a quotation of the article.
///
/// # Errors
/// If the file cannot be read, or a line is something else, or two are about one article.
pub fn read_speakers(path: &Path) -> Result<Speakers, EvalError> {
    let speakers = jsonl::speakers(&text_of(path)?);
    speakers.map_err(|(line, reason)| EvalError::Line { path: path.to_owned(), line, reason })
}

/// The file's text, decompressed if it is compressed. “-” is standard input.
fn text_of(path: &Path) -> Result<String, EvalError> {
    let wrong = |source| EvalError::Read { path: path.to_owned(), source };
    let bytes = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let mut bytes = bytes.map_err(wrong)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain).map_err(wrong)?;
        bytes = plain;
    }
    let text = String::from_utf8(bytes).map_err(|error| wrong(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The first of these paths that is a file, as it is or compressed.
fn first_file(paths: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let packed = |path: &Path| {
        let mut name = path.as_os_str().to_owned();
        name.push(".gz");
        PathBuf::from(name)
    };
    paths.into_iter().flat_map(|path| [path.clone(), packed(&path)]).find(|path| path.is_file())
}
