//! Roles that an article brings in without a name: "a spokesman for the mayor", and then "the spokesman".

use crate::entity::is_possessive;
use crate::layer::{Id, TokenId, TokenRange};
use crate::mention::{Mentions, mention_at, person_at, person_at_start};
use crate::segment::Segmented;
use crate::words;

/// How many sentences back "the spokesman" goes on with "a spokesman".
const REACH: usize = 6;
/// How many tokens back at most, in a text without sentences.
const FARTHEST: usize = 400;
/// How many words may stand between a determiner and its noun.
const MODIFIERS: usize = 4;

/// Where somebody without a name was last brought in by the noun that stands at `at`, if nobody was since: "a police
/// spokeswoman", "his lawyer", but not "a spokeswoman, Ada Cole", nor what somebody is said to be ("she is a lawyer").
pub(super) fn introduction(doc: Segmented<'_>, mentions: &Mentions, at: TokenId) -> Option<TokenId> {
    let noun = doc.token(at).to_lowercase();
    let first = doc.sentence_of(at).index().saturating_sub(REACH);
    let sentences = doc.sentences().as_slice();
    let from = sentences[first].tokens.first().index();
    let earlier = (from..at.index()).rev().take(FARTHEST).map(TokenId::from_index);
    let mut again = earlier.filter(|&id| doc.token(id).to_lowercase() == noun && mention_at(mentions, id).is_none());
    again.find_map(|id| Some((id, opening(doc, id)?))).and_then(|(id, opens)| {
        let word = doc.token(opens).to_lowercase();
        let is_new = matches!(word.as_str(), "a" | "an" | "another") || is_possessive(&word);
        (is_new && !is_said_of_somebody(doc, mentions, opens) && !is_named(doc, mentions, id)).then_some(id)
    })
}

/// The determiner or possessor of a noun; "the" as well, unless it points back to one before it, which then counts.
fn opening(doc: Segmented<'_>, noun: TokenId) -> Option<TokenId> {
    let sentence = doc.sentences()[doc.sentence_of(noun)].tokens.first().index();
    let back = (sentence..noun.index()).rev().take(MODIFIERS + 1).map(TokenId::from_index);
    let mut words = back.take_while(|&id| doc.token(id).starts_with(|c: char| c.is_alphanumeric() || "'’".contains(c)));
    let opens = words.find(|&id| {
        let word = doc.token(id).to_lowercase();
        words::is_determiner(&word) || word == "another" || is_possessive(&word)
    })?;
    // "The spokesman", without more, is the one before.
    let points_back = opens.index() + 1 == noun.index() && doc.token(opens).eq_ignore_ascii_case("the");
    (!points_back).then_some(opens)
}

/// Whether a phrase that begins at `opens` says what somebody is: "Cole, a lawyer", "Cole is a lawyer", "as a lawyer".
fn is_said_of_somebody(doc: Segmented<'_>, mentions: &Mentions, opens: TokenId) -> bool {
    let Some(before) = doc.previous(opens).filter(|&id| doc.sentence_of(id) == doc.sentence_of(opens)) else {
        return false;
    };
    let named_before = || doc.previous(before).is_some_and(|id| mention_at(mentions, id).is_some());
    match doc.token(before).to_lowercase().as_str() {
        "is" | "was" | "were" | "are" | "be" | "been" | "being" | "became" | "become" | "as" | "like" | "not" => true,
        "," | "(" => named_before(),
        _ => false,
    }
}

/// Whether a name follows a noun: "his lawyer, Ada Cole", "a woman named Ada", "a spokesman for the mayor, Ben Cole".
pub(super) fn is_named(doc: Segmented<'_>, mentions: &Mentions, noun: TokenId) -> bool {
    const LONGEST: usize = 8;
    let end = doc.sentences()[doc.sentence_of(noun)].tokens.indexes().end;
    let after = |i: usize| (i < end).then(|| TokenId::from_index(i));
    let at = noun.index() + 1;
    let Some(next) = after(at) else { return false };
    if person_at(mentions, next).is_some() || matches!(doc.token(next), "named" | "called" | "identified") {
        return true;
    }
    let comma = (at..end.min(at + LONGEST)).map(TokenId::from_index).find(|&id| doc.token(id) == ",");
    let beyond = comma.and_then(|comma| TokenRange::of_indexes(comma.index() + 1..end));
    beyond.is_some_and(|words| person_at_start(doc, mentions, words).is_some())
}
