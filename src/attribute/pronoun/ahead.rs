//! Pronouns that stand before the name they mean: "After her second year, Cole went home".
//!
//! A clause or phrase that is put in front of a sentence may have a pronoun in place of the name that the sentence is about,
//! which then follows the comma at its end (cataphora; Carden 1982). Somebody else is meant in one of ten.

use crate::layer::{Id, MentionId, TokenId};
use crate::lexicon;
use crate::mention::{Mentions, mention_at};
use crate::segment::Segmented;
use crate::tag::Label;

/// How likely the pronoun means that name: so it is in GAP's development half.
pub(super) const LIKELY: f32 = 0.9;

/// How many tokens such a clause may have before the pronoun, and after it.
const LONGEST: usize = 30;

/// How many words of a title may stand between the comma and the name ("Deputy Sheriff").
const TITLES: usize = 2;

/// The name after the clause in front of a sentence in which a pronoun stands, if nobody is named before the pronoun in that
/// sentence. Later commas are left alone: what follows them is often who says it all ("When she came, it rained, Cole said").
pub(super) fn named_ahead(doc: Segmented<'_>, mentions: &Mentions, at: TokenId) -> Option<MentionId> {
    let sentence = doc.sentences()[doc.sentence_of(at)].tokens;
    let opening = sentence.iter().take(LONGEST).find(|&id| doc.token(id).starts_with(char::is_alphanumeric))?;
    let is_near = opening < at && at.index() - opening.index() <= LONGEST;
    if !is_near || !is_put_in_front(doc.token(opening)) {
        return None;
    }
    let is_person = |i: usize| mentions.as_slice()[i].label == Label::Per;
    let starts = |id: TokenId| mentions.as_slice().partition_point(|m| m.tokens.first() < id);
    if (starts(sentence.first())..starts(at)).any(is_person) {
        return None;
    }
    let comma =
        sentence.iter().skip(at.index() - sentence.first().index()).take(LONGEST).find(|&id| doc.token(id) == ",")?;
    let mut name = doc.next(comma)?;
    for _ in 0..TITLES {
        if mention_at(mentions, name).is_none() && lexicon::is_title(&doc.token(name).to_lowercase()) {
            name = doc.next(name)?;
        }
    }
    let (mention, tokens) = mention_at(mentions, name)?;
    (tokens.first() == name && mentions[mention].label == Label::Per).then_some(mention)
}

/// Whether a word at the beginning of a sentence opens a clause or a phrase that is put in front of it.
fn is_put_in_front(word: &str) -> bool {
    let word = word.to_lowercase();
    lexicon::is_fronting(&word) || (word.len() > 5 && word.ends_with("ing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_open_a_fronted_clause_are_known_in_any_case() {
        assert!(["After", "during", "WHILE", "Having", "Despite"].into_iter().all(is_put_in_front));
        assert!(!["The", "She", "Cole", "King", "Then"].into_iter().any(is_put_in_front));
    }
}
