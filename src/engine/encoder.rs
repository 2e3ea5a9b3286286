//! A transformer encoder (Vaswani et al. 2017) as BERT has it (Devlin et al. 2019): layers of attention and of a hidden
//! layer, each with what went in added and normalised after it.

use std::cell::RefCell;

use super::{Linear, Norm, Table, attention, engine, linear, math, normalise};
use crate::model::{ModelError, Tensors, unexpected};

/// An encoder: from pieces to states.
pub(crate) struct Encoder {
    words: Table,
    places: Table,
    shapes: Table,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    /// To query, key and value, the query scaled for attention.
    qkv: Linear,
    out: Linear,
    norm1: Norm,
    up: Linear,
    down: Linear,
    norm2: Norm,
}

/// A position of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The word piece's number in the vocabulary.
    pub(crate) id: u32,
    /// The number of the shape of its word.
    pub(crate) shape: u8,
}

/// How wide a head of attention is.
const HEAD: usize = 32;
/// What layer normalisation adds to a variance.
const EPSILON: f32 = 1e-12;

/// Room for what stands between the steps, kept from one sequence to the next.
#[derive(Default)]
struct Room {
    linear: linear::Room,
    attention: attention::Room,
    x: Vec<f32>,
    qkv: Vec<f32>,
    seen: Vec<f32>,
    inner: Vec<f32>,
    change: Vec<f32>,
}

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

impl Encoder {
    /// Builds an encoder from its tensors.
    pub(crate) fn read(tensors: &Tensors<'_>) -> Result<Self, ModelError> {
        let [words, places, shapes] = ["words", "places", "shapes"].map(|name| Table::read(tensors, name));
        let (words, places, shapes) = (words?, places?, shapes?);
        let width = words.width();
        for (name, table) in [("places.q", &places), ("shapes.q", &shapes)] {
            if table.width() != width {
                return Err(unexpected(name, format!("{} columns", table.width()), format!("{width} columns")));
            }
        }
        if !width.is_multiple_of(HEAD) {
            return Err(unexpected("words.q", format!("{width} columns"), format!("a multiple of {HEAD}")));
        }
        let norm = |name: &str| Norm::read(tensors, name, width, EPSILON);
        let mut layers = Vec::new();
        while tensors.has(&format!("{}.qkv.bias", layers.len())) {
            let name = |part: &str| format!("{}.{part}", layers.len());
            let linear = |part: &str, inputs, outputs: usize| {
                let linear = Linear::read(tensors, &name(part), inputs)?;
                let (found, wanted) = (linear.outputs(), outputs);
                let error = || unexpected(&name(part), format!("{found} outputs"), format!("{wanted} outputs"));
                if found == wanted || wanted == 0 { Ok(linear) } else { Err(error()) }
            };
            let up = linear("up", width, 0)?;
            layers.push(Layer {
                qkv: linear("qkv", width, 3 * width)?,
                out: linear("out", width, width)?,
                norm1: norm(&name("norm1"))?,
                down: linear("down", up.outputs(), width)?,
                up,
                norm2: norm(&name("norm2"))?,
            });
        }
        Ok(Self { words, places, shapes, norm: norm("norm")?, layers })
    }

    /// How many word pieces it knows.
    pub(crate) fn vocabulary(&self) -> usize {
        self.words.rows()
    }

    /// The longest sequence that it was made for.
    pub(crate) fn longest(&self) -> usize {
        self.places.rows()
    }

    /// How many values a state has.
    pub(crate) fn width(&self) -> usize {
        self.words.width()
    }

    /// The states of a sequence of pieces, [`Encoder::width`] values for each. To be called [`alone`](super::alone).
    pub(crate) fn states(&self, pieces: &[Piece]) -> Vec<f32> {
        // Taken, not borrowed: whoever comes in between makes do with a new one.
        let mut room = ROOM.take();
        let states = self.run(pieces, &mut room);
        ROOM.set(room);
        states
    }

    fn run(&self, pieces: &[Piece], room: &mut Room) -> Vec<f32> {
        let arch = engine().arch;
        let width = self.words.width();
        let Room { linear, attention, x, qkv, seen, inner, change } = room;
        change.clear();
        change.resize(pieces.len() * width, 0.0);
        for (place, (piece, row)) in pieces.iter().zip(change.chunks_exact_mut(width)).enumerate() {
            self.words.add(piece.id as usize, row);
            self.places.add(place, row);
            self.shapes.add(usize::from(piece.shape), row);
        }
        x.clear();
        x.resize(change.len(), 0.0);
        normalise(change, &self.norm, x);
        for layer in &self.layers {
            layer.qkv.apply(x, linear, qkv);
            attention::attend(qkv, width, HEAD, attention, seen);
            layer.out.apply(seen, linear, change);
            arch.dispatch(math::AddAndNorm { values: x, change, norm: &layer.norm1 });
            layer.up.apply(x, linear, inner);
            arch.dispatch(math::Gelu(inner));
            layer.down.apply(inner, linear, change);
            arch.dispatch(math::AddAndNorm { values: x, change, norm: &layer.norm2 });
        }
        x.clone()
    }
}
