//! From a network's probabilities to probabilities that hold: of spans with a score of 0.8, eight in ten are right.

use serde::{Deserialize, Serialize};

use crate::tag::Score;

/// How the scores of a model's spans become probabilities, head by head. Written into the card by `scripts/calibrate`.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calibration {
    /// Names.
    pub entity: Curve,
    /// What is quoted.
    pub content: Curve,
    /// The words that introduce a quotation.
    pub cue: Curve,
    /// The words that name who it comes from.
    pub source: Curve,
}

/// A logistic curve over the score's own logit (Platt 1999, with Niculescu-Mizil & Caruana's use on probabilities):
/// `logit p' = slope · logit p + offset`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Curve {
    /// Under 1 for a model that is too sure of itself, over 1 for one that is not sure enough.
    pub slope: f32,
    /// Under 0 where spans are wrong more often than their weakest token.
    pub offset: f32,
}

impl Default for Curve {
    /// Leaves scores as they are.
    fn default() -> Self {
        Self { slope: 1.0, offset: 0.0 }
    }
}

impl Curve {
    /// The probability that a score stands for.
    #[must_use]
    pub fn apply(self, score: Score) -> Score {
        if self == Self::default() {
            return score;
        }
        // Beyond these ends a probability in 32 bits cannot say how sure it is.
        let p = score.get().clamp(1e-6, 1.0 - 1e-6);
        let logit = self.slope * (p / (1.0 - p)).ln() + self.offset;
        Score::new(1.0 / (1.0 + (-logit).exp()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_slope_1_and_offset_0_changes_nothing() {
        for score in [0.0, 0.3, 1.0].map(Score::new) {
            assert_eq!(Curve::default().apply(score), score);
        }
    }

    #[test]
    fn a_curve_never_turns_the_order_of_scores_and_ends_within_0_and_1() {
        let curve = Curve { slope: 0.5, offset: -1.0 };
        let found: Vec<f32> = [0.0, 0.2, 0.5, 0.9, 1.0].map(|p| curve.apply(Score::new(p)).get()).to_vec();
        assert!(found.is_sorted() && found.iter().all(|p| (0.0..=1.0).contains(p)), "{found:?}");
        assert!((found[2] - 0.268_941_4).abs() < 1e-6, "the logit of one half is 0, so p' is that of the offset alone");
    }
}
