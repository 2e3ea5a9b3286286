//! From floats to integers of 8 bits and back: a row's numbers never depend on another's.

#![expect(clippy::inline_always, reason = "what is not inlined is compiled for the oldest machine, as in `math`")]

use aligned_vec::AVec;
use pulp::{Simd, WithSimd};

use super::integers::Sums;
use super::math::{ROUNDS, exponentials, fma, fold, greater, smaller};

/// Rows in integers of 8 bits, each with a scale and a zero of its own.
#[derive(Debug)]
pub(super) struct Quantised {
    /// Levels, row by row, each row and the number of rows padded; aligned for kernels to load them.
    pub(super) levels: AVec<u8>,
    /// What a level more is worth.
    pub(super) scales: Vec<f32>,
    /// What level 0 stands for.
    pub(super) lows: Vec<f32>,
}

impl Default for Quantised {
    fn default() -> Self {
        Self { levels: AVec::new(0), scales: Vec::new(), lows: Vec::new() }
    }
}

/// Quantises every row over its own range, which always includes 0.
pub(super) struct Quantise<'a> {
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    /// The width of a row of levels, and how many rows there are to be a multiple of.
    pub(super) padded: usize,
    pub(super) multiple: usize,
    pub(super) into: &'a mut Quantised,
}

impl WithSimd for Quantise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let into = self.into;
        let count = (self.rows.len() / self.width).next_multiple_of(self.multiple);
        // What stands in the padding is multiplied by weights of 0 or belongs to rows that nobody reads.
        into.levels.resize(count * self.padded, 0);
        into.scales.clear();
        into.lows.clear();
        for (row, out) in self.rows.chunks_exact(self.width).zip(into.levels.chunks_exact_mut(self.padded)) {
            let (low, high) = (fold(row, 0.0, smaller, smaller), fold(row, 0.0, greater, greater));
            let scale = if high > low { (high - low) / 255.0 } else { 1.0 };
            let inverse = 1.0 / scale;
            let zero = (-low * inverse + ROUNDS) - ROUNDS;
            for (value, out) in row.iter().zip(out) {
                let level = greater(smaller(fma::<S>(*value, inverse, zero), 255.0), 0.0);
                *out = (level + ROUNDS).to_bits() as u8;
            }
            into.scales.push(scale);
            into.lows.push(-zero * scale);
        }
    }
}

/// Turns sums of products of levels into the numbers they stand for: applies the scales of row and column, and adds what the
/// lowest level of the row is worth and the bias.
pub(super) struct Dequantise<'a> {
    pub(super) sums: Sums<'a>,
    pub(super) rows: &'a Quantised,
    /// What a level of each column is worth.
    pub(super) columns: &'a [f32],
    /// The sum of each column's numbers.
    pub(super) totals: &'a [f32],
    pub(super) bias: &'a [f32],
    /// All rows of the product.
    pub(super) into: &'a mut [f32],
}

impl WithSimd for Dequantise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Sums { row: first, columns, values, pitch } = self.sums;
        let all = self.columns.len();
        let own = columns.start..columns.end.min(all);
        let (columns, totals, bias) = (&self.columns[own.clone()], &self.totals[own.clone()], &self.bias[own.clone()]);
        let rows = values.chunks_exact(pitch).zip(self.into[first * all..].chunks_exact_mut(all));
        let of_rows = self.rows.scales[first..].iter().zip(&self.rows.lows[first..]);
        for ((sums, out), (&scale, &low)) in rows.zip(of_rows) {
            let columns = columns.iter().zip(totals).zip(bias);
            for ((&sum, out), ((&column, &total), &bias)) in sums.iter().zip(&mut out[own.clone()]).zip(columns) {
                *out = fma::<S>(sum as f32, scale * column, fma::<S>(low, total, bias));
            }
        }
    }
}

/// A level from -127 to 127, `inverse` times a number whose row or column has no greater one.
#[inline(always)]
fn level(x: f32, inverse: f32) -> i8 {
    ((x * inverse + ROUNDS).to_bits() as u8).cast_signed()
}

/// What a level is worth where the greatest of all numbers is this, and the inverse.
#[inline(always)]
fn scale(greatest: f32) -> (f32, f32) {
    let scale = greatest / 127.0;
    // Of a row of zeros, or of what is nearly none, the levels are zeros, whatever they are worth.
    if scale > f32::MIN_POSITIVE { (scale, 1.0 / scale) } else { (0.0, 0.0) }
}

/// Quantises every row over a range of its own, alike on both sides of 0: a column of a right factor.
pub(super) struct Symmetric<'a> {
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    pub(super) levels: &'a mut Vec<i8>,
    pub(super) scales: &'a mut Vec<f32>,
    /// The sum of each row's numbers.
    pub(super) totals: &'a mut Vec<f32>,
}

impl WithSimd for Symmetric<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.levels.resize(self.rows.len(), 0);
        for (row, levels) in self.rows.chunks_exact(self.width).zip(self.levels.chunks_exact_mut(self.width)) {
            let (scale, inverse) = scale(fold(row, 0.0, |a, b| greater(a, b.abs()), greater));
            levels.iter_mut().zip(row).for_each(|(into, x)| *into = level(*x, inverse));
            self.scales.push(scale);
            self.totals.push(scale * levels.iter().copied().map(i32::from).sum::<i32>() as f32);
        }
    }
}

/// Quantises every column over a range of its own, alike on both sides of 0: rows of a right factor.
pub(super) struct SymmetricByColumns<'a> {
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    pub(super) levels: &'a mut Vec<i8>,
    pub(super) scales: &'a mut Vec<f32>,
}

impl WithSimd for SymmetricByColumns<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.levels.resize(self.rows.len(), 0);
        let mut inverses = vec![0.0_f32; self.width];
        for row in self.rows.chunks_exact(self.width) {
            inverses.iter_mut().zip(row).for_each(|(most, x)| *most = greater(*most, x.abs()));
        }
        for most in &mut inverses {
            let (scale, inverse) = scale(*most);
            self.scales.push(scale);
            *most = inverse;
        }
        for (row, levels) in self.rows.chunks_exact(self.width).zip(self.levels.chunks_exact_mut(self.width)) {
            let numbers = row.iter().zip(&inverses);
            levels.iter_mut().zip(numbers).for_each(|(into, (x, inverse))| *into = level(*x, *inverse));
        }
    }
}

/// What a weight of 1 is in 16 bits.
const MOST: f32 = 65_535.0;

/// The weights of positions by their scores, in integers of 16 bits, in two halves, and the inverse of each row's sum: a
/// softmax, but for a product that is cheaper later.
pub(super) struct Weigh<'a> {
    pub(super) scores: &'a mut [f32],
    /// How wide a row of scores is, and how many of it count.
    pub(super) width: usize,
    pub(super) count: usize,
    /// How wide a row of halves is, `width` at least.
    pub(super) depth: usize,
    pub(super) upper: &'a mut [u8],
    pub(super) lower: &'a mut [u8],
    pub(super) inverses: &'a mut Vec<f32>,
}

impl WithSimd for Weigh<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.inverses.clear();
        let halves = self.upper.chunks_exact_mut(self.depth).zip(self.lower.chunks_exact_mut(self.depth));
        for (row, (upper, lower)) in self.scores.chunks_exact_mut(self.width).zip(halves) {
            self.inverses.push(exponentials::<S>(row, self.count));
            for (value, (upper, lower)) in row.iter().zip(upper.iter_mut().zip(lower)) {
                let bits = fma::<S>(*value, MOST, ROUNDS).to_bits();
                (*upper, *lower) = ((bits >> 8) as u8, bits as u8);
            }
        }
    }
}

/// Joins the sums of both halves of weights into what they stand for, with a scale for each row and each
/// column.
pub(super) struct Joined<'a> {
    pub(super) upper: &'a [i32],
    pub(super) lower: &'a [i32],
    pub(super) rows: &'a [f32],
    pub(super) columns: &'a [f32],
    pub(super) into: &'a mut [f32],
}

impl WithSimd for Joined<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.columns.len();
        let sums = self.upper.chunks_exact(width).zip(self.lower.chunks_exact(width));
        for ((into, &row), (upper, lower)) in self.into.chunks_exact_mut(width).zip(self.rows).zip(sums) {
            let row = row / MOST;
            for ((into, column), (&upper, &lower)) in into.iter_mut().zip(self.columns).zip(upper.iter().zip(lower)) {
                *into = fma::<S>(upper as f32, 256.0, lower as f32) * (row * column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use pulp::Arch;

    use super::*;

    #[test]
    fn levels_stand_for_the_numbers_within_half_a_level_and_for_0_exactly() {
        for row in [vec![0.0, -1.5, 2.25, 0.01], vec![3.0; 4], vec![-2.0; 4], vec![0.0; 4]] {
            let mut into = Quantised::default();
            Arch::new().dispatch(Quantise { rows: &row, width: 4, padded: 4, multiple: 1, into: &mut into });
            for (&level, &x) in into.levels.iter().zip(&row) {
                let found = f32::from(level) * into.scales[0] + into.lows[0];
                assert!(
                    (found - x).abs() <= 0.501 * into.scales[0] && (x != 0.0 || found.abs() < 1e-6),
                    "{row:?}: {x} {found}"
                );
            }
        }
    }

    #[test]
    fn levels_of_rows_and_of_columns_reach_from_minus_127_to_127() {
        let rows = [1.0, -2.0, 0.0, 0.0, 0.5, 4.0];
        let (mut levels, mut scales, mut totals) = (Vec::new(), Vec::new(), Vec::new());
        let (into, of_rows) = (&mut levels, &mut scales);
        Arch::new().dispatch(Symmetric { rows: &rows, width: 2, levels: into, scales: of_rows, totals: &mut totals });
        assert_eq!(levels, [64, -127, 0, 0, 16, 127]);
        assert_eq!(scales, [2.0 / 127.0, 0.0, 4.0 / 127.0]);
        assert_eq!(totals, [-63.0 * scales[0], 0.0, 143.0 * scales[2]]);
        let mut scales = Vec::new();
        let (into, of_columns) = (&mut levels, &mut scales);
        Arch::new().dispatch(SymmetricByColumns { rows: &rows, width: 2, levels: into, scales: of_columns });
        assert_eq!(levels, [127, -64, 0, 0, 64, 127]);
        assert_eq!(scales, [1.0 / 127.0, 4.0 / 127.0]);
    }

    #[test]
    fn weights_in_halves_joined_again_are_a_softmax_within_half_a_unit_of_16_bits() {
        let mut scores = [2.0_f32, 0.0, -9.0, f32::NAN, 1.0, 1.0, -30.0, f32::NAN];
        let softmax = |row: &[f32]| -> Vec<f32> {
            let sum: f32 = row.iter().map(|x| x.exp()).sum();
            row.iter().map(|x| x.exp() / sum).collect()
        };
        let wanted = [softmax(&scores[..3]), softmax(&scores[4..7])].concat();
        let (mut upper, mut lower, mut inverses) = ([0; 10], [0; 10], Vec::new());
        let (above, below) = (&mut upper[..], &mut lower[..]);
        let shape = (4, 3, 5);
        Arch::new().dispatch(Weigh {
            scores: &mut scores,
            width: shape.0,
            count: shape.1,
            depth: shape.2,
            upper: above,
            lower: below,
            inverses: &mut inverses,
        });
        let counted = |half: [u8; 10]| [0, 1, 2, 5, 6, 7].map(|i| i32::from(half[i]));
        let (upper, lower, mut into) = (&counted(upper)[..], &counted(lower)[..], [0.0; 6]);
        Arch::new().dispatch(Joined { upper, lower, rows: &inverses, columns: &[1.0; 3], into: &mut into });
        assert!(
            into.iter().zip(&wanted).all(|(found, wanted)| (found - wanted).abs() < 0.6 / MOST),
            "{into:?} {wanted:?}"
        );
    }
}
