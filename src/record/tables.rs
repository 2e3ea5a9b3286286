//! Records as rows of five tables.
//!
//! A column is declared once, as a field of its table's row: its name is the field's, its type and whether it can be
//! absent are the field's type. A format of tables asks a [`Table`] for its columns and its rows and knows nothing of
//! articles, so CSV and whatever comes after it cannot disagree.
//!
//! Rows are made from a record, not from a document: a record that was read back gives the same rows.

mod rows;

use super::ArticleRecord;
use rows::Row;

/// A table of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// One row an article, also for one that failed.
    Documents,
    /// One row a sentence.
    Sentences,
    /// One row a person, organisation or place of an article.
    Entities,
    /// One row a name in the text.
    Mentions,
    /// One row a quotation.
    Quotes,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// A whole number, not negative.
    Integer,
    /// A number from 0 to 1.
    Real,
    /// A list of texts.
    TextList,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub holds: ColumnType,
    /// Whether a cell may be absent.
    pub optional: bool,
}

/// A cell of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    Absent,
    /// Text.
    Text(&'a str),
    /// A whole number.
    Integer(u32),
    /// A number from 0 to 1, to four decimals.
    Real(f64),
    /// A list of texts.
    TextList(&'a [String]),
}

impl Table {
    /// All tables.
    pub const ALL: [Self; 5] = [Self::Documents, Self::Sentences, Self::Entities, Self::Mentions, Self::Quotes];

    /// Its name, which is that of its file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Documents => "documents",
            Self::Sentences => "sentences",
            Self::Entities => "entities",
            Self::Mentions => "mentions",
            Self::Quotes => "quotes",
        }
    }

    /// Its columns, in order.
    #[must_use]
    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Documents => rows::DocumentRow::COLUMNS,
            Self::Sentences => rows::SentenceRow::COLUMNS,
            Self::Entities => rows::EntityRow::COLUMNS,
            Self::Mentions => rows::MentionRow::COLUMNS,
            Self::Quotes => rows::QuoteRow::COLUMNS,
        }
    }

    /// Gives every row of an article in this table to `write`, until that fails.
    ///
    /// # Errors
    /// The first error of `write`.
    pub fn each_row<E>(self, record: &ArticleRecord, write: impl FnMut(&[Cell<'_>]) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Documents => each(std::iter::once(rows::document(record)), write),
            Self::Sentences => each(rows::sentences(record), write),
            Self::Entities => each(rows::entities(record), write),
            Self::Mentions => each(rows::mentions(record), write),
            Self::Quotes => each(rows::quotes(record), write),
        }
    }
}

fn each<E>(rows: impl Iterator<Item = impl Row>, mut write: impl FnMut(&[Cell<'_>]) -> Result<(), E>) -> Result<(), E> {
    rows.into_iter().try_for_each(|row| write(row.cells().as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{OffsetUnit, fixture};

    #[test]
    fn a_row_has_a_cell_for_every_column_and_absent_cells_only_where_the_column_says_so() {
        let record = fixture::document().record(OffsetUnit::Char);
        for table in Table::ALL {
            let mut rows = 0;
            let checked: Result<(), String> = table.each_row(&record, |cells| {
                rows += 1;
                assert_eq!(cells.len(), table.columns().len());
                for (cell, column) in cells.iter().zip(table.columns()) {
                    let fits = match cell {
                        Cell::Absent => column.optional,
                        Cell::Text(_) => column.holds == ColumnType::Text,
                        Cell::Integer(_) => column.holds == ColumnType::Integer,
                        Cell::Real(_) => column.holds == ColumnType::Real,
                        Cell::TextList(_) => column.holds == ColumnType::TextList,
                    };
                    assert!(fits, "{}.{}: {cell:?}", table.name(), column.name);
                }
                Ok(())
            });
            assert_eq!(checked, Ok(()));
            assert!(rows > 0, "{}", table.name());
        }
    }
}
