//! What speaks for a candidate: the inputs of the ranker.

use crate::entity::Entities;
use crate::layer::{EntityId, Id, QuoteId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at, owns_what_follows};
use crate::quote::Quotes;
use crate::segment::Segmented;

/// How many things speak for or against a candidate.
pub const FEATURES: usize = 38;

pub(super) type Features = [f32; FEATURES];

/// Whether a pronoun for somebody is of the gender of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Called {
    /// "He" after "his".
    Alike,
    /// "She" after "his".
    Otherwise,
}

/// What of a candidate depends on the mentions before the pronoun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Where it was last named, or meant by a pronoun.
    pub(super) nearest: TokenRange,
    pub(super) nearest_is_pronoun: bool,
    /// How many times it was, within reach.
    pub(super) events: usize,
    /// How many other candidates were named since.
    pub(super) rank: usize,
    /// How many times it was since the article's beginning.
    pub(super) times_named: u32,
    pub(super) gender_is_known: bool,
    /// Whether it is not, while that of another candidate is.
    pub(super) another_gender_is_known: bool,
    /// How the last pronoun that was taken to mean it agrees with this one; `None` if there was none.
    pub(super) called: Option<Called>,
    /// How much of the pronoun's arc leads to it; `None` where there are no arcs.
    pub(super) led_to: Option<f32>,
}

/// The article with who quotes what: everything that does not change from pronoun to pronoun.
pub(super) struct Setting<'a> {
    pub(super) doc: Segmented<'a>,
    pub(super) entities: &'a Entities,
    pub(super) mentions: &'a Mentions,
    quotes: &'a Quotes,
    /// For each token whether it belongs to a source, and the innermost quotation that it is part of.
    in_source: Vec<bool>,
    quotation: Vec<Option<QuoteId>>,
}

impl<'a> Setting<'a> {
    pub(super) fn of(doc: Segmented<'a>, mentions: &'a Mentions, entities: &'a Entities, quotes: &'a Quotes) -> Self {
        let mut in_source = vec![false; doc.tokens().len()];
        let mut quotation = vec![None; doc.tokens().len()];
        for (id, quote) in quotes.iter() {
            // The containing stands before the contained, which thus writes over it.
            for part in quote.parts.iter() {
                quotation[part.indexes()].fill(Some(id));
            }
            if let Some(source) = quote.source {
                in_source[source.indexes()].fill(true);
            }
        }
        Self { doc, entities, mentions, quotes, in_source, quotation }
    }

    pub(super) fn is_source(&self, at: TokenId) -> bool {
        self.in_source[at.index()]
    }

    /// The features of a candidate for the pronoun at `at`, of `events` that all candidates share.
    pub(super) fn features(&self, at: TokenId, entity: EntityId, candidate: &Candidate, events: usize) -> Features {
        let doc = self.doc;
        let near = candidate.nearest;
        let sentences = doc.sentence_of(at).index() - doc.sentence_of(near.first()).index();
        let tokens = at.index() - near.last().index();
        let (here_opens, near_opens) = (self.opening(at), self.opening(near.first()));
        let possessive = owns_what_follows(doc, near.last());
        let (here_marked, near_marked) = (doc.is_in_marks(at), doc.is_in_marks(near.first()));
        let word = doc.token(at).to_lowercase();
        let owns = matches!(word.as_str(), "his" | "her" | "its");
        let object = matches!(word.as_str(), "him" | "himself" | "herself");
        let near_source = self.is_source(near.first());
        let same_paragraph = doc.paragraph_of(at) == doc.paragraph_of(near.first());
        let first_named = self.entities[entity].mentions[0];
        let in_opening = doc.sentence_of(self.mentions[first_named].tokens.first()).index() < 2;
        let flags = [
            sentences == 0,
            sentences == 1,
            sentences >= 3,
            candidate.rank == 0,
            candidate.rank == 1,
            candidate.rank >= 3,
            candidate.nearest_is_pronoun,
            near_opens <= 3,
            self.is_first_of_sentence(near),
            possessive,
            self.after_preposition(near.first()),
            near_source,
            near_source && self.is_source(at),
            candidate.gender_is_known,
            candidate.another_gender_is_known,
            near_marked && !here_marked,
            near_marked && here_marked,
            self.is_own_words(at, entity),
            owns && sentences == 0,
            here_opens <= 1 && near_opens <= 3,
            near.len() > 1,
            in_opening,
            same_paragraph,
            object,
            self.is_joined(near),
            self.is_introduced(near.first()),
            self.acts(near.last()),
            self.is_in_brackets(near.first()),
            doc.previous(at).is_some_and(|before| opens_clause(doc.token(before))),
            sentences == 0 && self.is_past_comma(near.last(), at),
            candidate.called == Some(Called::Alike),
            candidate.called == Some(Called::Otherwise),
        ];
        let mut features = [0.0; FEATURES];
        for (feature, flag) in features.iter_mut().zip(flags) {
            *feature = f32::from(u8::from(flag));
        }
        features[flags.len()] = (1.0 + tokens as f32).ln() / 5.0;
        features[flags.len() + 1] = (1.0 + candidate.times_named as f32).ln() / 3.0;
        features[flags.len() + 2] = candidate.events as f32 / events.max(1) as f32;
        match candidate.led_to {
            Some(weight) => {
                features[flags.len() + 3] = weight.min(1.0);
                features[flags.len() + 4] = 1.0 + (weight.clamp(0.01, 1.0)).log10() / 2.0;
            }
            None => features[flags.len() + 5] = 1.0,
        }
        features
    }

    /// How many tokens of its sentence stand before a token.
    fn opening(&self, at: TokenId) -> usize {
        at.index() - self.doc.sentences()[self.doc.sentence_of(at)].tokens.first().index()
    }

    /// Whether no other name stands before one in its sentence: mostly it is the subject.
    fn is_first_of_sentence(&self, name: TokenRange) -> bool {
        let sentence = self.doc.sentences()[self.doc.sentence_of(name.first())].tokens.first();
        let before = self.mentions.as_slice().partition_point(|m| m.tokens.first() < name.first());
        before.checked_sub(1).is_none_or(|i| self.mentions.as_slice()[i].tokens.first() < sentence)
    }

    /// Whether a name is one of several: who is meant alone is seldom named with another.
    fn is_joined(&self, name: TokenRange) -> bool {
        let joins = |id: TokenId| matches!(self.doc.token(id), "and" | "or" | "nor" | "&");
        self.doc.previous(name.first()).is_some_and(joins) || self.doc.next(name.last()).is_some_and(joins)
    }

    /// Whether a noun brings a person in, "her husband Ben": mostly somebody else is spoken of.
    fn is_introduced(&self, name: TokenId) -> bool {
        let is_comma = |id: &TokenId| self.doc.token(*id) == ",";
        let before = self.doc.previous(name);
        let before = before.filter(is_comma).map_or(before, |comma| self.doc.previous(comma));
        before.is_some_and(|id| matches!(lexicon::noun(&self.doc.token(id).to_lowercase()), Some(Noun::Individual(_))))
    }

    /// Whether what follows a name looks like its verb.
    fn acts(&self, name: TokenId) -> bool {
        let is_verb = |id: TokenId| {
            let word = self.doc.token(id);
            word.ends_with("ed")
                || matches!(
                    word,
                    "is" | "was" | "has" | "had" | "will" | "would" | "could" | "can" | "may" | "did" | "does" | "also"
                )
                || lexicon::reporting_verb(word).is_some()
        };
        self.doc.next(name).is_some_and(is_verb)
    }

    /// Whether a bracket that opens before a token, near it, closes after it.
    fn is_in_brackets(&self, token: TokenId) -> bool {
        const NEAR: usize = 12;
        let first = self.doc.sentences()[self.doc.sentence_of(token)].tokens.first().index();
        let before = (first..token.index()).rev().take(NEAR).map(TokenId::from_index);
        before
            .map(|id| self.doc.token(id))
            .find(|&t| matches!(t, "(" | ")" | "[" | "]"))
            .is_some_and(|t| t == "(" || t == "[")
    }

    /// Whether a comma, semicolon or dash stands between two tokens, as it does in any longer stretch.
    fn is_past_comma(&self, from: TokenId, to: TokenId) -> bool {
        const LONG: usize = 40;
        let mut between = (from.index() + 1..to.index()).map(TokenId::from_index);
        between.len() > LONG || between.any(|id| matches!(self.doc.token(id), "," | ";" | "--" | "–" | "—"))
    }

    fn after_preposition(&self, name: TokenId) -> bool {
        let is = |id: TokenId| {
            let word = self.doc.token(id).to_lowercase();
            matches!(
                word.as_str(),
                "of" | "by" | "with" | "to" | "for" | "from" | "in" | "at" | "against" | "about" | "than"
            )
        };
        self.doc.previous(name).is_some_and(is)
    }

    /// Whether a token stands in words that the entity is named as the source of: few speak of themselves as "he".
    fn is_own_words(&self, at: TokenId, entity: EntityId) -> bool {
        let source = self.quotation[at.index()].and_then(|id| self.quotes[id].source);
        let named = source.and_then(|source| mention_at(self.mentions, source.first()));
        named.is_some_and(|(mention, _)| self.entities.of(mention) == entity)
    }
}

/// Whether a clause begins after a word.
fn opens_clause(word: &str) -> bool {
    matches!(
        word,
        "and"
            | "but"
            | "that"
            | "when"
            | "while"
            | "because"
            | "as"
            | "where"
            | "if"
            | "before"
            | "after"
            | "until"
            | "since"
    )
}
