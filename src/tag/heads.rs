//! The heads that every network of ours has, and what their scores say of an article.

use ndarray::{Array2, s};

use crate::layer::{Id, TokenId, TokenRange};
use crate::segment::Segmented;
use crate::tag::{Label, Tagged, TaggedName, Tags, decode};

/// The labels of names in the order of the network's tags.
const NAMES: [Label; 4] = [Label::Per, Label::Org, Label::Loc, Label::Misc];
/// For each head its number of labels: names, then content, cue and source with one each.
const HEADS: [usize; 4] = [NAMES.len(), 1, 1, 1];
/// The scores of a token: for each head "outside", and "begins" and "goes on" for each of its labels.
pub(crate) const TAGS: usize = HEADS.len() + 2 * (NAMES.len() + 3);

/// Turns the scores of every token, a row of [`TAGS`] each, into probabilities, head by head.
pub(crate) fn normalise(scores: &mut Array2<f32>) {
    for mut row in scores.rows_mut() {
        let mut first = 0;
        for labels in HEADS {
            softmax(row.slice_mut(s![first..=first + 2 * labels]).as_slice_mut().unwrap_or_default());
            first += 1 + 2 * labels;
        }
    }
}

/// The spans of all heads from the probabilities of every token: names within sentences, roles within paragraphs.
pub(crate) fn tags(doc: Segmented<'_>, probabilities: &Array2<f32>) -> Tags {
    let read = |first: usize, labels: usize, units: &mut dyn Iterator<Item = TokenRange>| {
        let mut found = Vec::new();
        for unit in units {
            let probability = |token: TokenId, tag| probabilities[[token.index(), first + tag]];
            decode::spans(unit, labels, probability, &mut found);
        }
        found
    };
    let names = read(0, NAMES.len(), &mut doc.sentences().iter().map(|(_, sentence)| sentence.tokens));
    let names = names.into_iter().map(|d| TaggedName { place: d.place, label: NAMES[d.label].clone() }).collect();
    let first_role = 1 + 2 * NAMES.len();
    let [contents, cues, sources] = [0, 1, 2].map(|role| -> Vec<Tagged> {
        let paragraphs = &mut doc.paragraphs().iter().map(|(_, paragraph)| paragraph.tokens);
        read(first_role + 3 * role, 1, paragraphs).into_iter().map(|d| d.place).collect()
    });
    Tags { names, contents, cues, sources }
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
