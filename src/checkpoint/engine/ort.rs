//! ONNX Runtime. Its library is loaded with the first model, from where `ORT_DYLIB_PATH` says, else by the system's own rules.

use std::env::{self, consts};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use ::ort::LoadDynamicError;
use ::ort::environment::Environment;
use ::ort::session::{Session, SessionInputValue};
use ::ort::value::TensorRef;

use super::graph::{Fallible, Input, LOGITS};
use super::{Classify, ONNX};
use crate::model::ModelError;
use crate::tag::TagError;

const LIBRARY: &str = "ORT_DYLIB_PATH";

/// A graph with the sessions that run it.
pub(super) struct Ort {
    model: PathBuf,
    inputs: Vec<Input>,
    /// A session runs one sequence at a time, so there are as many as there were callers at once. Here are those that rest.
    sessions: Mutex<Vec<Session>>,
}

impl Ort {
    /// Opens the graph of a folder.
    pub(super) fn open(folder: &Path) -> Result<Self, ModelError> {
        Self::load(folder.join(ONNX)).map_err(|source| ModelError::Load { file: ONNX, source })
    }

    fn load(model: PathBuf) -> Fallible<Self> {
        let session = session(&model)?;
        let inputs = session.inputs().iter().map(|input| Input::known(input.name())).collect::<Fallible<_>>()?;
        if !session.outputs().iter().any(|output| output.name() == LOGITS) {
            return Err(format!("it gives no {LOGITS}").into());
        }
        Ok(Self { model, inputs, sessions: Mutex::new(vec![session]) })
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Session>> {
        // Sessions are whole even if a thread panicked that held the lock.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, pieces: &[u32]) -> Fallible<Vec<f32>> {
        let resting = self.resting().pop();
        let mut session = resting.map_or_else(|| session(&self.model), Ok)?;
        let scores = run(&mut session, &self.inputs, pieces);
        self.resting().push(session);
        scores
    }
}

impl Classify for Ort {
    fn scores(&self, pieces: &[u32]) -> Result<Vec<f32>, TagError> {
        self.answer(pieces).map_err(TagError::Engine)
    }
}

fn session(model: &Path) -> Fallible<Session> {
    let builder = Session::builder(environment()?)?;
    // Callers are as many threads as there shall be.
    let builder = builder.with_intra_threads(1).map_err(::ort::Error::<()>::from)?;
    let mut builder = builder.with_inter_threads(1).map_err(::ort::Error::<()>::from)?;
    Ok(builder.commit_from_file(model)?)
}

fn run(session: &mut Session, inputs: &[Input], pieces: &[u32]) -> Fallible<Vec<f32>> {
    let values: Vec<Vec<i64>> = inputs.iter().map(|input| input.values(pieces, i64::from)).collect();
    let mut named: Vec<(&str, SessionInputValue<'_>)> = Vec::new();
    for (input, values) in inputs.iter().zip(&values) {
        named.push((input.name(), TensorRef::from_array_view(([1, pieces.len()], values.as_slice()))?.into()));
    }
    let outputs = session.run(named)?;
    let logits = outputs.get(LOGITS).ok_or("no scores")?;
    let (shape, scores) = logits.try_extract_tensor::<f32>()?;
    match **shape {
        [1, rows, _] if usize::try_from(rows) == Ok(pieces.len()) => Ok(scores.to_vec()),
        _ => Err(format!("scores of shape {shape:?} for {} pieces", pieces.len()).into()),
    }
}

/// The one environment of the process. Made here explicitly, as what `ort` does by itself panics without a library.
fn environment() -> Fallible<&'static Environment> {
    static MADE: OnceLock<Result<Environment, String>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let asked = env::var_os(LIBRARY).filter(|path| !path.is_empty()).map(PathBuf::from);
        let library =
            asked.unwrap_or_else(|| format!("{}onnxruntime{}", consts::DLL_PREFIX, consts::DLL_SUFFIX).into());
        // `ort` would look beside the program first.
        let library = library.canonicalize().unwrap_or(library);
        let loaded = ::ort::init_from(&library).map_err(|error| {
            let why = match &error {
                LoadDynamicError::Dlopen { error, .. } => error.source().map(|why| format!(": {why}")),
                _ => None,
            };
            let (why, oldest) = (why.unwrap_or_default(), ::ort::MINOR_VERSION);
            format!("ONNX Runtime is missing: {error}{why} ({LIBRARY} says where it is, 1.{oldest} or newer)")
        })?;
        loaded.with_name("whosaid").with_telemetry(false).build().map_err(|error| error.to_string())
    });
    Ok(made.as_ref().map_err(String::as_str)?)
}
