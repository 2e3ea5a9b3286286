//! Counts of every article under the names of their rows.
//!
//! Rows keep the counts of each article, and not only their sum, because confidence intervals are made by drawing
//! articles again.

use super::tally::Tally;

/// Rows of counts over the same articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// How many articles were scored.
    pub documents: usize,
    /// The rows, in the order in which they are shown.
    pub rows: Vec<Row>,
}

/// The counts under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What is counted.
    pub name: String,
    /// What is made of the counts.
    pub measure: Measure,
    /// The counts of each article.
    pub by_document: Vec<Tally>,
}

/// What is made of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Precision, recall and F1.
    F1,
    /// How many of the `gold` are a `hit`, in percent; `predicted` says nothing. `of` says what they are.
    Share {
        /// What the share is of.
        of: &'static str,
    },
}

impl Row {
    /// The counts of all articles.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.by_document.iter().copied().sum()
    }
}

impl Table {
    /// A table without rows.
    pub(super) fn new(documents: usize) -> Self {
        Self { documents, rows: Vec::new() }
    }

    /// Adds the counts of an article to a row, which is made if it is not there.
    pub(super) fn add(&mut self, document: usize, name: &str, tally: Tally) {
        self.add_to(document, name, Measure::F1, tally);
    }

    /// The same for a row with another measure.
    pub(super) fn add_to(&mut self, document: usize, name: &str, measure: Measure, tally: Tally) {
        let at = self.rows.iter().position(|row| row.name == name).unwrap_or_else(|| {
            self.rows.push(Row { name: name.to_owned(), measure, by_document: vec![Tally::default(); self.documents] });
            self.rows.len() - 1
        });
        self.rows[at].by_document[document] += tally;
    }

    /// The row of this name.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}
