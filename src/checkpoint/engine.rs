//! What runs a checkpoint's network. All engines give the same scores, to 1e-4 in floats; they differ in speed and in what
//! has to be installed.

mod graph;
#[cfg(feature = "rust-bert")]
mod libtorch;
mod native;
#[cfg(feature = "ort")]
mod ort;
mod rten;

use std::path::Path;
use std::str::FromStr;

use super::config::Config;
use super::refused;
use crate::model::ModelError;
use crate::tag::TagError;

/// Scores the pieces of one sequence.
pub(crate) trait Classify: Send + Sync {
    /// A row of scores (logits) for each piece, one for each label. `pieces` are a whole sequence with its special ones, not
    /// longer than the network reads. The answer depends on nothing else.
    fn scores(&self, pieces: &[u32]) -> Result<Vec<f32>, TagError>;
}

/// The engines by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// This crate's own, in pure Rust: reads `model.safetensors`, in floats or as [`convert`](super::convert()) writes it.
    Native,
    /// ONNX Runtime: reads `model.onnx`. Needs the feature `ort`, and the library where `ORT_DYLIB_PATH` says.
    Ort,
    /// The crate rten, in pure Rust: reads `model.onnx`.
    Rten,
    /// libtorch, through the crate rust-bert: reads `model.safetensors`. Needs the feature `rust-bert`.
    RustBert,
}

impl Engine {
    /// In the order in which they are tried.
    const ALL: [Self; 4] = [Self::Native, Self::Ort, Self::Rten, Self::RustBert];

    /// Its name, as arguments have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Ort => "ort",
            Self::Rten => "rten",
            Self::RustBert => "rust-bert",
        }
    }

    /// The file of the weights that it reads.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Self::Native | Self::RustBert => SAFETENSORS,
            Self::Ort | Self::Rten => ONNX,
        }
    }

    /// Whether this build has it.
    #[must_use]
    pub fn is_built_in(self) -> bool {
        match self {
            Self::Native | Self::Rten => true,
            Self::Ort => cfg!(feature = "ort"),
            Self::RustBert => cfg!(feature = "rust-bert"),
        }
    }
}

impl std::fmt::Display for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Engine {
    type Err = String;

    /// # Errors
    /// What is wanted, if it is the name of none.
    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|engine| engine.as_str() == name);
        found.ok_or_else(|| format!("{name:?} is no engine: {} is wanted", Self::ALL.map(Self::as_str).join(", ")))
    }
}

pub(super) const SAFETENSORS: &str = "model.safetensors";
const ONNX: &str = "model.onnx";

/// The engine for a folder, with the reason for it: the one that is asked for, or the first that can read what is there.
pub(crate) fn choose(folder: &Path, asked: Option<Engine>) -> Result<(Engine, String), ModelError> {
    let has = |engine: Engine| folder.join(engine.file()).is_file();
    if let Some(engine) = asked {
        if !engine.is_built_in() {
            let wanted = format!("a build with --features {engine}");
            return Err(refused(engine.file(), format!("the engine {engine}, which this build is without"), wanted));
        }
        if !has(engine) {
            return Err(refused(engine.file(), "no such file", format!("it, for the engine {engine}")));
        }
        return Ok((engine, "as asked for".to_owned()));
    }
    let found = Engine::ALL.into_iter().find(|engine| engine.is_built_in() && has(*engine));
    if let Some(engine) = found {
        return Ok((engine, format!("the first that reads what is there, {}", engine.file())));
    }
    let (found, wanted) = if folder.join("pytorch_model.bin").is_file() {
        ("only pytorch_model.bin, which could run any code", "the weights saved as safetensors")
    } else {
        ("no such file", "model.safetensors or model.onnx")
    };
    Err(refused(SAFETENSORS, found, wanted))
}

/// Loads the network of a folder, which is to know so many pieces.
pub(crate) fn load(
    engine: Engine,
    folder: &Path,
    config: &Config,
    pieces: usize,
) -> Result<Box<dyn Classify>, ModelError> {
    match engine {
        Engine::Native => Ok(Box::new(native::Native::open(folder, config, pieces)?)),
        #[cfg(feature = "ort")]
        Engine::Ort => Ok(Box::new(ort::Ort::open(folder)?)),
        Engine::Rten => Ok(Box::new(rten::Rten::open(folder)?)),
        #[cfg(feature = "rust-bert")]
        Engine::RustBert => Ok(Box::new(libtorch::Libtorch::open(folder, config)?)),
        #[cfg(not(all(feature = "ort", feature = "rust-bert")))]
        other => Err(refused(other.file(), format!("the engine {other}"), format!("a build with --features {other}"))),
    }
}
