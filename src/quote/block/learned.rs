//! Block quotations by the tagger's head for paragraphs.
//!
//! The most likely sequence of "the author's", "opens a block" and "goes on" over the paragraphs of an article (Viterbi),
//! under what its structure rules out. A block's score is that of its weakest paragraph.

use crate::layer::{Id, IdRange, ParagraphId};
use crate::segment::{Segmented, Structure};
use crate::tag::{BlockTag, Score};

/// A block quotation that the head found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Found {
    pub(super) paragraphs: IdRange<ParagraphId>,
    pub(super) score: Score,
}

impl Found {
    /// As much of it as stands before the first paragraph, but for the one that opens it, which `ends` it.
    pub(super) fn until(self, ends: impl Fn(ParagraphId) -> bool) -> Self {
        let first = self.paragraphs.first();
        let last = self.paragraphs.iter().skip(1).take_while(|&id| !ends(id)).last().unwrap_or(first);
        Self { paragraphs: IdRange::new(first, last), ..self }
    }
}

const AUTHOR: usize = 0;
const OPENS: usize = 1;
const GOES_ON: usize = 2;

/// The blocks of an article in text order; `None` where the tagger has no head for them.
pub(super) fn blocks(doc: Segmented<'_>, tags: &[BlockTag]) -> Option<Vec<Found>> {
    if tags.len() != doc.paragraphs().len() {
        return None;
    }
    let mut found: Vec<Found> = Vec::new();
    let paragraphs = doc.paragraphs().as_slice().iter();
    let chances: Vec<_> = paragraphs.zip(tags).map(|(paragraph, tag)| allowed(paragraph.structure, *tag)).collect();
    for (i, (state, score)) in best_path(&chances).into_iter().enumerate() {
        let id = ParagraphId::from_index(i);
        match (state, found.last_mut()) {
            (OPENS, _) => found.push(Found { paragraphs: IdRange::new(id, id), score: Score::new(score) }),
            (GOES_ON, Some(open)) => {
                open.paragraphs = IdRange::new(open.paragraphs.first(), id);
                open.score = Score::new(open.score.get().min(score));
            }
            _ => {}
        }
    }
    Some(found)
}

/// The block whose first paragraph is the one at `at`.
pub(super) fn opening_at(found: &[Found], at: usize) -> Option<&Found> {
    let i = found.binary_search_by_key(&at, |f| f.paragraphs.first().index()).ok()?;
    found.get(i)
}

/// The state of every paragraph with its probability.
fn best_path(chances: &[[f32; 3]]) -> Vec<(usize, f32)> {
    let mut best = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let mut back: Vec<[usize; 3]> = Vec::with_capacity(chances.len());
    for row in chances {
        let any = (0..3).fold(AUTHOR, |b, s| if best[s] > best[b] { s } else { b });
        let inside = if best[OPENS] > best[GOES_ON] { OPENS } else { GOES_ON };
        let from = [any, any, inside];
        best = [0, 1, 2].map(|state| best[from[state]] + row[state].max(1e-9).ln());
        back.push(from);
    }
    let mut state = (0..3).fold(AUTHOR, |b, s| if best[s] > best[b] { s } else { b });
    let mut path = vec![(AUTHOR, 0.0); chances.len()];
    for i in (0..path.len()).rev() {
        path[i] = (state, chances[i][state]);
        state = back[i][state];
    }
    path
}

/// The probabilities of a paragraph's states where its structure leaves them open: what the page says of itself is the
/// author's, and what is marked up is not asked. A block may hold headings and lists, as verses and excerpts look like them
/// in plain text, but does not begin with one.
fn allowed(structure: Structure, tag: BlockTag) -> [f32; 3] {
    let opens = if structure == Structure::Body { tag.opens.get() } else { 0.0 };
    let goes_on = tag.goes_on.get();
    match structure {
        Structure::Body | Structure::List | Structure::Heading => [(1.0 - opens - goes_on).max(0.0), opens, goes_on],
        Structure::Boilerplate | Structure::BlockQuote(_) => [1.0, 0.0, 0.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn states(chances: &[[f32; 3]]) -> Vec<usize> {
        best_path(chances).into_iter().map(|(state, _)| state).collect()
    }

    #[test]
    fn nothing_goes_on_that_has_not_opened() {
        assert_eq!(states(&[[0.3, 0.1, 0.6], [0.9, 0.05, 0.05]]), [AUTHOR, AUTHOR]);
        assert_eq!(states(&[[0.1, 0.8, 0.1], [0.3, 0.1, 0.6], [0.9, 0.05, 0.05]]), [OPENS, GOES_ON, AUTHOR]);
    }

    #[test]
    fn two_blocks_may_stand_side_by_side() {
        assert_eq!(states(&[[0.1, 0.8, 0.1], [0.1, 0.8, 0.1]]), [OPENS, OPENS]);
    }

    #[test]
    fn a_block_may_hold_a_heading_or_a_list_but_does_not_begin_with_one() {
        let opens = BlockTag { opens: Score::ONE, goes_on: Score::new(0.0) };
        let goes_on = BlockTag { opens: Score::new(0.0), goes_on: Score::ONE };
        assert_eq!(states(&[allowed(Structure::Body, opens)]), [OPENS]);
        for structure in [Structure::Heading, Structure::List] {
            assert_eq!(states(&[allowed(structure, opens)]), [AUTHOR]);
            assert_eq!(states(&[allowed(Structure::Body, opens), allowed(structure, goes_on)]), [OPENS, GOES_ON]);
        }
    }
}
