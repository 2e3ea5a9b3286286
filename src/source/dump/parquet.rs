//! Apache Parquet.
//!
//! Rows are read through the crate's record interface, which needs none of Arrow: nothing here computes with columns. A
//! row group is read a batch of rows at a time, so small that the batch is a few megabytes whatever the rows are.
//!
//! The values become JSON. Dates and times become ISO 8601: the record interface writes them in another way, and those
//! in nanoseconds, which pandas writes unless asked, it takes for plain numbers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::{LogicalType, TimeUnit};
use parquet::data_type::AsBytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::TreeBuilder;
use parquet::record::{Field, Row};
use serde_json::{Map, Value};

use super::columns::{self, Chosen, Shape};
use super::fields;
use super::kind::Name;
use super::raws::Cut;
use super::reader::{Cutting, Halt, Reader, Stream, seekable};
use super::{At, Item, ItemError, Place};

/// How many bytes of rows are decoded at once, as far as the file says how long its rows are.
const BATCH: i64 = 4 << 20;

/// The most rows that are decoded at once.
const MOST_ROWS: i64 = 1024;

/// What is known of the columns of a file.
#[derive(Debug)]
pub(super) struct Table {
    chosen: Chosen,
    /// Which columns are times in nanoseconds.
    nanoseconds: Vec<String>,
}

/// Cuts the rows of a file.
pub(super) fn cut(reader: &mut Reader<'_>, name: &Name, stream: Stream<'_>) -> Cutting {
    let is_file = stream.file.is_some();
    let bytes = seekable(stream)?;
    let file = asked(At::Whole, || SerializedFileReader::new(bytes))?;
    let schema = file.metadata().file_metadata().schema_descr_ptr();

    let fields = schema.root_schema().get_fields();
    let columns = fields.iter().map(|field| field.name().to_owned()).collect();
    let (chosen, mapping) = columns::choose(&name.told, &reader.options.columns, columns, Shape::Table)
        .map_err(|error| Halt::broken(At::Whole, error))?;
    reader.out.mapping(mapping);
    let is_nanoseconds =
        |of: Option<&LogicalType>| matches!(of, Some(LogicalType::Timestamp(t)) if t.unit == TimeUnit::NANOS);
    let nanoseconds = fields
        .iter()
        .filter(|field| is_nanoseconds(field.get_basic_info().logical_type_ref()))
        .map(|field| field.name().to_owned())
        .collect();
    let table = Arc::new(Table { chosen, nanoseconds });

    let mut number = 0;
    for index in 0..file.num_row_groups() {
        let here = At::Row(number + 1);
        let group = asked(here, || file.get_row_group(index))?;
        let about = group.metadata();
        let length = (about.total_byte_size() / about.num_rows().max(1)).max(1);
        let batch = usize::try_from((BATCH / length).clamp(1, MOST_ROWS)).unwrap_or(1);
        let tree = TreeBuilder::new().with_batch_size(batch);
        let mut rows = asked(here, || tree.as_iter(Arc::clone(&schema), &*group))?;
        while let Some(row) = asked(At::Row(number + 1), || rows.next().transpose())? {
            number += 1;
            let at = At::Row(number);
            if len(&row) > reader.options.limit() {
                reader.failed(name, at, reader.too_long("row"))?;
            } else {
                reader.cut(name, at, Cut::Row { row, table: Arc::clone(&table) })?;
            }
        }
        if is_file {
            reader.out.read(u64::try_from(about.compressed_size()).unwrap_or(0));
        }
    }
    Ok(())
}

/// The answer of the crate that reads the format. It asserts in places what a file only claims of itself, so that its panic
/// over a file means the same as its error.
fn asked<T>(at: At, question: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, Halt> {
    let answer = catch_unwind(AssertUnwindSafe(question));
    let answer = answer.unwrap_or_else(|_| Err(ParquetError::General("it contradicts itself".to_owned())));
    answer.map_err(|error| Halt::broken(at, ItemError::damaged("Parquet file", error)))
}

/// How many bytes of text a row has.
pub(super) fn len(row: &Row) -> usize {
    let length = |field: &Field| match field {
        Field::Str(text) => text.len(),
        Field::Bytes(bytes) => bytes.len(),
        _ => 8,
    };
    row.get_column_iter().map(|(_, field)| length(field)).sum()
}

/// Reads a row.
pub(super) fn read(place: Place, row: Row, table: &Table) -> Item {
    let record: Map<String, Value> = row
        .into_columns()
        .into_iter()
        .map(|(column, field)| {
            let value = match field {
                Field::Long(time) if table.nanoseconds.contains(&column) => Value::String(iso(time, 1_000_000_000)),
                field => value(field),
            };
            (column, value)
        })
        .collect();
    fields::article(place, record, &table.chosen)
}

fn value(field: Field) -> Value {
    match field {
        Field::Str(text) => Value::String(text),
        // Writers of long ago did not say of a text that it is one.
        Field::Bytes(ref bytes) => match std::str::from_utf8(bytes.as_bytes()) {
            Ok(text) => Value::String(text.to_owned()),
            Err(_) => field.to_json_value(),
        },
        Field::TimestampMillis(time) => Value::String(iso(time, 1000)),
        Field::TimestampMicros(time) => Value::String(iso(time, 1_000_000)),
        other => other.to_json_value(),
    }
}

/// A time, in parts of a second since 1970, as ISO 8601.
fn iso(time: i64, parts: i64) -> String {
    let (seconds, part) = (time.div_euclid(parts), time.rem_euclid(parts));
    let (days, second) = (seconds.div_euclid(86400), seconds.rem_euclid(86400));
    // The calendar repeats every 400 years, and a year that begins in March has its leap day last.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    if part != 0 {
        let width = parts.to_string().len() - 1;
        let digits = format!("{part:0width$}");
        text = format!("{text}.{}", digits.trim_end_matches('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_iso_8601() {
        assert_eq!(iso(0, 1000), "1970-01-01T00:00:00");
        assert_eq!(iso(951_782_400_250, 1000), "2000-02-29T00:00:00.25");
        assert_eq!(iso(-1, 1_000_000_000), "1969-12-31T23:59:59.999999999");
        assert_eq!(iso(1_709_251_199_000_000, 1_000_000), "2024-02-29T23:59:59");
        assert_eq!(iso(4_102_444_800, 1), "2100-01-01T00:00:00");
    }
}
