//! Taggers of others: token-classification checkpoints in the layout of the Hugging Face hub.
//!
//! A folder with `config.json`, a tokenizer and weights finds the names; the roles of quotations still come from a model of
//! ours, which is asked first. Labels of any scheme become kinds of names by the configuration and, where that says
//! nothing, by a table in `whosaid.toml` beside it:
//!
//! ```toml
//! aggregation = "first"   # of a word's pieces: simple, first, max or average
//! [labels]
//! LABEL_1 = "B-PER"
//! DATE = "O"              # no name
//! ```
//!
//! Nothing is ever downloaded.

mod aggregate;
mod config;
mod convert;
mod engine;
mod labels;
mod tagger;
mod vocabulary;
mod windows;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::model::ModelError;
use crate::tag::{Label, TagError};
use aggregate::{Aggregation, Group};
use config::{CONFIG, Config};
use engine::Classify;
use labels::Meaning;
use vocabulary::{Piece, Vocabulary};

pub use convert::convert;
pub use engine::Engine;
pub use tagger::CheckpointTagger;

const SETTINGS: &str = "whosaid.toml";

/// A checkpoint, ready to be run.
pub struct Checkpoint {
    config: Config,
    vocabulary: Vocabulary,
    meanings: Vec<Meaning>,
    aggregation: Aggregation,
    engine: Engine,
    reason: String,
    network: Box<dyn Classify>,
}

/// What `whosaid.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    aggregation: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Checkpoint {
    /// Whether a folder has the layout of a checkpoint.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(CONFIG).is_file()
    }

    /// Opens the checkpoint of a folder, with the engine that is asked for or the first that reads it.
    ///
    /// # Errors
    /// [`ModelError`] if a file is missing or is not what is wanted, and what that is: an architecture, task or label that is
    /// not known, an engine that this build is without, tensors that do not fit the configuration or the tokenizer.
    pub fn open(folder: &Path, engine: Option<Engine>) -> Result<Self, ModelError> {
        let config = Config::read(&read(folder, CONFIG)?)?;
        let settings = Settings::of(folder)?;
        let meanings = labels::read(&config.labels, &settings.labels)?;
        let aggregation = settings.aggregation.as_deref().map_or(Ok(Aggregation::default()), str::parse);
        let aggregation = aggregation.map_err(|found| refused(SETTINGS, found, "simple, first, max or average"))?;
        let vocabulary = Vocabulary::open(folder)?;
        let framed = vocabulary.opens.len() + vocabulary.closes.len();
        if config.longest <= framed {
            let found = format!("max_position_embeddings that leave {} places", config.longest);
            return Err(refused(CONFIG, found, format!("more than the {framed} of special pieces")));
        }
        let (engine, reason) = engine::choose(folder, engine)?;
        let network = engine::load(engine, folder, &config, vocabulary.size())?;
        Ok(Self { config, vocabulary, meanings, aggregation, engine, reason, network })
    }

    /// What tells a checkpoint from any other: the name of its folder, and the SHA-256 of its files as far as 12 digits go.
    ///
    /// # Errors
    /// [`ModelError`] if one of them cannot be read.
    pub fn identity(folder: &Path, engine: Option<Engine>) -> Result<String, ModelError> {
        let (engine, _) = engine::choose(folder, engine)?;
        let mut digest = Sha256::new();
        for file in [CONFIG, SETTINGS, engine.file()].into_iter().chain(vocabulary::FILES) {
            if folder.join(file).is_file() {
                digest.update(read(folder, file)?);
            }
        }
        let sum = digest.finalize().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
        Ok(format!("{name} {} ({engine})", &sum[..12]))
    }

    /// Which engine runs it, and why that one.
    #[must_use]
    pub fn engine(&self) -> (Engine, &str) {
        (self.engine, &self.reason)
    }

    /// The family of its network: `model_type` in its configuration.
    #[must_use]
    pub fn architecture(&self) -> &str {
        &self.config.model_type
    }

    /// How many layers its network has.
    #[must_use]
    pub fn layers(&self) -> usize {
        self.config.layers
    }

    /// How many values its states have.
    #[must_use]
    pub fn width(&self) -> usize {
        self.config.width
    }

    /// How many pieces it reads at once, the special ones left out; longer articles are read in overlapping windows.
    #[must_use]
    pub fn window(&self) -> usize {
        self.config.longest - self.vocabulary.opens.len() - self.vocabulary.closes.len()
    }

    /// Its labels in the order of its scores, with the kind of names that each stands for, if it is one.
    pub fn labels(&self) -> impl Iterator<Item = (&str, Option<&Label>)> {
        self.meanings.iter().map(|meaning| (meaning.name.as_str(), meaning.label.as_ref()))
    }

    /// What the network says of a text, paragraph by paragraph: stretches in bytes, those that are no names included.
    fn groups<'t>(&self, paragraphs: impl Iterator<Item = (usize, &'t str)>) -> Result<Vec<Group>, TagError> {
        let mut pieces = Vec::new();
        for (start, paragraph) in paragraphs {
            self.vocabulary.pieces(paragraph, start, &mut pieces)?;
        }
        let mut scores = self.scores(&pieces)?;
        scores.chunks_exact_mut(self.meanings.len()).for_each(crate::engine::softmax);
        Ok(aggregate::groups(&pieces, &scores, &self.meanings, self.aggregation))
    }

    /// A row of scores for each piece.
    fn scores(&self, pieces: &[Piece]) -> Result<Vec<f32>, TagError> {
        let Vocabulary { opens, closes, .. } = &self.vocabulary;
        let labels = self.meanings.len();
        let mut scores = Vec::with_capacity(pieces.len() * labels);
        for window in windows::cut(pieces, self.window()) {
            let ids = pieces[window.seen.clone()].iter().map(|piece| piece.id);
            let framed: Vec<u32> = opens.iter().copied().chain(ids).chain(closes.iter().copied()).collect();
            let rows = self.network.scores(&framed)?;
            let first = opens.len() + window.own.start - window.seen.start;
            let own = rows.get(first * labels..(first + window.own.len()) * labels).ok_or_else(|| {
                let found = format!("{} scores for {} pieces of {labels} labels", rows.len(), framed.len());
                TagError::Engine(found.into())
            })?;
            scores.extend_from_slice(own);
        }
        Ok(scores)
    }
}

impl std::fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checkpoint").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Settings {
    fn of(folder: &Path) -> Result<Self, ModelError> {
        if !folder.join(SETTINGS).is_file() {
            return Ok(Self::default());
        }
        let text = read(folder, SETTINGS)?;
        toml::from_str(&String::from_utf8_lossy(&text))
            .map_err(|source| ModelError::Load { file: SETTINGS, source: Box::new(source) })
    }
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ModelError> {
    let path = folder.join(name);
    std::fs::read(&path).map_err(|source| ModelError::Read { path, source })
}

/// The error for a checkpoint that cannot be used as it is.
fn refused(file: &'static str, found: impl Into<String>, wanted: impl Into<String>) -> ModelError {
    ModelError::Checkpoint { file, found: found.into(), wanted: wanted.into() }
}

#[cfg(test)]
mod tests;
