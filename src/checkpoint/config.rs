//! What `config.json` says of a checkpoint: how its network is put together, and what its labels are called.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::refused;
use crate::engine::Activation;
use crate::model::ModelError;

/// The families of networks that are known. The name is `model_type` in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Architecture {
    Bert,
    DistilBert,
    /// `RoBERTa` and XLM-R, which differ in their vocabulary alone.
    Roberta,
    Electra,
    Deberta,
    /// `DeBERTa` v2 and v3.
    DebertaV2,
}

impl Architecture {
    const NAMES: [(&str, Self); 7] = [
        ("bert", Self::Bert),
        ("distilbert", Self::DistilBert),
        ("roberta", Self::Roberta),
        ("xlm-roberta", Self::Roberta),
        ("electra", Self::Electra),
        ("deberta", Self::Deberta),
        ("deberta-v2", Self::DebertaV2),
    ];

    fn named(name: &str) -> Result<Self, ModelError> {
        let known = || Self::NAMES.map(|(name, _)| name).join(", ");
        let found = Self::NAMES.into_iter().find(|&(known, _)| known == name);
        let found = found.map(|(_, architecture)| architecture);
        found.ok_or_else(|| refused(CONFIG, format!("model_type is {name:?}"), format!("one of {}", known())))
    }
}

pub(super) const CONFIG: &str = "config.json";

/// A configuration, as far as it is needed.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) model_type: String,
    pub(crate) architecture: Architecture,
    /// The labels in the order of the network's scores.
    pub(crate) labels: Vec<String>,
    pub(crate) width: usize,
    pub(crate) heads: usize,
    pub(crate) layers: usize,
    pub(crate) activation: Activation,
    pub(crate) epsilon: f32,
    /// The longest sequence, its special pieces included.
    pub(crate) longest: usize,
    /// The row of the first place in the table of places.
    pub(crate) first_place: usize,
    /// Whether places in the sequence are added to words.
    pub(crate) absolute: bool,
    /// How relative places are attended to, if they are.
    pub(crate) relative: Option<RelativeConfig>,
}

/// Disentangled attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the configuration")]
pub(crate) struct RelativeConfig {
    pub(crate) content_to_place: bool,
    pub(crate) place_to_content: bool,
    /// Half of the number of relative places.
    pub(crate) span: usize,
    /// The farthest distance on a scale of logarithms.
    pub(crate) farthest: Option<usize>,
    /// Whether places are projected by the matrices for content.
    pub(crate) shared: bool,
    pub(crate) normalised: bool,
}

/// The fields that differ between architectures by name alone are aliases.
#[derive(Debug, Deserialize)]
struct Raw {
    model_type: Option<String>,
    #[serde(default)]
    architectures: Vec<String>,
    #[serde(default)]
    id2label: BTreeMap<String, String>,
    #[serde(alias = "dim")]
    hidden_size: usize,
    #[serde(alias = "n_heads")]
    num_attention_heads: usize,
    #[serde(alias = "n_layers")]
    num_hidden_layers: usize,
    max_position_embeddings: usize,
    #[serde(alias = "activation", default = "gelu")]
    hidden_act: String,
    #[serde(default = "epsilon")]
    layer_norm_eps: f32,
    pad_token_id: Option<usize>,
    position_embedding_type: Option<String>,
    position_biased_input: Option<bool>,
    #[serde(default)]
    relative_attention: bool,
    #[serde(default = "no_number")]
    max_relative_positions: i64,
    #[serde(default = "no_number")]
    position_buckets: i64,
    pos_att_type: Option<Several>,
    #[serde(default)]
    share_att_key: bool,
    norm_rel_ebd: Option<String>,
    #[serde(default)]
    conv_kernel_size: usize,
    #[serde(default)]
    talking_head: bool,
}

/// "c2p|p2c" or a list of the two.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Several {
    Joined(String),
    List(Vec<String>),
}

impl Several {
    fn has(&self, wanted: &str) -> bool {
        match self {
            Self::Joined(all) => all.split('|').any(|one| one.trim() == wanted),
            Self::List(all) => all.iter().any(|one| one == wanted),
        }
    }
}

fn gelu() -> String {
    "gelu".to_owned()
}

fn epsilon() -> f32 {
    1e-12
}

fn no_number() -> i64 {
    -1
}

impl Config {
    /// Reads a configuration.
    ///
    /// # Errors
    /// [`ModelError`] if it is none, or asks for what is not known here: that is said before any weight is read.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let raw: Raw = serde_json::from_slice(bytes)
            .map_err(|source| ModelError::Load { file: CONFIG, source: Box::new(source) })?;
        let model_type = raw.model_type.clone().ok_or_else(|| refused(CONFIG, "no model_type", "the name of one"))?;
        let architecture = Architecture::named(&model_type)?;
        let task = |name: &String| name.ends_with("ForTokenClassification");
        if !raw.architectures.is_empty() && !raw.architectures.iter().any(task) {
            let found = format!("a model made for another task ({})", raw.architectures.join(", "));
            return Err(refused(CONFIG, found, "one whose name ends with ForTokenClassification"));
        }
        let fits = raw.num_attention_heads > 0 && raw.hidden_size.is_multiple_of(raw.num_attention_heads);
        if !fits || raw.hidden_size == 0 {
            let found = format!("{} heads in {} values", raw.num_attention_heads, raw.hidden_size);
            return Err(refused(CONFIG, found, "heads that share the values evenly"));
        }
        let first_place = match architecture {
            Architecture::Roberta => raw.pad_token_id.unwrap_or(1) + 1,
            _ => 0,
        };
        Ok(Self {
            model_type,
            architecture,
            labels: labels(&raw.id2label)?,
            width: raw.hidden_size,
            heads: raw.num_attention_heads,
            layers: raw.num_hidden_layers,
            activation: activation(&raw.hidden_act)?,
            epsilon: raw.layer_norm_eps,
            longest: raw.max_position_embeddings.saturating_sub(first_place),
            first_place,
            absolute: raw.position_biased_input.unwrap_or(true),
            relative: relative(architecture, &raw)?,
        })
    }
}

/// The labels by their numbers, which are the keys.
fn labels(stored: &BTreeMap<String, String>) -> Result<Vec<String>, ModelError> {
    let by_number = |number: usize| {
        let missing = || refused(CONFIG, format!("id2label without {number}"), "the name of every label");
        stored.get(&number.to_string()).cloned().ok_or_else(missing)
    };
    if stored.is_empty() {
        return Err(refused(CONFIG, "no id2label", "the name of every label"));
    }
    (0..stored.len()).map(by_number).collect()
}

fn activation(name: &str) -> Result<Activation, ModelError> {
    match name {
        "gelu" => Ok(Activation::Gelu),
        "gelu_new" | "gelu_fast" | "gelu_pytorch_tanh" => Ok(Activation::GeluByTanh),
        "relu" => Ok(Activation::Relu),
        other => Err(refused(CONFIG, format!("hidden_act is {other:?}"), "gelu, gelu_new or relu")),
    }
}

fn relative(architecture: Architecture, raw: &Raw) -> Result<Option<RelativeConfig>, ModelError> {
    if let Some(kind) = raw.position_embedding_type.as_deref().filter(|&kind| kind != "absolute") {
        return Err(refused(CONFIG, format!("position_embedding_type is {kind:?}"), "absolute"));
    }
    if !matches!(architecture, Architecture::Deberta | Architecture::DebertaV2) || !raw.relative_attention {
        return Ok(None);
    }
    for (is, name) in [(raw.conv_kernel_size > 0, "conv_kernel_size"), (raw.talking_head, "talking_head")] {
        if is {
            return Err(refused(CONFIG, name, "a network without it"));
        }
    }
    let positive = |number: i64| usize::try_from(number).ok().filter(|&n| n > 0);
    let most = positive(raw.max_relative_positions).unwrap_or(raw.max_position_embeddings);
    let buckets = positive(raw.position_buckets).filter(|_| architecture == Architecture::DebertaV2);
    let has = |kind: &str| raw.pos_att_type.as_ref().is_some_and(|kinds| kinds.has(kind));
    let normalised =
        raw.norm_rel_ebd.as_deref().is_some_and(|kinds| kinds.split('|').any(|k| k.trim() == "layer_norm"));
    Ok(Some(RelativeConfig {
        content_to_place: has("c2p"),
        place_to_content: has("p2c"),
        span: buckets.unwrap_or(most),
        farthest: buckets.map(|_| most),
        shared: raw.share_att_key && architecture == Architecture::DebertaV2,
        normalised: normalised && architecture == Architecture::DebertaV2,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Config, String> {
        Config::read(json.as_bytes()).map_err(|error| error.to_string())
    }

    const DIMENSIONS: &str = r#""hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1,
        "max_position_embeddings": 66, "id2label": {"0": "O", "1": "B-PER"}"#;

    #[test]
    fn a_configuration_says_how_the_network_is_put_together() {
        let config = read(&format!(r#"{{"model_type": "roberta", "pad_token_id": 1, {DIMENSIONS}}}"#)).unwrap();
        assert_eq!((config.longest, config.first_place, config.heads), (64, 2, 2));
        assert_eq!(config.labels, ["O", "B-PER"]);
    }

    #[test]
    fn what_cannot_be_run_is_refused_by_name() {
        let wrong = |extra: &str| read(&format!("{{{extra}, {DIMENSIONS}}}")).unwrap_err();
        assert!(wrong(r#""model_type": "gpt2""#).contains("gpt2"));
        assert!(wrong(r#""model_type": "bert", "hidden_act": "swish""#).contains("swish"));
        assert!(wrong(r#""model_type": "bert", "architectures": ["BertForMaskedLM"]"#).contains("BertForMaskedLM"));
        assert!(wrong(r#""model_type": "bert", "position_embedding_type": "relative_key""#).contains("relative_key"));
        assert!(read("{}").unwrap_err().contains("config.json"));
    }
}
