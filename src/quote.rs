//! Quotations: what was said or written, the words that introduce it, and the words that name who it comes from.

mod block;
mod content;
mod finder;
mod fragments;
mod link;
mod near;
mod nest;
pub(crate) mod phrase;
mod source;
pub(crate) mod turn;

use serde::{Deserialize, Serialize};

use crate::layer::{Layer, ParagraphId, QuoteId, TokenRange};
use crate::mention::Mentions;
use crate::segment::Segmented;
use crate::tag::{Score, Tags};

pub(crate) use block::introduced;
pub use finder::QuoteFinder;

/// How a quotation is marked off from the author's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteKind {
    /// All of it stands inside quotation marks.
    Direct,
    /// Some of it does.
    Mixed,
    /// None of it does.
    Indirect,
    /// Whole paragraphs, set off.
    Block,
}

impl QuoteKind {
    /// The stable word for this in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Mixed => "mixed",
            Self::Indirect => "indirect",
            Self::Block => "block",
        }
    }
}

/// One or more stretches of content in text order, without overlaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    first: TokenRange,
    rest: Vec<TokenRange>,
}

/// A quotation.
#[derive(Debug, Clone, PartialEq)]
pub struct Quote {
    /// How it is marked off.
    pub kind: QuoteKind,
    /// What is quoted.
    pub parts: Parts,
    /// The words that introduce it ("said", "according to").
    pub cue: Option<TokenRange>,
    /// The words that name who it comes from ("a senior official", "she").
    pub source: Option<TokenRange>,
    /// The paragraph that introduces it, if it is a block quotation and has one.
    pub lead_in: Option<ParagraphId>,
    /// The quotation that contains this one.
    pub within: Option<QuoteId>,
    /// How sure the finder is that this is a quotation with these roles.
    pub score: Score,
    /// What it was found by.
    pub found_by: Finding,
}

/// What a quotation was found by: the first half of the evidence for its speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// The source's markup sets a block quotation off.
    Markup,
    /// A paragraph that introduces the block quotation after it.
    LeadIn,
    /// The paragraph before a block quotation, which is about somebody, though no word or colon in it brings one in.
    Introduced,
    /// A name before a colon, as in an interview or a transcript: "SMITH: …".
    Turn,
    /// A headline of the form `Mayor: "We will rebuild"`.
    Headline,
    /// A cue and what stands beside it.
    Cue,
    /// A name that signs it: "— Jane Doe".
    Signature,
    /// Words in quotation marks without a cue of their own.
    Floating,
}

/// All quotations of an article, in the order of their beginnings, the containing before the contained.
pub type Quotes = Layer<QuoteId, Quote>;

/// The role of the fifth stage: from tags, marks and paragraphs to quotations.
pub trait FindQuotes: Send + Sync {
    /// The quotations of an article.
    fn find(&self, doc: Segmented<'_>, tags: &Tags, mentions: &Mentions) -> Quotes;
}

impl Parts {
    /// The parts of a quotation: sorted, overlapping ones merged. `None` if there are none.
    #[must_use]
    pub fn new(mut parts: Vec<TokenRange>) -> Option<Self> {
        parts.sort();
        let mut merged: Vec<TokenRange> = Vec::with_capacity(parts.len());
        for part in parts {
            match merged.last_mut() {
                Some(last) if last.overlaps(part) => *last = last.hull(part),
                _ => merged.push(part),
            }
        }
        let mut merged = merged.into_iter();
        Some(Self { first: merged.next()?, rest: merged.collect() })
    }

    /// All parts in text order, at least one.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = TokenRange> {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }

    /// The number of parts.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is always a part")]
    pub fn len(&self) -> usize {
        1 + self.rest.len()
    }

    /// Whether one of the parts contains these tokens.
    #[must_use]
    pub fn contains(&self, tokens: TokenRange) -> bool {
        let at = self.rest.partition_point(|part| part.last() < tokens.first());
        self.first.contains(tokens) || self.rest.get(at).is_some_and(|part| part.contains(tokens))
    }

    /// From the first token of the first part to the last token of the last.
    #[must_use]
    pub fn hull(&self) -> TokenRange {
        self.rest.last().map_or(self.first, |&last| self.first.hull(last))
    }
}

#[cfg(test)]
mod tests;
