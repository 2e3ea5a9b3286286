//! What happens to rows of numbers between matrix products.
//!
//! Every operation is a plain loop in a [`WithSimd`], which the compiler turns into vector instructions once for each
//! instruction set that can be met at run time. Everything in it must be `inline(always)`: what is not inlined there is
//! compiled for the oldest machine.

#![expect(clippy::inline_always, reason = "see above")]

use pulp::{Simd, WithSimd};

use crate::model::{ModelError, Tensors};

/// How many sums run side by side: what the widest registers hold. The order of additions is fixed by it, so answers do
/// not depend on the instruction set.
const LANES: usize = 16;

/// Folds a row, `LANES` values at a time, then the lanes and what is left over.
#[inline(always)]
fn fold(row: &[f32], start: f32, step: impl Fn(f32, f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut lanes = [start; LANES];
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = step(lanes[i], chunk[i]);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = step(*lane, value);
    }
    lanes.into_iter().fold(start, join)
}

#[inline(always)]
fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    fold(row, 0.0, |a, b| a + b, |a, b| a + b)
}

/// `a * b + c`, rounded once where the machine can.
#[inline(always)]
fn fma<S: Simd>(a: f32, b: f32, c: f32) -> f32 {
    // Without an instruction for it, it would be a call.
    if S::IS_SCALAR { a * b + c } else { a.mul_add(b, c) }
}

/// Added to a small number, this leaves it rounded to an integer in the lowest bits of the result.
const ROUNDS: f32 = 12_582_912.0;

/// e to the power of `x`, to 2 units in the last place between -87 and 88, and the value of the nearer end beyond.
#[inline(always)]
fn exp<S: Simd>(x: f32) -> f32 {
    let x = greater(smaller(x, 88.0), -87.0);
    // x = n ln 2 + r; the polynomial is that of Cephes' expf.
    let shifted = fma::<S>(x, std::f32::consts::LOG2_E, ROUNDS);
    let n = shifted - ROUNDS;
    let r = fma::<S>(n, 2.121_944_4e-4, fma::<S>(n, -0.693_359_4, x));
    let p = fma::<S>(1.987_569_1e-4, r, 1.398_2e-3);
    let p = fma::<S>(p, r, 8.333_452e-3);
    let p = fma::<S>(p, r, 4.166_579_6e-2);
    let p = fma::<S>(p, r, 1.666_666_5e-1);
    let p = fma::<S>(p, r, 0.5);
    let p = fma::<S>(p * r, r, r) + 1.0;
    p * f32::from_bits(shifted.to_bits().wrapping_add(127) << 23)
}

/// e to the power of every value, after taking the row's greatest from it, and the inverse of each row's sum: a softmax,
/// but for a product that is cheaper later.
pub(super) struct Exponentials<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) width: usize,
    pub(super) inverses: &'a mut Vec<f32>,
}

impl WithSimd for Exponentials<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.inverses.clear();
        for row in self.values.chunks_exact_mut(self.width) {
            let greatest = fold(row, f32::NEG_INFINITY, greater, greater);
            for value in row.iter_mut() {
                *value = exp::<S>(*value - greatest);
            }
            self.inverses.push(1.0 / sum(row));
        }
    }
}

/// The Gaussian error linear unit (Hendrycks & Gimpel 2016), exact: `x Φ(x)`, Φ to 1.5e-7 (Abramowitz & Stegun 7.1.26).
pub(super) struct Gelu<'a>(pub(super) &'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.0 {
            let z = value.abs() * std::f32::consts::FRAC_1_SQRT_2;
            let t = 1.0 / fma::<S>(0.327_591_1, z, 1.0);
            let p = fma::<S>(1.061_405_4, t, -1.453_152);
            let p = fma::<S>(p, t, 1.421_413_8);
            let p = fma::<S>(p, t, -0.284_496_74);
            let p = fma::<S>(p, t, 0.254_829_6);
            let tail = 0.5 * p * t * exp::<S>(-z * z);
            let phi = if *value < 0.0 { tail } else { 1.0 - tail };
            *value *= phi;
        }
    }
}

/// The same, approximated by a hyperbolic tangent, as some models were trained.
pub(super) struct GeluByTanh<'a>(pub(super) &'a mut [f32]);

impl WithSimd for GeluByTanh<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.0 {
            let x = *value;
            // x (1 + tanh z) / 2 = x / (1 + e^-2z)
            let z = 0.797_884_6 * fma::<S>(0.044_715 * x * x, x, x);
            *value = x / (1.0 + exp::<S>(-2.0 * z));
        }
    }
}

/// Adds `change` to every row of `values` and normalises it (Ba et al. 2016).
pub(super) struct AddAndNorm<'a> {
    pub(super) values: &'a mut [f32],
    pub(super) change: &'a [f32],
    pub(super) norm: &'a Norm,
}

impl WithSimd for AddAndNorm<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.norm.weight.len();
        for (row, change) in self.values.chunks_exact_mut(width).zip(self.change.chunks_exact(width)) {
            for (value, change) in row.iter_mut().zip(change) {
                *value += change;
            }
            norm_row::<S>(row, self.norm);
        }
    }
}

#[inline(always)]
fn norm_row<S: Simd>(row: &mut [f32], norm: &Norm) {
    let width = row.len() as f32;
    let mean = sum(row) / width;
    let variance = fold(row, 0.0, |a, v| fma::<S>(v - mean, v - mean, a), |a, b| a + b) / width;
    let scale = 1.0 / (variance + norm.epsilon).sqrt();
    for ((value, weight), bias) in row.iter_mut().zip(&norm.weight).zip(&norm.bias) {
        *value = fma::<S>((*value - mean) * scale, *weight, *bias);
    }
}

/// A layer normalisation (Ba et al. 2016).
#[derive(Debug)]
pub(crate) struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

impl Norm {
    /// Reads `NAME.weight` and `NAME.bias`.
    pub(crate) fn read(tensors: &Tensors<'_>, name: &str, width: usize, epsilon: f32) -> Result<Self, ModelError> {
        let part = |part: &str| tensors.vector(&format!("{name}.{part}"), width);
        Ok(Self::new(part("weight")?, part("bias")?, epsilon))
    }

    /// A normalisation of rows as wide as its parts.
    pub(crate) fn new(weight: Vec<f32>, bias: Vec<f32>, epsilon: f32) -> Self {
        Self { weight, bias, epsilon }
    }
}

/// Rows in integers of 8 bits, each with a scale and a zero of its own: a row's numbers never depend on another's.
#[derive(Debug, Default)]
pub(super) struct Quantised {
    /// Levels, row by row, each row and the number of rows padded.
    pub(super) levels: Vec<u8>,
    /// What a level more is worth.
    pub(super) scales: Vec<f32>,
    /// The level that stands for 0.
    pub(super) zeros: Vec<i32>,
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
        into.zeros.clear();
        for (row, out) in self.rows.chunks_exact(self.width).zip(into.levels.chunks_exact_mut(self.padded)) {
            let low = fold(row, 0.0, smaller, smaller);
            let high = fold(row, 0.0, greater, greater);
            let scale = if high > low { (high - low) / 255.0 } else { 1.0 };
            let inverse = 1.0 / scale;
            let zero = (-low * inverse + ROUNDS) - ROUNDS;
            for (value, out) in row.iter().zip(out) {
                let level = greater(smaller(fma::<S>(*value, inverse, zero), 255.0), 0.0);
                *out = (level + ROUNDS).to_bits() as u8;
            }
            into.scales.push(scale);
            into.zeros.push(zero as i32);
        }
    }
}

/// Turns products of levels into the numbers they stand for: takes the rows' zeros out, applies the scales of row and
/// column, and adds the bias.
pub(super) struct Dequantise<'a> {
    pub(super) products: &'a [i32],
    /// The width of a row of products.
    pub(super) padded: usize,
    pub(super) rows: &'a Quantised,
    /// The sum of each column's weights.
    pub(super) sums: &'a [i32],
    pub(super) columns: &'a [f32],
    pub(super) bias: &'a [f32],
    pub(super) into: &'a mut [f32],
}

impl WithSimd for Dequantise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.columns.len();
        let rows = self.products.chunks_exact(self.padded).zip(self.into.chunks_exact_mut(width));
        for ((products, out), (&scale, &zero)) in rows.zip(self.rows.scales.iter().zip(&self.rows.zeros)) {
            let columns = self.columns.iter().zip(self.bias).zip(self.sums);
            for ((&product, out), ((&column, &bias), &sum)) in products.iter().zip(out).zip(columns) {
                *out = fma::<S>((product - zero * sum) as f32, scale * column, bias);
            }
        }
    }
}

/// The greater of each value and 0.
pub(super) struct Relu<'a>(pub(super) &'a mut [f32]);

impl WithSimd for Relu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for value in self.0 {
            *value = greater(*value, 0.0);
        }
    }
}

/// Normalises every row into another place.
pub(crate) struct Normalise<'a> {
    pub(super) values: &'a [f32],
    pub(super) norm: &'a Norm,
    pub(super) into: &'a mut [f32],
}

impl WithSimd for Normalise<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let width = self.norm.weight.len();
        for (row, out) in self.values.chunks_exact(width).zip(self.into.chunks_exact_mut(width)) {
            out.copy_from_slice(row);
            norm_row::<S>(out, self.norm);
        }
    }
}

#[cfg(test)]
mod tests {
    use pulp::Arch;

    use super::*;

    #[test]
    fn exponentials_are_those_of_the_standard_library_and_their_inverses_add_up_to_1() {
        let row: Vec<f32> = (0..37).map(|i| (i as f32 * 0.7).sin() * 20.0).collect();
        let (mut values, mut inverses) = (row.clone(), Vec::new());
        Arch::new().dispatch(Exponentials { values: &mut values, width: row.len(), inverses: &mut inverses });
        let greatest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for (found, x) in values.iter().zip(&row) {
            let wanted = (x - greatest).exp();
            assert!((found - wanted).abs() <= 4.0 * f32::EPSILON * wanted, "{x}: {found} {wanted}");
        }
        assert!((inverses[0] * values.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn gelu_has_its_known_values() {
        // x Φ(x) from tables of the normal distribution.
        for (x, wanted) in
            [(0.0, 0.0), (1.0, 0.841_345), (-1.0, -0.158_655), (2.0, 1.954_5), (-3.0, -0.004_05), (9.0, 9.0)]
        {
            let mut value = [x];
            Arch::new().dispatch(Gelu(&mut value));
            assert!((value[0] - wanted).abs() < 1e-5, "{x}: {}", value[0]);
        }
    }

    #[test]
    fn gelu_by_tanh_is_near_the_exact_one() {
        let values: Vec<f32> = (-60..60).map(|i| i as f32 / 10.0).collect();
        let (mut exact, mut near) = (values.clone(), values);
        Arch::new().dispatch(Gelu(&mut exact));
        Arch::new().dispatch(GeluByTanh(&mut near));
        // Hendrycks & Gimpel's approximation is within 5e-4, and not the same.
        let most = exact.iter().zip(&near).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!((1e-5..5e-4).contains(&most), "{most}");
    }

    #[test]
    fn a_normalised_row_has_mean_0_and_variance_1() {
        let norm = Norm { weight: vec![1.0; 50], bias: vec![0.0; 50], epsilon: 0.0 };
        let values: Vec<f32> = (0..50).map(|i| (i * i) as f32).collect();
        let mut into = vec![0.0; 50];
        Arch::new().dispatch(Normalise { values: &values, norm: &norm, into: &mut into });
        assert!(into.iter().sum::<f32>().abs() < 1e-4);
        assert!((into.iter().map(|v| v * v).sum::<f32>() / 50.0 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn levels_stand_for_the_numbers_within_half_a_level_and_for_0_exactly() {
        for row in [vec![0.0, -1.5, 2.25, 0.01], vec![3.0; 4], vec![-2.0; 4], vec![0.0; 4]] {
            let mut into = Quantised::default();
            Arch::new().dispatch(Quantise { rows: &row, width: 4, padded: 4, multiple: 1, into: &mut into });
            for (&level, &x) in into.levels.iter().zip(&row) {
                let found = (i32::from(level) - into.zeros[0]) as f32 * into.scales[0];
                assert!(
                    (found - x).abs() <= 0.501 * into.scales[0] && (x != 0.0 || found == 0.0),
                    "{row:?}: {x} {found}"
                );
            }
        }
    }
}
