//! What became of an article.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What became of an article, in a stable word: `ok`, `error`, or `language:` and the code of the language for which it
/// was left alone. Later versions may have other words, and their records can still be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Status(Cow<'static, str>);

impl Status {
    /// It was annotated.
    pub const OK: Self = Self(Cow::Borrowed("ok"));
    /// It could not be read or annotated.
    pub const ERROR: Self = Self(Cow::Borrowed("error"));

    /// It is in another language, given by its ISO 639-1 code.
    #[must_use]
    pub fn language(code: &str) -> Self {
        Self(format!("language:{code}").into())
    }

    /// The word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was annotated.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        *self == Self::OK
    }
}

impl Default for Status {
    /// That of a record which does not say: it was annotated.
    fn default() -> Self {
        Self::OK
    }
}
