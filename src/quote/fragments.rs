//! Roles that the tagger broke into pieces, made whole.
//!
//! Annotators mark a source or a stretch of content as one span, with its appositions and asides; a tagger that decides
//! token by token may drop a comma, an age or half a name from the middle. Pieces of one role that stand close together
//! in one sentence, with nothing of another role between them, are one.

use crate::layer::{Id, TokenId, TokenRange};
use crate::lexicon;
use crate::mention::{Mentions, mention_at};
use crate::quote::near;
use crate::segment::Segmented;
use crate::tag::{Score, Tagged};
use crate::words;

/// The widest gap that is closed between two pieces, in tokens.
const WIDEST_GAP: usize = 3;

/// Joins neighbouring pieces of one role unless something of `others` stands between them.
pub(crate) fn join(doc: Segmented<'_>, pieces: &[Tagged], others: &[&[Tagged]]) -> Vec<Tagged> {
    let mut joined: Vec<Tagged> = Vec::with_capacity(pieces.len());
    for &piece in pieces {
        match joined.last_mut() {
            Some(last) if belongs(doc, last.tokens, piece.tokens, others) => {
                last.tokens = last.tokens.hull(piece.tokens);
                last.score = Score::new(last.score.get().min(piece.score.get()));
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// What was tagged in one piece across the end of a sentence is as many as there are sentences: "said Mike Cole. | Cole said".
pub(crate) fn by_sentence(doc: Segmented<'_>, piece: Tagged) -> impl Iterator<Item = Tagged> {
    let (first, last) = (doc.sentence_of(piece.tokens.first()), doc.sentence_of(piece.tokens.last()));
    let own = piece.tokens.indexes();
    (first.index()..=last.index()).filter_map(move |i| {
        let sentence = doc.sentences().as_slice()[i].tokens.indexes();
        let tokens = TokenRange::of_indexes(own.start.max(sentence.start)..own.end.min(sentence.end))?;
        Some(Tagged { tokens, ..piece })
    })
}

fn belongs(doc: Segmented<'_>, a: TokenRange, b: TokenRange, others: &[&[Tagged]]) -> bool {
    let Some(gap) = TokenRange::of_indexes(a.indexes().end..b.indexes().start) else { return true };
    let free = !others.iter().any(|role| !near::touching(role, gap.indexes()).is_empty());
    // Two people side by side, or two clauses, are two.
    let parted = gap.iter().any(|id| matches!(doc.token(id), ";" | ":" | "." | "!" | "?" | "”" | "“" | "\""));
    gap.len() <= WIDEST_GAP && doc.sentence_of(a.last()) == doc.sentence_of(b.first()) && free && !parted
}

/// A source as annotators mark it: whole names at its ends, its determiner, both commas of an apposition, and no other
/// punctuation around it.
pub(crate) fn whole_source(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> TokenRange {
    let mut range = source.indexes();
    let token = |i: usize| doc.token(TokenId::from_index(i));
    while range.len() > 1 && is_edge(token(range.end - 1)) {
        // The mark that closes a title belongs to it: "the film “Arrogant”".
        if token(range.end - 1) == "”" && range.clone().any(|i| token(i) == "“") {
            break;
        }
        range.end -= 1;
    }
    while range.len() > 1 && (is_edge(token(range.start)) || matches!(token(range.start), "by" | "By" | "as" | "As")) {
        range.start += 1;
    }
    let sentence = doc.sentences()[doc.sentence_of(source.first())].tokens.indexes();
    if range.start > sentence.start && opens_phrase(&token(range.start - 1).to_lowercase()) {
        range.start -= 1;
    }
    let mut whole = TokenRange::of_indexes(range).unwrap_or(source);
    if whole.len() == 1 && words::is_article(&token(whole.first().index()).to_lowercase()) {
        whole = with_noun(doc, mentions, whole);
    }
    for end in [whole.first(), whole.last()] {
        if let Some((_, name)) = mention_at(mentions, end) {
            whole = whole.hull(name);
        }
    }
    let closes = doc.next(whole.last()).filter(|&id| doc.token(id) == "," && id.index() < sentence.end);
    match closes {
        Some(comma) if whole.iter().any(|id| doc.token(id) == ",") => whole.hull(TokenRange::new(comma, comma)),
        _ => whole,
    }
}

/// A determiner that was tagged alone, with the name or noun that it stands before.
fn with_noun(doc: Segmented<'_>, mentions: &Mentions, determiner: TokenRange) -> TokenRange {
    const MODIFIERS: usize = 4;
    let sentence = doc.sentences()[doc.sentence_of(determiner.first())].tokens.indexes();
    let from = determiner.indexes().end;
    let mut after = (from..sentence.end.min(from + MODIFIERS)).map(TokenId::from_index);
    let is_word = |id: &TokenId| doc.token(*id).starts_with(char::is_alphanumeric);
    let last = after.by_ref().take_while(is_word).find_map(|id| match mention_at(mentions, id) {
        Some((_, name)) => Some(name.last()),
        // "The poet João Ferrante" goes on to the name.
        None if doc.next(id).is_some_and(|next| mention_at(mentions, next).is_some()) => None,
        None => lexicon::noun(&doc.token(id).to_lowercase()).map(|_| id),
    });
    last.map_or(determiner, |last| TokenRange::new(determiner.first(), last))
}

/// A source that ends with the pronoun of a clause about somebody is one of the two: "Cole" of "Cole, who said", but "who" of
/// "some who said". One that ends with another clause's subject is that: "he" of "when Cole left he said". Which arcs lead to
/// it is to be asked before.
pub(crate) fn one_of_two(doc: Segmented<'_>, source: TokenRange, cue: Option<TokenRange>) -> TokenRange {
    /// So far after a relative pronoun its own verb begins.
    const NEAR: usize = 2;
    let indexes = source.indexes();
    let at = |back: usize| (back < source.len()).then(|| TokenId::from_index(indexes.end - 1 - back));
    let last = doc.token(source.last());
    let Some(before) = at(1) else { return source };
    if matches!(last, "he" | "she" | "they" | "it") {
        let word = doc.token(before).to_lowercase();
        // After "in" and "on" a verb has ended: "when the mayor went on he said".
        let is_joined = matches!(word.as_str(), "and" | "or" | "nor" | "than" | "as")
            || (words::is_preposition(&word) && !matches!(word.as_str(), "in" | "on"));
        return if is_joined { source } else { TokenRange::new(source.last(), source.last()) };
    }
    if !matches!(last, "who" | "which" | "that") {
        return source;
    }
    match (doc.token(before), at(2)) {
        (",", Some(last)) => TokenRange::new(source.first(), last),
        (preposition, _) if words::is_preposition(preposition) => source,
        // "His wife, who held a sign that read “Fair pay”, said"
        _ if cue.is_some_and(|cue| cue.first().index() > indexes.end + NEAR) => TokenRange::new(source.first(), before),
        _ => TokenRange::new(source.last(), source.last()),
    }
}

fn is_edge(word: &str) -> bool {
    matches!(word, "," | ";" | ":" | "." | "“" | "”" | "\"" | "(") || words::is_dash_or_hyphen(word)
}

/// Whether a word stands at the beginning of a phrase that names somebody: "the", "her", "several".
fn opens_phrase(word: &str) -> bool {
    words::is_article(word) || words::is_possessive_pronoun(word) || words::is_quantifier(word) || word == "not"
}
