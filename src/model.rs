//! Models as they are stored: files, and a card that says where they come from.
//!
//! A [`Model`] is data, checked once: its files are those that the card was written for (by SHA-256). What runs is built
//! from it ([`crate::tag::ConvTagger`], [`crate::tag::EncoderTagger`]), which checks that the format is its own and every
//! shape fits. Models are compiled into the library, so that nothing is looked for at run time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use half::f16;
use safetensors::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::checkpoint::Engine;
use crate::tag::{Calibration, SecondLook};

/// The card of a model: `card.toml` beside the weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// The model's name.
    pub name: String,
    /// The version of the weights.
    pub version: String,
    /// The layout of the files: that of one of the taggers.
    pub format: String,
    /// The files: name → SHA-256 in hexadecimal.
    pub files: BTreeMap<String, String>,
    /// What the model does, in a sentence or two.
    pub description: String,
    /// The licence of the weights.
    pub licence: String,
    /// The command that trained it.
    pub command: String,
    /// The seed of the training.
    pub seed: u64,
    /// The encoder that training started from or learned from, with its licence.
    pub pretrained: Option<String>,
    /// The data it was trained on: set, use and licence as its owners state it.
    pub data: Vec<DataSet>,
    /// How the scores of spans become probabilities; as they are, if it does not say.
    #[serde(default)]
    pub calibration: Calibration,
    /// Where block quotations are looked for a second time, by a model that can.
    #[serde(default)]
    pub second_look: SecondLook,
    /// Scores on each set: set → figure → value, as `scripts/evaluate` prints them.
    pub scores: BTreeMap<String, BTreeMap<String, f64>>,
}

/// A set of a card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataSet {
    /// The set's name.
    pub name: String,
    /// What it was used for.
    pub used_for: String,
    /// Its licence as stated.
    pub licence: String,
}

/// Why a model was refused.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The card is not what a card looks like.
    #[error("the model card cannot be read: {0}")]
    Card(#[from] toml::de::Error),
    /// The layout is another version's.
    #[error("the model's format is {found:?}, but this version reads {wanted:?}")]
    Format {
        /// The format met.
        found: String,
        /// The format wanted.
        wanted: &'static str,
    },
    /// A file of the card is missing.
    #[error("the model's {0} is missing")]
    File(String),
    /// A file in a model's folder cannot be read or written.
    #[error("{path}: {source}", path = path.display())]
    Read {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The model that is asked for is not in this build.
    #[error("this build is without the accurate model: take the fast one")]
    NotBuiltIn,
    /// An engine is named for a model that only one can run.
    #[error("the engine {0} is for checkpoints of the hub's layout; this model has one of its own")]
    NoChoice(Engine),
    /// A file is not that of the card: damaged, or another one.
    #[error("the SHA-256 of the model's {file} is {found}, but the card was written for {wanted}")]
    Checksum {
        /// Which file.
        file: String,
        /// The sum of the bytes given.
        found: String,
        /// The sum in the card.
        wanted: String,
    },
    /// The weights are not a safetensors file.
    #[error("the weights are not a safetensors file: {0}")]
    Weights(#[from] safetensors::SafeTensorError),
    /// The graph or the tokenizer cannot be loaded.
    #[error("the model's {file} cannot be loaded: {source}")]
    Load {
        /// Which file.
        file: &'static str,
        /// What its loader says.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A checkpoint of another project is not what is wanted.
    #[error("the checkpoint's {file}: {found}, but {wanted} is wanted")]
    Checkpoint {
        /// Which file.
        file: &'static str,
        /// What was met.
        found: String,
        /// What was wanted.
        wanted: String,
    },
    /// A tensor is missing or has an unexpected type or shape.
    #[error("tensor {name:?}: {found}, but {wanted} is wanted")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// What was met.
        found: String,
        /// What was wanted.
        wanted: String,
    },
}

/// A stored model, checked against its card.
#[derive(Debug)]
pub struct Model<'a> {
    card: Card,
    files: BTreeMap<String, Cow<'a, [u8]>>,
}

macro_rules! embedded {
    ($folder:literal: $($file:literal),+) => {
        Model::read(
            include_str!(concat!("../models/", $folder, "/card.toml")),
            [$(($file, include_bytes!(concat!("../models/", $folder, "/", $file)).as_slice())),+],
        )
    };
}

impl<'a> Model<'a> {
    /// Reads a model from its card and its files, named as in the card.
    ///
    /// # Errors
    /// [`ModelError`] if the card cannot be read, or a file is missing or is not the one that the card was written for.
    pub fn read(card: &str, files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Result<Self, ModelError> {
        let files = files.into_iter().map(|(name, bytes)| (name.to_owned(), Cow::Borrowed(bytes)));
        Self::checked(toml::from_str(card)?, files.collect())
    }

    /// Reads a model from its folder: `card.toml` and the files that it lists.
    ///
    /// # Errors
    /// [`ModelError`] if a file cannot be read, the card is none, or a file is not the one that the card was written for.
    pub fn open(folder: &Path) -> Result<Model<'static>, ModelError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|source| ModelError::Read { path, source })
        };
        let card: Card = toml::from_str(&String::from_utf8_lossy(&read("card.toml")?))?;
        // A card names files beside it, not elsewhere.
        let beside = |name: &&String| Path::new(name.as_str()).file_name().is_some_and(|own| own == name.as_str());
        let names = card.files.keys().filter(beside);
        let files = names.map(|name| Ok((name.clone(), Cow::Owned(read(name)?)))).collect::<Result<_, ModelError>>()?;
        Model::checked(card, files)
    }

    fn checked(card: Card, files: BTreeMap<String, Cow<'a, [u8]>>) -> Result<Self, ModelError> {
        for (name, wanted) in &card.files {
            let bytes = files.get(name).ok_or_else(|| ModelError::File(name.clone()))?;
            let found = Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
            if found != *wanted {
                return Err(ModelError::Checksum { file: name.clone(), found, wanted: wanted.clone() });
            }
        }
        Ok(Self { card, files })
    }

    /// The small model that is compiled into the library.
    ///
    /// # Panics
    /// Never in a released build: the embedded files are read by the tests.
    #[must_use]
    pub fn fast() -> Model<'static> {
        embedded!("fast": "weights.safetensors").expect("the embedded model is whole")
    }

    /// The large model, where it is compiled into the library: in a build from the repository.
    ///
    /// # Panics
    /// Never in a released build: the embedded files are read by the tests.
    #[must_use]
    pub fn accurate() -> Option<Model<'static>> {
        #[cfg(accurate_model)]
        return Some(
            embedded!("accurate": "weights.safetensors", "overview.safetensors", "tokenizer.json")
                .expect("the embedded model is whole"),
        );
        #[cfg(not(accurate_model))]
        None
    }

    /// The weights that say whom a pronoun means.
    ///
    /// # Panics
    /// Never in a released build: the embedded files are read by the tests.
    #[must_use]
    pub fn pronouns() -> Model<'static> {
        embedded!("pronouns": "weights.safetensors").expect("the embedded model is whole")
    }

    /// The card.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// A file of the format that is wanted.
    pub(crate) fn file(&self, format: &'static str, name: &str) -> Result<&[u8], ModelError> {
        if self.card.format != format {
            return Err(ModelError::Format { found: self.card.format.clone(), wanted: format });
        }
        let listed = self.card.files.contains_key(name);
        self.files.get(name).map(AsRef::as_ref).filter(|_| listed).ok_or_else(|| ModelError::File(name.to_owned()))
    }
}

/// The tensors of a safetensors file.
#[derive(Debug)]
pub(crate) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    /// Reads the directory of a file.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        Ok(Self(SafeTensors::deserialize(bytes)?))
    }

    /// A floating-point tensor of `N` dimensions, widened to 32 bits: its values in row order, and its shape.
    pub(crate) fn floats<const N: usize>(&self, name: &str) -> Result<(Vec<f32>, [usize; N]), ModelError> {
        let (view, shape) = self.tensor(name)?;
        let values = match view.dtype() {
            Dtype::F32 => view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            Dtype::F16 => view.data().chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect(),
            other => return Err(unexpected(name, format!("type {other:?}"), "F16 or F32")),
        };
        Ok((values, shape))
    }

    /// A table of 8-bit integers: its values in row order, and its shape.
    pub(crate) fn bytes(&self, name: &str) -> Result<(Vec<i8>, [usize; 2]), ModelError> {
        let (view, shape) = self.tensor(name)?;
        match view.dtype() {
            Dtype::I8 => Ok((view.data().iter().map(|&b| b.cast_signed()).collect(), shape)),
            other => Err(unexpected(name, format!("type {other:?}"), "I8")),
        }
    }

    /// A floating-point tensor of one dimension, of so many values.
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        let (values, [found]) = self.floats(name)?;
        if found == length {
            Ok(values)
        } else {
            Err(unexpected(name, format!("{found} values"), format!("{length} values")))
        }
    }

    /// Whether there is a tensor of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.tensor(name).is_ok()
    }

    fn tensor<const N: usize>(
        &self,
        name: &str,
    ) -> Result<(safetensors::tensor::TensorView<'_>, [usize; N]), ModelError> {
        let view =
            self.0.tensor(name).map_err(|_| unexpected(name, "no such tensor", format!("one of {N} dimensions")))?;
        let shape = <[usize; N]>::try_from(view.shape())
            .map_err(|_| unexpected(name, format!("shape {:?}", view.shape()), format!("{N} dimensions")))?;
        Ok((view, shape))
    }
}

/// The error for a tensor that is not as it should be.
pub(crate) fn unexpected(name: &str, found: impl Into<String>, wanted: impl Into<String>) -> ModelError {
    ModelError::Tensor { name: name.to_owned(), found: found.into(), wanted: wanted.into() }
}

/// A safetensors file of some tensors of 32-bit floats: name, shape, values.
#[cfg(test)]
pub(crate) fn stored(tensors: &[(&str, &[usize], &[f32])]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(.., values)| values.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
    let views = tensors.iter().zip(&bytes).map(|(&(name, shape, _), data)| {
        let view = safetensors::tensor::TensorView::new(Dtype::F32, shape.to_vec(), data);
        (name, view.expect("as many values as the shape has"))
    });
    safetensors::serialize(views, None).expect("a file")
}

#[cfg(test)]
mod tests;
