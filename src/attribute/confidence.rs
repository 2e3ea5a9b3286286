//! How likely an answer is right.
//!
//! A logistic regression on what the answer rests on: the kind of evidence, how sure the tagger is of the quotation with
//! its cue and source, and, where a pronoun or a noun had to be resolved, how sure that is. Fitted on `polnear_dev_speakers`
//! by `scripts/calibrate-speakers`, which prints the numbers below and what they are worth.

use crate::attribute::Evidence;
use crate::tag::Score;

/// What a unit of the logit of the tagger's score is worth.
const SCORE: f32 = 0.27;
/// What a unit of the logit of the referent's probability is worth.
const REFERENT: f32 = 0.16;

/// What the evidence is worth. Kinds that are too rare to count go with the one that they are most like.
fn offset(evidence: Evidence) -> f32 {
    match evidence {
        Evidence::Name | Evidence::LeadIn | Evidence::Turn | Evidence::Signature => 2.93,
        Evidence::Pronoun => 1.93,
        // That set has none of these; of the untuned articles of `scripts/evaluate-sources` about two in three are right.
        Evidence::Introduced => -0.2,
        Evidence::Nominal | Evidence::Continued | Evidence::FirstPerson => -0.02,
        Evidence::Description => 0.3,
        // No answer is never right.
        Evidence::None => f32::NEG_INFINITY,
    }
}

/// The probability that the speaker is right, if the quotation is one. `quotation` is the tagger's probability of the
/// quotation, `referent` that of whom the source means, where it does not name them.
pub(super) fn of(evidence: Evidence, quotation: Score, referent: Option<Score>) -> Score {
    let logit = |score: Score| {
        let p = score.get().clamp(0.01, 0.99);
        (p / (1.0 - p)).ln()
    };
    let sum = offset(evidence) + SCORE * logit(quotation) + referent.map_or(0.0, |p| REFERENT * logit(p));
    Score::new(1.0 / (1.0 + (-sum).exp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_grows_with_the_score_and_with_the_referent() {
        let of = |score, referent: f32| of(Evidence::Pronoun, Score::new(score), Some(Score::new(referent))).get();
        assert!(of(0.2, 0.9) < of(0.9, 0.9) && of(0.9, 0.5) < of(0.9, 0.9));
    }

    #[test]
    fn no_answer_is_never_right() {
        assert_eq!(of(Evidence::None, Score::ONE, None), Score::new(0.0));
    }
}
