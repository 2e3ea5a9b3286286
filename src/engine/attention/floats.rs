//! A head in floats of 32 bits, for layers in floats, of which nothing may be lost.

use std::ops::Range;

use rten_gemm::{GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix, NdTensorView};

use super::{Arithmetic, Head, Part};
use crate::engine::{engine, math};

/// The keys and values of a head.
pub(in crate::engine) struct Floats {
    keys: PackedBMatrix<f32>,
    values: PackedBMatrix<f32>,
}

impl Arithmetic for Floats {
    /// The inverse of the sum of each row of weights.
    type Room = Vec<f32>;

    fn new(head: Head<'_>, _: &mut Vec<f32>) -> Self {
        let part = |part| head.matrix(part, 0..head.count());
        Self {
            keys: engine().floats.prepack_b(part(Part::Key).transposed()),
            values: engine().floats.prepack_b(part(Part::Value)),
        }
    }

    fn width(count: usize) -> usize {
        count
    }

    fn scores(&self, head: Head<'_>, rows: Range<usize>, _: &mut Vec<f32>, into: &mut Vec<f32>) {
        into.resize(rows.len() * head.count(), 0.0);
        product(into, head.matrix(Part::Query, rows), &self.keys);
    }

    fn seen(&self, head: Head<'_>, scores: &mut [f32], inverses: &mut Vec<f32>, into: &mut Vec<f32>) {
        let count = head.count();
        engine().arch.dispatch(math::Exponentials { values: scores, width: count, inverses });
        into.resize(scores.len() / count * head.each(), 0.0);
        product(into, NdTensorView::from_data([scores.len() / count, count], &scores[..]), &self.values);
        for (row, inverse) in into.chunks_exact_mut(head.each()).zip(inverses) {
            for value in row {
                *value *= *inverse;
            }
        }
    }
}

fn product(into: &mut [f32], a: Matrix<'_>, b: &PackedBMatrix<f32>) {
    let (a, b) = (GemmInputA::Unpacked(a), GemmInputB::Packed(b));
    engine().floats.gemm(into, a, b, GemmOptions::default()).expect("the matrices of a head fit each other");
}
