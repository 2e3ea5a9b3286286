//! Rows of fields, after a header: CSV and TSV.
//!
//! `csv-core`, the parser of the crate `csv`, is used by itself because here a field has a limit: one quotation mark that
//! is never closed makes the rest of a file one field, and it must not be held in memory to find that out. The parser
//! refuses nothing, so whatever is wrong with a row is found by its number of fields.

use std::io::{self, BufRead};
use std::sync::Arc;

use csv_core::ReadRecordResult;
use serde_json::{Map, Value};

use super::columns::{self, Chosen, Shape};
use super::error::utf8;
use super::fields;
use super::kind::Name;
use super::raws::Cut;
use super::reader::{Cutting, Halt, Reader};
use super::{At, Item, ItemError, Place};

/// How many fields a row may have. A header of more is not one.
const MOST_FIELDS: usize = 1 << 16;

/// The header of a file.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<String>,
    chosen: Chosen,
}

/// The fields of a row, one after the other, unquoted.
#[derive(Debug)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.bytes.get(start..end).unwrap_or_default())
    }
}

/// Cuts the rows of `stream`, whose fields are separated by `separator`.
pub(super) fn cut(reader: &mut Reader<'_>, separator: u8, name: &Name, stream: &mut dyn BufRead) -> Cutting {
    let mut rows = Rows::new(separator, reader.options.limit(), stream);
    let header = match rows.next().map_err(|error| Halt::reading(At::Whole, error))? {
        Row::Cells(cells) => header(reader, name, &cells).map_err(|error| Halt::broken(At::Whole, error))?,
        Row::TooLong => return Err(Halt::broken(At::Whole, reader.too_long("header"))),
        Row::End => return Ok(()),
    };
    let header = Arc::new(header);
    for number in 1.. {
        let at = At::Row(number);
        match rows.next().map_err(|error| Halt::reading(at, error))? {
            Row::Cells(cells) => reader.cut(name, at, Cut::Cells { cells, header: Arc::clone(&header) })?,
            Row::TooLong => reader.failed(name, at, reader.too_long("row"))?,
            Row::End => break,
        }
    }
    Ok(())
}

fn header(reader: &mut Reader<'_>, name: &Name, cells: &Cells) -> Result<Header, ItemError> {
    let mut columns: Vec<String> = Vec::new();
    for cell in cells.iter() {
        let mut column = utf8(cell, || "header".to_owned())?.trim().to_owned();
        // Of two columns of one name both are carried through; the first is the one that is meant.
        for again in 1.. {
            if !columns.contains(&column) {
                break;
            }
            column = format!("{}.{again}", column.trim_end_matches(&format!(".{}", again - 1)));
        }
        columns.push(column);
    }
    let (chosen, mapping) = columns::choose(&name.told, &reader.options.columns, columns.clone(), Shape::Table)?;
    reader.out.mapping(mapping);
    Ok(Header { columns, chosen })
}

/// Reads a row.
pub(super) fn read(place: Place, cells: &Cells, header: &Header) -> Item {
    match record(cells, header) {
        Ok(record) => fields::article(place, record, &header.chosen),
        Err(error) => Item { id: place.id(), place, article: Err(error) },
    }
}

fn record(cells: &Cells, header: &Header) -> Result<Map<String, Value>, ItemError> {
    let (met, wanted) = (cells.ends.len(), header.columns.len());
    if met != wanted {
        return Err(ItemError::FieldCount { met, wanted });
    }
    let fields = header.columns.iter().zip(cells.iter());
    fields
        .map(|(column, cell)| {
            let cell = utf8(cell, || format!("column “{column}”"))?;
            Ok((column.clone(), Value::String(cell.to_owned())))
        })
        .collect()
}

enum Row {
    Cells(Cells),
    TooLong,
    End,
}

/// The rows of a stream.
struct Rows<'s> {
    stream: &'s mut dyn BufRead,
    parser: csv_core::Reader,
    limit: usize,
    /// Where fields are written, and where their ends are; as long as they were ever needed.
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl<'s> Rows<'s> {
    fn new(separator: u8, limit: usize, stream: &'s mut dyn BufRead) -> Self {
        let parser = csv_core::ReaderBuilder::new().delimiter(separator).build();
        Self { stream, parser, limit, bytes: vec![0; limit.clamp(1, 64 << 10)], ends: vec![0; 64] }
    }

    fn next(&mut self) -> io::Result<Row> {
        let (mut written, mut fields) = (0, 0);
        let mut is_too_long = false;
        loop {
            let input = match self.stream.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                input => input?,
            };
            let output = self.bytes.get_mut(written..).unwrap_or_default();
            let ends = self.ends.get_mut(fields..).unwrap_or_default();
            let (result, used, wrote, ended) = self.parser.read_record(input, output, ends);
            self.stream.consume(used);
            written += wrote;
            fields += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.bytes.len() < self.limit && !is_too_long => {
                    let room = self.bytes.len().saturating_mul(2).min(self.limit);
                    self.bytes.resize(room, 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() < MOST_FIELDS && !is_too_long => {
                    self.ends.resize(self.ends.len() * 2, 0);
                }
                // The rest of the row is written over what was kept of it.
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    is_too_long = true;
                    (written, fields) = (0, 0);
                }
                ReadRecordResult::Record if is_too_long => return Ok(Row::TooLong),
                ReadRecordResult::Record => {
                    let bytes = self.bytes.get(..written).unwrap_or_default().to_vec();
                    let ends = self.ends.get(..fields).unwrap_or_default().to_vec();
                    return Ok(Row::Cells(Cells { bytes, ends }));
                }
                ReadRecordResult::End => return Ok(Row::End),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The fields of a row that is not too long.
    type Fields = Option<Vec<String>>;

    fn rows(text: &[u8], limit: usize, buffer: usize) -> Vec<Fields> {
        let mut stream = io::BufReader::with_capacity(buffer, text);
        let mut rows = Rows::new(b',', limit, &mut stream);
        let mut met = Vec::new();
        loop {
            match rows.next().unwrap() {
                Row::Cells(cells) => {
                    met.push(Some(cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()));
                }
                Row::TooLong => met.push(None),
                Row::End => return met,
            }
        }
    }

    fn row<const N: usize>(cells: [&str; N]) -> Fields {
        Fields::from(cells.map(str::to_owned).to_vec())
    }

    #[test]
    fn a_quoted_field_has_commas_lines_and_quotation_marks() {
        assert_eq!(
            rows(b"a,\"b, \"\"c\"\"\r\nd\"\r\n,\n\n\"\xE9\"", 99, 5),
            [row(["a", "b, \"c\"\r\nd"]), row(["", ""]), row(["\u{fffd}"])]
        );
    }

    #[test]
    fn a_row_too_long_is_one_item_and_the_next_is_read() {
        assert_eq!(
            rows(b"a,b\n\"12345\n6789012345678901234567890\",b\nc,d\n", 8, 4),
            [row(["a", "b"]), None, row(["c", "d"])]
        );
        let many = format!("{}\nc,d\n", ",".repeat(MOST_FIELDS + 9));
        assert_eq!(rows(many.as_bytes(), 8, 4096), [None, row(["c", "d"])]);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_not_held_in_memory() {
        assert_eq!(rows(&[b"a,\"b".as_slice(), &vec![b'\n'; 100_000]].concat(), 64, 4096), [None]);
    }

    proptest! {
        #[test]
        fn rows_are_those_of_the_crate_csv_whatever_the_buffer(
            text in "[ab\",\n\r é]{0,60}",
            buffer in 1_usize..20,
        ) {
            let mut whole = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let wanted: Vec<_> = whole
                .byte_records()
                .map(|row| Some(row.unwrap().iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()))
                .collect();
            prop_assert_eq!(rows(text.as_bytes(), 1000, buffer), wanted);
        }
    }
}
