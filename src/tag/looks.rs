//! Two looks at the paragraphs of an article: where the second is taken, and what both say together.

use serde::{Deserialize, Serialize};

use crate::tag::rows::{self, STATES};

/// Where an encoder's second look at paragraphs is taken, and how much it counts beside the first. Chosen on development
/// sets by `scripts/tune-second-look`, and written into the card.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondLook {
    /// A paragraph is looked at once more, with those around it, if the first look finds it at least as likely as this
    /// (0 to 1) to open a block quotation.
    pub from: f32,
    /// The same where the paragraph before it ends with a colon.
    pub from_after_colon: f32,
    /// The weight (0 to 1) of the second look in the mean of both.
    pub weight: f32,
    /// What is taken from the score (a logit) of opening a block quotation: to give the author's words to somebody else is
    /// worse than to miss a quotation.
    pub caution: f32,
}

impl Default for SecondLook {
    /// Looks everywhere, and believes the second look alone.
    fn default() -> Self {
        Self { from: 0.0, from_after_colon: 0.0, weight: 1.0, caution: 0.0 }
    }
}

impl SecondLook {
    /// Whether a paragraph is looked at again that opens a block quotation as likely as this by the first look.
    pub(super) fn is_taken(self, opens: f32, after_colon: bool) -> bool {
        opens >= if after_colon { self.from_after_colon } else { self.from }
    }

    /// The weighted geometric mean of what two looks say of the states of a paragraph (a product of experts, Hinton 2002),
    /// with caution.
    pub(super) fn joined(self, first: &[f32; STATES], second: &[f32; STATES]) -> [f32; STATES] {
        const LEAST: f32 = 1e-9;
        let log = |chance: f32| chance.max(LEAST).ln();
        let mut scores = [0.0; STATES];
        for (score, (&first, &second)) in scores.iter_mut().zip(first.iter().zip(second)) {
            *score = (1.0 - self.weight) * log(first) + self.weight * log(second);
        }
        scores[rows::OPENS] -= self.caution;
        rows::softmax(&scores)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn a_colon_makes_a_second_look_worth_while_where_the_first_saw_little() {
        let look = SecondLook { from: 0.4, from_after_colon: 0.1, ..SecondLook::default() };
        assert!(look.is_taken(0.2, true) && !look.is_taken(0.2, false) && look.is_taken(0.4, false));
    }

    #[test]
    fn two_looks_give_the_author_what_they_are_nearly_even_about() {
        let look = SecondLook { weight: 0.8, caution: 0.2, ..SecondLook::default() };
        let sure = look.joined(&[0.1, 0.8, 0.1], &[0.2, 0.7, 0.1]);
        assert!(sure[rows::OPENS] > 0.5 && (sure.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{sure:?}");
        let torn = look.joined(&[0.47, 0.53, 0.0], &[0.47, 0.53, 0.0]);
        assert!(torn[0] > torn[rows::OPENS] && torn[rows::GOES_ON] < 1e-6, "{torn:?}");
    }

    #[test]
    fn the_card_of_the_embedded_model_says_where_to_look_again() {
        // Without, a million articles would be read twice, and nobody would notice but by the time that it takes.
        let Some(model) = Model::accurate() else { return };
        let look = model.card().second_look;
        assert!(look.from > look.from_after_colon && look.from_after_colon > 0.0 && look.weight < 1.0, "{look:?}");
    }

    #[test]
    fn where_a_card_says_nothing_the_second_look_is_believed_everywhere() {
        let look: SecondLook = toml::from_str("").expect("all have defaults");
        assert!(look.is_taken(0.0, false));
        let second = [0.2, 0.7, 0.1];
        let joined = look.joined(&[0.9, 0.05, 0.05], &second);
        assert!(joined.iter().zip(second).all(|(a, b)| (a - b).abs() < 1e-6), "{joined:?}");
    }
}
