//! Scores what is said of articles against what is right.
//!
//! Ours or any other tool's answers ([`read`]: records of the output schema, CoNLL, brat) are put beside the gold
//! ([`align()`]) and counted by pure functions, one for each [`Task`]: names as CoNLL-2003 scores them, quotations as PARC
//! and PolNeAR annotate them, block quotations by paragraphs, sentences by their ends. A [`Report`] has the figures, each
//! with a 95% confidence interval.
//!
//! The conventions are those of the scorers that the project's figures are made with, down to the last digit; where they
//! leave an input undefined, an error says what was met.
//!
//! ```
//! use whosaid::eval::{Annotated, Bootstrap, Place, Report, Task, align, score_sentences};
//!
//! let article = |sentences: &[(u32, u32)]| Annotated {
//!     id: "a".to_owned(),
//!     text: Some("It rained. The quay stayed dry.".to_owned()),
//!     sentences: Some(sentences.iter().map(|&(start, end)| Place { start, end }).collect()),
//!     ..Annotated::default()
//! };
//! let aligned = align(vec![article(&[(0, 10), (11, 31)])], vec![article(&[(0, 31)])])?;
//! let report = Report::new(Task::Sentences, &score_sentences(&aligned.pairs), Bootstrap::default());
//! assert_eq!((report.rows[0].scores().precision, report.rows[0].scores().recall), (100.0, 50.0));
//! # Ok::<(), whosaid::eval::EvalError>(())
//! ```

mod align;
mod annotated;
mod blocks;
mod bootstrap;
mod entities;
mod error;
mod pairs;
mod place;
mod quotes;
pub mod read;
mod report;
mod sentences;
mod speakers;
mod table;
mod tally;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;

pub use align::{Aligned, Pair, align};
pub use annotated::{Annotated, Named, Paragraph, Quotation, Speaker};
pub use blocks::score_blocks;
pub use bootstrap::{Bootstrap, Interval, Intervals};
pub use entities::{EntityOptions, score_entities};
pub use error::{EvalError, Side, Warning};
pub use place::Place;
pub use quotes::{QuoteOptions, score_quotes};
pub use report::{Figure, Report};
pub use sentences::score_sentences;
pub use speakers::{KnownSpeaker, Speakers};
pub use table::{Measure, Row, Table};
pub use tally::{Scores, Tally};

/// What can be scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Names and their labels.
    Entities,
    /// Quotations, their links and their speakers.
    Quotes,
    /// Block quotations.
    Blocks,
    /// Sentences.
    Sentences,
}

impl Task {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Entities, Self::Quotes, Self::Blocks, Self::Sentences];

    /// Whether an article says something that this task compares.
    fn is_in(self, article: &Annotated) -> bool {
        match self {
            Self::Entities => article.names.is_some(),
            Self::Quotes => article.quotes.is_some(),
            Self::Blocks => {
                let paragraphs = article.paragraphs.as_deref().unwrap_or_default();
                let by_quotes = article.quotes.iter().flatten().any(|quote| quote.kind.as_deref() == Some("block"));
                paragraphs.iter().any(|paragraph| paragraph.quoted.is_some() || by_quotes)
            }
            Self::Sentences => article.sentences.is_some(),
        }
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entities => "entities",
            Self::Quotes => "quotes",
            Self::Blocks => "block quotations",
            Self::Sentences => "sentences",
        })
    }
}

/// What to score, and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// The tasks; empty for all that the gold has something for.
    pub tasks: Vec<Task>,
    /// Which names, and how.
    pub entities: EntityOptions,
    /// Which quotations.
    pub quotes: QuoteOptions,
    /// Who the gold quotations come from, if that is known apart from the gold.
    pub speakers: Option<Speakers>,
    /// How confidence intervals are made.
    pub bootstrap: Bootstrap,
}

/// Scores aligned articles: a report for each task, and what the reader of the figures should know besides.
///
/// # Errors
/// If the gold has nothing for a task that is asked for, or for any.
pub fn evaluate(articles: &[Pair], options: &Options) -> Result<(Vec<Report>, Vec<Warning>), EvalError> {
    let in_gold = |task: &Task| articles.iter().any(|article| task.is_in(&article.gold));
    let tasks: Vec<_> = if options.tasks.is_empty() {
        Task::ALL.into_iter().filter(in_gold).collect()
    } else {
        Task::ALL.into_iter().filter(|task| options.tasks.contains(task)).collect()
    };
    if let Some(&task) = tasks.iter().find(|task| !in_gold(task)) {
        return Err(EvalError::NoLayer(task));
    }
    if tasks.is_empty() {
        return Err(EvalError::NoLayers);
    }
    let (mut reports, mut warnings) = (Vec::new(), Vec::new());
    for task in tasks {
        warnings.extend(not_annotated(task, articles));
        let table = match task {
            Task::Entities => score_entities(articles, &options.entities),
            Task::Quotes => {
                warnings.extend(options.speakers.iter().flat_map(|speakers| no_such_quotations(speakers, articles)));
                score_quotes(articles, &options.quotes, options.speakers.as_ref())
            }
            Task::Blocks => score_blocks(articles),
            Task::Sentences => score_sentences(articles),
        };
        reports.push(Report::new(task, &table, options.bootstrap));
    }
    Ok((reports, warnings))
}

/// Whether a task counts gold articles as empty that were not annotated for it.
fn not_annotated(task: Task, articles: &[Pair]) -> Option<Warning> {
    // An article without block quotations is just that.
    let without = |article: &&Pair| task != Task::Blocks && !task.is_in(&article.gold);
    let mut without = articles.iter().filter(without);
    let first = without.next()?.id.clone();
    Some(Warning::NotAnnotated { task, count: 1 + without.count(), first })
}

/// Speakers that are given for what is not there.
fn no_such_quotations(speakers: &Speakers, articles: &[Pair]) -> Vec<Warning> {
    let mut left: std::collections::BTreeMap<_, _> = speakers.iter().collect();
    let mut warnings = Vec::new();
    for article in articles {
        let known = left.remove(&article.id).map_or(&[][..], Vec::as_slice);
        let count = article.gold.quotes.as_ref().map_or(0, Vec::len);
        if let Some(wrong) = known.iter().find(|speaker| speaker.index >= count) {
            warnings.push(Warning::NoSuchQuotation { id: article.id.clone(), index: Some(wrong.index) });
        }
    }
    warnings.extend(left.keys().map(|&id| Warning::NoSuchQuotation { id: id.clone(), index: None }));
    warnings
}
