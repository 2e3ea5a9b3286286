//! What the places of two pieces relative to each other add to attention: disentangled attention (He et al. 2021), as
//! `DeBERTa` has it.

use rten_gemm::{GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::{Layout, Matrix, NdTensorView};

use super::engine;

/// The relative places of one layer, projected: a row for each, with all heads one after another.
pub(crate) struct Relative {
    /// What a piece's query meets (content to place).
    pub(crate) keys: Option<Vec<f32>>,
    /// What a piece's key meets (place to content), scaled for attention.
    pub(crate) queries: Option<Vec<f32>>,
    /// How many values a row has.
    pub(crate) width: usize,
    pub(crate) places: Places,
}

/// How far apart two pieces may stand to be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    /// Half of the number of places.
    pub(crate) span: usize,
    /// The farthest distance, where those past half of the span share places, on a scale of logarithms.
    pub(crate) farthest: Option<usize>,
}

impl Places {
    /// The row of the place of a piece that stands so many pieces after another.
    fn row(self, difference: isize) -> usize {
        let span = self.span.cast_signed();
        let place = self.farthest.map_or(difference, |farthest| self.shared(difference, farthest));
        (place + span).clamp(0, 2 * span - 1).unsigned_abs()
    }

    fn shared(self, difference: isize, farthest: usize) -> isize {
        let middle = self.span / 2;
        let distance = difference.unsigned_abs();
        if distance <= middle {
            return difference;
        }
        let middle = middle as f32;
        let beyond = (distance as f32 / middle).ln() / ((farthest as f32 - 1.0) / middle).ln() * (middle - 1.0);
        difference.signum() * (beyond.ceil() + middle) as isize
    }
}

impl Relative {
    /// Adds what relative places say to the scores of some rows of a head: `scores` has a row of `width` for each of `rows`,
    /// which begins with a score for each piece.
    pub(super) fn add(&self, of: &OfHead, rows: std::ops::Range<usize>, scores: &mut [f32], width: usize) {
        let count = of.pieces;
        let all = 2 * self.places.span;
        let row_of: Vec<usize> =
            (0..rows.end + count).map(|i| self.places.row(i.cast_signed() - count.cast_signed() + 1)).collect();
        for (i, scores) in rows.zip(scores.chunks_exact_mut(width)) {
            for (j, score) in scores[..count].iter_mut().enumerate() {
                let place = row_of[i + count - 1 - j];
                *score += of.from_queries.as_ref().map_or(0.0, |met| met[i * all + place]);
                *score += of.from_keys.as_ref().map_or(0.0, |met| met[j * all + place]);
            }
        }
    }

    /// What all queries and keys of a head meet; `first` is where it begins in a row of either.
    pub(super) fn of_head(&self, first: usize, queries: Matrix<'_>, keys: Matrix<'_>) -> OfHead {
        let all = 2 * self.places.span;
        let met = |places: &Vec<f32>, content: Matrix<'_>| {
            let (count, each) = (content.size(0), content.size(1));
            let places = NdTensorView::from_data([all, self.width], &places[..]);
            let places = places.slice((.., first..first + each));
            let mut met = vec![0.0; count * all];
            let (a, b) = (GemmInputA::Unpacked(content), GemmInputB::Unpacked(places.transposed()));
            engine()
                .floats
                .gemm(&mut met, a, b, GemmOptions::default())
                .expect("the matrices of a head fit each other");
            met
        };
        OfHead {
            pieces: queries.size(0),
            from_queries: self.keys.as_ref().map(|places| met(places, queries)),
            from_keys: self.queries.as_ref().map(|places| met(places, keys)),
        }
    }
}

/// What each piece of a sequence meets in all places, in one head.
pub(super) struct OfHead {
    pieces: usize,
    from_queries: Option<Vec<f32>>,
    from_keys: Option<Vec<f32>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_places_are_told_apart_and_far_ones_share_rows() {
        let places = Places { span: 8, farthest: Some(64) };
        let near: Vec<usize> = (-4..=4).map(|d| places.row(d)).collect();
        assert_eq!(near, [4, 5, 6, 7, 8, 9, 10, 11, 12]);
        // 4 + ceil(ln(d / 4) / ln(63 / 4) * 3) places after the middle.
        assert_eq!([5, 10, 11, 25, 26, 63].map(|d| places.row(d)), [13, 13, 14, 14, 15, 15]);
        assert_eq!([-5, -11, -63, -500].map(|d| places.row(d)), [3, 2, 1, 0]);
    }

    #[test]
    fn without_a_scale_what_is_too_far_counts_as_the_farthest() {
        let places = Places { span: 4, farthest: None };
        assert_eq!([-9, -4, -1, 0, 3, 9].map(|d| places.row(d)), [0, 0, 3, 4, 7, 7]);
    }
}
