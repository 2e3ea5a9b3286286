//! Which source belongs to a cue: the one to which its arc leads, else the words beside it.

use crate::layer::{Id, TokenId, TokenRange};
use crate::mention::Mentions;
use crate::quote::content::Content;
use crate::quote::link::{FARTHEST, Gap, PAST_CUE, REACH, Roles, SOMEWHERE, followed};
use crate::quote::{near, phrase};
use crate::segment::Segmented;
use crate::tag::{ArcKind, Score, Tagged};
use crate::words;

/// The source of a cue: a tagged one, else the words directly beside it; none if the cue's arc leads nowhere.
pub(super) fn of(
    doc: Segmented<'_>,
    contents: &[Content],
    cues: &[Tagged],
    roles: Roles<'_>,
    mentions: &Mentions,
    cue: TokenRange,
) -> Option<Tagged> {
    const BESIDE: f32 = 0.6;
    if phrase::is_words_of(doc, cue) {
        let named = phrase::after(doc, mentions, cue);
        return named.map(|tokens| Tagged { tokens, score: Score::new(BESIDE) });
    }
    let possible =
        |s: &&Tagged| !s.tokens.overlaps(cue) && !near::covers(contents, s.tokens) && !is_object(doc, s.tokens, cue);
    let sources = near::around(roles.sources, cue, REACH).iter().filter(possible);
    let tagged = if roles.arcs.asks(ArcKind::Source, cue) {
        let tagged = followed(roles.arcs, ArcKind::Source, cue, sources);
        if tagged.is_none() && roles.arcs.total(ArcKind::Source, cue) < SOMEWHERE {
            return None;
        }
        tagged
    } else {
        nearest(doc, contents, cues, sources, cue)
    };
    // "Asked by a reporter whether she would": whoever is named after "by" has said it.
    let by = doc.next(cue.last()).filter(|&id| doc.token(id) == "by");
    let agent = by.and_then(|_| phrase::after(doc, mentions, cue));
    let tagged = tagged.copied().filter(|source| agent.is_none_or(|agent| agent.overlaps(source.tokens)));
    let whole = tagged.map(|source| Tagged { tokens: whole(doc, contents, source.tokens, cue), ..source });
    whole.or_else(|| {
        let words = agent.or_else(|| phrase::source_beside(doc, mentions, cue));
        words.map(|tokens| Tagged { tokens, score: Score::new(BESIDE) })
    })
}

/// A source that the tagger broke off before its last words: "Ada Cole, head of" before "Northmere Rail, said". It goes on to
/// the cue, or, behind the cue, to the next comma; where that is too far, what is left open is cut off.
fn whole(doc: Segmented<'_>, contents: &[Content], source: TokenRange, cue: TokenRange) -> TokenRange {
    const FARTHEST: usize = 16;
    let is_open = |id: TokenId| {
        let word = doc.token(id);
        words::is_preposition(word) || words::is_article(word) || matches!(word, "and" | "or" | "as" | "has" | "is")
    };
    if source.len() < 2 || !is_open(source.last()) {
        return source;
    }
    let sentence = doc.sentences()[doc.sentence_of(source.first())].tokens.indexes().end;
    let end = if source < cue { cue.first().index() } else { sentence }.min(source.indexes().end + FARTHEST + 1);
    let rest = || (source.indexes().end..end).map(TokenId::from_index);
    let ends = |id: &TokenId| matches!(doc.token(*id), "," | ";" | "." | "!" | "?") || words::is_dash(doc.token(*id));
    let last = if source < cue { rest().rev().find(|id| !ends(id)) } else { rest().take_while(|id| !ends(id)).last() };
    // The comma that closes an apposition belongs to it.
    let is_comma = |id: &TokenId| doc.token(*id) == ",";
    let closing =
        last.and_then(|last| doc.next(last)).filter(|id| is_comma(id) && source.iter().any(|id| is_comma(&id)));
    let longer = closing.or(last).map(|last| TokenRange::new(source.first(), last));
    let is_free = |tokens: &TokenRange| {
        tokens.len() <= source.len() + FARTHEST
            && tokens.indexes().end <= sentence
            && last.is_some_and(|last| !is_open(last))
            && near::touching(contents, source.indexes().end..tokens.indexes().end).is_empty()
    };
    longer.filter(is_free).unwrap_or_else(|| {
        let closed = source.iter().rev().find(|&id| !is_open(id) && doc.token(id) != ",");
        closed.map_or(source, |last| TokenRange::new(source.first(), last))
    })
}

/// Whether a source is only what is spoken of: "calling it “a gift”", but not "according to him".
pub(super) fn is_object(doc: Segmented<'_>, source: TokenRange, cue: TokenRange) -> bool {
    let verb = doc.token(cue.last());
    source.len() == 1
        && source.first().index() == cue.indexes().end
        && matches!(doc.token(source.first()), "it" | "him" | "them" | "us" | "me" | "this" | "that")
        && !words::is_preposition(verb)
}

/// The nearest of some sources that stand in the sentence of a cue.
fn nearest<'s>(
    doc: Segmented<'_>,
    contents: &[Content],
    cues: &[Tagged],
    sources: impl Iterator<Item = &'s Tagged>,
    cue: TokenRange,
) -> Option<&'s Tagged> {
    let cost = |source: &Tagged| -> usize {
        let gap = Gap::between(source.tokens, cue);
        let covered =
            |&i: &usize| near::covers(contents, TokenRange::new(TokenId::from_index(i), TokenId::from_index(i)));
        gap.tokens.clone().filter(|i| !covered(i)).count() + gap.holds(contents) * 3 + gap.holds(cues) * PAST_CUE
    };
    let sentence = doc.sentence_of(cue.first());
    let here = sources.filter(|s| doc.sentence_of(s.tokens.first()) == sentence);
    let (source, cost) = here.map(|s| (s, cost(s))).min_by_key(|&(s, cost)| (cost, s.tokens))?;
    (cost <= 2 * FARTHEST).then_some(source)
}
