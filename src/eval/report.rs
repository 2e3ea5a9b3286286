//! Figures with their intervals, for people and for programs.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Task;
use super::bootstrap::{self, Bootstrap, Interval, Intervals};
use super::table::{Measure, Row, Table};
use super::tally::{Scores, Tally};

/// The figures of one task.
///
/// Its `Display` is a line for each row, which begins as the lines of the shared scorers do, to the last digit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What was scored.
    pub task: Task,
    /// How many articles were.
    pub documents: usize,
    /// The figures, in the order in which they are shown.
    pub rows: Vec<Figure>,
}

/// A row of figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What is counted.
    pub name: String,
    /// What is made of the counts.
    pub measure: Measure,
    /// The counts of all articles.
    pub tally: Tally,
    /// Their intervals, if articles were drawn.
    pub intervals: Option<Intervals>,
}

impl Report {
    /// The figures of a table.
    #[must_use]
    pub fn new(task: Task, table: &Table, bootstrap: Bootstrap) -> Self {
        let intervals = bootstrap::intervals(table, bootstrap);
        let figure = |(row, intervals): (&Row, _)| Figure {
            name: row.name.clone(),
            measure: row.measure,
            tally: row.total(),
            intervals,
        };
        Self { task, documents: table.documents, rows: table.rows.iter().zip(intervals).map(figure).collect() }
    }
}

impl Figure {
    /// Precision, recall and F1 in percent; of a share, the recall is it.
    #[must_use]
    pub fn scores(&self) -> Scores {
        self.tally.scores()
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct F1<'a> {
            name: &'a str,
            #[serde(flatten)]
            scores: Scores,
            #[serde(flatten)]
            tally: Tally,
            intervals: Option<Intervals>,
        }
        #[derive(Serialize)]
        struct Rate<'a> {
            name: &'a str,
            share: f64,
            hit: u64,
            of: u64,
            interval: Option<Interval>,
        }
        let Self { name, tally, intervals, .. } = self;
        match self.measure {
            Measure::F1 => {
                F1 { name, scores: self.scores(), tally: *tally, intervals: *intervals }.serialize(serializer)
            }
            Measure::Share { .. } => Rate {
                name,
                share: self.scores().recall,
                hit: tally.hit,
                of: tally.gold,
                interval: intervals.map(|intervals| intervals.recall),
            }
            .serialize(serializer),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, tally: Tally { hit, predicted, gold }, .. } = self;
        let Scores { precision, recall, f1 } = self.scores();
        match self.measure {
            Measure::F1 => write!(
                f,
                "{name:<34} P {precision:5.1}  R {recall:5.1}  F1 {f1:5.1}   hit {hit}  predicted {predicted}  gold {gold}"
            )?,
            Measure::Share { of } => write!(f, "{name}: {hit} of {gold} {of} ({recall:.1}%)")?,
        }
        match &self.intervals {
            Some(Intervals { f1: Interval { low, high }, .. }) => write!(f, "   95% {low:.1}–{high:.1}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.documents == 1 { "" } else { "s" };
        writeln!(f, "{} ({} article{plural})", self.task, self.documents)?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(bootstrap: Bootstrap) -> Report {
        let mut table = Table::new(1);
        table.add(0, "whole sentences", Tally::new(1, 2, 3));
        table.add_to(0, "false alarms", Measure::Share { of: "traps" }, Tally::new(1, 0, 8));
        Report::new(Task::Sentences, &table, bootstrap)
    }

    #[test]
    fn a_line_is_that_of_the_shared_scorers_with_the_interval_behind_it() {
        let lines = "\
sentences (1 article)
whole sentences                    P  50.0  R  33.3  F1  40.0   hit 1  predicted 2  gold 3   95% 40.0–40.0
false alarms: 1 of 8 traps (12.5%)   95% 12.5–12.5
";
        assert_eq!(report(Bootstrap::default()).to_string(), lines);
        assert!(!report(Bootstrap { resamples: 0, seed: 0 }).to_string().contains('–'));
    }

    #[test]
    fn json_has_every_digit_and_null_where_nothing_was_drawn() {
        let json = serde_json::to_string(&report(Bootstrap { resamples: 0, seed: 0 })).unwrap();
        assert_eq!(
            json,
            r#"{"task":"sentences","documents":1,"rows":[{"name":"whole sentences","precision":50.0,"recall":33.33333333333333,"f1":40.0,"hit":1,"predicted":2,"gold":3,"intervals":null},{"name":"false alarms","share":12.5,"hit":1,"of":8,"interval":null}]}"#
        );
    }
}
