//! What is quoted: the tagger's contents and the words in quotation marks, made to agree.
//!
//! Marks are exact about where speech begins and ends but say nothing of whose it is, or whether it is speech at all; the
//! tagger knows speech from a nickname but may be a word off at the edges. So a tagged content snaps to the marks that it
//! mostly fills, and words in marks that the tagger passed over are taken only if they look like speech.

use crate::layer::{Id, ParagraphId, TokenId, TokenRange};
use crate::lexicon::{self, VerbClass};
use crate::quote::{near, phrase};
use crate::segment::{InMarks, Segmented};
use crate::tag::{Score, Tagged};

/// A stretch of content within one paragraph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Content {
    pub(crate) tokens: TokenRange,
    pub(crate) score: Score,
    /// Whether it lies wholly inside quotation marks.
    pub(crate) direct: bool,
    /// Whether the marks it fills are left open at the paragraph's end, so that the next paragraph may go on.
    pub(crate) open: bool,
}

/// How sure one can be that words in marks that look like speech are speech.
const LOOKS_LIKE_SPEECH: f32 = 0.8;

/// The contents of one paragraph, in text order, without overlaps.
pub(crate) fn find(doc: Segmented<'_>, paragraph: ParagraphId, tagged: &[Tagged]) -> Vec<Content> {
    let snapped = tagged.iter().filter_map(|tag| Some(Tagged { tokens: snap(doc, tag.tokens)?, ..*tag }));
    let mut found: Vec<Tagged> = snapped.filter(|tag| !is_name_in_marks(doc, tag.tokens)).collect();
    found.sort_by_key(|f| f.tokens);
    let mut merged: Vec<Tagged> = Vec::with_capacity(found.len());
    for next in found {
        match merged.last_mut() {
            Some(last) if last.tokens.overlaps(next.tokens) => {
                last.tokens = last.tokens.hull(next.tokens);
                last.score = Score::new(last.score.get().max(next.score.get()));
            }
            _ => merged.push(next),
        }
    }
    let marks = doc.marks_in(doc.paragraphs()[paragraph].tokens);
    let untagged = marks.iter().filter(|mark| near::touching(&merged, mark.tokens.indexes()).is_empty());
    let speech: Vec<_> = untagged
        .filter(|mark| looks_like_speech(doc, mark))
        .map(|mark| Tagged { tokens: mark.tokens, score: Score::new(LOOKS_LIKE_SPEECH) })
        .collect();
    merged.extend(speech);
    merged.sort_by_key(|f| f.tokens);
    let end = doc.paragraphs()[paragraph].tokens.last();
    merged
        .into_iter()
        .map(|Tagged { tokens, score }| {
            let around = doc.marks_in(tokens).iter().find(|m| m.tokens.contains(tokens));
            Content {
                tokens,
                score,
                direct: around.is_some(),
                open: around.is_some_and(|m| !m.closed && tokens.last() == end),
            }
        })
        .collect()
}

/// Moves the edges of a tagged content to those of the marks that it fills, or mostly fills.
fn snap(doc: Segmented<'_>, tagged: TokenRange) -> Option<TokenRange> {
    let mut range = tagged.indexes();
    for mark in doc.marks_in(tagged) {
        let (from, to) = (mark.tokens.indexes().start, mark.tokens.indexes().end);
        let shared = range.end.min(to) - range.start.max(from).min(range.end.min(to));
        let fills = 2 * shared >= mark.tokens.len();
        let inside = from <= range.start && range.end <= to;
        if fills || (inside && looks_like_speech(doc, mark)) {
            range = range.start.min(from)..range.end.max(to);
        } else if !inside {
            // A word or two of somebody's marks at the edge of other content: not part of it.
            range = if range.start < from { range.start..from } else { to..range.end };
        }
    }
    let word = |i: usize| doc.token(TokenId::from_index(i));
    let in_marks = |i: usize| doc.is_in_marks(TokenId::from_index(i));
    // A stop inside the marks belongs to the speech.
    while range.len() > 1 && matches!(word(range.end - 1), "," | "." | ";" | ":") && !in_marks(range.end - 1) {
        range.end -= 1;
    }
    while range.len() > 1 && matches!(word(range.start), "," | "." | ";" | ":") {
        range.start += 1;
    }
    TokenRange::of_indexes(range)
}

/// Whether a content is a few capitalised words in marks and nothing else, a nickname or a title, which nobody says.
fn is_name_in_marks(doc: Segmented<'_>, tokens: TokenRange) -> bool {
    doc.marks_in(tokens).iter().any(|mark| mark.tokens == tokens && is_title(doc, mark) && !is_introduced(doc, mark))
}

/// Whether words in marks have the form of a title: short, capitals, no stop.
fn is_title(doc: Segmented<'_>, mark: &InMarks) -> bool {
    const LONGEST: usize = 8;
    let Some(inside) = mark.inside() else { return false };
    let words = inside.iter().map(|id| doc.token(id)).filter(|w| w.chars().any(char::is_alphanumeric));
    let capital = |w: &str| w.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    let (all, capitals) = words.fold((0, 0), |(all, capitals), w| (all + 1, capitals + usize::from(capital(w))));
    all <= LONGEST && capitals * 3 >= all * 2 && !ends_as_speech(doc, inside)
}

fn ends_as_speech(doc: Segmented<'_>, inside: TokenRange) -> bool {
    matches!(doc.token(inside.last()), "," | "." | "!" | "?" | "…" | "..." | "—" | "--")
}

/// Whether words in marks are speech, and not a nickname, a title, or words held at arm's length.
fn looks_like_speech(doc: Segmented<'_>, mark: &InMarks) -> bool {
    let Some(inside) = mark.inside() else { return false };
    let words: Vec<&str> =
        inside.iter().map(|id| doc.token(id)).filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    let ends_as_speech = ends_as_speech(doc, inside);
    let introduced = is_introduced(doc, mark);
    let is_title = is_title(doc, mark);
    let is_sentence = words.first().is_some_and(|w| w.chars().next().is_some_and(char::is_uppercase)) && ends_as_speech;
    match words.len() {
        0 => false,
        // “I am,” said Ada, “happy.”: a comma before the marks and a stop inside them.
        1..=3 if ends_as_speech => introduced || follows(doc, mark, ",") || (is_sentence && stands_alone(doc, mark)),
        1..=3 => (introduced || follows(doc, mark, ":")) && !is_title,
        _ => introduced || is_sentence || !mark.closed || (words.len() >= 6 && !is_title),
    }
}

/// Whether a verb that can introduce speech stands directly before or after the marks.
fn is_introduced(doc: Segmented<'_>, mark: &InMarks) -> bool {
    let says = |id: TokenId| lexicon::reporting_verb(&doc.token(id).to_lowercase()) == Some(VerbClass::Say);
    let before = doc
        .previous(mark.tokens.first())
        .map(|id| if matches!(doc.token(id), "," | ":") { doc.previous(id) } else { Some(id) });
    before.flatten().is_some_and(says)
        || phrase::speech_verb_after(doc, mark.tokens.last()).is_some()
        || phrase::words_of(doc, mark.tokens.first()).is_some()
}

/// Whether a punctuation mark stands directly before the opening mark.
fn follows(doc: Segmented<'_>, mark: &InMarks, punctuation: &str) -> bool {
    doc.previous(mark.tokens.first()).is_some_and(|id| doc.token(id) == punctuation)
}

/// Whether the marks fill their whole sentence.
fn stands_alone(doc: Segmented<'_>, mark: &InMarks) -> bool {
    let sentence = doc.sentences()[doc.sentence_of(mark.tokens.first())].tokens;
    mark.tokens.contains(sentence)
}
