//! The embedded tagger: hashed embeddings, dilated convolutions, four heads.
//!
//! A token's features become a vector, a chain of residual convolutions of width 3 with growing dilation lets it see
//! some thirty tokens to either side, and one linear layer scores the tags of all heads. The text is read in windows
//! with as many tokens of context on both sides as the chain can see, so a token's scores are bit for bit the same
//! wherever the windows fall, and no article is too long.

use std::cell::RefCell;

use ndarray::{Array2, ArrayView2, s};

use crate::engine::{self, Linear, Norm, Room, Table};
use crate::model::{Model, ModelError, Tensors, unexpected};
use crate::segment::Segmented;
use crate::tag::features::{self, Features};
use crate::tag::heads;
use crate::tag::{Calibration, Tag, TagError, Tags};

/// The network with its weights laid out for running.
pub struct ConvTagger {
    word: Table,
    prefix: Table,
    suffix: Table,
    shape: Table,
    place: Table,
    listed: Table,
    input: Linear,
    blocks: Vec<Block>,
    norm: Norm,
    output: Linear,
    calibration: Calibration,
}

/// Tokens scored in one go. Enough to keep the matrix products busy, few enough to stay in the cache.
const WINDOW: usize = 384;
/// What layer normalisation adds to a variance.
const EPSILON: f32 = 1e-5;

/// Room for what stands between the steps, kept from one window to the next.
#[derive(Default)]
struct Rooms {
    linear: Room,
    embedded: Vec<f32>,
    x: Vec<f32>,
    normed: Vec<f32>,
    gathered: Vec<f32>,
    change: Vec<f32>,
}

thread_local! {
    static ROOMS: RefCell<Rooms> = RefCell::default();
}

impl ConvTagger {
    /// The format of models that this version reads.
    pub const FORMAT: &'static str = "whosaid-conv/2";

    /// Builds the tagger of a stored model.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] if a tensor is missing or its shape does not fit the others.
    pub fn new(model: &Model<'_>) -> Result<Self, ModelError> {
        let tensors = Tensors::read(model.file(Self::FORMAT, "weights.safetensors")?)?;
        let tensors = &tensors;
        let [word, prefix, suffix, shape, place, listed] =
            ["word", "prefix", "suffix", "shape", "place", "listed"].map(|name| Table::read(tensors, name));
        let (word, prefix, suffix, shape, place, listed) = (word?, prefix?, suffix?, shape?, place?, listed?);
        let width = [&word, &prefix, &suffix, &shape, &place, &listed].iter().map(|t| t.width()).sum();
        let input = Linear::quantised(tensors, "input", width)?;
        let channels = input.outputs();
        let mut blocks = Vec::new();
        while tensors.has(&format!("blocks.{}.weight", blocks.len())) {
            blocks.push(Block::read(tensors, &format!("blocks.{}", blocks.len()), channels)?);
        }
        let norm = Norm::read(tensors, "norm", channels, EPSILON)?;
        let output = Linear::read(tensors, "output", channels)?;
        if output.outputs() != heads::TAGS {
            let (found, wanted) = (output.outputs(), heads::TAGS);
            return Err(unexpected("output.weight", format!("{found} rows"), format!("{wanted} rows")));
        }
        for (name, table, wanted) in
            [("place.q", &place, features::FLAGS as usize), ("listed.q", &listed, features::LISTED)]
        {
            if table.rows() != wanted {
                return Err(unexpected(name, format!("{} rows", table.rows()), format!("{wanted} rows")));
            }
        }
        Ok(Self {
            word,
            prefix,
            suffix,
            shape,
            place,
            listed,
            input,
            blocks,
            norm,
            output,
            calibration: model.card().calibration,
        })
    }

    /// The tagger that is compiled into the library.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they build it.
    #[must_use]
    pub fn embedded() -> Self {
        Self::new(&Model::fast()).expect("the embedded model fits the network")
    }

    /// The probabilities of all tags of all heads for every token: a row a token.
    fn probabilities(&self, tokens: &[Features]) -> Array2<f32> {
        let reach: usize = self.blocks.iter().map(|b| b.dilation).sum();
        let mut all = Array2::zeros((tokens.len(), self.output.outputs()));
        // Taken, not borrowed: whoever comes in between makes do with a new one.
        let mut rooms = ROOMS.take();
        for start in (0..tokens.len()).step_by(WINDOW) {
            let end = (start + WINDOW).min(tokens.len());
            let from = start.saturating_sub(reach);
            let to = (end + reach).min(tokens.len());
            self.score(&tokens[from..to], &mut rooms);
            let scores = ArrayView2::from_shape((to - from, all.ncols()), &rooms.change);
            let scores = scores.expect("there is a score for every token and tag");
            all.slice_mut(s![start..end, ..]).assign(&scores.slice(s![start - from..end - from, ..]));
        }
        ROOMS.set(rooms);
        heads::normalise(all.view_mut());
        all
    }

    /// Leaves the scores of a window in `rooms.change`.
    fn score(&self, tokens: &[Features], rooms: &mut Rooms) {
        let Rooms { linear, embedded, x, normed, gathered, change } = rooms;
        embedded.clear();
        embedded.resize(tokens.len() * self.input.inputs(), 0.0);
        for (mut rest, token) in embedded.chunks_exact_mut(self.input.inputs()).zip(tokens) {
            for (table, hashes) in [
                (&self.word, &token.word[..]),
                (&self.prefix, &[token.prefix]),
                (&self.suffix, &[token.suffix]),
                (&self.shape, &[token.shape]),
                (&self.place, &[token.place]),
            ] {
                let (part, after) = rest.split_at_mut(table.width());
                for &hash in hashes {
                    table.add(hash as usize, part);
                }
                rest = after;
            }
            for said in token.listed.iter() {
                self.listed.add(said, rest);
            }
        }
        self.input.apply(embedded, linear, x);
        normed.resize(x.len(), 0.0);
        for block in &self.blocks {
            engine::normalise(x, &block.norm, normed);
            gather(normed, self.input.outputs(), block.dilation, gathered);
            block.linear.apply(gathered, linear, change);
            engine::relu(change);
            x.iter_mut().zip(&*change).for_each(|(x, change)| *x += change);
        }
        engine::normalise(x, &self.norm, normed);
        self.output.apply(normed, linear, change);
    }
}

impl std::fmt::Debug for ConvTagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConvTagger").field("blocks", &self.blocks.len()).finish_non_exhaustive()
    }
}

impl Tag for ConvTagger {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        let tokens = features::extract(doc);
        let probabilities = engine::alone(|| self.probabilities(&tokens));
        Ok(heads::tags(doc, &probabilities, &self.calibration))
    }
}

/// Lays beside every row its neighbours at the distance of `dilation`: what a convolution of width 3 multiplies.
/// Beyond the ends there are zeros.
fn gather(x: &[f32], width: usize, dilation: usize, into: &mut Vec<f32>) {
    let rows = x.len() / width;
    let row = |i: usize| &x[i * width..(i + 1) * width];
    into.resize(3 * x.len(), 0.0);
    for (i, out) in into.chunks_exact_mut(3 * width).enumerate() {
        match i.checked_sub(dilation) {
            Some(before) => out[..width].copy_from_slice(row(before)),
            None => out[..width].fill(0.0),
        }
        out[width..2 * width].copy_from_slice(row(i));
        if i + dilation < rows {
            out[2 * width..].copy_from_slice(row(i + dilation));
        } else {
            out[2 * width..].fill(0.0);
        }
    }
}

/// A residual convolution of width 3: normalise, convolve, rectify, add.
struct Block {
    norm: Norm,
    linear: Linear,
    dilation: usize,
}

impl Block {
    fn read(tensors: &Tensors<'_>, name: &str, channels: usize) -> Result<Self, ModelError> {
        let linear = Linear::quantised(tensors, name, 3 * channels)?;
        if linear.outputs() != channels {
            return Err(unexpected(
                &format!("{name}.weight"),
                format!("{} rows", linear.outputs()),
                format!("{channels} rows"),
            ));
        }
        let dilation = format!("{name}.dilation");
        let (value, [_]) = tensors.floats::<1>(&dilation)?;
        let dilation = match (1..=64_u8).find(|&d| value == [f32::from(d)]) {
            Some(dilation) => usize::from(dilation),
            None => return Err(unexpected(&dilation, format!("{value:?}"), "one value from 1 to 64")),
        };
        Ok(Self { norm: Norm::read(tensors, &format!("{name}.norm"), channels, EPSILON)?, linear, dilation })
    }
}
