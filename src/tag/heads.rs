//! The heads that every network of ours has, and what their scores say of an article.

use ndarray::{Array2, s};

use crate::layer::{Id, TokenId, TokenRange};
use crate::segment::{Paragraph, Segmented};
use crate::tag::{BlockTag, Calibration, Curve, Label, Score, Tagged, TaggedName, Tags, decode};

/// The labels of names in the order of the network's tags.
const NAMES: [Label; 4] = [Label::Per, Label::Org, Label::Loc, Label::Misc];
/// For each head its number of labels: names, then content, cue and source with one each, then block quotations, whose
/// tag stands at the first token of a paragraph.
const HEADS: [usize; 5] = [NAMES.len(), 1, 1, 1, 1];
/// The scores of a token: for each head "outside", and "begins" and "goes on" for each of its labels.
const TAGS: usize = HEADS.len() + 2 * (NAMES.len() + 4);
/// The same without block quotations, which a small network does not see enough for.
const WITHOUT_BLOCKS: usize = TAGS - 3;

/// Whether a network with so many scores for each token has these heads: all of them, or all but the last.
pub(crate) fn fits(scores: usize) -> bool {
    matches!(scores, TAGS | WITHOUT_BLOCKS)
}

/// The numbers of scores that fit, for error messages.
pub(crate) fn wanted() -> String {
    format!("{TAGS} or {WITHOUT_BLOCKS} scores")
}

/// Turns the scores of every token, a row each, into probabilities, head by head.
pub(crate) fn normalise(scores: &mut Array2<f32>) {
    for mut row in scores.rows_mut() {
        let mut first = 0;
        for labels in HEADS {
            if first == row.len() {
                break; // the network is without the last head
            }
            softmax(row.slice_mut(s![first..=first + 2 * labels]).as_slice_mut().unwrap_or_default());
            first += 1 + 2 * labels;
        }
    }
}

/// The spans of all heads from the probabilities of every token: names within sentences, roles within paragraphs.
pub(crate) fn tags(doc: Segmented<'_>, probabilities: &Array2<f32>, calibration: &Calibration) -> Tags {
    let read = |first: usize, labels: usize, curve: Curve, units: &mut dyn Iterator<Item = TokenRange>| {
        let mut found = Vec::new();
        for unit in units {
            let probability = |token: TokenId, tag| probabilities[[token.index(), first + tag]];
            decode::spans(unit, labels, probability, &mut found);
        }
        for span in &mut found {
            span.place.score = curve.apply(span.place.score);
        }
        found
    };
    let Calibration { entity, content, cue, source } = *calibration;
    let names = read(0, NAMES.len(), entity, &mut doc.sentences().iter().map(|(_, sentence)| sentence.tokens));
    let names = names.into_iter().map(|d| TaggedName { place: d.place, label: NAMES[d.label].clone() }).collect();
    let first_role = 1 + 2 * NAMES.len();
    let [contents, cues, sources] = [(0, content), (1, cue), (2, source)].map(|(role, curve)| -> Vec<Tagged> {
        let paragraphs = &mut doc.paragraphs().iter().map(|(_, paragraph)| paragraph.tokens);
        read(first_role + 3 * role, 1, curve, paragraphs).into_iter().map(|d| d.place).collect()
    });
    let first_block = first_role + 9;
    let paragraphs = if probabilities.ncols() == TAGS { doc.paragraphs().as_slice() } else { &[] };
    let block_tag = |p: &Paragraph| {
        let [opens, goes_on] =
            [1, 2].map(|tag| Score::new(probabilities[[p.tokens.first().index(), first_block + tag]]));
        BlockTag { opens, goes_on }
    };
    Tags { names, contents, cues, sources, paragraphs: paragraphs.iter().map(block_tag).collect() }
}

/// The softmax of a row of scores, in place.
fn softmax(row: &mut [f32]) {
    let greatest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for v in row.iter_mut() {
        *v = (*v - greatest).exp();
    }
    let sum: f32 = row.iter().sum();
    for v in row {
        *v /= sum;
    }
}
