//! What somebody or something is said to be beside its name: "the teachers' union, the Freight Alliance", "the Freight
//! Alliance, a small union", "the candidate of the Greens, Dr. Ada Cole".

use crate::entity::{closes, ends_complement};
use crate::layer::{Id, TokenId, TokenRange};
use crate::lexicon;
use crate::segment::Segmented;
use crate::words;

/// How many words may stand between the article of a phrase and its head.
const MODIFIERS: usize = 3;
/// How many words may stand between the head of a phrase and a name after its comma ("the candidate of the Greens in Dalby").
const COMPLEMENT: usize = 12;

/// Whether a noun is the head of a phrase to which a name stands in apposition.
pub(super) fn is_beside(doc: Segmented<'_>, name: TokenRange, noun: &str) -> bool {
    is_before(doc, name, noun) || is_after(doc, name, noun)
}

fn is_before(doc: Segmented<'_>, name: TokenRange, noun: &str) -> bool {
    let sentence = doc.sentences()[doc.sentence_of(name.first())].tokens.first().index();
    let back = |from: TokenId| (sentence..from.index()).rev().map(TokenId::from_index);
    let is_title = |id: TokenId| doc.token(id) == "the" || lexicon::is_title(&doc.token(id).to_lowercase());
    let comma = back(name.first()).take(COMPLEMENT).find(|&id| !is_title(id)).filter(|&id| doc.token(id) == ",");
    let Some(comma) = comma.filter(|_| closes(doc, name)) else { return false };
    let phrase = back(comma).take(COMPLEMENT).take_while(|&id| is_word(doc, id) && !ends_complement(doc.token(id)));
    phrase.filter(|&id| doc.token(id).eq_ignore_ascii_case(noun)).any(|head| {
        let is_last = head.index() + 1 == comma.index();
        // "The mother of the candidate, Ada Cole": another noun is the head.
        let is_complement = || back(head).take(MODIFIERS).any(|id| words::is_preposition(doc.token(id)));
        let goes_on = doc.next(head).is_some_and(|id| matches!(doc.token(id), "of" | "for"));
        if is_last { !is_complement() } else { goes_on }
    })
}

fn is_after(doc: Segmented<'_>, name: TokenRange, noun: &str) -> bool {
    let end = doc.sentences()[doc.sentence_of(name.last())].tokens.indexes().end;
    let mut after = (name.indexes().end..end).map(TokenId::from_index);
    let opens = after.next().is_some_and(|id| doc.token(id) == ",")
        && after.next().is_some_and(|id| matches!(doc.token(id), "a" | "an" | "the" | "its"));
    let phrase = after.take(MODIFIERS + 1).take_while(|&id| is_word(doc, id) && !ends_phrase(doc.token(id)));
    opens && phrase.last().is_some_and(|head| doc.token(head).eq_ignore_ascii_case(noun))
}

fn is_word(doc: Segmented<'_>, id: TokenId) -> bool {
    doc.token(id).starts_with(|c: char| c.is_alphanumeric() || "'’()".contains(c))
}

fn ends_phrase(word: &str) -> bool {
    words::is_preposition(word) || words::is_relative_pronoun(word) || matches!(word, "and" | "based" | "(")
}
