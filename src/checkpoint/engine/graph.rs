//! What graphs in ONNX ask and give, whichever engine runs them.

use std::error::Error;

pub(super) type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

pub(super) const LOGITS: &str = "logits";

/// What a network may ask about each piece, beside which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Ids,
    /// All of a sequence is attended to.
    Mask,
    /// There is one sequence, the first.
    Types,
}

impl Input {
    const ALL: [Self; 3] = [Self::Ids, Self::Mask, Self::Types];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ids => "input_ids",
            Self::Mask => "attention_mask",
            Self::Types => "token_type_ids",
        }
    }

    pub(super) fn known(name: &str) -> Fallible<Self> {
        let known = || Self::ALL.map(Self::name).join(", ");
        let found = Self::ALL.into_iter().find(|input| input.name() == name);
        found.ok_or_else(|| format!("it asks for {name:?}, and only {} are known", known()).into())
    }

    /// What it is of each piece, in the integers that an engine has.
    pub(super) fn values<T: From<bool>>(self, pieces: &[u32], id: impl Fn(u32) -> T) -> Vec<T> {
        let value = |&piece: &u32| match self {
            Self::Ids => id(piece),
            Self::Mask => T::from(true),
            Self::Types => T::from(false),
        };
        pieces.iter().map(value).collect()
    }
}
