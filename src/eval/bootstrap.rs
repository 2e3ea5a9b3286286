//! Confidence intervals by drawing articles again (Efron's percentile bootstrap).
//!
//! As many articles as there are, are drawn with replacement, and every row is counted over the drawn ones; the middle
//! 95% of the figures of many drawings are the interval. Articles are drawn and not spans, because what a tool gets
//! wrong in an article it gets wrong together. All rows see the same drawings, and the same input has the same
//! intervals: the numbers come from SplitMix64 with a fixed seed.

use serde::Serialize;

use super::table::{Measure, Row, Table};
use super::tally::Tally;

/// The ends between which 95% of the drawings lie, in percent: from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// The intervals of a row's figures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Intervals {
    /// Of the precision.
    pub precision: Interval,
    /// Of the recall, or of the share.
    pub recall: Interval,
    /// Of the F1.
    pub f1: Interval,
}

/// How the intervals are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bootstrap {
    /// How many times articles are drawn; 0 for no intervals.
    pub resamples: usize,
    /// Where the random numbers begin.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: 1000, seed: 2018 }
    }
}

/// The intervals of each row, or none if nothing is drawn or there is nothing to draw from.
pub(super) fn intervals(table: &Table, bootstrap: Bootstrap) -> Vec<Option<Intervals>> {
    let Bootstrap { resamples, mut seed } = bootstrap;
    if resamples == 0 || table.documents == 0 {
        return vec![None; table.rows.len()];
    }
    let mut drawn: Vec<[Vec<f64>; 3]> = vec![[const { Vec::new() }; 3]; table.rows.len()];
    let mut times = vec![0u64; table.documents];
    for _ in 0..resamples {
        times.fill(0);
        for _ in 0..table.documents {
            times[below(table.documents, &mut seed)] += 1;
        }
        for (row, drawn) in table.rows.iter().zip(&mut drawn) {
            let total: Tally = row.by_document.iter().zip(&times).map(|(&tally, &times)| tally * times).sum();
            for (values, value) in drawn.iter_mut().zip(figures(row, total)) {
                values.push(value);
            }
        }
    }
    let of_row = |drawn: [Vec<f64>; 3]| {
        let [precision, recall, f1] = drawn.map(middle);
        Some(Intervals { precision, recall, f1 })
    };
    drawn.into_iter().map(of_row).collect()
}

fn figures(row: &Row, total: Tally) -> [f64; 3] {
    let scores = total.scores();
    match row.measure {
        Measure::F1 => [scores.precision, scores.recall, scores.f1],
        Measure::Share { .. } => [scores.recall; 3],
    }
}

/// The middle 95% of some values, of which there is one.
fn middle(mut values: Vec<f64>) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    let tail = values.len() * 25 / 1000;
    Interval { low: values[tail], high: values[values.len() - 1 - tail] }
}

/// A random number below `bound`.
fn below(bound: usize, state: &mut u64) -> usize {
    // SplitMix64 (Steele, Lea and Flood 2014).
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    // The high half of the product is evenly spread over 0..bound, up to a bias of bound in 2⁶⁴.
    ((u128::from(z) * bound as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(tallies: &[(u64, usize, usize)]) -> Table {
        let mut table = Table::new(tallies.len());
        for (document, &(hit, predicted, gold)) in tallies.iter().enumerate() {
            table.add(document, "row", Tally::new(hit, predicted, gold));
        }
        table
    }

    #[test]
    fn one_article_drawn_again_and_again_leaves_no_doubt() {
        let [Some(row)] = intervals(&table(&[(1, 2, 4)]), Bootstrap::default())[..] else { panic!("no interval") };
        assert_eq!(
            (row.precision, row.recall),
            (Interval { low: 50.0, high: 50.0 }, Interval { low: 25.0, high: 25.0 })
        );
    }

    #[test]
    fn the_interval_of_a_share_is_about_two_standard_errors_to_either_side() {
        // 50 right and 50 wrong: the standard error is 5 points.
        let half: Vec<_> = (0..100).map(|i| (i % 2, 1, 1)).collect();
        let [Some(row)] = intervals(&table(&half), Bootstrap::default())[..] else { panic!("no interval") };
        assert!((row.f1.low - 40.0).abs() <= 1.5 && (row.f1.high - 60.0).abs() <= 1.5, "{:?}", row.f1);
        assert_eq!(intervals(&table(&half), Bootstrap::default()), [Some(row)]);
    }

    #[test]
    fn nothing_drawn_is_no_interval() {
        assert_eq!(intervals(&table(&[(1, 1, 1)]), Bootstrap { resamples: 0, seed: 0 }), [None]);
        assert_eq!(intervals(&table(&[]), Bootstrap::default()), []);
    }
}
