//! A small network that ranks candidates: one hidden layer, and a softmax over the candidates and "somebody else".

use std::sync::LazyLock;

use super::features::{FEATURES, Features};
use crate::model::{Model, ModelError, Tensors, unexpected};

/// The weights of the network.
#[derive(Debug)]
pub(crate) struct Ranker {
    /// A row for each hidden unit.
    hidden: Vec<[f32; FEATURES]>,
    bias: Vec<f32>,
    output: Vec<f32>,
    /// What a candidate scores before anything speaks for it; "somebody else" scores 0.
    offset: f32,
}

impl Ranker {
    const FORMAT: &'static str = "whosaid-pronouns/1";

    /// The ranker that is compiled into the library.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they use it.
    pub(crate) fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Ranker> =
            LazyLock::new(|| Ranker::new(&Model::pronouns()).expect("the embedded weights fit the features"));
        &EMBEDDED
    }

    fn new(model: &Model<'_>) -> Result<Self, ModelError> {
        let tensors = Tensors::read(model.file(Self::FORMAT, "weights.safetensors")?)?;
        let (weights, [units, features]) = tensors.floats::<2>("hidden.weight")?;
        if features != FEATURES {
            return Err(unexpected("hidden.weight", format!("{features} columns"), format!("{FEATURES} columns")));
        }
        let vector = |name: &str, wanted: usize| -> Result<Vec<f32>, ModelError> {
            let (values, [length]) = tensors.floats::<1>(name)?;
            if length == wanted {
                Ok(values)
            } else {
                Err(unexpected(name, format!("{length} values"), format!("{wanted} values")))
            }
        };
        Ok(Self {
            hidden: weights.as_chunks::<FEATURES>().0.to_vec(),
            bias: vector("hidden.bias", units)?,
            output: vector("output.weight", units)?,
            offset: vector("output.bias", 1)?[0],
        })
    }

    fn score(&self, features: &Features) -> f32 {
        let unit = |(row, bias): (&[f32; FEATURES], &f32)| {
            let sum: f32 = row.iter().zip(features).map(|(w, f)| w * f).sum();
            (sum + bias).max(0.0)
        };
        let units = self.hidden.iter().zip(&self.bias).map(unit);
        self.offset + units.zip(&self.output).map(|(unit, weight)| unit * weight).sum::<f32>()
    }

    /// The probability of each candidate. What is missing to 1 is that it is none of them.
    pub(super) fn chances<'f>(&self, candidates: impl Iterator<Item = &'f Features>) -> Vec<f32> {
        let scores: Vec<f32> = candidates.map(|features| self.score(features)).collect();
        let greatest = scores.iter().copied().fold(0.0, f32::max);
        let weights: Vec<f32> = scores.iter().map(|score| (score - greatest).exp()).collect();
        let total: f32 = weights.iter().sum::<f32>() + (-greatest).exp();
        weights.into_iter().map(|weight| weight / total).collect()
    }
}
