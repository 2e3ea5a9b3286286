//! Whom a sentence before is about where it names nobody: "A woman who lives nearby heard it. “I woke up,” she said."

use crate::attribute::head::Definite;
use crate::attribute::pronoun::gender_of;
use crate::attribute::unnamed;
use crate::layer::{Id, TokenId, TokenRange};
use crate::lexicon::{self, Gender, Noun};
use crate::mention::{Mentions, mention_at, person_at};
use crate::segment::Segmented;

/// How many sentences back a pronoun looks for such a subject.
const REACH: usize = 3;
/// How many words may stand between the article and its noun.
const MODIFIERS: usize = 4;
/// How many tokens back at most, in a text without sentences.
const FARTHEST: usize = 150;

/// The noun at the head of the subject with which a sentence before the pronoun at `at` begins, in its paragraph or the one
/// before, if nobody was named since outside quotation marks and the noun's gender is the pronoun's.
pub(super) fn before(
    doc: Segmented<'_>,
    mentions: &Mentions,
    at: TokenId,
    gender: Gender,
) -> Option<(Noun, TokenId, Definite)> {
    let here = doc.sentence_of(at).index();
    let back = (at.index().saturating_sub(FARTHEST)..at.index()).rev().map(TokenId::from_index);
    let names = |id: TokenId| {
        !doc.is_in_marks(id) && person_at(mentions, id).is_some_and(|(_, name)| !is_complement(doc, name))
    };
    let near = |id: TokenId| {
        doc.sentence_of(id).index() + REACH >= here && doc.paragraph_of(id).index() + 1 >= doc.paragraph_of(at).index()
    };
    let opening = back
        .take_while(|&id| near(id) && !names(id))
        .filter(|&id| doc.sentence_of(id).index() < here && !doc.is_in_marks(id))
        .find(|&id| doc.sentences()[doc.sentence_of(id)].tokens.first() == id && article(doc, id).is_some())?;
    let definite = article(doc, opening)?;
    let words = (opening.index() + 1..=opening.index() + 1 + MODIFIERS).map(TokenId::from_index);
    let sentence = doc.sentences()[doc.sentence_of(opening)].tokens;
    let individual = |id: TokenId| matches!(lexicon::noun(&doc.token(id).to_lowercase()), Some(Noun::Individual(_)));
    // "One police officer", whose head is the last of its nouns.
    let mut words = words.take_while(|&id| sentence.has(id) && mention_at(mentions, id).is_none());
    // "One, who would not be named, works in Dalby."
    let is_alone = matches!(doc.token(opening), "One" | "Another")
        && sentence
            .iter()
            .skip(1)
            .find(|&id| doc.token(id) != ",")
            .is_some_and(|id| matches!(doc.token(id), "who" | "whose"));
    if is_alone {
        let talked_of = is_talked_of(doc, mentions, opening, at, gender);
        return talked_of.then_some((Noun::Individual(None), opening, Definite::No));
    }
    let noun = words.find(|&id| individual(id) && doc.next(id).is_none_or(|next| !individual(next)))?;
    if !is_talked_of(doc, mentions, opening, at, gender) {
        return None;
    }
    let of = lexicon::gender_of_title(&doc.token(noun).to_lowercase());
    let agrees = of.is_none_or(|of| of == gender) && !unnamed::is_named(doc, mentions, noun);
    agrees.then(|| lexicon::noun(&doc.token(noun).to_lowercase())).flatten().map(|kind| (kind, noun, definite))
}

/// Whether the sentence that begins at `opening` brings somebody in whom a pronoun may mean: it opens the pronoun's paragraph,
/// or the one before, or follows sentences that name nobody and speak of nobody of that gender; and speaks of nobody else
/// itself.
fn is_talked_of(doc: Segmented<'_>, mentions: &Mentions, opening: TokenId, at: TokenId, gender: Gender) -> bool {
    let paragraph = doc.paragraph_of(opening);
    let first = doc.paragraphs()[paragraph].tokens.first();
    let before = first.index().max(opening.index().saturating_sub(FARTHEST))..opening.index();
    let names = |i: usize| person_at(mentions, TokenId::from_index(i)).is_some();
    if before.clone().any(names) {
        return false;
    }
    let genders = |tokens: std::ops::Range<usize>| {
        tokens.map(TokenId::from_index).filter(|&id| !doc.is_in_marks(id)).filter_map(|id| gender_of(doc.token(id)))
    };
    let sentence = doc.sentences()[doc.sentence_of(opening)].tokens.indexes();
    let is_first = first == opening;
    let here = paragraph == doc.paragraph_of(at);
    (is_first || here) && !genders(before).any(|of| of == gender) && !genders(sentence).any(|of| of != gender)
}

/// Whether a name is only said of somebody else: "a spokesman for Ada Cole".
fn is_complement(doc: Segmented<'_>, name: TokenRange) -> bool {
    let sentence = doc.sentences()[doc.sentence_of(name.first())].tokens.first().index();
    let mut back = (sentence..name.first().index()).rev().take(2 * MODIFIERS).map(TokenId::from_index);
    let before = back.find(|&id| !lexicon::is_title(&doc.token(id).to_lowercase()));
    let preposition = before.filter(|&id| matches!(doc.token(id), "for" | "of" | "to"));
    let noun = preposition.and_then(|id| doc.previous(id)).map(|id| doc.token(id).to_lowercase());
    noun.is_some_and(|noun| matches!(lexicon::noun(&noun), Some(Noun::Individual(_))))
}

/// Whether the article that stands at a token brings somebody in, or points at somebody known.
fn article(doc: Segmented<'_>, id: TokenId) -> Option<Definite> {
    match doc.token(id) {
        "A" | "An" | "One" | "Another" => Some(Definite::No),
        "The" => Some(Definite::Yes),
        _ => None,
    }
}
