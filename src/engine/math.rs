//! What happens to rows of numbers between matrix products.
//!
//! Every operation is a plain loop in a [`WithSimd`], which the compiler turns into vector instructions once for each
//! instruction set that can be met at run time. Everything in it must be `inline(always)`: what is not inlined there is
//! compiled for the oldest machine.

#![expect(clippy::inline_always, reason = "see above")]

use std::f32::consts::LOG2_E;

use pulp::{Simd, WithSimd};

use crate::model::{ModelError, Tensors};

/// How many sums run side by side: what the widest registers hold. The order of additions is fixed by it, so answers do
/// not depend on the instruction set.
const LANES: usize = 16;

/// Folds a row, `LANES` values at a time, then the lanes and what is left over.
#[inline(always)]
pub(super) fn fold(row: &[f32], start: f32, step: impl Fn(f32, f32) -> f32, join: impl Fn(f32, f32) -> f32) -> f32 {
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
pub(super) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
pub(super) fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn sum(row: &[f32]) -> f32 {
    fold(row, 0.0, |a, b| a + b, |a, b| a + b)
}

/// `a * b + c`, rounded once where the machine can.
#[inline(always)]
pub(super) fn fma<S: Simd>(a: f32, b: f32, c: f32) -> f32 {
    // Without an instruction for it, it would be a call.
    if S::IS_SCALAR { a * b + c } else { a.mul_add(b, c) }
}

/// Added to a small number, this leaves it rounded to an integer in the lowest bits of the result.
pub(super) const ROUNDS: f32 = 12_582_912.0;

/// 2 to the power of `x`, to 2 units in the last place between -126 and 127, and the value of the nearer end beyond.
#[inline(always)]
fn power_of_2<S: Simd>(x: f32) -> f32 {
    let x = greater(smaller(x, 127.0), -126.0);
    // x = n + f, with f between -1/2 and 1/2; the polynomial has the least greatest error relative to 2^f.
    let shifted = x + ROUNDS;
    let f = x - (shifted - ROUNDS);
    let p = fma::<S>(0.001_327_645_5, f, 0.009_675_539);
    let p = fma::<S>(p, f, 0.055_507_135);
    let p = fma::<S>(p, f, 0.240_221_2);
    let p = fma::<S>(p, f, 0.693_146_94);
    let p = fma::<S>(p, f, 1.000_000_1);
    f32::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 23))
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
            self.inverses.push(exponentials::<S>(row, self.width));
        }
    }
}

/// The same for one row, of which so many values count: the others become 0, but for one part in 2^126.
#[inline(always)]
pub(super) fn exponentials<S: Simd>(row: &mut [f32], count: usize) -> f32 {
    row[count..].fill(f32::NEG_INFINITY);
    let least = -fold(row, f32::NEG_INFINITY, greater, greater) * LOG2_E;
    for value in row.iter_mut() {
        *value = power_of_2::<S>(fma::<S>(*value, LOG2_E, least));
    }
    1.0 / sum(row)
}

/// The Gaussian error linear unit (Hendrycks & Gimpel 2016): `x Φ(x)`, to 7e-6 for `x` up to 12.
pub(super) struct Gelu<'a>(pub(super) &'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        // Φ(x) = 1/2 + x Q(x²) where |x| < 5, and 0 or 1 beyond; Q is fitted to the least greatest error of x Φ(x), as a
        // polynomial of what x² becomes when 0 to 25 are laid over -1 to 1. It takes neither a quotient nor a power.
        const Q: [f32; 12] = [
            -0.001_096_352_4,
            0.003_194_464,
            -0.003_886_881_5,
            0.005_113_255,
            -0.010_165_445,
            0.016_910_145,
            -0.023_624_957,
            0.031_356_722,
            -0.040_391_98,
            0.051_525_4,
            -0.070_298_23,
            0.141_363_75,
        ];
        for value in self.0 {
            let x = greater(smaller(*value, 5.0), -5.0);
            let s = fma::<S>(x * x, 0.08, -1.0);
            let mut q = Q[0];
            for coefficient in &Q[1..] {
                q = fma::<S>(q, s, *coefficient);
            }
            *value *= fma::<S>(x, q, 0.5);
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
            *value = x / (1.0 + power_of_2::<S>(-2.0 * LOG2_E * z));
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
            assert!((found - wanted).abs() <= 5e-6 * wanted, "{x}: {found} {wanted}");
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
}
