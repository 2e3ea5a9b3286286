//! Graphs in ONNX in pure Rust, by the crate rten.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rten::{Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

use super::graph::{Fallible, Input, LOGITS};
use super::{Classify, ONNX};
use crate::model::ModelError;
use crate::tag::TagError;

/// A graph with what it asks for.
pub(super) struct Rten {
    model: Model,
    inputs: Vec<(NodeId, Input)>,
    logits: NodeId,
    /// Pools of one thread: callers are as many threads as there shall be, and there are as many pools as there were callers
    /// at once. Here are those that rest.
    pools: Mutex<Vec<Arc<ThreadPool>>>,
}

impl Rten {
    /// Opens the graph of a folder, and runs it once on the first piece of its vocabulary: the crate takes what is no graph, or
    /// a broken one, for an empty one.
    pub(super) fn open(folder: &Path) -> Result<Self, ModelError> {
        let opened = guarded(|| {
            let rten = Self::load(&folder.join(ONNX))?;
            rten.answer(&[0])?;
            Ok(rten)
        });
        opened.map_err(|source| ModelError::Load { file: ONNX, source })
    }

    fn load(model: &Path) -> Fallible<Self> {
        let model = Model::load_file(model)?;
        let input = |&id: &NodeId| {
            let node = model.node_info(id);
            Ok((id, Input::known(node.as_ref().and_then(rten::NodeInfo::name).unwrap_or_default())?))
        };
        let inputs = model.input_ids().iter().map(input).collect::<Fallible<_>>()?;
        let logits = model.find_node(LOGITS).ok_or_else(|| format!("it gives no {LOGITS}"))?;
        Ok(Self { model, inputs, logits, pools: Mutex::default() })
    }

    fn resting(&self) -> MutexGuard<'_, Vec<Arc<ThreadPool>>> {
        // Pools are whole even if a thread panicked that held the lock.
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, pieces: &[u32]) -> Fallible<Vec<f32>> {
        // The crate has integers of 32 bits alone, signed; pieces are fewer.
        let values = |input: Input| NdTensor::from_data([1, pieces.len()], input.values(pieces, u32::cast_signed));
        let inputs = self.inputs.iter().map(|&(id, input)| (id, Value::from(values(input)).into())).collect();
        let pool = self.resting().pop().unwrap_or_else(|| Arc::new(ThreadPool::with_num_threads(1)));
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&pool)));
        let found = self.model.run_n(inputs, [self.logits], Some(options));
        self.resting().push(pool);
        let [logits] = found?;
        let logits: NdTensor<f32, 3> = logits.try_into()?;
        match logits.shape() {
            [1, rows, _] if rows == pieces.len() => Ok(logits.into_data()),
            shape => Err(format!("scores of shape {shape:?} for {} pieces", pieces.len()).into()),
        }
    }
}

impl Classify for Rten {
    fn scores(&self, pieces: &[u32]) -> Result<Vec<f32>, TagError> {
        guarded(|| self.answer(pieces)).map_err(TagError::Engine)
    }
}

/// A damaged graph can make the crate panic, in loading as in running; that is an error like any other.
fn guarded<T>(work: impl FnOnce() -> Fallible<T>) -> Fallible<T> {
    let why = |panic: Box<dyn Any + Send>| {
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
    };
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(format!("the graph cannot be run: {}", why(panic)).into()))
}
