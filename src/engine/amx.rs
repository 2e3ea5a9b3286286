//! Products of 8-bit integers in the tile registers of Intel's AMX (Sapphire Rapids and later), many times as fast as
//! AVX-512's. No library has them yet that builds with a stable compiler, and the compiler has no intrinsics for them, so
//! they stand here as assembly. The sums are those of any other kernel, to the last bit: they are integers.

#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::{__cpuid_count, __get_cpuid_max};
use std::ops::Range;

/// Rows of a tile, and its columns of 32-bit sums.
const SIDE: usize = 16;
/// How much of the depth is multiplied in one lane of 32 bits.
const GROUP: usize = 4;
/// How much of the depth an instruction takes in: a row of a tile.
const DEPTH: usize = SIDE * GROUP;
/// Rows and columns of the output that are computed at a time: four tiles of sums from two of each factor.
pub(crate) const BLOCK: usize = 2 * SIDE;
/// Columns of the output that are handed on at a time: rows of some length are what loops over them are fast at.
pub(crate) const PANEL: usize = 2 * BLOCK;

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

/// The sums of some rows and columns, row by row.
#[repr(C, align(64))]
pub(crate) struct Sums(pub(crate) [[i32; PANEL]; BLOCK]);

/// A row of a tile of the right factor: four of the depth for each of 16 columns. A row that lies across two lines of the
/// cache takes several times as long to load.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
struct Row([[i8; GROUP]; SIDE]);

/// A right factor in the order in which the tiles take it: for every 32 columns, for every 64 of the depth, two tiles.
#[derive(Debug)]
pub(crate) struct Packed {
    rows: Vec<Row>,
    /// Steps of 64 of the depth.
    steps: usize,
}

impl Packed {
    fn zeros(columns: usize, depth: usize) -> Self {
        let steps = depth.div_ceil(DEPTH);
        Self { rows: vec![Row([[0; GROUP]; SIDE]); columns.next_multiple_of(BLOCK) * steps], steps }
    }

    /// The groups of numbers that stand at a group of the depth, for a range of 16 columns.
    fn at(&mut self, group: usize, lanes: usize) -> &mut [[i8; GROUP]; SIDE] {
        let tile = (lanes / 2 * self.steps + group / SIDE) * 2 + lanes % 2;
        &mut self.rows[tile * SIDE + group % SIDE].0
    }

    /// Lays out a matrix given by its columns, each of `depth` numbers, one after another.
    pub(crate) fn of_columns(columns: &[i8], depth: usize) -> Self {
        let mut packed = Self::zeros(columns.len() / depth, depth);
        for (column, values) in columns.chunks_exact(depth).enumerate() {
            for (group, values) in values.chunks(GROUP).enumerate() {
                packed.at(group, column / SIDE)[column % SIDE][..values.len()].copy_from_slice(values);
            }
        }
        packed
    }

    /// Lays out a matrix given by its rows, each of `columns` numbers, one after another.
    pub(crate) fn of_rows(rows: &[i8], columns: usize) -> Self {
        let mut packed = Self::zeros(columns, rows.len() / columns);
        for (group, rows) in rows.chunks(GROUP * columns).enumerate() {
            for (i, row) in rows.chunks_exact(columns).enumerate() {
                for (lanes, values) in row.chunks(SIDE).enumerate() {
                    packed.at(group, lanes).iter_mut().zip(values).for_each(|(into, &value)| into[i] = value);
                }
            }
        }
        packed
    }

    /// The depth, padded to whole tiles, as rows of the left factor have it.
    pub(crate) fn depth(&self) -> usize {
        self.steps * DEPTH
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

    /// Multiplies rows of `right.depth()` levels, as many as a multiple of [`BLOCK`], by all columns: `take` is given the
    /// rows of a block and the columns of a panel, or fewer at the end, and the sums of each row, followed by others.
    pub(crate) fn multiply(
        self,
        levels: &[u8],
        right: &Packed,
        mut take: impl FnMut(Range<usize>, Range<usize>, &Sums),
    ) {
        let (depth, steps) = (right.depth(), right.steps);
        let rows = levels.len() / depth;
        assert!(rows.is_multiple_of(BLOCK) && levels.len() == rows * depth, "rows come in whole blocks");
        let mut sums = Sums([[0; PANEL]; BLOCK]);
        // SAFETY: `self` says that the registers may be used. The configuration is of 64 bytes, and valid.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const CONFIG, options(nostack, readonly)) };
        // The right factor is what is read from farther away: all rows meet a panel of it while it is near.
        for (panel, right) in right.rows.chunks(PANEL * steps).enumerate() {
            for row in (0..rows).step_by(BLOCK) {
                let left = &levels[row * depth..(row + BLOCK) * depth];
                for (block, right) in right.chunks_exact(BLOCK * steps).enumerate() {
                    // SAFETY: the registers are configured.
                    unsafe { self.block(left, right, block * BLOCK, &mut sums) };
                }
                take(row..row + BLOCK, panel * PANEL..panel * PANEL + right.len() / steps, &sums);
            }
        }
        // SAFETY: as above; whoever comes next finds the registers as they were.
        unsafe { asm!("tilerelease", options(nostack, nomem)) };
    }

    /// Multiplies the rows of a block by its columns, into sums from that column on.
    ///
    /// # Safety
    /// The registers are configured as [`CONFIG`] has it.
    #[expect(clippy::unused_self, reason = "that somebody holds it is what makes this safe")]
    #[inline]
    unsafe fn block(self, left: &[u8], right: &[Row], column: usize, sums: &mut Sums) {
        let (depth, steps) = (left.len() / BLOCK, right.len() / BLOCK);
        assert!(steps > 0 && depth == steps * DEPTH && column + BLOCK <= PANEL, "the factors fit each other");
        // SAFETY: tiles 4 and 5 are loaded from the 32 rows of `left`, `depth` bytes apart, 64 bytes further each time,
        // `steps` times; 6 and 7 from the rows of `right` one after another, 32 each time, as many times; 0 to 3 are stored
        // to 128 bytes in each of the 32 rows of `sums`, from `column` on. The slices are just so long. Nothing else in this
        // program uses the tiles, which no compiled code does unasked.
        unsafe {
            asm!(
                "tilezero tmm0",
                "tilezero tmm1",
                "tilezero tmm2",
                "tilezero tmm3",
                "2:",
                "tileloadd tmm4, [{left} + {left_row}]",
                "tileloadd tmm6, [{right} + {right_row}]",
                "tileloadd tmm7, [{right} + {right_row} + 1024]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm5, [{low} + {left_row}]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                "add {left}, 64",
                "add {low}, 64",
                "add {right}, 2048",
                "dec {steps}",
                "jnz 2b",
                "tilestored [{sums} + {sums_row}], tmm0",
                "tilestored [{sums} + {sums_row} + 64], tmm1",
                "tilestored [{sums_low} + {sums_row}], tmm2",
                "tilestored [{sums_low} + {sums_row} + 64], tmm3",
                left = inout(reg) left.as_ptr() => _,
                low = inout(reg) left[SIDE * depth..].as_ptr() => _,
                right = inout(reg) right.as_ptr() => _,
                sums = in(reg) sums.0[0][column..].as_mut_ptr(),
                sums_low = in(reg) sums.0[SIDE][column..].as_mut_ptr(),
                left_row = in(reg) depth,
                right_row = in(reg) size_of::<Row>(),
                sums_row = in(reg) PANEL * size_of::<i32>(),
                steps = inout(reg) steps => _,
                options(nostack),
            );
        }
    }
}
