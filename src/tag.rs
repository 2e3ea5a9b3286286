//! Tagging: names and the roles of quotations, found by one network.
//!
//! A tagger is asked once an article and answers for all heads together, because the expensive part, reading the text,
//! is the same for names, contents, cues and sources. The large one looks a second time at paragraphs that may be block
//! quotations. What it returns are scored spans of tokens; what they mean for
//! the article (which name is whom, which cue belongs to which content) is for later stages.

mod arcs;
mod calibration;
mod decode;
mod encoder;
pub mod features;
mod gazetteer;
mod heads;
mod looks;
mod network;
mod overview;
mod rows;

use std::path::Path;
use std::sync::Arc;

use crate::checkpoint::{Checkpoint, CheckpointTagger, Engine};
use crate::layer::TokenRange;
use crate::model::{Model, ModelError};
use crate::segment::Segmented;

pub use arcs::{ArcKind, Arcs, Lead};
pub use calibration::{Calibration, Curve};
pub use encoder::EncoderTagger;
pub use looks::SecondLook;
pub use network::ConvTagger;

/// The kind of a name. CoNLL-2003's four, or a label of a model with a scheme of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// People.
    Per,
    /// Organisations: companies, agencies, parties, media, teams.
    Org,
    /// Places, states and facilities.
    Loc,
    /// Nationalities, events, works and other names.
    Misc,
    /// Another scheme's label, as its model names it.
    Other(Arc<str>),
}

impl Label {
    /// The label as records show it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Misc => "MISC",
            Self::Other(name) => name,
        }
    }
}

impl From<&str> for Label {
    fn from(name: &str) -> Self {
        match name {
            "PER" => Self::Per,
            "ORG" => Self::Org,
            "LOC" => Self::Loc,
            "MISC" => Self::Misc,
            other => Self::Other(other.into()),
        }
    }
}

/// A probability, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f32);

impl Score {
    /// Certain.
    pub const ONE: Self = Self(1.0);

    /// The score of a probability; what lies outside 0..=1 is moved to the nearer end, and a NaN counts as 0.
    #[must_use]
    pub fn new(probability: f32) -> Self {
        Self(if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) })
    }

    /// The probability.
    #[must_use]
    pub fn get(self) -> f32 {
        self.0
    }
}

/// A stretch of tokens that a head of the tagger picked out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tagged {
    /// Which tokens.
    pub tokens: TokenRange,
    /// How sure the tagger is of the whole stretch.
    pub score: Score,
}

/// A name that the tagger picked out.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedName {
    /// Which tokens, and how sure.
    pub place: Tagged,
    /// What kind of name.
    pub label: Label,
}

/// What a tagger says of an article, each list in text order and without overlaps within itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tags {
    /// Names. None crosses a sentence.
    pub names: Vec<TaggedName>,
    /// What is quoted (`PolNeAR`'s content). None crosses a paragraph.
    pub contents: Vec<Tagged>,
    /// The words that introduce a quotation (`PolNeAR`'s cue). None crosses a paragraph.
    pub cues: Vec<Tagged>,
    /// The words that name who it comes from (`PolNeAR`'s source). None crosses a paragraph.
    pub sources: Vec<Tagged>,
    /// How each paragraph stands to a block quotation; empty where the model has no head for that.
    pub paragraphs: Vec<BlockTag>,
    /// What leads from one word to another; empty where the model has no head for that.
    pub arcs: Arcs,
}

/// How a paragraph stands to a block quotation. What is left of the two probabilities is that it is the author's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockTag {
    /// That it is the first paragraph of one.
    pub opens: Score,
    /// That it goes on with the one before it.
    pub goes_on: Score,
}

/// Why an article could not be tagged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// The engine that runs the network failed.
    #[error("the tagger's engine failed: {0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The role of the second stage: all heads' spans in one pass over the article.
pub trait Tag: Send + Sync {
    /// Tags an article. The answer depends on nothing but `doc`.
    ///
    /// # Errors
    /// [`TagError`] if the engine fails; the embedded network cannot.
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError>;
}

impl<T: Tag + ?Sized> Tag for Box<T> {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        (**self).tag(doc)
    }
}

/// The models that are compiled into the library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embedded {
    /// The transformer encoder, in builds from the repository.
    Accurate,
    /// The small convolutional network, in every build.
    Fast,
}

impl Embedded {
    /// The most accurate model of this build.
    #[must_use]
    pub fn best() -> Self {
        if cfg!(accurate_model) { Self::Accurate } else { Self::Fast }
    }

    /// The model, unless this build is without it.
    #[must_use]
    pub fn model(self) -> Option<Model<'static>> {
        match self {
            Self::Accurate => Model::accurate(),
            Self::Fast => Some(Model::fast()),
        }
    }

    /// Its tagger, unless this build is without it.
    #[must_use]
    pub fn tagger(self) -> Option<Box<dyn Tag>> {
        match self {
            Self::Accurate => EncoderTagger::embedded().map(|tagger| Box::new(tagger) as _),
            Self::Fast => Some(Box::new(ConvTagger::embedded())),
        }
    }
}

impl std::fmt::Display for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accurate => "accurate",
            Self::Fast => "fast",
        })
    }
}

impl std::str::FromStr for Embedded {
    type Err = String;

    /// # Errors
    /// What was met and what is wanted, if it is the name of neither.
    fn from_str(name: &str) -> Result<Self, String> {
        [Self::Accurate, Self::Fast]
            .into_iter()
            .find(|model| model.to_string() == name)
            .ok_or_else(|| format!("{name:?} is no model: “accurate” or “fast” is wanted"))
    }
}

/// The tagger of a folder: a model of one of our formats, or a [`Checkpoint`] for the names and the most accurate model of
/// this build for everything else. `engine` is which runs a checkpoint; by default the first that reads it.
///
/// # Errors
/// [`ModelError`] if the folder holds neither, what it holds does not fit, or an engine is named for a model of ours.
pub fn tagger_in(folder: &Path, engine: Option<Engine>) -> Result<Box<dyn Tag>, ModelError> {
    if Checkpoint::is_in(folder) {
        let checkpoint = Checkpoint::open(folder, engine)?;
        let roles = Embedded::best().tagger().ok_or(ModelError::NotBuiltIn)?;
        return Ok(Box::new(CheckpointTagger::new(checkpoint, roles)));
    }
    match engine {
        Some(engine) => Err(ModelError::NoChoice(engine)),
        None => tagger_of(&Model::open(folder)?),
    }
}

/// What tells the model of a folder from any other: its name, version and sums, as far as they say what it answers.
///
/// # Errors
/// [`ModelError`] if the folder holds no model.
pub fn identity(folder: &Path, engine: Option<Engine>) -> Result<String, ModelError> {
    let name = |model: &Model<'_>| format!("{} {}", model.card().name, model.card().version);
    if Checkpoint::is_in(folder) {
        let roles = Embedded::best().model().ok_or(ModelError::NotBuiltIn)?;
        return Ok(format!("{} and {}", Checkpoint::identity(folder, engine)?, name(&roles)));
    }
    // Anybody's folder may be of that name and version: what it holds tells it from another.
    let model = Model::open(folder)?;
    let sums = model.card().files.values();
    Ok(sums.fold(name(&model), |all, sum| format!("{all} {}", sum.get(..12).unwrap_or(sum))))
}

/// The tagger of a stored model, whichever of our formats it has.
///
/// # Errors
/// [`ModelError`] if its format is none of them, or what it stores does not fit.
pub fn tagger_of(model: &Model<'_>) -> Result<Box<dyn Tag>, ModelError> {
    match model.card().format.as_str() {
        ConvTagger::FORMAT => Ok(Box::new(ConvTagger::new(model)?)),
        // Any other format is refused there, with what is wanted.
        _ => Ok(Box::new(EncoderTagger::new(model)?)),
    }
}
