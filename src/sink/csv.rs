//! CSV: a table a file, in UTF-8, with a header, quoted as RFC 4180 says.
//!
//! A list is joined with `|`, and a `|` inside a value is written `\|`. Cells are data and stay as they are: one that
//! begins with `=`, `+`, `-` or `@` is not disarmed for spreadsheets that would take it for a formula, because every
//! other reader would then read something that the article does not say.

use std::borrow::Cow;

use crate::record::ArticleRecord;
use crate::record::tables::{Cell, Table};

/// Rows of every table, without headers.
pub(super) struct Rows(Vec<csv::Writer<Vec<u8>>>);

impl Default for Rows {
    fn default() -> Self {
        Self(Table::ALL.map(|_| csv::Writer::from_writer(Vec::new())).into())
    }
}

impl Rows {
    /// Adds the rows of an article.
    pub(super) fn add(&mut self, record: &ArticleRecord) {
        for (table, rows) in Table::ALL.into_iter().zip(&mut self.0) {
            let written = table.each_row(record, |cells| rows.write_record(cells.iter().map(|&cell| shown(cell))));
            written.expect("every row of a table has its columns, and memory can be written to");
        }
    }

    /// The rows of each table, in the order of the tables.
    pub(super) fn into_bytes(self) -> impl Iterator<Item = Vec<u8>> {
        self.0.into_iter().map(|rows| rows.into_inner().expect("memory can be written to"))
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

/// The first line of a table.
pub(super) fn header(table: Table) -> String {
    let names: Vec<_> = table.columns().iter().map(|column| column.name).collect();
    names.join(",") + "\n"
}

/// A cell as it is written.
struct Shown<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Shown<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn shown(cell: Cell<'_>) -> Shown<'_> {
    Shown(match cell {
        Cell::Absent => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Integer(number) => number.to_string().into(),
        // As in JSON: 1.0, not 1.
        Cell::Real(number) => format!("{number:?}").into(),
        Cell::TextList(list) => list.iter().map(|item| item.replace('|', r"\|")).collect::<Vec<_>>().join("|").into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{OffsetUnit, fixture};
    use crate::source::About;

    fn table(table: Table, records: &[ArticleRecord]) -> String {
        let mut rows = Rows::default();
        for record in records {
            rows.add(record);
        }
        let all: Vec<_> = rows.into_bytes().collect();
        let at = Table::ALL.iter().position(|&other| other == table).unwrap();
        header(table) + std::str::from_utf8(&all[at]).unwrap()
    }

    #[test]
    fn a_list_is_joined_with_bars_and_its_own_bars_are_escaped() {
        let mut record = fixture::document().record(OffsetUnit::Char);
        record.entities[0].aliases = vec!["Öz".to_owned(), "a|b".to_owned()];
        let csv = table(Table::Entities, &[record]);
        assert_eq!(csv.lines().nth(1), Some(r"open.txt,0,PER,Zoë Öz,Öz|a\|b,mayor,,,2,2"));
    }

    #[test]
    fn a_cell_with_a_comma_a_mark_or_a_line_break_comes_back_as_it_was() {
        let mut record = fixture::document().record(OffsetUnit::Char);
        record.quotes[0].text = "\"One,\"\r\nshe said. =1+1".to_owned();
        let csv = table(Table::Quotes, std::slice::from_ref(&record));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(&rows[0][5], record.quotes[0].text);
        assert_eq!((&rows[0][18], &rows[1][18], &rows[2][23]), ("0.9123", "1.0", "1"));
        assert_eq!(&rows[0][24], record.quotes[0].quote_key);
    }

    #[test]
    fn an_article_that_failed_is_a_row_of_documents_and_of_nothing_else() {
        let about = About { id: "b.txt".to_owned(), ..About::default() };
        let failed = ArticleRecord::failed(about, OffsetUnit::Char, "cannot be read");
        assert_eq!(
            table(Table::Documents, std::slice::from_ref(&failed)).lines().nth(1),
            Some("b.txt,,,,,,,,error,cannot be read")
        );
        for other in [Table::Sentences, Table::Entities, Table::Mentions, Table::Quotes] {
            assert_eq!(table(other, std::slice::from_ref(&failed)).lines().count(), 1);
        }
    }
}
