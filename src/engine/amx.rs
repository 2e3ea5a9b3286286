//! Products of 8-bit integers in the tile registers of Intel's AMX (Sapphire Rapids and later), four times as fast as
//! AVX-512's. No library has them yet that builds with a stable compiler, and the compiler has no intrinsics for them, so
//! they stand here as assembly. The sums are those of any other kernel, to the last bit: they are integers.

#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::{__cpuid_count, __get_cpuid_max};

/// Bytes of a tile's row, which is how much of the depth an instruction takes in.
pub(crate) const DEPTH: usize = 64;
/// Rows of a tile, and its columns of 32-bit sums.
const SIDE: usize = 16;
/// Rows and columns of the output that are computed at a time: four tiles of sums from two of each factor.
pub(crate) const BLOCK: usize = 2 * SIDE;

/// What `ldtilecfg` reads: eight tiles of 16 rows of 64 bytes.
#[repr(C, align(64))]
struct Config {
    palette: u8,
    start: u8,
    reserved: [u8; 14],
    bytes: [u16; 16],
    rows: [u8; 16],
}

static CONFIG: Config = Config {
    palette: 1,
    start: 0,
    reserved: [0; 14],
    bytes: [64, 64, 64, 64, 64, 64, 64, 64, 0, 0, 0, 0, 0, 0, 0, 0],
    rows: [16, 16, 16, 16, 16, 16, 16, 16, 0, 0, 0, 0, 0, 0, 0, 0],
};

/// The tile registers: who holds this may use them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiles(());

/// A matrix of weights in the order in which the tiles take it: for every 32 columns, for every 64 of the depth, two
/// tiles, each row of which holds four of the depth for each of 16 columns.
#[derive(Debug)]
pub(crate) struct Packed {
    values: Vec<[i8; DEPTH]>,
    depth: usize,
    columns: usize,
}

impl Packed {
    /// The depth, padded to whole tiles.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The columns, padded to whole blocks.
    pub(crate) fn columns(&self) -> usize {
        self.columns
    }
}

impl Tiles {
    /// The tile registers, if the processor has them and the system lets this process use them.
    pub(crate) fn detect() -> Option<Self> {
        const TILE_AND_INT8: u32 = 0b11 << 24;
        const REQUEST_PERMISSION: usize = 0x1023; // ARCH_REQ_XCOMP_PERM
        const TILE_DATA: usize = 18; // XFEATURE_XTILEDATA
        let known = __get_cpuid_max(0).0 >= 7 && __cpuid_count(7, 0).edx & TILE_AND_INT8 == TILE_AND_INT8;
        // SAFETY: the call takes two numbers and changes nothing but what this process may save of its registers.
        let allowed = known && unsafe { libc::syscall(libc::SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) } == 0;
        allowed.then_some(Self(()))
    }

    /// Lays out a matrix of `columns` rows and `depth` columns, as linear layers store it.
    pub(crate) fn pack(weight: &[i8], columns: usize, depth: usize) -> Packed {
        let blocks = depth.div_ceil(DEPTH);
        let padded = columns.next_multiple_of(BLOCK);
        let mut values = vec![[0; DEPTH]; padded * blocks];
        for (column, row) in weight.chunks_exact(depth).enumerate() {
            for (k, &w) in row.iter().enumerate() {
                let tile = (column / BLOCK * blocks + k / DEPTH) * 2 + column % BLOCK / SIDE;
                values[tile * SIDE + k % DEPTH / 4][column % SIDE * 4 + k % 4] = w;
            }
        }
        Packed { values, depth: blocks * DEPTH, columns: padded }
    }

    /// Multiplies rows of `weights.depth()` levels, as many as a multiple of [`BLOCK`], into rows of `weights.columns()`
    /// sums.
    #[expect(clippy::unused_self, reason = "that somebody holds it is what makes this safe")]
    pub(crate) fn multiply(self, levels: &[u8], weights: &Packed, into: &mut [i32]) {
        let (depth, columns) = (weights.depth, weights.columns);
        let rows = levels.len() / depth;
        assert!(rows.is_multiple_of(BLOCK) && levels.len() == rows * depth, "rows come in whole blocks");
        assert_eq!(into.len(), rows * columns, "there is a sum for every row and column");
        // SAFETY: `self` says that the registers may be used. The configuration is of 64 bytes, and valid.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const CONFIG, options(nostack, readonly)) };
        for row in (0..rows).step_by(BLOCK) {
            for column in (0..columns).step_by(BLOCK) {
                let a = &levels[row * depth..(row + BLOCK) * depth];
                let b = &weights.values[column * (depth / DEPTH)..(column + BLOCK) * (depth / DEPTH)];
                let c = &mut into[row * columns + column..(row + BLOCK - 1) * columns + column + BLOCK];
                // SAFETY: tiles 4 and 5 are loaded from the 32 rows of `a`, `depth` bytes apart, 64 bytes further each
                // time, `depth / 64` times; 6 and 7 from the rows of `b` one after another, 32 each time, as many times;
                // 0 to 3 are stored to 32 rows of 128 bytes in `c`, `columns` sums apart. The slices above are just so
                // long. Nothing else in this program uses the tiles, which no compiled code does unasked.
                unsafe {
                    asm!(
                        "tilezero tmm0",
                        "tilezero tmm1",
                        "tilezero tmm2",
                        "tilezero tmm3",
                        "2:",
                        "tileloadd tmm4, [{a} + {a_row}]",
                        "tileloadd tmm6, [{b} + {b_row}]",
                        "tileloadd tmm7, [{b} + {b_row} + 1024]",
                        "tdpbusd tmm0, tmm4, tmm6",
                        "tileloadd tmm5, [{a_low} + {a_row}]",
                        "tdpbusd tmm1, tmm4, tmm7",
                        "tdpbusd tmm2, tmm5, tmm6",
                        "tdpbusd tmm3, tmm5, tmm7",
                        "add {a}, 64",
                        "add {a_low}, 64",
                        "add {b}, 2048",
                        "dec {times}",
                        "jnz 2b",
                        "tilestored [{c} + {c_row}], tmm0",
                        "tilestored [{c} + {c_row} + 64], tmm1",
                        "tilestored [{c_low} + {c_row}], tmm2",
                        "tilestored [{c_low} + {c_row} + 64], tmm3",
                        a = inout(reg) a.as_ptr() => _,
                        a_low = inout(reg) a[SIDE * depth..].as_ptr() => _,
                        b = inout(reg) b.as_ptr() => _,
                        c = in(reg) c.as_mut_ptr(),
                        c_low = in(reg) c[SIDE * columns..].as_mut_ptr(),
                        a_row = in(reg) depth,
                        b_row = in(reg) DEPTH,
                        c_row = in(reg) columns * size_of::<i32>(),
                        times = inout(reg) depth / DEPTH => _,
                        options(nostack),
                    );
                }
            }
        }
        // SAFETY: as above; whoever comes next finds the registers as they were.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }
}
