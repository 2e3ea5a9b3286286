//! Mentions: the names of people, organisations, places and others, as they stand in the text.
//!
//! Mostly what the tagger found, cut to the project's convention: no title ("Sen."), no clitic ("'s"), no bare article
//! except where it belongs to the name ("The Washington Post"). A name that is found once is then found everywhere in
//! the article, because a tagger that knows "Kislyak" in one sentence often misses it in the next.

mod finder;
mod forms;

use crate::layer::{Id, Layer, MentionId, TokenId, TokenRange};
use crate::lexicon;
use crate::segment::Segmented;
use crate::tag::{Label, Score, Tags};

pub use finder::MentionFinder;

/// A name in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Its tokens.
    pub tokens: TokenRange,
    /// What kind of name.
    pub label: Label,
    /// How sure the tagger is.
    pub score: Score,
}

/// All mentions of an article, in text order, none overlapping another.
pub type Mentions = Layer<MentionId, Mention>;

/// The role of the third stage: from tags to mentions.
pub trait FindMentions: Send + Sync {
    /// The mentions of an article.
    fn find(&self, doc: Segmented<'_>, tags: &Tags) -> Mentions;
}

/// The mention that a token belongs to.
pub(crate) fn mention_at(mentions: &Mentions, token: TokenId) -> Option<(MentionId, TokenRange)> {
    let at = mentions.as_slice().partition_point(|m| m.tokens.last() < token);
    let mention = mentions.get(MentionId::from_index(at))?;
    mention.tokens.has(token).then_some((MentionId::from_index(at), mention.tokens))
}

/// The mention of a person that a token belongs to.
pub(crate) fn person_at(mentions: &Mentions, token: TokenId) -> Option<(MentionId, TokenRange)> {
    mention_at(mentions, token).filter(|&(id, _)| mentions[id].label == Label::Per)
}

/// Whether a name that ends at a token is somebody's who owns what follows: "Cole’s".
pub(crate) fn owns_what_follows(doc: Segmented<'_>, last: TokenId) -> bool {
    doc.next(last).is_some_and(|id| lexicon::is_genitive(doc.token(id)))
}

/// The mentions that lie in a stretch of tokens, in text order.
pub(crate) fn mentions_in(mentions: &Mentions, tokens: TokenRange) -> impl Iterator<Item = TokenRange> {
    let from = mentions.as_slice().partition_point(|m| m.tokens.first() < tokens.first());
    mentions.as_slice()[from..].iter().map(|m| m.tokens).take_while(move |m| m.last() <= tokens.last())
}

/// The person whom some words begin by naming, after a title at most: "Minister of Water Jane Doe, who …".
pub(crate) fn person_at_start(doc: Segmented<'_>, mentions: &Mentions, words: TokenRange) -> Option<TokenRange> {
    const LONGEST_TITLE: usize = 7;
    let may_be_title = |word: &str| {
        word.starts_with(char::is_uppercase)
            || matches!(word, "of" | "for" | "the" | "and" | ".")
            || lexicon::is_title(&word.to_lowercase())
    };
    if matches!(doc.token(words.first()), "of" | "for" | "and" | ".") {
        return None;
    }
    let opening = words.iter().take(LONGEST_TITLE).take_while(|&id| may_be_title(doc.token(id)));
    opening.into_iter().find_map(|id| person_at(mentions, id)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests;
