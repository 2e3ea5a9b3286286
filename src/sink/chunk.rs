//! Articles as they are to be written.

use super::{Format, Layout, csv, parquet, peers};
use crate::document::Document;
use crate::record::{ArticleRecord, OffsetUnit};

/// An article that was dealt with: its record, and the document if there is one.
#[derive(Debug)]
pub struct Annotated {
    record: ArticleRecord,
    document: Option<Document>,
}

impl Annotated {
    /// An article that was annotated; its record counts in `unit`.
    #[must_use]
    pub fn new(document: Document, unit: OffsetUnit) -> Self {
        Self { record: document.record(unit), document: Some(document) }
    }

    /// What is written of it.
    #[must_use]
    pub fn record(&self) -> &ArticleRecord {
        &self.record
    }

    /// The document, unless the article failed or was left alone.
    #[must_use]
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }
}

impl From<ArticleRecord> for Annotated {
    /// A record without its document: of an article that failed or was left alone, or that was read back.
    fn from(record: ArticleRecord) -> Self {
        Self { record, document: None }
    }
}

/// Articles in the form of one format, to be appended to a [`Part`](super::Part). Chunks are made on any thread; how
/// articles are divided among them does not show in what is written.
#[derive(Debug)]
pub struct Chunk {
    format: Format,
    content: Content,
    errors: Vec<u8>,
    articles: u64,
}

#[derive(Debug)]
pub(super) enum Content {
    /// The bytes of the one file.
    Bytes(Vec<u8>),
    /// The rows of every table.
    Csv(csv::Rows),
    /// The rows of every table.
    Parquet(parquet::Rows),
    /// The files of each article, with its id.
    Files(Vec<(String, peers::Files)>),
}

impl Chunk {
    /// A chunk without articles.
    #[must_use]
    pub fn new(format: Format) -> Self {
        Self::with_capacity(format, 0)
    }

    /// A chunk without articles, with room for so many bytes of them.
    #[must_use]
    pub fn with_capacity(format: Format, bytes: usize) -> Self {
        let content = match format {
            Format::Csv => Content::Csv(csv::Rows::default()),
            Format::Parquet => Content::Parquet(parquet::Rows::default()),
            _ if format.layout() == Layout::Articles => Content::Files(Vec::new()),
            _ => Content::Bytes(Vec::with_capacity(bytes)),
        };
        Self { format, content, errors: Vec::new(), articles: 0 }
    }

    /// Adds an article.
    ///
    /// # Panics
    /// Never: what could fail is writing to memory.
    pub fn add(&mut self, annotated: Annotated) {
        self.articles += 1;
        let Annotated { record, document } = annotated;
        match &mut self.content {
            Content::Csv(rows) => rows.add(&record),
            Content::Parquet(rows) => rows.add(&record),
            Content::Files(files) => {
                let of_article = document.as_ref().map_or_else(Vec::new, |doc| match self.format {
                    Format::BookNlp => peers::booknlp(doc),
                    _ => peers::brat(doc),
                });
                files.push((record.id, of_article));
            }
            Content::Bytes(lines) if self.format == Format::JsonLines => {
                serde_json::to_writer(&mut *lines, &record).expect("a record is JSON");
                lines.push(b'\n');
            }
            Content::Bytes(lines) => {
                let Some(doc) = &document else { return };
                match self.format {
                    Format::CoreNlp => peers::corenlp(doc, lines),
                    Format::Conll => peers::conll(doc, lines),
                    Format::Displacy => peers::displacy(doc, lines),
                    _ => peers::quotebank(doc, lines),
                }
            }
        }
    }

    /// Adds a line to the list of errors.
    ///
    /// # Panics
    /// Never: what could fail is writing to memory.
    pub fn add_error(&mut self, error: &impl serde::Serialize) {
        serde_json::to_writer(&mut self.errors, error).expect("an error record is JSON");
        self.errors.push(b'\n');
    }

    /// The number of articles.
    #[must_use]
    pub fn articles(&self) -> u64 {
        self.articles
    }

    pub(super) fn into_parts(self) -> (Content, Vec<u8>) {
        (self.content, self.errors)
    }
}
