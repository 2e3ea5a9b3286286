//! libtorch, through rust-bert's networks.
//!
//! rust-bert builds a network of random weights after its own reading of `config.json`, and panics where it does not
//! understand it. So what it needs is written for it from our reading, and every tensor is compared with its counterpart
//! in the file before its values are taken over.

use std::collections::HashMap;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rust_bert::bert::BertForTokenClassification;
use rust_bert::deberta_v2::DebertaV2ForTokenClassification;
use rust_bert::distilbert::DistilBertForTokenClassification;
use rust_bert::electra::ElectraForTokenClassification;
use rust_bert::roberta::RobertaForTokenClassification;
use serde_json::{Map, Value, json};
use tch::{Device, Kind, Tensor, nn};

use super::{Classify, Engine, SAFETENSORS};
use crate::checkpoint::config::{Architecture, CONFIG, Config};
use crate::checkpoint::{read, refused};
use crate::model::ModelError;
use crate::tag::TagError;

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Its networks know no other epsilon of layer normalisation, but for that of `DeBERTa` v2.
const EPSILON: f32 = 1e-12;

/// A token classifier that many threads can use at once.
pub(super) struct Libtorch {
    plan: Plan,
    /// Named as in the network.
    weights: Mutex<HashMap<String, Tensor>>,
    /// Networks that nobody uses right now. tch lets no two threads use one, but a network is little more than a list of
    /// its weights, and all share these; so there come to be as many as there are threads, and none waits for another.
    idle: Mutex<Vec<Network>>,
}

/// What is to be built.
struct Plan {
    form: Form,
    /// As rust-bert wants it.
    config: Value,
    base: &'static str,
    first_place: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Bert,
    DistilBert,
    Roberta,
    Electra,
    /// BERT or `RoBERTa` with an epsilon of its own: without relative places, `DeBERTa` v2 is the same network under other
    /// names.
    AsDebertaV2,
}

enum Network {
    Bert(BertForTokenClassification),
    DistilBert(DistilBertForTokenClassification),
    Roberta(RobertaForTokenClassification),
    Electra(ElectraForTokenClassification),
    DebertaV2(DebertaV2ForTokenClassification),
}

impl Libtorch {
    /// Reads the weights of a folder.
    pub(super) fn open(folder: &Path, config: &Config) -> Result<Self, ModelError> {
        let raw = serde_json::from_slice(&read(folder, CONFIG)?)
            .map_err(|source| ModelError::Load { file: CONFIG, source: Box::new(source) })?;
        let plan = Plan::new(config, raw)?;
        // Threads are the caller's; without this every one of them would start as many again.
        tch::set_num_threads(1);
        let load = || -> Fallible<Self> {
            let file = folder.join(SAFETENSORS);
            let found: HashMap<_, _> = caught(|| Ok(Tensor::read_safetensors(&file)?))?.into_iter().collect();
            let (_, variables) = caught(|| Network::new(&plan))?;
            let taken = variables.into_iter().map(|(name, variable)| {
                let stored = plan.stored_name(&name);
                let weight = found.get(&stored).ok_or_else(|| format!("no tensor {stored}"))?;
                if weight.size() != variable.size() {
                    let (found, wanted) = (weight.size(), variable.size());
                    return Err(format!("{stored} is of shape {found:?}, but {wanted:?} is wanted").into());
                }
                Ok((name, weight.to_kind(Kind::Float)))
            });
            let weights = Mutex::new(taken.collect::<Fallible<_>>()?);
            Ok(Self { plan, weights, idle: Mutex::default() })
        };
        load().map_err(|source| ModelError::Load { file: SAFETENSORS, source })
    }

    fn network(&self) -> Fallible<Network> {
        let (network, variables) = caught(|| Network::new(&self.plan))?;
        let weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, mut variable) in variables {
            variable.set_data(&weights[&name]);
        }
        Ok(network)
    }

    fn answer(&self, pieces: &[u32]) -> Fallible<Vec<f32>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let network = idle.map_or_else(|| self.network(), Ok)?;
        let scores = caught(|| tch::no_grad(|| network.scores(pieces, self.plan.first_place)))?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(network);
        Ok(scores)
    }
}

impl Classify for Libtorch {
    fn scores(&self, pieces: &[u32]) -> Result<Vec<f32>, TagError> {
        self.answer(pieces).map_err(TagError::Engine)
    }
}

impl Plan {
    fn new(config: &Config, mut raw: Map<String, Value>) -> Result<Self, ModelError> {
        let is_fixed = (config.epsilon - EPSILON).abs() < EPSILON;
        let (form, base) = match (config.architecture, is_fixed) {
            (Architecture::Bert, true) => (Form::Bert, "bert"),
            (Architecture::Bert, false) => (Form::AsDebertaV2, "bert"),
            (Architecture::DistilBert, _) => (Form::DistilBert, "distilbert"),
            (Architecture::Roberta, true) => (Form::Roberta, "roberta"),
            (Architecture::Roberta, false) => (Form::AsDebertaV2, "roberta"),
            (Architecture::Electra, true) => (Form::Electra, "electra"),
            (Architecture::Electra, false) => {
                let found = format!("layer_norm_eps of {}, which rust-bert does not have for ELECTRA", config.epsilon);
                return Err(refused(CONFIG, found, format!("the engine {}", Engine::Native)));
            }
            // Its disentangled attention has another span and scale than the original's.
            (Architecture::Deberta | Architecture::DebertaV2, _) => {
                let found = format!("model_type {:?}, which rust-bert scores otherwise", config.model_type);
                return Err(refused(CONFIG, found, format!("the engine {}", Engine::Native)));
            }
        };
        // Fields of networks that do other things than classify, and such as it would not understand.
        let foreign = ["pooler_hidden_act", "pooler_hidden_size", "pooler_dropout", "classifier_activation"];
        let relative = ["pos_att_type", "norm_rel_ebd", "conv_kernel_size", "conv_act"];
        for field in foreign.into_iter().chain(relative) {
            raw.remove(field);
        }
        for (field, value) in [
            ("pad_token_id", json!(0)),
            ("qa_dropout", json!(0)),
            ("seq_classif_dropout", json!(0)),
            ("tie_weights_", json!(true)),
            ("output_attentions", json!(false)),
            ("output_hidden_states", json!(false)),
            // Its own table of sines would stand in the place of the file's.
            ("sinusoidal_pos_embds", json!(false)),
            ("relative_attention", json!(false)),
            ("position_biased_input", json!(true)),
        ] {
            raw.insert(field.to_owned(), value);
        }
        for field in ["hidden_act", "activation"] {
            if matches!(raw.get(field).and_then(Value::as_str), Some("gelu_fast" | "gelu_pytorch_tanh")) {
                raw.insert(field.to_owned(), json!("gelu_new"));
            }
        }
        Ok(Self { form, config: raw.into(), base, first_place: config.first_place })
    }

    /// What the file calls a variable of the network.
    fn stored_name(&self, name: &str) -> String {
        if self.form != Form::AsDebertaV2 {
            return name.to_owned();
        }
        let name = ["query", "key", "value"].iter().fold(name.to_owned(), |name, part| {
            name.replace(&format!(".self.{part}_proj."), &format!(".self.{part}."))
        });
        name.strip_prefix("deberta").map_or_else(|| name.clone(), |rest| format!("{}{rest}", self.base))
    }
}

impl Network {
    /// With weights of chance, and these by name.
    fn new(plan: &Plan) -> Fallible<(Self, HashMap<String, Tensor>)> {
        let store = nn::VarStore::new(Device::Cpu);
        let (root, config) = (&store.root(), plan.config.clone());
        let network = match plan.form {
            Form::Bert => Self::Bert(BertForTokenClassification::new(root, &serde_json::from_value(config)?)?),
            Form::DistilBert => {
                Self::DistilBert(DistilBertForTokenClassification::new(root, &serde_json::from_value(config)?)?)
            }
            Form::Roberta => Self::Roberta(RobertaForTokenClassification::new(root, &serde_json::from_value(config)?)?),
            Form::Electra => Self::Electra(ElectraForTokenClassification::new(root, &serde_json::from_value(config)?)?),
            Form::AsDebertaV2 => {
                Self::DebertaV2(DebertaV2ForTokenClassification::new(root, &serde_json::from_value(config)?)?)
            }
        };
        Ok((network, store.variables()))
    }

    fn scores(&self, pieces: &[u32], first_place: usize) -> Fallible<Vec<f32>> {
        let row = |values: Vec<i64>| Tensor::from_slice(&values).unsqueeze(0);
        let places = (first_place..first_place + pieces.len()).map(i64::try_from).collect::<Result<_, _>>()?;
        let (ids, places) = (row(pieces.iter().copied().map(i64::from).collect()), row(places));
        let (ids, mask, places) = (Some(&ids), &ids.ones_like(), Some(&places));
        let logits = match self {
            Self::Bert(network) => network.forward_t(ids, None, None, places, None, false).logits,
            Self::DistilBert(network) => network.forward_t(ids, None, None, false)?.logits,
            Self::Roberta(network) => network.forward_t(ids, None, None, places, None, false).logits,
            Self::Electra(network) => network.forward_t(ids, None, None, places, None, false).logits,
            Self::DebertaV2(network) => network.forward_t(ids, Some(mask), None, places, None, false)?.logits,
        };
        Ok(Vec::try_from(&logits.to_kind(Kind::Float).contiguous().view(-1))?)
    }
}

/// rust-bert and tch panic at whatever libtorch refuses; that is an error here.
fn caught<T>(work: impl FnOnce() -> Fallible<T>) -> Fallible<T> {
    let failed = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(error)) => error.to_string(),
        Err(panic) => panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("rust-bert gave up")
            .to_owned(),
    };
    // libtorch appends its stack.
    Err(failed.lines().next().unwrap_or_default().into())
}
