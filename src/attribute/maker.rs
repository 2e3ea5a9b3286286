//! Whose a document is: "a Northmere University poll" is the university's, "a study by Ada Cole" hers. And which body is
//! called by whose name: "the Cole campaign".

use crate::layer::{Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Noun, is_genitive};
use crate::mention::{Mentions, mention_at, person_at_start};
use crate::segment::Segmented;
use crate::tag::Label;
use crate::words;

/// How many words may stand between a maker's name and the document, on either side.
const BETWEEN: usize = 3;
/// How far back "the poll" looks for the poll that it means, in tokens.
const REACH: usize = 2000;

/// Who made a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Maker {
    One(MentionId),
    /// Several names joined by a stroke ("Northmere/Ostley").
    Several(TokenRange),
}

/// Who made the document whose noun stands at `at`: named beside it, or beside the same noun the last time before, or else
/// the next time, as after a headline.
pub(super) fn of(doc: Segmented<'_>, mentions: &Mentions, at: TokenId) -> Option<Maker> {
    let name = same_noun(doc, at).find_map(|noun| beside(doc, mentions, noun))?;
    let mut first = mentions[name].tokens.first();
    while let Some(stroke) = doc.previous(first).filter(|&id| doc.token(id) == "/")
        && let Some((_, before)) = doc.previous(stroke).and_then(|id| mention_at(mentions, id))
    {
        first = before.first();
    }
    let joined = first < mentions[name].tokens.first();
    let several = || Maker::Several(TokenRange::new(first, mentions[name].tokens.last()));
    Some(if joined { several() } else { Maker::One(name) })
}

/// The words that name the body whose noun stands at `at`, where it is one that people, offices and places lend their names
/// to: "Cole campaign", "Ada Cole's campaign", or the same the last time before for "the campaign".
pub(super) fn called(doc: Segmented<'_>, mentions: &Mentions, at: TokenId) -> Option<TokenRange> {
    const LENT: [&str; 5] = ["campaign", "administration", "camp", "transition", "presidency"];
    if !LENT.contains(&doc.token(at).to_lowercase().as_str()) {
        return None;
    }
    same_noun(doc, at).take_while(|&noun| noun <= at).find_map(|noun| {
        let before = doc.previous(noun)?;
        let owned = is_genitive(doc.token(before));
        let (_, name) = mention_at(mentions, if owned { doc.previous(before)? } else { before })?;
        Some(TokenRange::new(name.first(), noun))
    })
}

/// The noun at `at`, then the same noun wherever it stands before, the nearest first, then after.
fn same_noun(doc: Segmented<'_>, at: TokenId) -> impl Iterator<Item = TokenId> {
    let same = move |i: usize| same(doc.token(TokenId::from_index(i)), doc.token(at));
    let before = (at.index().saturating_sub(REACH)..at.index()).rev();
    let after = at.index() + 1..(at.index() + REACH).min(doc.tokens().len());
    std::iter::once(at).chain(before.chain(after).filter(move |&i| same(i)).map(TokenId::from_index))
}

/// The name before the noun in its phrase ("the Cole report", "Northmere's latest opinion poll"), or after "by" or "from".
fn beside(doc: Segmented<'_>, mentions: &Mentions, noun: TokenId) -> Option<MentionId> {
    let sentence = doc.sentences()[doc.sentence_of(noun)].tokens;
    let made = |id: MentionId| matches!(mentions[id].label, Label::Per | Label::Org);
    let name_at = |id: TokenId| mention_at(mentions, id);
    let mut before = (sentence.first().index()..noun.index()).rev().take(BETWEEN + 1).map(TokenId::from_index);
    let name = before.find_map(|id| match name_at(id) {
        Some((name, _)) => Some(Some(name)),
        None => ends_phrase(doc.token(id)).then_some(None),
    });
    if let Some(name) = name.flatten().filter(|&name| made(name)) {
        return Some(name);
    }
    // "a study released on Friday by the ministry": as far as the first comma or verb, which no list can tell; so not far.
    let mut after = (noun.index() + 1..=sentence.last().index()).take(2 * BETWEEN).map(TokenId::from_index);
    let by = after.find_map(|id| match doc.token(id) {
        "by" | "from" => Some(Some(id)),
        word => ends_clause(word).then_some(None),
    })??;
    let mut from = (by.index() + 1..=sentence.last().index()).take(BETWEEN + 1).map(TokenId::from_index);
    // "a statement written by her daughter, Ada Cole"
    let is_somebody = |id: TokenId| matches!(lexicon::noun(&doc.token(id).to_lowercase()), Some(Noun::Individual(_)));
    from.find_map(|id| match name_at(id) {
        Some((name, _)) => Some(Some(name)),
        None if doc.token(id) == "," && doc.previous(id).is_some_and(is_somebody) => {
            let words = doc.next(id).filter(|&id| sentence.has(id)).map(|id| TokenRange::new(id, sentence.last()));
            let person = words.and_then(|words| person_at_start(doc, mentions, words));
            Some(person.and_then(|name| name_at(name.first())).map(|(name, _)| name))
        }
        None => ends_clause(doc.token(id)).then_some(None),
    })?
    .filter(|&name| made(name))
}

fn ends_phrase(word: &str) -> bool {
    ends_clause(word)
        || matches!(
            word.to_lowercase().as_str(),
            "a" | "an" | "the" | "of" | "by" | "from" | "in" | "on" | "and" | "to"
        )
}

fn ends_clause(word: &str) -> bool {
    matches!(word, "," | ";" | ":" | "." | "said" | "says" | "(" | ")" | "“" | "”" | "\"")
        || words::is_dash(word)
        || words::is_relative_pronoun(word)
}

/// Whether two nouns are the same but for an "s" at the end.
fn same(a: &str, b: &str) -> bool {
    let singular = |word: &'_ str| word.len() - usize::from(word.ends_with(['s', 'S']));
    a.as_bytes()[..singular(a)].eq_ignore_ascii_case(&b.as_bytes()[..singular(b)])
}
