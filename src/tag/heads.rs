//! The heads that every network of ours has, and what their scores say of an article.

use ndarray::{Array2, ArrayViewMut2, s};

use crate::engine::softmax;
use crate::layer::{Id, TokenId, TokenRange};
use crate::segment::Segmented;
use crate::tag::{Calibration, Curve, Label, Tagged, TaggedName, Tags, decode};

/// The labels of names in the order of the network's tags.
const NAMES: [Label; 4] = [Label::Per, Label::Org, Label::Loc, Label::Misc];
/// For each head its number of labels: names, then content, cue and source with one each.
const HEADS: [usize; 4] = [NAMES.len(), 1, 1, 1];
/// The scores of a token: for each head "outside", and "begins" and "goes on" for each of its labels.
pub(crate) const TAGS: usize = HEADS.len() + 2 * (NAMES.len() + 3);
/// How many of them are of names; those of the roles follow.
pub(crate) const NAME_TAGS: usize = 1 + 2 * NAMES.len();

/// A role of a quotation, in the order of the heads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Content,
    Cue,
    Source,
}

/// The probabilities that a token begins a role and that it goes on with one, from its probabilities of all tags.
pub(crate) fn of_role(probabilities: &[f32], role: Role) -> [f32; 2] {
    let outside = NAME_TAGS + 3 * role as usize;
    [probabilities[outside + 1], probabilities[outside + 2]]
}

/// Makes of the probability that a token begins something the probability that it goes on with it.
pub(crate) fn go_on(probabilities: &mut [f32]) {
    let mut first = 0;
    for labels in HEADS {
        for label in 0..labels {
            let begins = first + 1 + 2 * label;
            probabilities[begins + 1] += std::mem::take(&mut probabilities[begins]);
        }
        first += 1 + 2 * labels;
    }
}

/// Adds scores to those behind a token's probabilities of the tags of names.
pub(crate) fn weigh_names(probabilities: &mut [f32], scores: &[f32; NAME_TAGS]) {
    let names = &mut probabilities[..NAME_TAGS];
    names.iter_mut().zip(scores).for_each(|(probability, score)| *probability *= score.exp());
    let sum: f32 = names.iter().sum();
    for probability in names {
        *probability /= sum;
    }
}

/// Turns the scores of every token, a row each, into probabilities, head by head.
pub(crate) fn normalise(mut scores: ArrayViewMut2<'_, f32>) {
    for mut row in scores.rows_mut() {
        let mut first = 0;
        for labels in HEADS {
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
    let [contents, cues, sources] =
        [(Role::Content, content), (Role::Cue, cue), (Role::Source, source)].map(|(role, curve)| -> Vec<Tagged> {
            let paragraphs = &mut doc.paragraphs().iter().map(|(_, paragraph)| paragraph.tokens);
            read(NAME_TAGS + 3 * role as usize, 1, curve, paragraphs).into_iter().map(|d| d.place).collect()
        });
    Tags { names, contents, cues, sources, ..Tags::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_of_0_changes_nothing_and_one_makes_its_tag_likelier_at_the_cost_of_the_others() {
        let mut even = [1.0 / NAME_TAGS as f32; TAGS];
        let before = even;
        weigh_names(&mut even, &[0.0; NAME_TAGS]);
        assert!(even.iter().zip(before).all(|(a, b)| (a - b).abs() < 1e-6));
        let mut scores = [0.0; NAME_TAGS];
        scores[1] = 2_f32.ln();
        weigh_names(&mut even, &scores);
        assert!((even[1] - 0.2).abs() < 1e-6 && (even[0] - 0.1).abs() < 1e-6, "{even:?}");
        assert_eq!(even[NAME_TAGS..], before[NAME_TAGS..]);
    }
}
