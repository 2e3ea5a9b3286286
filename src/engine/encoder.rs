//! A transformer encoder (Vaswani et al. 2017) as BERT has it (Devlin et al. 2019): layers of attention and of a hidden
//! layer, each with what went in added and normalised after it.

use std::cell::RefCell;

use super::attention::{self, Heads};
use super::relative::Relative;
use super::{Linear, Norm, Table, engine, linear, math, normalise};
use crate::model::{ModelError, Tensors, unexpected};

/// An encoder: from pieces to states.
pub(crate) struct Encoder {
    embeddings: Embeddings,
    layers: Vec<Layer>,
    heads: Heads,
    activation: Activation,
}

/// What a piece is before anything has looked at its neighbours: the sum of some embeddings, normalised.
pub(crate) struct Embeddings {
    pub(crate) words: Table,
    /// Of places in the sequence, with the row of the first; none where only relative places count.
    pub(crate) places: Option<(Table, usize)>,
    /// Of shapes of words, or of whatever else is said of a piece.
    pub(crate) shapes: Option<Table>,
    pub(crate) norm: Norm,
    /// To the width of the layers, where that is another.
    pub(crate) project: Option<Linear>,
}

/// A layer of an encoder.
pub(crate) struct Layer {
    /// To query, key and value, the query scaled for attention.
    pub(crate) qkv: Linear,
    pub(crate) relative: Option<Relative>,
    pub(crate) out: Linear,
    pub(crate) norm1: Norm,
    pub(crate) up: Linear,
    pub(crate) down: Linear,
    pub(crate) norm2: Norm,
}

/// What stands between the two halves of a hidden layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Activation {
    Gelu,
    GeluByTanh,
    Relu,
}

impl Activation {
    fn apply(self, values: &mut [f32]) {
        match self {
            Self::Gelu => engine().arch.dispatch(math::Gelu(values)),
            Self::GeluByTanh => engine().arch.dispatch(math::GeluByTanh(values)),
            Self::Relu => engine().arch.dispatch(math::Relu(values)),
        }
    }
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
    integers: attention::Room<attention::Integers>,
    floats: attention::Room<attention::Floats>,
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
    /// Puts an encoder together from parts that fit each other.
    pub(crate) fn new(embeddings: Embeddings, layers: Vec<Layer>, heads: Heads, activation: Activation) -> Self {
        Self { embeddings, layers, heads, activation }
    }

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
        let layers = (0..).map_while(|i| Layer::stored(tensors, &i.to_string(), width)).collect::<Result<_, _>>()?;
        let (places, shapes) = (Some((places, 0)), Some(shapes));
        let norm = Norm::read(tensors, "norm", width, EPSILON)?;
        let embeddings = Embeddings { words, places, shapes, norm, project: None };
        Ok(Self::new(embeddings, layers, Heads { width, each: HEAD }, Activation::Gelu))
    }

    /// How many word pieces it knows.
    pub(crate) fn vocabulary(&self) -> usize {
        self.embeddings.words.rows()
    }

    /// The longest sequence that it was made for, where there is one.
    pub(crate) fn longest(&self) -> Option<usize> {
        self.embeddings.places.as_ref().map(|(table, first)| table.rows().saturating_sub(*first))
    }

    /// How many values a state has.
    pub(crate) fn width(&self) -> usize {
        self.heads.width
    }

    /// The states of a sequence of pieces, [`Encoder::width`] values for each. To be called [`alone`](super::alone).
    pub(crate) fn states(&self, pieces: &[Piece]) -> Vec<f32> {
        self.states_by(pieces, &self.layers)
    }

    /// The states of a sequence by other layers than its own, fitted to the same embeddings for another task.
    pub(crate) fn states_by(&self, pieces: &[Piece], layers: &[Layer]) -> Vec<f32> {
        // Taken, not borrowed: whoever comes in between makes do with a new one.
        let mut room = ROOM.take();
        let states = self.run(pieces, layers, &mut room);
        ROOM.set(room);
        states
    }

    fn run(&self, pieces: &[Piece], layers: &[Layer], room: &mut Room) -> Vec<f32> {
        let arch = engine().arch;
        let Room { linear, integers, floats, x, qkv, seen, inner, change } = room;
        self.embeddings.of(pieces, change, x);
        if let Some(project) = &self.embeddings.project {
            project.apply(x, linear, change);
            std::mem::swap(x, change);
        }
        for layer in layers {
            layer.qkv.apply(x, linear, qkv);
            // Attention is as exact as the layers around it.
            let relative = layer.relative.as_ref();
            if layer.qkv.is_in_integers() {
                attention::attend(qkv, self.heads, relative, integers, seen);
            } else {
                attention::attend(qkv, self.heads, relative, floats, seen);
            }
            let width = self.heads.width;
            for (x, seen) in x.chunks_mut(linear::ROWS * width).zip(seen.chunks(linear::ROWS * width)) {
                layer.out.apply(seen, linear, change);
                arch.dispatch(math::AddAndNorm { values: x, change, norm: &layer.norm1 });
                layer.up.apply(x, linear, inner);
                self.activation.apply(inner);
                layer.down.apply(inner, linear, change);
                arch.dispatch(math::AddAndNorm { values: x, change, norm: &layer.norm2 });
            }
        }
        x.clone()
    }
}

impl Layer {
    /// Reads the layer whose tensors' names begin with `name`, if there is one.
    pub(crate) fn stored(tensors: &Tensors<'_>, name: &str, width: usize) -> Option<Result<Self, ModelError>> {
        tensors.has(&format!("{name}.qkv.bias")).then(|| Self::read(tensors, name, width))
    }

    fn read(tensors: &Tensors<'_>, name: &str, width: usize) -> Result<Self, ModelError> {
        let of = |part: &str| format!("{name}.{part}");
        let linear = |part: &str, inputs, outputs: usize| {
            Linear::read(tensors, &of(part), inputs)?.of_outputs(&of(part), outputs)
        };
        let norm = |part: &str| Norm::read(tensors, &of(part), width, EPSILON);
        let up = Linear::read(tensors, &of("up"), width)?;
        Ok(Self {
            qkv: linear("qkv", width, 3 * width)?,
            relative: None,
            out: linear("out", width, width)?,
            norm1: norm("norm1")?,
            down: linear("down", up.outputs(), width)?,
            up,
            norm2: norm("norm2")?,
        })
    }
}

impl Embeddings {
    /// The embeddings of a sequence, summed up in `sums` and normalised in `into`.
    fn of(&self, pieces: &[Piece], sums: &mut Vec<f32>, into: &mut Vec<f32>) {
        let width = self.words.width();
        sums.clear();
        sums.resize(pieces.len() * width, 0.0);
        for (place, (piece, row)) in pieces.iter().zip(sums.chunks_exact_mut(width)).enumerate() {
            self.words.add(piece.id as usize, row);
            if let Some((places, first)) = &self.places {
                places.add(first + place, row);
            }
            if let Some(shapes) = &self.shapes {
                shapes.add(usize::from(piece.shape), row);
            }
        }
        into.clear();
        into.resize(sums.len(), 0.0);
        normalise(sums, &self.norm, into);
    }
}
