//! What a folder of parts says about the run in it: `whosaid-run.json`.
//!
//! It is written anew after each part, under a temporary name and then renamed, when the part's own files are on the
//! disk under their names. Whatever it says is therefore so, after a crash too; what it does not say yet is written
//! again. It holds no times, so that a run that was continued leaves the same bytes as one that was not.

use std::collections::BTreeMap;
use std::io::Write;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Counts;
use crate::record::Schema;
use crate::sink::{Output, SinkError};

/// What a folder of parts says about the run in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The contract of what is in the parts.
    pub schema: Schema,
    /// Articles of a part; the last may have fewer.
    pub articles_per_part: NonZeroU64,
    /// What the answer depends on, and the input: names and values, for people to compare.
    pub options: BTreeMap<String, String>,
    /// The parts that are complete.
    pub parts: u64,
    /// What is in them. `articles` is also the number of articles of the input that are dealt with.
    pub counts: Counts,
    /// Whether there is nothing more to come.
    pub finished: bool,
}

/// Why a folder cannot be written to as a folder of parts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file is not one that this program wrote.
    #[error("{} does not describe a run of this version: {source}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is a run in the folder, and nobody said what to do with it.
    #[error(
        "{} already holds {}: continue it, replace it, or write to another folder",
        folder.display(),
        if *finished { "a finished run" } else { "a run that was interrupted" }
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
        /// Whether it is finished.
        finished: bool,
    },
    /// The run in the folder was another one.
    #[error(
        "the run in {} cannot be continued: it was made with {option} = {there}, but this one has {here}",
        folder.display()
    )]
    Different {
        /// The folder.
        folder: PathBuf,
        /// In what they differ.
        option: String,
        /// What it is there.
        there: String,
        /// What it is here.
        here: String,
    },
    /// A part that was complete is gone.
    #[error("the run in {} cannot be continued: {} is missing", folder.display(), missing.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// The file.
        missing: PathBuf,
    },
    /// Another process writes to the folder.
    #[error("another run is writing to {}", folder.display())]
    Busy {
        /// The folder.
        folder: PathBuf,
    },
}

impl Manifest {
    /// Its place in a folder.
    #[must_use]
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("whosaid-run.json")
    }

    /// What the folder says, if it says anything.
    ///
    /// # Errors
    /// [`ManifestError`] if there is a file and it cannot be read or understood.
    pub fn read(folder: &Path) -> Result<Option<Self>, ManifestError> {
        let path = Self::path(folder);
        match std::fs::read(&path) {
            Ok(bytes) => match serde_json::from_slice(&bytes) {
                Ok(manifest) => Ok(Some(manifest)),
                Err(source) => Err(ManifestError::Foreign { path, source }),
            },
            Err(source) if source.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(ManifestError::Read { path, source }),
        }
    }

    /// Writes it, in place of the one before.
    pub(super) fn write(&self, folder: &Path) -> Result<(), SinkError> {
        let mut output = Output::file(&Self::path(folder))?;
        let json = serde_json::to_string_pretty(self).map_err(Into::into);
        let written = json.and_then(|json| writeln!(output, "{json}"));
        written.map_err(|source| SinkError { output: output.name().to_owned(), source })?;
        output.finish()
    }

    /// The first thing in which a run differs from this one.
    pub(super) fn difference(&self, other: &Self) -> Option<(String, String, String)> {
        let per_part = |manifest: &Self| Some(manifest.articles_per_part.to_string());
        let options = self.options.keys().chain(other.options.keys());
        let pairs =
            options.map(|name| (name.as_str(), self.options.get(name).cloned(), other.options.get(name).cloned()));
        let mut pairs = std::iter::once(("articles per part", per_part(self), per_part(other))).chain(pairs);
        let shown = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
        pairs
            .find(|(_, here, there)| here != there)
            .map(|(name, here, there)| (name.to_owned(), shown(here), shown(there)))
    }
}
