//! CSV: a table a file, in UTF-8, with a header, quoted as RFC 4180 says.
//!
//! A list is joined with `|`, and a `|` inside a value is written `\|`. Cells are data and stay as they are: one that
//! begins with `=`, `+`, `-` or `@` is not disarmed for spreadsheets that would take it for a formula, because every
//! other reader would then read something that the article does not say.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::{Output, Sink, SinkError};
use crate::record::ArticleRecord;
use crate::record::tables::{Cell, Table};

/// Writes tables.
#[derive(Debug)]
pub struct CsvTables<'a> {
    files: Vec<File<'a>>,
}

#[derive(Debug)]
struct File<'a> {
    table: Table,
    name: String,
    rows: csv::Writer<Output<'a>>,
}

impl<'a> CsvTables<'a> {
    /// All tables, each as `<name>.csv` in a folder, which is made if there is none.
    ///
    /// # Errors
    /// [`SinkError`] if the folder or a file in it cannot be made.
    pub fn folder(path: &Path) -> Result<Self, SinkError> {
        std::fs::create_dir_all(path)
            .map_err(|source| SinkError { output: format!("{} as a folder", path.display()), source })?;
        let files = Table::ALL.into_iter().map(|table| {
            let output = Output::file(&Self::file(path, table))?;
            File::new(table, output)
        });
        Ok(Self { files: files.collect::<Result<_, _>>()? })
    }

    /// The file of a table in a folder.
    #[must_use]
    pub fn file(folder: &Path, table: Table) -> PathBuf {
        folder.join(table.name()).with_extension("csv")
    }

    /// One table to an output.
    ///
    /// # Errors
    /// [`SinkError`] if the header cannot be written.
    pub fn one(table: Table, output: Output<'a>) -> Result<Self, SinkError> {
        Ok(Self { files: vec![File::new(table, output)?] })
    }
}

impl Sink for CsvTables<'_> {
    fn write(&mut self, record: &ArticleRecord) -> Result<(), SinkError> {
        self.files.iter_mut().try_for_each(|file| file.write(record))
    }

    fn finish(mut self: Box<Self>) -> Result<(), SinkError> {
        // All bytes first: a disk that is full is met before any table has its name. The renames that follow are one by
        // one, so a crash between them leaves tables of two runs.
        self.files.iter_mut().try_for_each(File::flush)?;
        // The last to appear is `documents`, so whoever waits for that file finds the others.
        self.files.into_iter().rev().try_for_each(File::finish)
    }
}

impl<'a> File<'a> {
    fn new(table: Table, output: Output<'a>) -> Result<Self, SinkError> {
        let name = output.name().to_owned();
        let mut file = Self { table, name, rows: csv::Writer::from_writer(output) };
        let header = table.columns().iter().map(|column| column.name);
        file.rows.write_record(header).map_err(|error| failed(&file.name, error))?;
        Ok(file)
    }

    fn write(&mut self, record: &ArticleRecord) -> Result<(), SinkError> {
        let Self { table, name, rows } = self;
        let written =
            table.each_row(record, |cells| rows.write_record(cells.iter().map(|&cell| shown(cell).into_owned())));
        written.map_err(|error| failed(name, error))
    }

    fn flush(&mut self) -> Result<(), SinkError> {
        self.rows.flush().map_err(|source| SinkError { output: self.name.clone(), source })
    }

    fn finish(self) -> Result<(), SinkError> {
        let Self { name, rows, .. } = self;
        let output = rows.into_inner().map_err(|error| SinkError { output: name, source: error.into_error() })?;
        output.finish()
    }
}

fn failed(output: &str, error: csv::Error) -> SinkError {
    // The reason that the system gives says whether a pipe was closed; the csv crate wraps it.
    let source = match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => io::Error::other(format!("{other:?}")),
    };
    SinkError { output: output.to_owned(), source }
}

fn shown(cell: Cell<'_>) -> Cow<'_, str> {
    match cell {
        Cell::Absent => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Integer(number) => number.to_string().into(),
        // As in JSON: 1.0, not 1.
        Cell::Real(number) => format!("{number:?}").into(),
        Cell::TextList(list) => list.iter().map(|item| item.replace('|', r"\|")).collect::<Vec<_>>().join("|").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{OffsetUnit, fixture};
    use crate::source::About;

    fn table(table: Table, records: &[ArticleRecord]) -> String {
        let mut bytes = Vec::new();
        let mut sink = Box::new(CsvTables::one(table, Output::stream("memory", &mut bytes)).unwrap());
        records.iter().try_for_each(|record| sink.write(record)).unwrap();
        sink.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_list_is_joined_with_bars_and_its_own_bars_are_escaped() {
        let mut record = fixture::document().record(OffsetUnit::Char);
        record.entities[0].aliases = vec!["Öz".to_owned(), "a|b".to_owned()];
        let csv = table(Table::Entities, &[record]);
        assert_eq!(csv.lines().nth(1), Some(r"open.txt,0,PER,Zoë Öz,Öz|a\|b,mayor,,,2,1"));
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
        assert_eq!((&rows[0][17], &rows[1][17], &rows[2][22]), ("0.9123", "1.0", "1"));
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
