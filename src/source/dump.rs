//! Dumps: files that hold articles, read one article after the other. A file is one article, or JSON Lines.

#![expect(clippy::case_sensitive_file_extension_comparisons, reason = "a stand-in")]

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::{About, Article, Format, read};

/// How dumps are read.
#[derive(Clone, Debug)]
pub struct Options {
    /// What all files are, whatever their names say.
    pub format: Option<DumpFormat>,
    /// Which columns hold what.
    pub columns: Columns,
    /// The largest article that is read, in bytes.
    pub max_article_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: None, columns: Columns::default(), max_article_bytes: 16 << 20 }
    }
}

/// Which columns hold what.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// The column of the text.
    pub text: Option<String>,
    /// The column of the id.
    pub id: Option<String>,
    /// The column of the headline.
    pub title: Option<String>,
    /// The column of the date.
    pub date: Option<String>,
    /// The column of the address.
    pub url: Option<String>,
}

/// A format of dumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum DumpFormat {
    Text,
    Markdown,
    Html,
    JsonLines,
    Csv,
    Tsv,
    Parquet,
    Warc,
}

/// Where an article stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The file as it was given.
    pub file: String,
    /// Where in it.
    pub at: At,
}

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// The file is the article.
    Whole,
    /// A line, from 1.
    Line(u64),
    /// A row, from 1.
    Row(u64),
    /// A byte, from 0.
    Offset(u64),
}

/// Why inputs make no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InputsError(String);

/// Why an article cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ItemError(String);

/// What a file is.
#[derive(Debug)]
pub struct Description(String);

impl std::fmt::Display for Description {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Files that hold articles.
#[derive(Debug)]
pub struct Inputs {
    files: Vec<PathBuf>,
    options: Options,
}

impl Inputs {
    /// Looks at what was given.
    ///
    /// # Errors
    /// [`InputsError`] if a file is given twice or is a folder.
    pub fn resolve(arguments: &[PathBuf], options: Options) -> Result<Self, InputsError> {
        let mut ids = std::collections::HashSet::new();
        if let Some(twice) = arguments.iter().find(|file| !ids.insert(file.to_string_lossy())) {
            return Err(InputsError(format!(
                "{} is given twice, but an article's name is its id and must be its own",
                twice.display()
            )));
        }
        if let [folder] = arguments
            && folder.is_dir()
        {
            return Err(InputsError(format!(
                "{0} is a folder, but only files are read: give the articles in it, such as {0}/*.txt",
                folder.display()
            )));
        }
        Ok(Self { files: arguments.to_vec(), options })
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Their size, where it is known.
    #[must_use]
    pub fn total_bytes(&self) -> Option<u64> {
        self.files.iter().map(|file| file.metadata().ok().map(|met| met.len())).sum()
    }

    /// What is read from each.
    #[must_use]
    pub fn describe(&self) -> Vec<Description> {
        self.files.iter().map(|file| Description(format!("{}: {:?}", file.display(), self.format(file)))).collect()
    }

    /// The articles.
    #[must_use]
    pub fn raws(&self) -> Raws {
        let files: Vec<_> = self.files.iter().map(|file| (file.clone(), self.format(file))).collect();
        Raws { files: files.into_iter(), lines: None, bytes: 0 }
    }

    fn format(&self, file: &Path) -> DumpFormat {
        let name = file.to_string_lossy();
        self.options.format.unwrap_or_else(|| {
            if name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
                return DumpFormat::JsonLines;
            }
            match Format::of_path(file) {
                Format::Text => DumpFormat::Text,
                Format::Markdown => DumpFormat::Markdown,
                Format::Html => DumpFormat::Html,
            }
        })
    }
}

/// Articles, not yet parsed, in order.
pub struct Raws {
    files: std::vec::IntoIter<(PathBuf, DumpFormat)>,
    lines: Option<(String, u64, Box<dyn BufRead + Send>)>,
    bytes: u64,
}

impl std::fmt::Debug for Raws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Raws").finish_non_exhaustive()
    }
}

impl Raws {
    /// Bytes that were read.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.bytes
    }

    /// Guessed columns, since last asked.
    pub fn mappings(&mut self) -> Vec<String> {
        Vec::new()
    }
}

impl Iterator for Raws {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        loop {
            if let Some((file, number, lines)) = &mut self.lines {
                let mut line = Vec::new();
                match lines.read_until(b'\n', &mut line) {
                    Ok(1..) => {
                        *number += 1;
                        self.bytes += line.len() as u64;
                        let place = Place { file: file.clone(), at: At::Line(*number) };
                        return Some(Raw { place, bytes: Ok(line), format: DumpFormat::JsonLines });
                    }
                    _ => self.lines = None,
                }
            }
            let (path, format) = self.files.next()?;
            let file = path.to_string_lossy().into_owned();
            let bytes = if file == "-" {
                let mut bytes = Vec::new();
                io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            } else if format == DumpFormat::JsonLines {
                match File::open(&path) {
                    Ok(open) if file.ends_with(".gz") => {
                        let lines = BufReader::with_capacity(1 << 16, flate2::read::MultiGzDecoder::new(open));
                        self.lines = Some((file, 0, Box::new(lines)));
                        continue;
                    }
                    Ok(open) => {
                        self.lines = Some((file, 0, Box::new(BufReader::with_capacity(1 << 16, open))));
                        continue;
                    }
                    Err(error) => Err(error),
                }
            } else {
                std::fs::read(&path)
            };
            self.bytes += bytes.as_ref().map_or(0, |bytes| bytes.len() as u64);
            return Some(Raw { place: Place { file, at: At::Whole }, bytes, format });
        }
    }
}

/// An article that is not yet parsed.
#[derive(Debug)]
pub struct Raw {
    place: Place,
    bytes: io::Result<Vec<u8>>,
    format: DumpFormat,
}

impl Raw {
    /// Where it stands.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Its size in bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a stand-in")]
    pub fn len(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }

    /// Parses it.
    #[must_use]
    pub fn read(self) -> Item {
        let Self { place, bytes, format } = self;
        let id = match place.at {
            At::Line(line) => format!("{}:{line}", place.file),
            _ => place.file.clone(),
        };
        let article = bytes.map_err(|error| ItemError(format!("cannot be read: {error}"))).and_then(|bytes| {
            let format = match format {
                DumpFormat::JsonLines => return line(&id, &bytes),
                DumpFormat::Markdown => Format::Markdown,
                DumpFormat::Html => Format::Html,
                _ => Format::Text,
            };
            read(&id, format, &bytes).map_err(|error| ItemError(error.to_string()))
        });
        let id = article.as_ref().map_or(id, |article| article.about.id.clone());
        Item { place, id, article }
    }
}

fn line(id: &str, bytes: &[u8]) -> Result<Article, ItemError> {
    #[derive(serde::Deserialize)]
    struct Line {
        id: Option<String>,
        title: Option<String>,
        date: Option<String>,
        url: Option<String>,
        text: String,
    }
    let Line { id: own, title, date, url, text } =
        serde_json::from_slice(bytes).map_err(|error| ItemError(error.to_string()))?;
    let about = About { id: own.unwrap_or_else(|| id.to_owned()), title, date, url, ..About::default() };
    Ok(Article { about, text, marks: Vec::new() })
}

/// An article, or why it is none.
#[derive(Debug)]
pub struct Item {
    /// Where it stands.
    pub place: Place,
    /// Its id.
    pub id: String,
    /// The article.
    pub article: Result<Article, ItemError>,
}
