//! Reading the quotations of outputs: tables as CSV or Parquet, or JSON Lines.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use arrow_array::{Array, RecordBatch, StringArray};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde::Deserialize;

use super::GroupError;
use crate::sink::Compression;

/// The columns that are read.
const COLUMNS: [&str; 4] = ["quote_key", "doc_id", "speaker", "text"];

/// What is read of a quotation.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quotation<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) doc_id: Cow<'a, str>,
    pub(super) speaker: Option<Cow<'a, str>>,
    pub(super) text: Cow<'a, str>,
}

impl<'a> Quotation<'a> {
    /// Everything but the key in bytes. No text contains the byte 0xff, so it can stand between them.
    pub(super) fn packed(&self) -> Vec<u8> {
        [&self.doc_id, self.speaker.as_ref().unwrap_or(&Cow::Borrowed("")), &self.text]
            .map(|text| text.as_bytes())
            .join(&0xff)
    }

    /// The reverse; nothing if the bytes are damaged.
    pub(super) fn unpack(key: &'a [u8], packed: &'a [u8]) -> Option<Self> {
        let text = |bytes| std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
        let mut parts = packed.split(|&byte| byte == 0xff);
        let mut next = || parts.next().and_then(text);
        let (doc_id, speaker, words) = (next()?, next()?, next()?);
        Some(Self { key: text(key)?, doc_id, speaker: Some(speaker).filter(|name| !name.is_empty()), text: words })
    }
}

/// Files with the quotations of runs.
#[derive(Debug)]
pub struct GroupInputs {
    files: Vec<PathBuf>,
}

/// Why an output of a run cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {reason}", path.display())]
pub struct GroupReadError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: String,
}

impl GroupInputs {
    /// Looks at files and folders. Of a folder it takes the tables of quotations, or, where there are none, the lines.
    ///
    /// # Errors
    /// [`GroupReadError`] if one cannot be read, or a folder has no quotations.
    pub fn resolve(outputs: &[PathBuf]) -> Result<Self, GroupReadError> {
        let mut files = Vec::new();
        for path in outputs {
            if path.is_dir() {
                files.extend(of_folder(path)?);
            } else {
                File::open(path).map_err(|error| failed(path, error))?;
                files.push(path.clone());
            }
        }
        Ok(Self { files })
    }

    /// The files, in the order in which they are read.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    pub(super) fn each(&self, mut take: impl FnMut(Quotation<'_>) -> Result<(), GroupError>) -> Result<(), GroupError> {
        self.files.iter().try_for_each(|path| match Kind::of(path) {
            Kind::Csv => csv(path, &mut take),
            Kind::JsonLines => lines(path, &mut take),
            Kind::Parquet => parquet(path, &mut take),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    JsonLines,
    Parquet,
}

impl Kind {
    fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let name = name.trim_end_matches(".gz").trim_end_matches(".zst");
        match name.rsplit_once('.') {
            Some((_, "csv")) => Self::Csv,
            Some((_, "parquet")) => Self::Parquet,
            _ => Self::JsonLines,
        }
    }
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, GroupReadError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let mut paths: Vec<_> = entries.map_err(|error| failed(folder, error))?.iter().map(fs::DirEntry::path).collect();
    paths.sort();
    let of = |stem: &str, kind: Kind| {
        let is_one = |path: &&PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let rest = name.strip_prefix(stem);
            rest.is_some_and(|rest| rest.starts_with(['-', '.'])) && Kind::of(path) == kind
        };
        paths.iter().filter(is_one).cloned().collect::<Vec<_>>()
    };
    let found = [of("quotes", Kind::Parquet), of("quotes", Kind::Csv), of("out", Kind::JsonLines)];
    let found = found.into_iter().find(|files| !files.is_empty());
    found.ok_or_else(|| failed(folder, "there are no quotes*.parquet, quotes*.csv or out*.jsonl in it"))
}

fn failed(path: &Path, reason: impl std::fmt::Display) -> GroupReadError {
    GroupReadError { path: path.to_owned(), reason: reason.to_string() }
}

fn open(path: &Path) -> Result<Box<dyn BufRead>, GroupReadError> {
    let file = File::open(path).map_err(|error| failed(path, error))?;
    let read: Box<dyn Read> = match Compression::of_path(path) {
        Compression::None => Box::new(file),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file).map_err(|error| failed(path, error))?),
    };
    Ok(Box::new(BufReader::with_capacity(1 << 16, read)))
}

type Take<'a> = &'a mut dyn FnMut(Quotation<'_>) -> Result<(), GroupError>;

fn csv(path: &Path, take: Take<'_>) -> Result<(), GroupError> {
    let mut reader = csv::Reader::from_reader(open(path)?);
    let header = reader.headers().map_err(|error| failed(path, error))?.clone();
    let place = |name: &str| header.iter().position(|column| column == name);
    let [Some(key), Some(doc_id), Some(speaker), Some(text)] = COLUMNS.map(place) else {
        return Err(failed(path, format!("its columns are not {}", COLUMNS.join(", "))).into());
    };
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|error| failed(path, error))? {
        let cell = |place: usize| Cow::Borrowed(row.get(place).unwrap_or_default());
        let speaker = Some(cell(speaker)).filter(|name| !name.is_empty());
        take(Quotation { key: cell(key), doc_id: cell(doc_id), speaker, text: cell(text) })?;
    }
    Ok(())
}

fn lines(path: &Path, take: Take<'_>) -> Result<(), GroupError> {
    #[derive(Deserialize)]
    struct Article<'a> {
        #[serde(borrow)]
        id: Cow<'a, str>,
        #[serde(borrow)]
        quotes: Vec<Quote<'a>>,
    }
    #[derive(Deserialize)]
    struct Quote<'a> {
        #[serde(borrow, rename = "quote_key")]
        key: Cow<'a, str>,
        #[serde(borrow)]
        text: Cow<'a, str>,
        #[serde(borrow)]
        speaker: Speaker<'a>,
    }
    #[derive(Deserialize)]
    struct Speaker<'a> {
        #[serde(borrow)]
        name: Option<Cow<'a, str>>,
    }
    let (mut reader, mut line) = (open(path)?, Vec::new());
    for number in 1.. {
        line.clear();
        if reader.read_until(b'\n', &mut line).map_err(|error| failed(path, error))? == 0 {
            break;
        }
        let article: Article<'_> =
            serde_json::from_slice(&line).map_err(|error| failed(path, format!("line {number}: {error}")))?;
        for Quote { key, text, speaker } in article.quotes {
            let doc_id = Cow::Borrowed(&*article.id);
            take(Quotation { key, doc_id, speaker: speaker.name, text })?;
        }
    }
    Ok(())
}

fn parquet(path: &Path, take: Take<'_>) -> Result<(), GroupError> {
    let file = File::open(path).map_err(|error| failed(path, error))?;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| failed(path, error))?;
    let mask = ProjectionMask::columns(builder.parquet_schema(), COLUMNS);
    let batches = builder.with_projection(mask).build().map_err(|error| failed(path, error))?;
    for batch in batches {
        let batch: RecordBatch = batch.map_err(|error| failed(path, error))?;
        let column = |name: &str| batch.column_by_name(name)?.as_any().downcast_ref::<StringArray>();
        let [Some(key), Some(doc_id), Some(speaker), Some(text)] = COLUMNS.map(column) else {
            return Err(failed(path, format!("its columns are not {}, as text", COLUMNS.join(", "))).into());
        };
        for row in 0..batch.num_rows() {
            take(Quotation {
                key: key.value(row).into(),
                doc_id: doc_id.value(row).into(),
                speaker: speaker.is_valid(row).then(|| speaker.value(row).into()),
                text: text.value(row).into(),
            })?;
        }
    }
    Ok(())
}
