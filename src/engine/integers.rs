//! Products of 8-bit integers by whichever kernels the machine has.

use std::ops::Range;

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

/// A matrix of weights, laid out for the kernels that will multiply by it; its depth and its columns.
pub(super) enum Packed {
    #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
    Tiles(amx::Tiles, amx::Packed),
    Vectors(&'static GemmExecutor<u8, i8, i32>, PackedBMatrix<i8>, [usize; 2]),
    Floats(&'static GemmExecutor<f32>, PackedBMatrix<f32>, [usize; 2]),
}

/// How large a matrix of levels must be made: rows come in blocks, and their ends are padded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    /// Rows: a multiple of this.
    pub(super) rows: usize,
    /// The width of a row.
    pub(super) depth: usize,
}

/// A rectangle of the sums of a product. It may reach beyond the last row and the last column.
#[derive(Debug, Clone)]
pub(super) struct Sums<'a> {
    /// Its first row in the product.
    pub(super) row: usize,
    pub(super) columns: Range<usize>,
    /// Row by row, so many in each, of which the first are those of the columns.
    pub(super) values: &'a [i32],
    pub(super) pitch: usize,
}

impl Sums<'_> {
    /// Writes them into their places among all sums of a product of so many columns.
    pub(super) fn copy_to(self, all: &mut [i32], columns: usize) {
        let own = self.columns.start..self.columns.end.min(columns);
        let rows = all[self.row * columns..].chunks_exact_mut(columns);
        for (into, sums) in rows.zip(self.values.chunks_exact(self.pitch)) {
            into[own.clone()].copy_from_slice(&sums[..own.len()]);
        }
    }
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

    /// Lays out a matrix given by its columns, each of `depth` numbers, one after another.
    pub(super) fn of_columns(&'static self, columns: &[i8], depth: usize) -> Packed {
        let turned = [columns.len() / depth, depth];
        let shape = [depth, turned[0]];
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(tiles) => Packed::Tiles(*tiles, amx::Packed::of_columns(columns, depth)),
            Self::Vectors(kernels) => {
                let matrix = NdTensorView::from_data(turned, columns);
                Packed::Vectors(kernels, kernels.prepack_b(matrix.transposed()), shape)
            }
            Self::Floats(kernels) => {
                let numbers: Vec<f32> = columns.iter().copied().map(f32::from).collect();
                let matrix = NdTensorView::from_data(turned, &numbers[..]);
                Packed::Floats(kernels, kernels.prepack_b(matrix.transposed()), shape)
            }
        }
    }

    /// Lays out a matrix given by its rows, each of `columns` numbers, one after another.
    pub(super) fn of_rows(&'static self, rows: &[i8], columns: usize) -> Packed {
        let shape = [rows.len() / columns, columns];
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(tiles) => Packed::Tiles(*tiles, amx::Packed::of_rows(rows, columns)),
            Self::Vectors(kernels) => {
                let matrix = NdTensorView::from_data(shape, rows);
                Packed::Vectors(kernels, kernels.prepack_b(matrix), shape)
            }
            Self::Floats(kernels) => {
                let numbers: Vec<f32> = rows.iter().copied().map(f32::from).collect();
                let matrix = NdTensorView::from_data(shape, &numbers[..]);
                Packed::Floats(kernels, kernels.prepack_b(matrix), shape)
            }
        }
    }
}

impl Packed {
    pub(super) fn room(&self) -> Room {
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(_, weights) => Room { rows: amx::BLOCK, depth: weights.depth() },
            Self::Vectors(.., [depth, _]) | Self::Floats(.., [depth, _]) => Room { rows: 1, depth: *depth },
        }
    }

    /// Multiplies rows of levels, with the room that they need, into sums, which `take` is given part by part. `room` is
    /// kept from one product to the next.
    pub(super) fn multiply(&self, levels: &[u8], room: &mut Vec<i32>, mut take: impl FnMut(Sums<'_>)) {
        const FIT: &str = "the matrices fit each other";
        match self {
            #[cfg(all(target_arch = "x86_64", target_os = "linux"))]
            Self::Tiles(tiles, weights) => tiles.multiply(levels, weights, |rows, columns, amx::Sums(sums)| {
                take(Sums { row: rows.start, columns, pitch: amx::PANEL, values: sums.as_flattened() });
            }),
            Self::Vectors(kernels, weights, [depth, columns]) => {
                let rows = levels.len() / depth;
                let levels = NdTensorView::from_data([rows, *depth], levels);
                let product = (GemmInputA::Unpacked(levels), GemmInputB::Packed(weights));
                room.resize(rows * columns, 0);
                kernels.gemm(room, product.0, product.1, GemmOptions::default()).expect(FIT);
                take(Sums { row: 0, columns: 0..*columns, pitch: *columns, values: room });
            }
            Self::Floats(kernels, weights, [depth, columns]) => {
                let rows = levels.len() / depth;
                let levels: Vec<f32> = levels.iter().copied().map(f32::from).collect();
                let levels = NdTensorView::from_data([rows, *depth], &levels[..]);
                let mut sums = vec![0.0; rows * columns];
                let product = (GemmInputA::Unpacked(levels), GemmInputB::Packed(weights));
                kernels.gemm(&mut sums, product.0, product.1, GemmOptions::default()).expect(FIT);
                room.clear();
                room.extend(sums.iter().map(|&sum| sum as i32));
                take(Sums { row: 0, columns: 0..*columns, pitch: *columns, values: room });
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

    fn sums(packed: &Packed, levels: &[u8], rows: usize, columns: usize) -> Vec<i32> {
        let room = packed.room();
        let mut padded = vec![0; rows.next_multiple_of(room.rows) * room.depth];
        for (row, levels) in padded.chunks_exact_mut(room.depth).zip(levels.chunks(levels.len() / rows)) {
            row[..levels.len()].copy_from_slice(levels);
        }
        let mut into = vec![-1; rows * columns];
        packed.multiply(&padded, &mut Vec::new(), |sums| sums.copy_to(&mut into, columns));
        into
    }

    #[test]
    fn every_kernel_sums_exactly() {
        for (rows, depth, columns) in [(1, 1, 1), (3, 384, 21), (33, 65, 33), (64, 168, 96), (7, 1536, 128)] {
            let levels: Vec<u8> = numbers(rows * depth).collect();
            let weights: Vec<i8> = numbers(depth * columns).map(|n| n.cast_signed().max(-127)).collect();
            let turned: Vec<i8> = (0..weights.len()).map(|i| weights[i % depth * columns + i / depth]).collect();
            let exact: Vec<i32> = levels
                .chunks(depth)
                .flat_map(|a| {
                    turned.chunks(depth).map(|b| a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum())
                })
                .collect();
            for kernels in [Integers::detect(), Integers::vectors(), Integers::Floats(GemmExecutor::new())] {
                let kernels: &'static Integers = Box::leak(Box::new(kernels));
                let by_columns = kernels.of_columns(&turned, depth);
                let by_rows = kernels.of_rows(&weights, columns);
                for packed in [by_columns, by_rows] {
                    assert_eq!(sums(&packed, &levels, rows, columns), exact, "{rows} x {depth} x {columns}");
                }
            }
        }
    }
}
