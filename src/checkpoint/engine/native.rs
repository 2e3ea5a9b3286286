//! Our own engine, for the families of BERT: what they call their tensors, and how those make an encoder.

use std::path::Path;

use super::{Classify, SAFETENSORS};
use crate::checkpoint::config::{Architecture, Config, RelativeConfig};
use crate::checkpoint::read;
use crate::engine::{self, Embeddings, Encoder, Heads, Layer, Linear, Norm, Piece, Places, Relative, Room, Table};
use crate::model::{ModelError, Tensors, unexpected};
use crate::tag::TagError;

/// An encoder with a layer that scores its states.
pub(super) struct Native {
    encoder: Encoder,
    classifier: Linear,
}

/// What an architecture calls the parts of a layer.
struct Names {
    /// Before the number of a layer.
    layer: &'static str,
    /// Query, key and value.
    attended: [&'static str; 3],
    out: &'static str,
    norm1: &'static str,
    up: &'static str,
    down: &'static str,
    norm2: &'static str,
}

const BERT: Names = Names {
    layer: "encoder.layer",
    attended: ["attention.self.query", "attention.self.key", "attention.self.value"],
    out: "attention.output.dense",
    norm1: "attention.output.LayerNorm",
    up: "intermediate.dense",
    down: "output.dense",
    norm2: "output.LayerNorm",
};
const DISTILBERT: Names = Names {
    layer: "transformer.layer",
    attended: ["attention.q_lin", "attention.k_lin", "attention.v_lin"],
    out: "attention.out_lin",
    norm1: "sa_layer_norm",
    up: "ffn.lin1",
    down: "ffn.lin2",
    norm2: "output_layer_norm",
};
const DEBERTA_V2: Names =
    Names { attended: ["attention.self.query_proj", "attention.self.key_proj", "attention.self.value_proj"], ..BERT };

impl Native {
    /// Reads the weights of a folder.
    pub(super) fn open(folder: &Path, config: &Config, pieces: usize) -> Result<Self, ModelError> {
        let bytes = read(folder, SAFETENSORS)?;
        let tensors = Tensors::read(&bytes)?;
        let (base, names) = match config.architecture {
            Architecture::Bert => ("bert", BERT),
            Architecture::DistilBert => ("distilbert", DISTILBERT),
            Architecture::Roberta => ("roberta", BERT),
            Architecture::Electra => ("electra", BERT),
            Architecture::Deberta => ("deberta", BERT),
            Architecture::DebertaV2 => ("deberta", DEBERTA_V2),
        };
        let reader = Reader { tensors: &tensors, config, base, names };
        let encoder = reader.encoder()?;
        let (found, longest) = (encoder.vocabulary(), encoder.longest().unwrap_or(config.longest));
        if found < pieces {
            return Err(unexpected(
                "word_embeddings",
                format!("{found} rows"),
                format!("one for each of {pieces} pieces"),
            ));
        }
        if longest < config.longest {
            let found = format!("rows for {longest} places");
            return Err(unexpected(
                "position_embeddings",
                found,
                format!("those of the configuration, {}", config.longest),
            ));
        }
        let classifier = Linear::read(&tensors, "classifier", config.width)?;
        Ok(Self { encoder, classifier: classifier.of_outputs("classifier", config.labels.len())? })
    }
}

impl Classify for Native {
    fn scores(&self, pieces: &[u32]) -> Result<Vec<f32>, TagError> {
        let pieces: Vec<Piece> = pieces.iter().map(|&id| Piece { id, shape: 0 }).collect();
        Ok(engine::alone(|| {
            let mut scores = Vec::new();
            self.classifier.apply(&self.encoder.states(&pieces), &mut Room::default(), &mut scores);
            scores
        }))
    }
}

/// Reads the tensors of one checkpoint.
struct Reader<'a> {
    tensors: &'a Tensors<'a>,
    config: &'a Config,
    base: &'static str,
    names: Names,
}

impl Reader<'_> {
    fn name(&self, part: &str) -> String {
        format!("{}.{part}", self.base)
    }

    fn encoder(&self) -> Result<Encoder, ModelError> {
        let heads = Heads { width: self.config.width, each: self.config.width / self.config.heads };
        let embeddings = self.embeddings()?;
        let relative = self.config.relative.map(|relative| self.relative_places(relative)).transpose()?;
        let layers = (0..self.config.layers).map(|number| self.layer(number, heads, relative.as_deref()));
        Ok(Encoder::new(embeddings, layers.collect::<Result<_, _>>()?, heads, self.config.activation))
    }

    fn embeddings(&self) -> Result<Embeddings, ModelError> {
        let table = |part: &str| Table::read(self.tensors, &self.name(&format!("embeddings.{part}")));
        let words = table("word_embeddings")?;
        let width = words.width();
        let of_width = |part: &str| {
            let table = table(part)?;
            let error = || unexpected(part, format!("{} columns", table.width()), format!("{width} columns"));
            if table.width() == width { Ok(table) } else { Err(error()) }
        };
        let places = if self.config.absolute { Some(of_width("position_embeddings")?) } else { None };
        let segments = self.tensors.has(&self.name("embeddings.token_type_embeddings.weight"))
            || self.tensors.has(&self.name("embeddings.token_type_embeddings.q"));
        let shapes = if segments { Some(of_width("token_type_embeddings")?) } else { None };
        let project = match self.config.architecture {
            Architecture::Deberta | Architecture::DebertaV2 if width != self.config.width => {
                return Err(unexpected("word_embeddings", format!("{width} columns"), "those of the layers"));
            }
            _ if width == self.config.width => None,
            _ => {
                let name = self.name("embeddings_project");
                Some(Linear::read(self.tensors, &name, width)?.of_outputs(&name, self.config.width)?)
            }
        };
        let norm = self.norm("embeddings.LayerNorm", width)?;
        let places = places.map(|table| (table, self.config.first_place));
        Ok(Embeddings { words, places, shapes, norm, project })
    }

    /// A normalisation, whose parts older checkpoints call gamma and beta.
    fn norm(&self, part: &str, width: usize) -> Result<Norm, ModelError> {
        let name = self.name(part);
        let old = !self.tensors.has(&format!("{name}.weight")) && self.tensors.has(&format!("{name}.gamma"));
        let parts = if old { ["gamma", "beta"] } else { ["weight", "bias"] };
        let [weight, bias] = parts.map(|part| self.tensors.vector(&format!("{name}.{part}"), width));
        Ok(Norm::new(weight?, bias?, self.config.epsilon))
    }

    fn layer(&self, number: usize, heads: Heads, places: Option<&[f32]>) -> Result<Layer, ModelError> {
        let (tensors, width) = (self.tensors, heads.width);
        let name = |part: &str| self.name(&format!("{}.{number}.{part}", self.names.layer));
        let linear = |part: &str, inputs| Linear::read(tensors, &name(part), inputs)?.of_outputs(part, width);
        let norm = |part: &str| self.norm(&format!("{}.{number}.{part}", self.names.layer), width);
        let scale = self.scale(heads);
        let qkv = if self.config.architecture == Architecture::Deberta {
            self.interleaved(&name("attention.self"), heads, scale)?
        } else {
            let [query, key, value] = self.names.attended.map(name);
            Linear::joined(tensors, [&query, &key, &value], width, scale)?
        };
        let relative = match (self.config.relative, places) {
            (Some(config), Some(places)) => Some(self.relative(config, places, &name("attention.self"), heads)?),
            _ => None,
        };
        let up = Linear::read(tensors, &name(self.names.up), width)?;
        Ok(Layer {
            qkv: qkv.of_outputs("query, key and value", 3 * width)?,
            relative,
            out: linear(self.names.out, width)?,
            norm1: norm(self.names.norm1)?,
            down: linear(self.names.down, up.outputs())?,
            up,
            norm2: norm(self.names.norm2)?,
        })
    }

    /// What a query is multiplied with: the scores of a head are the sum of one to three products.
    fn scale(&self, heads: Heads) -> f32 {
        let added = self.config.relative.map_or(0, |r| u8::from(r.content_to_place) + u8::from(r.place_to_content));
        (heads.each as f32 * f32::from(1 + added)).sqrt().recip()
    }

    /// Query, key and value of the first `DeBERTa`, which stand head by head in one matrix; the key has no bias.
    fn interleaved(&self, name: &str, heads: Heads, scale: f32) -> Result<Linear, ModelError> {
        let Heads { width, each } = heads;
        let stored = format!("{name}.in_proj.weight");
        let (rows, [outputs, inputs]) = self.tensors.floats::<2>(&stored)?;
        if (outputs, inputs) != (3 * width, width) {
            return Err(unexpected(
                &stored,
                format!("shape [{outputs}, {inputs}]"),
                format!("[{}, {width}]", 3 * width),
            ));
        }
        let mut weight = Vec::with_capacity(rows.len());
        for part in 0..3 {
            let scale = if part == 0 { scale } else { 1.0 };
            for row in 0..width {
                let from = (row / each * 3 + part) * each + row % each;
                weight.extend(rows[from * width..(from + 1) * width].iter().map(|value| value * scale));
            }
        }
        let [query, value] = ["q_bias", "v_bias"].map(|part| self.tensors.vector(&format!("{name}.{part}"), width));
        let query = query?.into_iter().map(|bias| bias * scale);
        let bias = query.chain(std::iter::repeat_n(0.0, width)).chain(value?).collect();
        Ok(Linear::floats(&weight, bias, width))
    }

    /// The embeddings of relative places, a row for each.
    fn relative_places(&self, config: RelativeConfig) -> Result<Vec<f32>, ModelError> {
        let name = self.name("encoder.rel_embeddings.weight");
        let (mut values, [rows, width]) = self.tensors.floats::<2>(&name)?;
        if width != self.config.width || rows < 2 * config.span || config.span == 0 {
            let wanted = format!("at least {} rows of {}", 2 * config.span, self.config.width);
            return Err(unexpected(&name, format!("shape [{rows}, {width}]"), wanted));
        }
        values.truncate(2 * config.span * width);
        if config.normalised {
            let mut normalised = vec![0.0; values.len()];
            engine::normalise(&values, &self.norm("encoder.LayerNorm", width)?, &mut normalised);
            values = normalised;
        }
        Ok(values)
    }

    fn relative(
        &self,
        config: RelativeConfig,
        places: &[f32],
        name: &str,
        heads: Heads,
    ) -> Result<Relative, ModelError> {
        let first = self.config.architecture == Architecture::Deberta;
        let [for_keys, for_queries] = match (first, config.shared) {
            (true, _) => ["pos_proj", "pos_q_proj"],
            (false, true) => ["key_proj", "query_proj"],
            (false, false) => ["pos_key_proj", "pos_query_proj"],
        };
        let project = |part: &str| {
            let name = format!("{name}.{part}");
            // The first DeBERTa's projection of places for keys has no bias.
            let linear = if self.tensors.has(&format!("{name}.bias")) {
                Linear::read(self.tensors, &name, heads.width)?
            } else {
                let (weight, [outputs, inputs]) = self.tensors.floats::<2>(&format!("{name}.weight"))?;
                if inputs != heads.width {
                    return Err(unexpected(&name, format!("{inputs} columns"), format!("{} columns", heads.width)));
                }
                Linear::floats(&weight, vec![0.0; outputs], inputs)
            };
            let mut projected = Vec::new();
            let linear = linear.of_outputs(&name, heads.width)?;
            engine::alone(|| linear.apply(places, &mut Room::default(), &mut projected));
            Ok(projected)
        };
        let keys = if config.content_to_place { Some(project(for_keys)?) } else { None };
        let queries = if config.place_to_content { Some(project(for_queries)?) } else { None };
        let scale = self.scale(heads);
        let queries = queries.map(|queries| queries.into_iter().map(|value| value * scale).collect());
        let places = Places { span: config.span, farthest: config.farthest };
        Ok(Relative { keys, queries, width: heads.width, places })
    }
}
