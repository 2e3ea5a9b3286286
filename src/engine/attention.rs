//! Scaled dot-product attention (Vaswani et al. 2017) of one sequence, head by head.

use rten_gemm::{GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::{Matrix, NdTensorView};

use super::relative::Relative;
use super::{engine, math};

/// Room for what one head is busy with, kept from one to the next.
#[derive(Default)]
pub(super) struct Room {
    weights: Vec<f32>,
    inverses: Vec<f32>,
    seen: Vec<f32>,
}

/// How wide a state is, and how wide each of its heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heads {
    pub(crate) width: usize,
    pub(crate) each: usize,
}

/// How many positions look at all others at a time: so many rows of weights stay in the nearest cache.
const ROWS: usize = 32;

/// What every position sees of all. A row of `qkv` holds query, key and value of a position, each with all heads one after
/// another; queries are scaled already. Into `out` goes a row of all heads for each position.
pub(super) fn attend(
    qkv: &[f32],
    Heads { width, each }: Heads,
    relative: Option<&Relative>,
    room: &mut Room,
    out: &mut Vec<f32>,
) {
    let Room { weights, inverses, seen } = room;
    let count = qkv.len() / (3 * width);
    out.resize(count * width, 0.0);
    let all = NdTensorView::from_data([count, 3 * width], qkv);
    for first in (0..width).step_by(each) {
        let part = |part: usize, rows| all.slice((rows, part * width + first..part * width + first + each));
        let keys = engine().floats.prepack_b(part(1, 0..count).transposed());
        let values = engine().floats.prepack_b(part(2, 0..count));
        let places = relative.map(|r| (r, r.of_head(first, part(0, 0..count), part(1, 0..count))));
        for start in (0..count).step_by(ROWS) {
            let rows = start..(start + ROWS).min(count);
            weights.resize(rows.len() * count, 0.0);
            product(weights, part(0, rows.clone()), &keys);
            if let Some((relative, of_head)) = &places {
                relative.add(of_head, rows.clone(), weights);
            }
            engine().arch.dispatch(math::Exponentials { values: weights, width: count, inverses });
            seen.resize(rows.len() * each, 0.0);
            product(seen, NdTensorView::from_data([rows.len(), count], &weights[..]), &values);
            let rows = out[rows.start * width..rows.end * width].chunks_exact_mut(width);
            for ((row, seen), inverse) in rows.zip(seen.chunks_exact(each)).zip(&*inverses) {
                row[first..first + each].iter_mut().zip(seen).for_each(|(out, seen)| *out = seen * inverse);
            }
        }
    }
}

fn product(into: &mut [f32], a: Matrix<'_>, b: &PackedBMatrix<f32>) {
    let (a, b) = (GemmInputA::Unpacked(a), GemmInputB::Packed(b));
    engine().floats.gemm(into, a, b, GemmOptions::default()).expect("the matrices of a head fit each other");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_sees_the_values_weighed_by_the_softmax_of_its_scores() {
        let (count, width, each) = (37, 8, 4);
        let qkv: Vec<f32> = (0..count * 3 * width).map(|i| (i as f32 * 0.9).sin()).collect();
        let at = |row: usize, part: usize, i: usize| qkv[row * 3 * width + part * width + i];
        let mut out = Vec::new();
        attend(&qkv, Heads { width, each }, None, &mut Room::default(), &mut out);
        for row in 0..count {
            for first in [0, each] {
                let score = |other| (first..first + each).map(|i| at(row, 0, i) * at(other, 1, i)).sum::<f32>().exp();
                let weights: Vec<f32> = (0..count).map(score).collect();
                let sum: f32 = weights.iter().sum();
                for i in first..first + each {
                    let wanted = (0..count).map(|other| weights[other] * at(other, 2, i)).sum::<f32>() / sum;
                    assert!((out[row * width + i] - wanted).abs() < 1e-5, "{row} {i}");
                }
            }
        }
    }
}
