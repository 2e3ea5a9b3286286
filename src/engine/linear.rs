//! Linear layers, in integers of 8 bits or in floats.

use rten_gemm::{BiasVector, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

use super::engine;
use super::integers::Packed;
use super::quantise::{Dequantise, Quantise, Quantised};
use crate::model::{ModelError, Tensors, unexpected};

/// A linear layer, its weights laid out for the kernels of this machine.
pub(crate) struct Linear {
    weight: Weight,
    bias: Vec<f32>,
    inputs: usize,
}

enum Weight {
    Integers(Factor),
    Floats(PackedBMatrix<f32>),
}

/// A right factor in integers.
pub(super) struct Factor {
    pub(super) packed: Packed,
    /// What a level of each column is worth.
    pub(super) scales: Vec<f32>,
    /// The sum of the numbers of each column.
    pub(super) totals: Vec<f32>,
}

/// How many rows go through a layer at a time, so that what stands between its steps stays in the near caches.
pub(super) const ROWS: usize = 64;

/// Room for what stands between the steps of a layer, kept from one to the next.
#[derive(Default)]
pub(crate) struct Room {
    quantised: Quantised,
    products: Vec<i32>,
}

impl Factor {
    /// Multiplies rows, each of `depth` numbers and in integers of its own scale, and adds a bias: into rows of a number for
    /// each column.
    pub(super) fn apply(&self, x: &[f32], depth: usize, bias: &[f32], room: &mut Room, out: &mut [f32]) {
        let (arch, space) = (engine().arch, self.packed.room());
        let Room { quantised, products } = room;
        for (rows, into) in x.chunks(ROWS * depth).zip(out.chunks_mut(ROWS * bias.len())) {
            arch.dispatch(Quantise { rows, width: depth, padded: space.depth, multiple: space.rows, into: quantised });
            self.packed.multiply(&quantised.levels, products, |sums| {
                let Self { scales: columns, totals, .. } = self;
                arch.dispatch(Dequantise { sums, rows: quantised, columns, totals, bias, into });
            });
        }
    }
}

impl Linear {
    /// Reads `NAME.q` with `NAME.scale`, integers with a scale for each row, or else `NAME.weight`, which stays in floats;
    /// and `NAME.bias`.
    pub(crate) fn read(tensors: &Tensors<'_>, name: &str, inputs: usize) -> Result<Self, ModelError> {
        if !tensors.has(&format!("{name}.q")) {
            let (values, bias) = Self::stored(tensors, name, inputs)?;
            return Ok(Self::floats(&values, bias, inputs));
        }
        let stored = format!("{name}.q");
        let (values, [outputs, found]) = tensors.bytes(&stored)?;
        fits(&stored, found, inputs)?;
        let scales = tensors.vector(&format!("{name}.scale"), outputs)?;
        let bias = tensors.vector(&format!("{name}.bias"), outputs)?;
        Ok(Self::integers(&values, scales, bias, inputs))
    }

    /// Reads several layers as one that gives all of their values, the first ones scaled, so that a query comes out ready
    /// for attention. Whether in integers or in floats, they are to be alike in that.
    pub(crate) fn joined(
        tensors: &Tensors<'_>,
        names: [&str; 3],
        inputs: usize,
        scale: f32,
    ) -> Result<Self, ModelError> {
        let scale = |part: usize| if part == 0 { scale } else { 1.0 };
        let (mut biases, mut scales, mut levels, mut floats) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (part, name) in names.into_iter().enumerate() {
            let stored = format!("{name}.q");
            let bias = if tensors.has(&stored) {
                let (values, [outputs, found]) = tensors.bytes(&stored)?;
                fits(&stored, found, inputs)?;
                levels.extend(values);
                scales.extend(tensors.vector(&format!("{name}.scale"), outputs)?.iter().map(|s| s * scale(part)));
                tensors.vector(&format!("{name}.bias"), outputs)?
            } else {
                let (values, bias) = Self::stored(tensors, name, inputs)?;
                floats.extend(values.iter().map(|value| value * scale(part)));
                bias
            };
            biases.extend(bias.iter().map(|bias| bias * scale(part)));
        }
        match (levels.is_empty(), floats.is_empty()) {
            (true, _) => Ok(Self::floats(&floats, biases, inputs)),
            (_, true) => Ok(Self::integers(&levels, scales, biases, inputs)),
            _ => Err(unexpected(names[0], "integers beside floats", "one of them")),
        }
    }

    /// A layer of these weights, a row for each value that comes out.
    pub(crate) fn floats(weight: &[f32], bias: Vec<f32>, inputs: usize) -> Self {
        let matrix = NdTensorView::from_data([bias.len(), inputs], weight);
        Self { weight: Weight::Floats(engine().floats.prepack_b(matrix.transposed())), bias, inputs }
    }

    /// Reads `NAME.weight`, in floats, into integers, and `NAME.bias`.
    pub(crate) fn quantised(tensors: &Tensors<'_>, name: &str, inputs: usize) -> Result<Self, ModelError> {
        let (values, bias) = Self::stored(tensors, name, inputs)?;
        let rows = values.chunks_exact(inputs);
        let scales: Vec<f32> =
            rows.clone().map(|row| row.iter().fold(1e-8_f32, |most, w| most.max(w.abs())) / 127.0).collect();
        let levels = rows.zip(&scales).flat_map(|(row, scale)| row.iter().map(move |w| (w / scale).round() as i8));
        Ok(Self::integers(&levels.collect::<Vec<_>>(), scales, bias, inputs))
    }

    fn stored(tensors: &Tensors<'_>, name: &str, inputs: usize) -> Result<(Vec<f32>, Vec<f32>), ModelError> {
        let weight = format!("{name}.weight");
        let (values, [outputs, found]) = tensors.floats(&weight)?;
        fits(&weight, found, inputs)?;
        Ok((values, tensors.vector(&format!("{name}.bias"), outputs)?))
    }

    fn integers(weight: &[i8], scales: Vec<f32>, bias: Vec<f32>, inputs: usize) -> Self {
        let packed = engine().integers.of_columns(weight, inputs);
        let sums = weight.chunks_exact(inputs).map(|row| row.iter().copied().map(i32::from).sum::<i32>());
        let totals = sums.zip(&scales).map(|(sum, scale)| sum as f32 * scale).collect();
        Self { weight: Weight::Integers(Factor { packed, scales, totals }), bias, inputs }
    }

    /// The layer, if so many values come out for each row.
    pub(crate) fn of_outputs(self, name: &str, wanted: usize) -> Result<Self, ModelError> {
        let found = self.outputs();
        let error = || unexpected(name, format!("{found} outputs"), format!("{wanted} outputs"));
        if found == wanted { Ok(self) } else { Err(error()) }
    }

    /// Whether its weights are integers, by which numbers of 8 bits are multiplied.
    pub(super) fn is_in_integers(&self) -> bool {
        matches!(self.weight, Weight::Integers(_))
    }

    /// How many values come out for each row.
    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// How many values go in for each row.
    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    /// Applies the layer to every row of `x`. A row's answer depends on no other row.
    pub(crate) fn apply(&self, x: &[f32], room: &mut Room, out: &mut Vec<f32>) {
        let rows = x.len() / self.inputs;
        out.resize(rows * self.outputs(), 0.0);
        match &self.weight {
            Weight::Integers(factor) => factor.apply(x, self.inputs, &self.bias, room, out),
            Weight::Floats(weights) => {
                let x = NdTensorView::from_data([rows, self.inputs], x);
                let options = GemmOptions { bias: Some(BiasVector::Row(&self.bias)), ..GemmOptions::default() };
                let product = (GemmInputA::Unpacked(x), GemmInputB::Packed(weights));
                engine().floats.gemm(out, product.0, product.1, options).expect("the matrices fit each other");
            }
        }
    }
}

fn fits(name: &str, found: usize, inputs: usize) -> Result<(), ModelError> {
    if found == inputs {
        Ok(())
    } else {
        Err(unexpected(name, format!("{found} columns"), format!("{inputs} columns")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_say_what_floats_say_within_half_a_level_of_each_number() {
        let (rows, inputs, outputs) = (5, 96, 7);
        let wave = |i: usize, by: f32| ((i as f32) * by).sin();
        let x: Vec<f32> = (0..rows * inputs).map(|i| 3.0 * wave(i, 0.37)).collect();
        let levels: Vec<i8> = (0..outputs * inputs).map(|i| (127.0 * wave(i, 0.61)) as i8).collect();
        let bias: Vec<f32> = (0..outputs).map(|i| wave(i, 1.0)).collect();
        let weight: Vec<f32> = levels.iter().map(|&level| f32::from(level) * 0.01).collect();
        let (mut room, mut found, mut wanted) = (Room::default(), Vec::new(), Vec::new());
        Linear::integers(&levels, vec![0.01; outputs], bias.clone(), inputs).apply(&x, &mut room, &mut found);
        Linear::floats(&weight, bias, inputs).apply(&x, &mut room, &mut wanted);
        // Half a level of the input, a 255th of its range, times the greatest weight, for every input.
        let most = 0.5 * (6.0 / 255.0) * 1.27 * inputs as f32;
        assert!(found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < most), "{found:?} {wanted:?}");
    }

    #[test]
    fn a_row_is_answered_the_same_alone_and_among_others() {
        let (inputs, outputs) = (64, 40);
        let x: Vec<f32> = (0..40 * inputs).map(|i| ((i * i) as f32).cos()).collect();
        let levels: Vec<i8> = (0..outputs * inputs).map(|i| ((i * 31 % 255) as u8).cast_signed()).collect();
        let linear = Linear::integers(&levels, vec![0.02; outputs], vec![0.5; outputs], inputs);
        let (mut room, mut all, mut one) = (Room::default(), Vec::new(), Vec::new());
        linear.apply(&x, &mut room, &mut all);
        for row in [0, 17, 39] {
            linear.apply(&x[row * inputs..(row + 1) * inputs], &mut room, &mut one);
            assert_eq!(one, all[row * outputs..(row + 1) * outputs]);
        }
    }
}
