//! From scores of tags to spans: the best BIO sequence that is well formed.
//!
//! The Viterbi path under hard constraints only: an inside tag follows a beginning or inside tag of its own label. A
//! span's score is that of its weakest token, since one wrong token makes the span wrong.

use crate::layer::{TokenId, TokenRange};
use crate::tag::{Score, Tagged};

/// A span, with the number of its label within the head.
pub(crate) struct Decoded {
    pub(crate) place: Tagged,
    pub(crate) label: usize,
}

/// Decodes one head over the tokens of one unit (a sentence or a paragraph).
///
/// `probability(token, tag)` is the probability of a tag: 0 is outside, `1 + 2 * label` begins, `2 + 2 * label` goes on.
pub(crate) fn spans(
    unit: TokenRange,
    labels: usize,
    probability: impl Fn(TokenId, usize) -> f32,
    found: &mut Vec<Decoded>,
) {
    let path = best_path(unit, 1 + 2 * labels, &probability);
    let mut open: Option<Decoded> = None;
    for (token, tag) in unit.iter().zip(path) {
        let score = probability(token, tag);
        match open.as_mut() {
            Some(span) if tag == 2 + 2 * span.label => {
                span.place.tokens = span.place.tokens.hull(TokenRange::new(token, token));
                span.place.score = Score::new(span.place.score.get().min(score));
            }
            _ => {
                found.extend(open.take());
                if tag != 0 {
                    let place = Tagged { tokens: TokenRange::new(token, token), score: Score::new(score) };
                    open = Some(Decoded { place, label: (tag - 1) / 2 });
                }
            }
        }
    }
    found.extend(open);
}

fn best_path(unit: TokenRange, tags: usize, probability: &impl Fn(TokenId, usize) -> f32) -> Vec<usize> {
    let may_follow = |before: Option<usize>, tag: usize| {
        tag % 2 == 1 || tag == 0 || before.is_some_and(|b| b == tag || b + 1 == tag)
    };
    let log = |token, tag| probability(token, tag).max(1e-12).ln();
    let mut scores: Vec<f32> =
        (0..tags).map(|tag| if may_follow(None, tag) { log(unit.first(), tag) } else { f32::NEG_INFINITY }).collect();
    let mut back: Vec<usize> = Vec::with_capacity(unit.len() * tags);
    back.extend(0..tags);
    let mut next = vec![0.0; tags];
    for token in unit.iter().skip(1) {
        // Any tag may precede "outside" and "begin", so their best predecessor is the same for all of them.
        let best = (0..tags).fold(0, |best, tag| if scores[tag] > scores[best] { tag } else { best });
        for tag in 0..tags {
            let from = if tag != 0 && tag.is_multiple_of(2) {
                if scores[tag - 1] > scores[tag] { tag - 1 } else { tag }
            } else {
                best
            };
            next[tag] = scores[from] + log(token, tag);
            back.push(from);
        }
        std::mem::swap(&mut scores, &mut next);
        // Only differences count, and small numbers keep them exact however long the unit is.
        let greatest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for score in &mut scores {
            *score -= greatest;
        }
    }
    let mut tag = (0..tags).fold(0, |best, tag| if scores[tag] > scores[best] { tag } else { best });
    let mut path = vec![0; unit.len()];
    for i in (0..unit.len()).rev() {
        path[i] = tag;
        tag = back[i * tags + tag];
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Id;

    fn decode(rows: &[[f32; 5]]) -> Vec<(std::ops::Range<usize>, usize)> {
        let mut found = Vec::new();
        let unit = TokenRange::of_indexes(0..rows.len()).unwrap();
        spans(unit, 2, |token, tag| rows[token.index()][tag], &mut found);
        found.iter().map(|d| (d.place.tokens.indexes(), d.label)).collect()
    }

    #[test]
    fn an_inside_tag_never_begins_a_span_or_changes_its_label() {
        let only_inside = [[0.3, 0.2, 0.5, 0.0, 0.0]];
        assert_eq!(decode(&only_inside), []);
        let changes = [[0.1, 0.8, 0.0, 0.1, 0.0], [0.1, 0.0, 0.3, 0.0, 0.6]];
        assert_eq!(decode(&changes), [(0..2, 0)]);
    }

    #[test]
    fn two_beginnings_are_two_spans() {
        let rows = [[0.1, 0.9, 0.0, 0.0, 0.0], [0.1, 0.8, 0.1, 0.0, 0.0], [0.1, 0.0, 0.9, 0.0, 0.0]];
        assert_eq!(decode(&rows), [(0..1, 0), (1..3, 0)]);
    }
}
