//! A head in integers, for layers in integers, which have lost more already: their sums are exact, so that answers do not
//! depend on the machine. Queries, keys and values have 8 bits; weights have 16, because many small ones count for as much as
//! a great one, and are multiplied in two halves.

use std::ops::Range;

use aligned_vec::AVec;

use super::{Arithmetic, Head, Part, ROWS};
use crate::engine::engine;
use crate::engine::integers::Packed;
use crate::engine::linear::{self, Factor};
use crate::engine::quantise::{Joined, Symmetric, SymmetricByColumns, Weigh};

/// The keys and values of a head.
pub(in crate::engine) struct Integers {
    keys: Factor,
    values: Packed,
    /// What a level of each of the values of a position is worth.
    scales: Vec<f32>,
}

/// Room for what stands between the steps.
pub(in crate::engine) struct Room {
    linear: linear::Room,
    gathered: Vec<f32>,
    levels: Vec<i8>,
    inverses: Vec<f32>,
    weights: AVec<u8>,
    products: Vec<i32>,
    sums: Vec<i32>,
    /// As many zeros as a row of scores is wide.
    zeros: Vec<f32>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            linear: linear::Room::default(),
            gathered: Vec::new(),
            levels: Vec::new(),
            inverses: Vec::new(),
            weights: AVec::new(0),
            products: Vec::new(),
            sums: Vec::new(),
            zeros: Vec::new(),
        }
    }
}

impl Room {
    /// What some positions have, one after another.
    fn gather(&mut self, head: Head<'_>, part: Part, rows: Range<usize>) {
        self.gathered.clear();
        head.rows(part, rows).for_each(|row| self.gathered.extend_from_slice(row));
    }
}

impl Arithmetic for Integers {
    type Room = Room;

    fn new(head: Head<'_>, room: &mut Room) -> Self {
        let (arch, kernels) = (engine().arch, &engine().integers);
        let (each, count) = (head.each(), head.count());
        room.gather(head, Part::Key, 0..count);
        // Keys of zeros make rows of scores as wide as vectors like them.
        room.gathered.resize(Self::width(count) * each, 0.0);
        let Room { gathered, levels, .. } = room;
        let (mut scales, mut totals) = (Vec::new(), Vec::new());
        let (into, of_columns) = (&mut scales, &mut totals);
        arch.dispatch(Symmetric { rows: gathered, width: each, levels, scales: into, totals: of_columns });
        let keys = Factor { packed: kernels.of_columns(levels, each), scales, totals };
        room.gather(head, Part::Value, 0..count);
        let Room { gathered, levels, .. } = room;
        let mut scales = Vec::new();
        arch.dispatch(SymmetricByColumns { rows: gathered, width: each, levels, scales: &mut scales });
        Self { keys, values: kernels.of_rows(levels, each), scales }
    }

    fn width(count: usize) -> usize {
        count.next_multiple_of(ROWS)
    }

    fn scores(&self, head: Head<'_>, rows: Range<usize>, room: &mut Room, into: &mut Vec<f32>) {
        let width = Self::width(head.count());
        into.resize(rows.len() * width, 0.0);
        room.zeros.resize(width, 0.0);
        room.gather(head, Part::Query, rows);
        let Room { linear, gathered, zeros, .. } = room;
        self.keys.apply(gathered, head.each(), zeros, linear, into);
    }

    fn seen(&self, head: Head<'_>, scores: &mut [f32], room: &mut Room, into: &mut Vec<f32>) {
        let arch = engine().arch;
        let (each, count) = (head.each(), head.count());
        let width = Self::width(count);
        let Room { inverses, weights, products, sums, .. } = room;
        let depth = self.values.room().depth;
        // The upper halves of the weights of all rows, then the lower ones.
        weights.resize(2 * ROWS * depth, 0);
        let (upper, lower) = weights.split_at_mut(ROWS * depth);
        arch.dispatch(Weigh { scores, width, count, depth, upper, lower, inverses });
        sums.resize(2 * ROWS * each, 0);
        self.values.multiply(weights, products, |part| part.copy_to(sums, each));
        into.resize(scores.len() / width * each, 0.0);
        let (upper, lower) = sums.split_at(ROWS * each);
        arch.dispatch(Joined { upper, lower, rows: inverses, columns: &self.scales, into });
    }
}
