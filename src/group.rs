//! The same quotation again: outputs of runs, grouped by the key of the words.
//!
//! One statement is printed by a hundred papers, and one agency's story by fifty more. [`Groups`] reads the quotations
//! of any number of outputs and says for each [key](crate::record::quote_key) in how many articles it stands, and who
//! is said to have said it, so that wire copy counts once.
//!
//! Quotations are sorted by their keys outside memory: what does not fit is written to a temporary folder in sorted
//! runs, which are then merged. Memory does not grow with the outputs.

mod read;
mod sort;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::sink::{Output, SinkError};

use read::Quotation;
pub use read::{GroupInputs, GroupReadError};
use sort::{Sorted, Sorter};

/// Quotations of the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The key of the words.
    pub quote_key: String,
    /// Articles in which they are quoted.
    pub n_articles: u64,
    /// Quotations of them.
    pub n_quotes: u64,
    /// The name that is given most often, or the first of those; nothing if none is ever given.
    pub speaker: Option<String>,
    /// All names that are given, the most frequent first.
    pub speakers: Vec<GroupSpeaker>,
    /// The words as they stand the first time.
    pub text: String,
    /// The article in which they stand the first time.
    pub doc_id: String,
}

/// A name that is given for the speaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSpeaker {
    /// The name.
    pub name: String,
    /// Quotations for which it is given.
    pub n_quotes: u64,
}

/// How quotations are grouped.
#[derive(Debug, Clone)]
pub struct GroupOptions {
    /// Only groups of at least so many articles.
    pub min_articles: u64,
    /// Bytes of quotations that are held in memory at once.
    pub memory: usize,
    /// Where sorted runs are written that do not fit. They have no names there, and are gone when the program is.
    pub temporary: PathBuf,
}

/// How groups are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupFormat {
    /// A table with a header. A list in a cell is joined with `|`, and a `|` inside a value is written `\|`.
    Csv,
    /// A group a line.
    JsonLines,
}

/// Why quotations could not be grouped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// An output of a run cannot be read.
    #[error(transparent)]
    Read(#[from] GroupReadError),
    /// What does not fit into memory cannot be written or read again.
    #[error("cannot sort in {}: {source}", folder.display())]
    Sort {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The groups cannot be written.
    #[error(transparent)]
    Write(#[from] SinkError),
}

/// Groups, those of most articles first; of equally many, by key.
#[derive(Debug)]
pub struct Groups {
    sorted: Sorted,
    temporary: PathBuf,
}

impl Groups {
    /// Groups the quotations of outputs.
    ///
    /// # Errors
    /// [`GroupError`] if an output cannot be read, or the temporary folder cannot be written to.
    pub fn of(inputs: &GroupInputs, options: &GroupOptions) -> Result<Self, GroupError> {
        let cannot = |source| GroupError::Sort { folder: options.temporary.clone(), source };
        let mut by_key = Sorter::new(options.memory / 2, &options.temporary);
        inputs.each(|quotation| by_key.push(quotation.key.as_bytes(), &quotation.packed()).map_err(cannot))?;
        let mut by_size = Sorter::new(options.memory / 2, &options.temporary);
        let mut add = |group: &Group| {
            if group.n_articles < options.min_articles {
                return Ok(());
            }
            let mut key = (u64::MAX - group.n_articles).to_be_bytes().to_vec();
            key.extend_from_slice(group.quote_key.as_bytes());
            by_size.push(&key, &serde_json::to_vec(group)?)
        };
        let mut tally: Option<Tally> = None;
        for row in by_key.sorted().map_err(cannot)? {
            let (key, packed) = row.map_err(cannot)?;
            if let Some(full) = tally.take_if(|tally| tally.key != key) {
                add(&full.group()).map_err(cannot)?;
            }
            let quotation =
                Quotation::unpack(&key, &packed).ok_or_else(|| cannot(io::ErrorKind::InvalidData.into()))?;
            tally.get_or_insert_with(|| Tally::new(&key, &quotation)).add(&quotation);
        }
        if let Some(last) = tally {
            add(&last.group()).map_err(cannot)?;
        }
        Ok(Self { sorted: by_size.sorted().map_err(cannot)?, temporary: options.temporary.clone() })
    }

    /// Writes them, and says how many there are.
    ///
    /// # Errors
    /// [`GroupError`] if the output cannot be written or the temporary folder cannot be read.
    pub fn write(self, format: GroupFormat, output: Output<'_>) -> Result<u64, GroupError> {
        let name = output.name().to_owned();
        let cannot = |source| GroupError::Write(SinkError { output: name.clone(), source });
        let mut writer = GroupWriter::new(format, output).map_err(cannot)?;
        let mut count = 0;
        for row in self.sorted {
            let (_, json) = row.map_err(|source| GroupError::Sort { folder: self.temporary.clone(), source })?;
            writer.add(&json).map_err(cannot)?;
            count += 1;
        }
        writer.into_output().map_err(cannot)?.finish()?;
        Ok(count)
    }
}

/// A group that is being counted. Its quotations come in the order of the outputs, so those of one article come
/// together.
struct Tally {
    key: Vec<u8>,
    text: String,
    doc_id: String,
    last_doc_id: String,
    n_articles: u64,
    n_quotes: u64,
    speakers: Vec<GroupSpeaker>,
}

impl Tally {
    fn new(key: &[u8], first: &Quotation<'_>) -> Self {
        Self {
            key: key.to_owned(),
            text: first.text.to_string(),
            doc_id: first.doc_id.to_string(),
            last_doc_id: first.doc_id.to_string(),
            n_articles: 1,
            n_quotes: 0,
            speakers: Vec::new(),
        }
    }

    fn add(&mut self, quotation: &Quotation<'_>) {
        self.n_quotes += 1;
        if self.last_doc_id != quotation.doc_id {
            self.n_articles += 1;
            self.last_doc_id = quotation.doc_id.to_string();
        }
        let Some(name) = quotation.speaker.as_deref() else { return };
        match self.speakers.iter_mut().find(|speaker| speaker.name == name) {
            Some(speaker) => speaker.n_quotes += 1,
            None => self.speakers.push(GroupSpeaker { name: name.to_owned(), n_quotes: 1 }),
        }
    }

    fn group(mut self) -> Group {
        // Stable: of equally frequent names the first is first.
        self.speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.n_quotes));
        Group {
            quote_key: String::from_utf8_lossy(&self.key).into_owned(),
            n_articles: self.n_articles,
            n_quotes: self.n_quotes,
            speaker: self.speakers.first().map(|speaker| speaker.name.clone()),
            speakers: self.speakers,
            text: self.text,
            doc_id: self.doc_id,
        }
    }
}

enum GroupWriter<'a> {
    Csv(Box<csv::Writer<Output<'a>>>),
    Lines(Box<Output<'a>>),
}

impl<'a> GroupWriter<'a> {
    fn new(format: GroupFormat, output: Output<'a>) -> io::Result<Self> {
        Ok(match format {
            GroupFormat::JsonLines => Self::Lines(Box::new(output)),
            GroupFormat::Csv => {
                let mut csv = csv::Writer::from_writer(output);
                csv.write_record([
                    "quote_key",
                    "n_articles",
                    "n_quotes",
                    "speaker",
                    "speakers",
                    "speaker_quotes",
                    "text",
                    "doc_id",
                ])?;
                Self::Csv(Box::new(csv))
            }
        })
    }

    fn add(&mut self, json: &[u8]) -> io::Result<()> {
        use io::Write;
        let csv = match self {
            Self::Lines(output) => return output.write_all(json).and_then(|()| output.write_all(b"\n")),
            Self::Csv(csv) => csv,
        };
        let group: Group = serde_json::from_slice(json)?;
        let list = |items: Vec<String>| items.join("|");
        let names = list(group.speakers.iter().map(|speaker| speaker.name.replace('|', r"\|")).collect());
        let counts = list(group.speakers.iter().map(|speaker| speaker.n_quotes.to_string()).collect());
        csv.write_record([
            &group.quote_key,
            &group.n_articles.to_string(),
            &group.n_quotes.to_string(),
            group.speaker.as_deref().unwrap_or_default(),
            &names,
            &counts,
            &group.text,
            &group.doc_id,
        ])?;
        Ok(())
    }

    fn into_output(self) -> io::Result<Output<'a>> {
        match self {
            Self::Lines(output) => Ok(*output),
            Self::Csv(csv) => csv.into_inner().map_err(csv::IntoInnerError::into_error),
        }
    }
}

/// The format that the name of a file stands for: `.csv` is a table, and everything else lines.
impl From<&Path> for GroupFormat {
    fn from(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if [".csv", ".csv.gz", ".csv.zst"].iter().any(|end| name.ends_with(end)) { Self::Csv } else { Self::JsonLines }
    }
}

#[cfg(test)]
mod tests;
