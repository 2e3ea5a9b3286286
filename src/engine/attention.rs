//! Scaled dot-product attention (Vaswani et al. 2017) of one sequence, head by head.

mod floats;
mod integers;

use std::ops::Range;

use rten_tensor::{Matrix, NdTensorView};

use super::relative::Relative;
pub(super) use floats::Floats;
pub(super) use integers::Integers;

/// How wide a state is, and how wide each of its heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heads {
    pub(crate) width: usize,
    pub(crate) each: usize,
}

/// How many positions look at all others at a time: so many rows of scores stay in the nearest caches.
const ROWS: usize = 32;

/// A head of a sequence: of each position the query, scaled already, the key and the value.
#[derive(Clone, Copy)]
pub(super) struct Head<'a> {
    /// For each position a row of queries, one of keys and one of values, each with all heads one after another.
    qkv: &'a [f32],
    heads: Heads,
    /// Where the head begins in each of the three.
    first: usize,
}

/// What a position has in a head.
#[derive(Debug, Clone, Copy)]
enum Part {
    Query,
    Key,
    Value,
}

impl<'a> Head<'a> {
    fn each(self) -> usize {
        self.heads.each
    }

    /// How many positions there are.
    fn count(self) -> usize {
        self.qkv.len() / (3 * self.heads.width)
    }

    /// What some positions have.
    fn rows(self, part: Part, rows: Range<usize>) -> impl ExactSizeIterator<Item = &'a [f32]> {
        let (all, from) = (3 * self.heads.width, part as usize * self.heads.width + self.first);
        self.qkv[rows.start * all..rows.end * all].chunks_exact(all).map(move |row| &row[from..from + self.heads.each])
    }

    /// The same as a matrix.
    fn matrix(self, part: Part, rows: Range<usize>) -> Matrix<'a> {
        let from = part as usize * self.heads.width + self.first;
        let all = NdTensorView::from_data([self.count(), 3 * self.heads.width], self.qkv);
        all.slice((rows, from..from + self.heads.each))
    }
}

/// By what numbers a head is computed.
pub(super) trait Arithmetic: Sized {
    /// Room for what stands between the steps, kept from one head to the next.
    type Room: Default;

    /// Takes in the keys and values of a head.
    fn new(head: Head<'_>, room: &mut Self::Room) -> Self;

    /// How wide a row of scores is that begins with those of so many positions.
    fn width(count: usize) -> usize;

    /// The scores of [`ROWS`] positions at most: a row for each, [`Arithmetic::width`] wide.
    fn scores(&self, head: Head<'_>, rows: Range<usize>, room: &mut Self::Room, into: &mut Vec<f32>);

    /// What positions see: the mean of all values, weighed by the softmax of their scores, a row for each, as wide as the
    /// head.
    fn seen(&self, head: Head<'_>, scores: &mut [f32], room: &mut Self::Room, into: &mut Vec<f32>);
}

/// Room for what a head is busy with, kept from one to the next.
pub(super) struct Room<A: Arithmetic> {
    own: A::Room,
    scores: Vec<f32>,
    seen: Vec<f32>,
}

impl<A: Arithmetic> Default for Room<A> {
    fn default() -> Self {
        Self { own: A::Room::default(), scores: Vec::new(), seen: Vec::new() }
    }
}

/// What every position sees of all, by queries, keys and values as [`Head`] has them. Into `out` goes a row of all heads for
/// each position.
pub(super) fn attend<A: Arithmetic>(
    qkv: &[f32],
    heads: Heads,
    relative: Option<&Relative>,
    room: &mut Room<A>,
    out: &mut Vec<f32>,
) {
    let Heads { width, each } = heads;
    let Room { own, scores, seen } = room;
    let count = qkv.len() / (3 * width);
    out.resize(count * width, 0.0);
    for first in (0..width).step_by(each) {
        let head = Head { qkv, heads, first };
        let arithmetic = A::new(head, own);
        let matrix = |part| head.matrix(part, 0..count);
        let places =
            relative.map(|relative| (relative, relative.of_head(first, matrix(Part::Query), matrix(Part::Key))));
        for start in (0..count).step_by(ROWS) {
            let rows = start..(start + ROWS).min(count);
            arithmetic.scores(head, rows.clone(), own, scores);
            if let Some((relative, of_head)) = &places {
                relative.add(of_head, rows.clone(), scores, A::width(count));
            }
            arithmetic.seen(head, scores, own, seen);
            let rows = out[rows.start * width..rows.end * width].chunks_exact_mut(width);
            for (row, seen) in rows.zip(seen.chunks_exact(each)) {
                row[first..first + each].copy_from_slice(seen);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_right<A: Arithmetic>(near: f32) {
        let (count, width, each) = (37, 8, 4);
        let qkv: Vec<f32> = (0..count * 3 * width).map(|i| (i as f32 * 0.9).sin()).collect();
        let at = |row: usize, part: usize, i: usize| qkv[row * 3 * width + part * width + i];
        let mut out = Vec::new();
        attend::<A>(&qkv, Heads { width, each }, None, &mut Room::default(), &mut out);
        for row in 0..count {
            for first in [0, each] {
                let score = |other| (first..first + each).map(|i| at(row, 0, i) * at(other, 1, i)).sum::<f32>().exp();
                let weights: Vec<f32> = (0..count).map(score).collect();
                let sum: f32 = weights.iter().sum();
                for i in first..first + each {
                    let wanted = (0..count).map(|other| weights[other] * at(other, 2, i)).sum::<f32>() / sum;
                    assert!((out[row * width + i] - wanted).abs() < near, "{row} {i}");
                }
            }
        }
    }

    #[test]
    fn every_position_sees_the_values_weighed_by_the_softmax_of_its_scores() {
        is_right::<Floats>(1e-5);
        // A level of a key or a value is a 127th of the greatest of them.
        is_right::<Integers>(1e-2);
    }
}
