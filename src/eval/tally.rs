//! Counts, and what is made of them: precision, recall and F1 in percent.

use std::ops::{Add, AddAssign, Mul};

use serde::Serialize;

/// How many of the predicted things are right, of how many predicted, of how many in the gold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Right ones.
    pub hit: u64,
    /// Predicted ones.
    pub predicted: u64,
    /// Gold ones.
    pub gold: u64,
}

/// Precision, recall and their harmonic mean, in percent: from 0 to 100. A quotient without a divisor is 0.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Scores {
    /// The share of predicted things that are right.
    pub precision: f64,
    /// The share of gold things that are found.
    pub recall: f64,
    /// The harmonic mean of the two.
    pub f1: f64,
}

impl Tally {
    /// The counts of one article.
    #[must_use]
    pub fn new(hit: u64, predicted: usize, gold: usize) -> Self {
        Self { hit, predicted: predicted as u64, gold: gold as u64 }
    }

    /// What the counts amount to.
    ///
    /// ```
    /// use whosaid::eval::Tally;
    ///
    /// let scores = Tally { hit: 1, predicted: 2, gold: 4 }.scores();
    /// assert_eq!((scores.precision, scores.recall), (50.0, 25.0));
    /// assert_eq!(format!("{:.1}", scores.f1), "33.3");
    /// ```
    #[must_use]
    pub fn scores(self) -> Scores {
        // The order of the operations is that of the shared scorers: their last digits are ours.
        let share = |of: u64| if of == 0 { 0.0 } else { self.hit as f64 / of as f64 };
        let (precision, recall) = (share(self.predicted), share(self.gold));
        let sum = precision + recall;
        let f1 = if sum == 0.0 { 0.0 } else { 2.0 * precision * recall / sum };
        Scores { precision: 100.0 * precision, recall: 100.0 * recall, f1: 100.0 * f1 }
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { hit: self.hit + other.hit, predicted: self.predicted + other.predicted, gold: self.gold + other.gold }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<u64> for Tally {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self { hit: self.hit * times, predicted: self.predicted * times, gold: self.gold * times }
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_and_nothing_wanted_is_zero_and_not_a_division_by_zero() {
        assert_eq!(Tally::default().scores(), Scores::default());
        assert_eq!(Tally { hit: 0, predicted: 3, gold: 0 }.scores(), Scores::default());
    }

    #[test]
    fn halves_are_rounded_as_python_rounds_them() {
        // 1 of 16 is 6.25%, which is as near to 6.2 as to 6.3; the even digit wins, here and in Python.
        let printed = |hit| format!("{:.1}", Tally { hit, predicted: 16, gold: 16 }.scores().precision);
        assert_eq!((printed(1), printed(3)), ("6.2".to_owned(), "18.8".to_owned()));
    }
}
