//! The embedded tagger: hashed embeddings, dilated convolutions, four heads.
//!
//! A token's features become a vector, a chain of residual convolutions of width 3 with growing dilation lets it see
//! some thirty tokens to either side, and one linear layer scores the tags of all heads. The text is read in windows
//! with as many tokens of context on both sides as the chain can see, so a token's scores are bit for bit the same
//! wherever the windows fall, and no article is too long.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayView2, s};

use crate::model::{Model, ModelError, Tensors, unexpected};
use crate::segment::Segmented;
use crate::tag::features::{self, Features};
use crate::tag::heads;
use crate::tag::{Tag, TagError, Tags};

/// The network with its weights laid out for running.
#[derive(Debug)]
pub struct ConvTagger {
    word: Table,
    prefix: Table,
    suffix: Table,
    shape: Table,
    place: Table,
    input: Linear,
    blocks: Vec<Block>,
    norm: Norm,
    output: Linear,
}

/// Tokens scored in one go. Enough to keep the matrix products busy, few enough to stay in the cache.
const WINDOW: usize = 384;

impl ConvTagger {
    /// The format of models that this version reads.
    pub const FORMAT: &'static str = "whosaid-conv/1";

    /// Builds the tagger of a stored model.
    ///
    /// # Errors
    /// [`ModelError::Tensor`] if a tensor is missing or its shape does not fit the others.
    pub fn new(model: &Model<'_>) -> Result<Self, ModelError> {
        let tensors = Tensors::read(model.file(Self::FORMAT, "weights.safetensors")?)?;
        let tensors = &tensors;
        let [word, prefix, suffix, shape, place] =
            ["word", "prefix", "suffix", "shape", "place"].map(|name| Table::read(tensors, name));
        let (word, prefix, suffix, shape, place) = (word?, prefix?, suffix?, shape?, place?);
        let width = [&word, &prefix, &suffix, &shape, &place].iter().map(|t| t.width).sum();
        let input = Linear::read(tensors, "input", width)?;
        let channels = input.outputs();
        let mut blocks = Vec::new();
        while tensors.has(&format!("blocks.{}.weight", blocks.len())) {
            blocks.push(Block::read(tensors, &format!("blocks.{}", blocks.len()), channels)?);
        }
        let norm = Norm::read(tensors, "norm", channels)?;
        let output = Linear::read(tensors, "output", channels)?;
        if !heads::fits(output.outputs()) {
            return Err(unexpected(
                "output.weight",
                format!("{} rows", output.outputs()),
                format!("{} rows", heads::wanted()),
            ));
        }
        if place.rows() != features::FLAGS as usize {
            return Err(unexpected("place.q", format!("{} rows", place.rows()), format!("{} rows", features::FLAGS)));
        }
        Ok(Self { word, prefix, suffix, shape, place, input, blocks, norm, output })
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
        for start in (0..tokens.len()).step_by(WINDOW) {
            let end = (start + WINDOW).min(tokens.len());
            let from = start.saturating_sub(reach);
            let to = (end + reach).min(tokens.len());
            let scores = self.scores(&tokens[from..to]);
            all.slice_mut(s![start..end, ..]).assign(&scores.slice(s![start - from..end - from, ..]));
        }
        heads::normalise(&mut all);
        all
    }

    fn scores(&self, tokens: &[Features]) -> Array2<f32> {
        let mut embedded = Array2::zeros((tokens.len(), self.input.inputs()));
        for (mut row, token) in embedded.rows_mut().into_iter().zip(tokens) {
            let mut rest = row.as_slice_mut().unwrap_or_default();
            for (table, hashes) in [
                (&self.word, &token.word[..]),
                (&self.prefix, &[token.prefix]),
                (&self.suffix, &[token.suffix]),
                (&self.shape, &[token.shape]),
                (&self.place, &[token.place]),
            ] {
                let (part, after) = rest.split_at_mut(table.width);
                for &hash in hashes {
                    table.add(hash, part);
                }
                rest = after;
            }
        }
        let mut x = self.input.apply(&embedded);
        let mut normed = Array2::zeros(x.raw_dim());
        let mut gathered = Array2::zeros((tokens.len(), 3 * x.ncols()));
        for block in &self.blocks {
            block.norm.apply(&x, &mut normed);
            gather(&normed, block.dilation, &mut gathered);
            let mut change = block.linear.apply(&gathered);
            change.mapv_inplace(|v| v.max(0.0));
            x += &change;
        }
        self.norm.apply(&x, &mut normed);
        self.output.apply(&normed)
    }
}

impl Tag for ConvTagger {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        Ok(heads::tags(doc, &self.probabilities(&features::extract(doc))))
    }
}

/// Lays beside every row its neighbours at the distance of `dilation`: what a convolution of width 3 multiplies.
/// Beyond the ends there are zeros.
fn gather(x: &Array2<f32>, dilation: usize, into: &mut Array2<f32>) {
    let (rows, width) = x.dim();
    into.fill(0.0);
    if rows > dilation {
        into.slice_mut(s![dilation.., ..width]).assign(&x.slice(s![..rows - dilation, ..]));
        into.slice_mut(s![..rows - dilation, 2 * width..]).assign(&x.slice(s![dilation.., ..]));
    }
    into.slice_mut(s![.., width..2 * width]).assign(x);
}

/// An embedding table of 8-bit integers with a scale for each row.
#[derive(Debug)]
struct Table {
    values: Vec<i8>,
    scales: Vec<f32>,
    width: usize,
}

impl Table {
    fn read(tensors: &Tensors<'_>, name: &str) -> Result<Self, ModelError> {
        let (values, [rows, width]) = tensors.bytes(&format!("{name}.q"))?;
        let scale = format!("{name}.scale");
        let (scales, [found]) = tensors.floats(&scale)?;
        if found != rows || rows == 0 {
            return Err(unexpected(&scale, format!("{found} values"), format!("{rows} values, at least 1")));
        }
        Ok(Self { values, scales, width })
    }

    fn rows(&self) -> usize {
        self.scales.len()
    }

    /// Adds the row of a hash to a vector.
    fn add(&self, hash: u32, into: &mut [f32]) {
        let row = hash as usize % self.rows();
        let scale = self.scales[row];
        for (sum, &value) in into.iter_mut().zip(&self.values[row * self.width..]) {
            *sum += scale * f32::from(value);
        }
    }
}

/// A linear layer, its weights transposed for multiplying from the right.
#[derive(Debug)]
struct Linear {
    weight: Array2<f32>,
    bias: Vec<f32>,
}

impl Linear {
    fn read(tensors: &Tensors<'_>, name: &str, inputs: usize) -> Result<Self, ModelError> {
        let weight = format!("{name}.weight");
        let (values, [outputs, found]) = tensors.floats(&weight)?;
        let stored = ArrayView2::from_shape((outputs, found), &values).ok().filter(|_| found == inputs);
        let stored =
            stored.ok_or_else(|| unexpected(&weight, format!("{found} columns"), format!("{inputs} columns")))?;
        Ok(Self {
            weight: stored.t().as_standard_layout().into_owned(),
            bias: vector(tensors, &format!("{name}.bias"), outputs)?,
        })
    }

    fn inputs(&self) -> usize {
        self.weight.nrows()
    }

    fn outputs(&self) -> usize {
        self.weight.ncols()
    }

    fn apply(&self, x: &Array2<f32>) -> Array2<f32> {
        let mut y = Array2::zeros((x.nrows(), self.outputs()));
        for mut row in y.rows_mut() {
            row.iter_mut().zip(&self.bias).for_each(|(v, b)| *v = *b);
        }
        general_mat_mul(1.0, x, &self.weight, 1.0, &mut y);
        y
    }
}

/// Layer normalisation.
#[derive(Debug)]
struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Norm {
    fn read(tensors: &Tensors<'_>, name: &str, width: usize) -> Result<Self, ModelError> {
        Ok(Self {
            weight: vector(tensors, &format!("{name}.weight"), width)?,
            bias: vector(tensors, &format!("{name}.bias"), width)?,
        })
    }

    fn apply(&self, x: &Array2<f32>, into: &mut Array2<f32>) {
        for (row, mut out) in x.rows().into_iter().zip(into.rows_mut()) {
            let width = row.len() as f32;
            let mean = row.sum() / width;
            let variance = row.iter().map(|v| (v - mean) * (v - mean)).sum::<f32>() / width;
            let scale = 1.0 / (variance + 1e-5).sqrt();
            for (((v, out), w), b) in row.iter().zip(&mut out).zip(&self.weight).zip(&self.bias) {
                *out = (v - mean) * scale * w + b;
            }
        }
    }
}

/// A residual convolution of width 3: normalise, convolve, rectify, add.
#[derive(Debug)]
struct Block {
    norm: Norm,
    linear: Linear,
    dilation: usize,
}

impl Block {
    fn read(tensors: &Tensors<'_>, name: &str, channels: usize) -> Result<Self, ModelError> {
        let linear = Linear::read(tensors, name, 3 * channels)?;
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
        Ok(Self { norm: Norm::read(tensors, &format!("{name}.norm"), channels)?, linear, dilation })
    }
}

fn vector(tensors: &Tensors<'_>, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
    let (values, [found]) = tensors.floats(name)?;
    if found == length {
        Ok(values)
    } else {
        Err(unexpected(name, format!("{found} values"), format!("{length} values")))
    }
}
