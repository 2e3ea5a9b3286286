//! Products of 8-bit integers by whichever kernels the machine has.

use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions, PackedBMatrix};
use rten_tensor::NdTensorView;

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
use super::amx;

/// Kernels that multiply levels (0 to 255) by weights (-127 to 127) into exact sums of 32 bits.
pub(super) enum Integers {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Tiles(amx::Tiles),
    Vectors(GemmExecutor<u8, i8, i32>),
    /// Where kernels for integers would clip sums of 16 bits: the same products as floats, exact up to 2^24, and a unit or
    /// two off beyond.
    Floats(GemmExecutor<f32>),
}

/// A matrix of weights, laid out for the kernels that will multiply by it.
pub(super) enum Packed {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Tiles(amx::Tiles, amx::Packed),
    Vectors(&'static GemmExecutor<u8, i8, i32>, PackedBMatrix<i8>, [usize; 2]),
    Floats(&'static GemmExecutor<f32>, PackedBMatrix<f32>, [usize; 2]),
}

/// How large the matrices of a product must be made: rows come in blocks, and their ends are padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Rows of levels and of sums: a multiple of this.
    pub(super) rows: usize,
    /// The width of a row of levels.
    pub(super) depth: usize,
    /// The width of a row of sums.
    pub(super) columns: usize,
}

impl Integers {
    /// The fastest kernels of this machine.
    pub(super) fn detect() -> Self {
        #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
        if let Some(tiles) = amx::Tiles::detect() {
            return Self::Tiles(tiles);
        }
        Self::vectors()
    }

    /// The fastest kernels that do not need tile registers.
    fn vectors() -> Self {
        let kernels = GemmExecutor::<u8, i8, i32>::new();
        if kernels.may_saturate() { Self::Floats(GemmExecutor::new()) } else { Self::Vectors(kernels) }
    }

    /// Lays out a matrix of `outputs` rows and `inputs` columns.
    pub(super) fn pack(&'static self, weight: &[i8], [outputs, inputs]: [usize; 2]) -> Packed {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(tiles) => Packed::Tiles(*tiles, amx::Tiles::pack(weight, outputs, inputs)),
            Self::Vectors(kernels) => {
                let matrix = NdTensorView::from_data([outputs, inputs], weight);
                Packed::Vectors(kernels, kernels.prepack_b(matrix.transposed()), [outputs, inputs])
            }
            Self::Floats(kernels) => {
                let weight: Vec<f32> = weight.iter().copied().map(f32::from).collect();
                let matrix = NdTensorView::from_data([outputs, inputs], &weight[..]);
                Packed::Floats(kernels, kernels.prepack_b(matrix.transposed()), [outputs, inputs])
            }
        }
    }
}

impl Packed {
    pub(super) fn room(&self) -> Room {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(_, weights) => Room { rows: amx::BLOCK, depth: weights.depth(), columns: weights.columns() },
            Self::Vectors(.., [outputs, inputs]) | Self::Floats(.., [outputs, inputs]) => {
                Room { rows: 1, depth: *inputs, columns: *outputs }
            }
        }
    }

    /// Multiplies rows of levels, with the room that they need, into rows of sums.
    pub(super) fn multiply(&self, levels: &[u8], into: &mut [i32]) {
        const FIT: &str = "the matrices fit each other";
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(tiles, weights) => tiles.multiply(levels, weights, into),
            Self::Vectors(kernels, weights, [_, inputs]) => {
                let levels = NdTensorView::from_data([levels.len() / inputs, *inputs], levels);
                let product = (GemmInputA::Unpacked(levels), GemmInputB::Packed(weights));
                kernels.gemm(into, product.0, product.1, GemmOptions::default()).expect(FIT);
            }
            Self::Floats(kernels, weights, [_, inputs]) => {
                let levels: Vec<f32> = levels.iter().copied().map(f32::from).collect();
                let levels = NdTensorView::from_data([levels.len() / inputs, *inputs], &levels[..]);
                let mut sums = vec![0.0; into.len()];
                let product = (GemmInputA::Unpacked(levels), GemmInputB::Packed(weights));
                kernels.gemm(&mut sums, product.0, product.1, GemmOptions::default()).expect(FIT);
                into.iter_mut().zip(sums).for_each(|(into, sum)| *into = sum as i32);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random, and are the same on every machine.
    fn numbers(count: usize) -> impl Iterator<Item = u8> {
        (0..count as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8)
    }

    fn sums(kernels: Integers, rows: usize, outputs: usize, inputs: usize) -> Vec<i32> {
        let kernels: &'static Integers = Box::leak(Box::new(kernels));
        let weight: Vec<i8> = numbers(outputs * inputs).map(|n| n.cast_signed().max(-127)).collect();
        let packed = kernels.pack(&weight, [outputs, inputs]);
        let room = packed.room();
        let padded = rows.next_multiple_of(room.rows);
        let mut levels = vec![0; padded * room.depth];
        for (row, n) in
            levels.chunks_exact_mut(room.depth).zip(numbers(rows * inputs).collect::<Vec<_>>().chunks(inputs))
        {
            row[..inputs].copy_from_slice(n);
        }
        let mut into = vec![-1; padded * room.columns];
        packed.multiply(&levels, &mut into);
        into.chunks_exact(room.columns).take(rows).flat_map(|row| row[..outputs].to_vec()).collect()
    }

    #[test]
    fn every_kernel_sums_exactly() {
        for (rows, outputs, inputs) in [(1, 1, 1), (3, 21, 384), (33, 33, 65), (64, 96, 168), (7, 128, 1536)] {
            let levels: Vec<u8> = numbers(rows * inputs).collect();
            let weight: Vec<i8> = numbers(outputs * inputs).map(|n| n.cast_signed().max(-127)).collect();
            let exact: Vec<i32> = levels
                .chunks(inputs)
                .flat_map(|a| {
                    weight.chunks(inputs).map(|b| a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum())
                })
                .collect();
            for kernels in [Integers::detect(), Integers::vectors(), Integers::Floats(GemmExecutor::new())] {
                assert_eq!(sums(kernels, rows, outputs, inputs), exact, "{rows} x {inputs} x {outputs}");
            }
        }
    }
}
