//! Which cue introduces which content, and which source belongs to which cue.
//!
//! Within a paragraph every content looks for its cheapest cue: where the tagger's arcs lead, or, with a tagger that has
//! none, near, in the same sentence, with nothing of another quotation in between. Contents that choose the same cue are one
//! quotation in several parts. Words in marks without a cue of their own continue the quotation before them. A cue that
//! stands inside a content introduces a quotation within that quotation.

use std::collections::HashMap;
use std::ops::Range;

use crate::layer::{Id, TokenId, TokenRange};
use crate::mention::Mentions;
use crate::quote::content::Content;
use crate::quote::near::{self, Placed};
use crate::quote::{Finding, phrase, source};
use crate::segment::Segmented;
use crate::tag::{ArcKind, Arcs, Score, Tagged};

/// A quotation before it has a number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) parts: Vec<TokenRange>,
    pub(crate) cue: Option<TokenRange>,
    pub(crate) source: Option<TokenRange>,
    pub(crate) score: Score,
    pub(crate) found_by: Finding,
    /// Whether its last part is direct speech whose marks are still open at the paragraph's end.
    pub(crate) open: bool,
}

/// What the tagger found in one paragraph, and where its arcs lead.
#[derive(Clone, Copy)]
pub(crate) struct Roles<'a> {
    pub(crate) cues: &'a [Tagged],
    pub(crate) sources: &'a [Tagged],
    pub(crate) arcs: &'a Arcs,
}

/// An arc that is less likely to lead somewhere than this is not followed.
const LEAST: f32 = 0.1;
/// What leads to words with less than this in all leads nowhere.
pub(super) const SOMEWHERE: f32 = 0.3;
/// A content farther from a cue than this, in the costs below, is not introduced by it.
pub(super) const FARTHEST: usize = 14;
/// Nothing farther away than this, in tokens, is looked at.
pub(super) const REACH: usize = 120;
const ACROSS_SENTENCES: usize = 8;
const PAST_CONTENT: usize = 5;
pub(super) const PAST_CUE: usize = 5;

/// The quotations of one paragraph that have a cue, and those in marks that have none, in text order.
pub(crate) fn quotations(
    doc: Segmented<'_>,
    contents: &[Content],
    roles: Roles<'_>,
    mentions: &Mentions,
) -> Vec<Draft> {
    let lexical = lexical_cues(doc, contents, roles);
    let mut cues: Vec<Tagged> = roles.cues.to_vec();
    cues.extend(lexical);
    cues.sort_by_key(|c| c.tokens);
    let (inside, outside): (Vec<Tagged>, Vec<Tagged>) = cues.iter().partition(|c| near::covers(contents, c.tokens));

    let mut drafts: Vec<Draft> = Vec::new();
    let mut of_cue: HashMap<TokenRange, usize> = HashMap::new();
    for content in contents {
        match introducing(doc, contents, &outside, roles, content) {
            Some(cue) if breaks_off(doc, content, cue.tokens) => {}
            Some(cue) => {
                if let Some(&draft) = of_cue.get(&cue.tokens) {
                    extend(&mut drafts[draft], content);
                } else {
                    of_cue.insert(cue.tokens, drafts.len());
                    drafts.push(cued(doc, contents, &outside, roles, mentions, content, cue));
                }
            }
            None if content.direct => match drafts.last_mut().filter(|d| goes_on(doc, d, content)) {
                Some(draft) => extend(draft, content),
                None => drafts.push(Draft {
                    parts: vec![content.tokens],
                    cue: None,
                    source: None,
                    score: content.score,
                    found_by: Finding::Floating,
                    open: content.open,
                }),
            },
            None => {}
        }
    }
    drafts.extend(inside.iter().filter_map(|cue| nested(doc, contents, roles, mentions, *cue)));
    drafts
}

/// Whether what is taken for content before its cue is none: nobody reports a sentence and half of the next one. In a letter
/// or a column, where all is somebody's voice, the tagger takes such words for content now and then.
fn breaks_off(doc: Segmented<'_>, content: &Content, cue: TokenRange) -> bool {
    let Content { tokens, direct, .. } = *content;
    let is_word = |id: TokenId| doc.token(id).starts_with(char::is_alphanumeric);
    !direct
        && tokens.last() < cue.first()
        && doc.sentence_of(tokens.first()) != doc.sentence_of(tokens.last())
        && doc.next(tokens.last()).is_some_and(is_word)
}

fn extend(draft: &mut Draft, content: &Content) {
    draft.parts.push(content.tokens);
    draft.score = Score::new(draft.score.get().min(content.score.get()));
    draft.open = content.open;
}

/// Whether words in marks without a cue continue a quotation in marks before them in the paragraph: with a sentence of the
/// author's between them at most.
fn goes_on(doc: Segmented<'_>, draft: &Draft, content: &Content) -> bool {
    let Some(last) = draft.parts.last() else { return false };
    let first_is_mark = |tokens: TokenRange| !doc.token(tokens.first()).chars().any(char::is_alphanumeric);
    (first_is_mark(draft.parts[0]) || first_is_mark(*last))
        && last.last() < content.tokens.first()
        && doc.sentence_of(last.last()).index() + 2 >= doc.sentence_of(content.tokens.first()).index()
}

fn cued(
    doc: Segmented<'_>,
    contents: &[Content],
    cues: &[Tagged],
    roles: Roles<'_>,
    mentions: &Mentions,
    content: &Content,
    cue: Tagged,
) -> Draft {
    let source = source::of(doc, contents, cues, roles, mentions, cue.tokens);
    let score =
        [content.score, cue.score].into_iter().chain(source.map(|s| s.score)).map(Score::get).fold(1.0, f32::min);
    let source = source.map(|s| s.tokens);
    Draft {
        parts: vec![content.tokens],
        cue: Some(cue.tokens),
        source,
        score: Score::new(score),
        found_by: Finding::Cue,
        open: content.open,
    }
}

/// Cues read from the words beside direct speech where the tagger has none.
fn lexical_cues(doc: Segmented<'_>, contents: &[Content], roles: Roles<'_>) -> Vec<Tagged> {
    const SURE: f32 = 0.7;
    let mut found: Vec<Tagged> = Vec::new();
    for content in contents {
        let after = phrase::speech_verb_after(doc, content.tokens.last()).filter(|_| content.direct);
        let before = doc
            .previous(content.tokens.first())
            .map(|id| if matches!(doc.token(id), "," | ":") { doc.previous(id) } else { Some(id) });
        let before = before.flatten().filter(|&id| content.direct && phrase::is_speech_verb(doc, id));
        let beside = [before, after].into_iter().flatten().map(|id| TokenRange::new(id, id));
        for cue in beside.chain(phrase::words_of(doc, content.tokens.first())) {
            let known = !near::around(roles.cues, cue, 3).is_empty()
                || found.iter().rev().take(2).any(|f| f.tokens.overlaps(cue));
            if !known && !near::covers(contents, cue) {
                found.push(Tagged { tokens: cue, score: Score::new(SURE) });
            }
        }
    }
    found
}

/// The place to which an arc most likely leads, if there is one.
pub(super) fn followed<'t>(
    arcs: &Arcs,
    kind: ArcKind,
    from: TokenRange,
    places: impl Iterator<Item = &'t Tagged>,
) -> Option<&'t Tagged> {
    let weighed = places.filter_map(|place| Some((place, arcs.weight(kind, from, place.tokens)?)));
    let (place, weight) = weighed.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    (weight >= LEAST).then_some(place)
}

/// The cue that introduces a content, if one does.
fn introducing(
    doc: Segmented<'_>,
    contents: &[Content],
    cues: &[Tagged],
    roles: Roles<'_>,
    content: &Content,
) -> Option<Tagged> {
    let near = near::around(cues, content.tokens, REACH).iter();
    let led_to = followed(roles.arcs, ArcKind::Cue, content.tokens, near).copied();
    // Beside words in marks a cue is hard to mistake, even one that no arc leads to. After a lead-in the arc may lead to the
    // cue there, and one in the paragraph comes before that.
    let elsewhere = || announced(doc, content) && roles.arcs.total(ArcKind::Cue, content.tokens) >= SOMEWHERE;
    if led_to.is_some() || (roles.arcs.asks(ArcKind::Cue, content.tokens) && !content.direct && !elsewhere()) {
        return led_to;
    }
    cheapest(doc, contents, cues, roles.sources, content)
}

/// Whether the paragraph before that of a content ends with a colon.
fn announced(doc: Segmented<'_>, content: &Content) -> bool {
    let first = doc.paragraphs()[doc.paragraph_of(content.tokens.first())].tokens.first();
    doc.previous(first).is_some_and(|before| doc.token(before) == ":")
}

/// The cue that is nearest to a content, if one is near enough.
fn cheapest(
    doc: Segmented<'_>,
    contents: &[Content],
    cues: &[Tagged],
    sources: &[Tagged],
    content: &Content,
) -> Option<Tagged> {
    let cost = |cue: &Tagged| -> usize {
        let gap = Gap::between(cue.tokens, content.tokens);
        let words = gap.tokens.clone().map(TokenId::from_index).filter(|&id| {
            let one = TokenRange::new(id, id);
            doc.token(id).chars().any(char::is_alphanumeric)
                && !near::covers(sources, one)
                && !near::covers(contents, one)
        });
        let sentences = usize::from(doc.sentence_of(gap.before) != doc.sentence_of(gap.after));
        words.count() + sentences * ACROSS_SENTENCES + gap.holds(contents) * PAST_CONTENT + gap.holds(cues) * PAST_CUE
    };
    let (best, least) = near::around(cues, content.tokens, REACH)
        .iter()
        .map(|cue| (cue, cost(cue)))
        .min_by_key(|&(cue, cost)| (cost, cue.tokens))?;
    (least <= FARTHEST).then_some(*best)
}

/// What lies between two places.
pub(super) struct Gap {
    before: TokenId,
    after: TokenId,
    pub(super) tokens: Range<usize>,
}

impl Gap {
    pub(super) fn between(a: TokenRange, b: TokenRange) -> Self {
        let (a, b) = if a < b { (a, b) } else { (b, a) };
        Self { before: a.last(), after: b.first(), tokens: a.indexes().end..b.first().index().max(a.indexes().end) }
    }

    /// How many of `items` lie wholly in it.
    pub(super) fn holds<T: Placed>(&self, items: &[T]) -> usize {
        let inside = |t: TokenRange| self.tokens.start <= t.indexes().start && t.indexes().end <= self.tokens.end;
        near::touching(items, self.tokens.clone()).iter().filter(|item| inside(item.tokens())).count()
    }
}

/// The quotation that a cue inside a content introduces: "that officials said the bridge was closed".
fn nested(
    doc: Segmented<'_>,
    contents: &[Content],
    roles: Roles<'_>,
    mentions: &Mentions,
    cue: Tagged,
) -> Option<Draft> {
    let around = near::touching(contents, cue.tokens.indexes()).first()?;
    let sentence = doc.sentences()[doc.sentence_of(cue.tokens.first())].tokens;
    let Range { start, end } = cue.tokens.indexes();
    let from = sentence.first().max(around.tokens.first()).index().max(start.saturating_sub(REACH));
    let to = (sentence.last().min(around.tokens.last()).index() + 1).min(end + REACH);
    let is_word = |&i: &usize| doc.token(TokenId::from_index(i)).chars().any(char::is_alphanumeric);
    let mut inside = near::touching(roles.sources, from..to)
        .iter()
        .filter(|s| from <= s.tokens.first().index() && s.tokens.last().index() < to && !s.tokens.overlaps(cue.tokens))
        .filter(|s| !source::is_object(doc, s.tokens, cue.tokens));
    let source = if roles.arcs.asks(ArcKind::Source, cue.tokens) {
        followed(roles.arcs, ArcKind::Source, cue.tokens, inside.by_ref())
    } else {
        inside.min_by_key(|s| (s.tokens.first().index().abs_diff(cue.tokens.first().index()), s.tokens))
    };
    let beside = || phrase::source_beside(doc, mentions, cue.tokens).map(|tokens| Tagged { tokens, score: cue.score });
    let source = source.copied().or_else(beside)?;
    let after_start = if source.tokens > cue.tokens { source.tokens.indexes().end } else { cue.tokens.indexes().end };
    let range = if (after_start..to).filter(is_word).count() >= 2 {
        after_start..to
    } else {
        from..source.tokens.first().min(cue.tokens.first()).index()
    };
    let first = range.clone().find(is_word)?;
    let last = range.rev().find(is_word)?;
    let tokens = TokenRange::new(TokenId::from_index(first), TokenId::from_index(last));
    if tokens.len() < 2 || tokens.contains(source.tokens) {
        return None;
    }
    let score = Score::new(cue.score.get().min(source.score.get()).min(around.score.get()));
    Some(Draft {
        parts: vec![tokens],
        cue: Some(cue.tokens),
        source: Some(source.tokens),
        score,
        found_by: Finding::Cue,
        open: false,
    })
}
