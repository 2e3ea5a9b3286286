//! A checkpoint's matrices in integers of 8 bits: a quarter of the size, and what our own engine is fastest with.

use std::collections::BTreeMap;
use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors, View};

use super::engine::SAFETENSORS;
use super::{CONFIG, Checkpoint, Engine, SETTINGS, read, refused, vocabulary};
use crate::model::{ModelError, Tensors};

/// A tensor to be stored.
struct Stored {
    kind: Dtype,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

impl View for &Stored {
    fn dtype(&self) -> Dtype {
        self.kind
    }

    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn data(&self) -> std::borrow::Cow<'_, [u8]> {
        (&self.bytes).into()
    }

    fn data_len(&self) -> usize {
        self.bytes.len()
    }
}

/// Writes the checkpoint of one folder into another, which is made, its matrices as integers with a scale for each row. What
/// is written can be opened like any checkpoint, by [`Engine::Native`].
///
/// # Errors
/// [`ModelError`] if the checkpoint cannot be opened by that engine, or a file cannot be written.
pub fn convert(from: &Path, to: &Path) -> Result<(), ModelError> {
    Checkpoint::open(from, Some(Engine::Native))?;
    let weights = read(from, SAFETENSORS)?;
    let stored = stored(&weights)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ModelError::Read { path, source }
    };
    std::fs::create_dir_all(to).map_err(failed(to))?;
    if to.join(SAFETENSORS).exists() {
        return Err(refused(SAFETENSORS, "a checkpoint in the folder to be written", "an empty or a new one"));
    }
    for file in [CONFIG, SETTINGS].into_iter().chain(vocabulary::FILES) {
        if from.join(file).is_file() {
            let path = to.join(file);
            std::fs::copy(from.join(file), &path).map_err(failed(&path))?;
        }
    }
    let path = to.join(SAFETENSORS);
    let bytes = safetensors::serialize(&stored, None)?;
    std::fs::write(&path, bytes).map_err(failed(&path))
}

/// The tensors of a file, its matrices in integers. What projects relative places is read once, and stays as it is, as does
/// what is in integers already.
fn stored(weights: &[u8]) -> Result<BTreeMap<String, Stored>, ModelError> {
    let tensors = Tensors::read(weights)?;
    let mut stored = BTreeMap::new();
    for (name, view) in SafeTensors::deserialize(weights)?.iter() {
        let matrix = name.strip_suffix(".weight").filter(|base| view.shape().len() == 2 && !stays(base));
        if let Some(base) = matrix {
            let (values, [rows, width]) = tensors.floats::<2>(name)?;
            let (mut levels, mut scales) = (Vec::with_capacity(values.len()), Vec::with_capacity(rows * 4));
            for row in values.chunks_exact(width.max(1)) {
                let scale = row.iter().fold(1e-8_f32, |most, value| most.max(value.abs())) / 127.0;
                levels.extend(row.iter().map(|value| ((value / scale).round() as i8).cast_unsigned()));
                scales.extend(scale.to_le_bytes());
            }
            stored.insert(format!("{base}.q"), Stored { kind: Dtype::I8, shape: vec![rows, width], bytes: levels });
            stored.insert(format!("{base}.scale"), Stored { kind: Dtype::F32, shape: vec![rows], bytes: scales });
        } else {
            let tensor = Stored { kind: view.dtype(), shape: view.shape().to_vec(), bytes: view.data().to_vec() };
            stored.insert(name.to_owned(), tensor);
        }
    }
    Ok(stored)
}

/// Whether a matrix stays in floats: the scores of labels, because theirs are few, and what is turned into something else
/// when it is loaded.
fn stays(name: &str) -> bool {
    ["classifier", "in_proj", "pos_proj", "pos_q_proj", "pos_key_proj", "pos_query_proj", "rel_embeddings"]
        .iter()
        .any(|kept| name.ends_with(kept))
}
