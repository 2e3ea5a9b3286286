//! Parquet: a table a file, with types, compressed by zstd.
//!
//! A text is a string, a whole number 64 bits wide (the unsigned types of Parquet are not read everywhere), a list a
//! list of strings. A column may be null exactly where the table says so. Types come from the table alone, so that files
//! of different runs can be read as one.

use std::convert::Infallible;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{ArrayBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::coalesce::BatchCoalescer;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use super::{Output, Provenance, SinkError};
use crate::record::ArticleRecord;
use crate::record::tables::{Cell, Column, ColumnType, Table};

/// Rows of a row group: some megabytes compressed, enough for readers to work side by side, and little to hold in memory.
const ROW_GROUP: usize = 64 * 1024;

/// Bytes after which a row group ends with fewer rows, before compression: a few long articles should not fill memory.
const ROW_GROUP_BYTES: usize = 64 << 20;

/// Rows that are gathered before they are handed on. The number is fixed so that pages end at the same rows however
/// the rows came.
const BATCH: usize = 1024;

/// The columns of each table.
static SCHEMAS: LazyLock<[SchemaRef; Table::ALL.len()]> =
    LazyLock::new(|| Table::ALL.map(|table| Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()).into()));

/// Rows of every table, by columns. They are made by whoever annotates: what is handed on is a few pieces of memory, not
/// thousands that another thread would have to give back.
pub(super) struct Rows(Vec<(Table, Vec<Builder>)>);

impl Default for Rows {
    fn default() -> Self {
        let columns = |table: Table| table.columns().iter().map(|column| Builder::new(column.holds)).collect();
        Self(Table::ALL.map(|table| (table, columns(table))).into())
    }
}

impl Rows {
    /// Adds the rows of an article.
    pub(super) fn add(&mut self, record: &ArticleRecord) {
        for (table, columns) in &mut self.0 {
            let added: Result<(), Infallible> = table.each_row(record, |cells| {
                columns.iter_mut().zip(cells).for_each(|(column, &cell)| column.push(cell));
                Ok(())
            });
            let Ok(()) = added;
        }
    }

    /// The rows of each table, in the order of the tables.
    pub(super) fn into_batches(self) -> impl Iterator<Item = (Table, Result<RecordBatch, ArrowError>)> {
        self.0.into_iter().zip(SCHEMAS.iter()).map(|((table, mut columns), schema)| {
            (table, RecordBatch::try_new(schema.clone(), columns.iter_mut().map(Builder::end).collect()))
        })
    }
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").finish_non_exhaustive()
    }
}

enum Builder {
    Text(StringBuilder),
    Integer(Int64Builder),
    Real(Float64Builder),
    TextList(ListBuilder<StringBuilder>),
}

/// The file of a table.
pub(super) struct ParquetTable<'a> {
    pub(super) table: Table,
    name: String,
    rows: BatchCoalescer,
    writer: ArrowWriter<Output<'a>>,
}

impl<'a> ParquetTable<'a> {
    pub(super) fn new(table: Table, output: Output<'a>, provenance: &Provenance) -> Result<Self, SinkError> {
        let name = output.name().to_owned();
        let schema = SCHEMAS[table as usize].clone();
        let metadata = provenance.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone())).collect();
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
            // Per page they would grow with the file, in memory, until it ends.
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("whosaid version ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(metadata))
            .build();
        let rows = BatchCoalescer::new(schema.clone(), BATCH);
        let writer = ArrowWriter::try_new(output, schema, Some(properties));
        let writer = writer.map_err(|error| failed(&name, error))?;
        Ok(Self { table, name, rows, writer })
    }

    /// Adds rows of this table.
    pub(super) fn add(&mut self, rows: Result<RecordBatch, ArrowError>) -> Result<(), SinkError> {
        let added = rows.and_then(|rows| self.rows.push_batch(rows)).map_err(ParquetError::from);
        added.and_then(|()| self.write()).map_err(|error| failed(&self.name, error))
    }

    /// Writes the last rows and the footer.
    pub(super) fn end(mut self) -> Result<Output<'a>, SinkError> {
        let ended = self.rows.finish_buffered_batch().map_err(ParquetError::from);
        let ended = ended.and_then(|()| self.write()).and_then(|()| self.writer.into_inner());
        ended.map_err(|error| failed(&self.name, error))
    }

    /// Writes the batches that are full.
    fn write(&mut self) -> Result<(), ParquetError> {
        while let Some(batch) = self.rows.next_completed_batch() {
            self.writer.write(&batch)?;
        }
        Ok(())
    }
}

impl std::fmt::Debug for ParquetTable<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetTable").field("name", &self.name).finish_non_exhaustive()
    }
}

fn field(column: &Column) -> Field {
    let holds = match column.holds {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Integer => DataType::Int64,
        ColumnType::Real => DataType::Float64,
        ColumnType::TextList => DataType::List(item()),
    };
    Field::new(column.name, holds, column.optional)
}

fn item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Utf8, false))
}

impl Builder {
    fn new(holds: ColumnType) -> Self {
        match holds {
            ColumnType::Text => Self::Text(StringBuilder::with_capacity(0, 0)),
            ColumnType::Integer => Self::Integer(Int64Builder::with_capacity(0)),
            ColumnType::Real => Self::Real(Float64Builder::with_capacity(0)),
            ColumnType::TextList => {
                Self::TextList(ListBuilder::with_capacity(StringBuilder::with_capacity(0, 0), 0).with_field(item()))
            }
        }
    }

    /// Adds a cell, which is of the column's type because both come from one field of the row.
    fn push(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(texts), Cell::Text(text)) => texts.append_value(text),
            (Self::Text(texts), _) => texts.append_null(),
            (Self::Integer(numbers), Cell::Integer(number)) => numbers.append_value(i64::from(number)),
            (Self::Integer(numbers), _) => numbers.append_null(),
            (Self::Real(numbers), Cell::Real(number)) => numbers.append_value(number),
            (Self::Real(numbers), _) => numbers.append_null(),
            (Self::TextList(lists), Cell::TextList(list)) => {
                for text in list {
                    lists.values().append_value(text);
                }
                lists.append(true);
            }
            (Self::TextList(lists), _) => lists.append(false),
        }
    }

    fn end(&mut self) -> ArrayRef {
        match self {
            Self::Text(texts) => ArrayBuilder::finish(texts),
            Self::Integer(numbers) => ArrayBuilder::finish(numbers),
            Self::Real(numbers) => ArrayBuilder::finish(numbers),
            Self::TextList(lists) => ArrayBuilder::finish(lists),
        }
    }
}

fn failed(output: &str, error: ParquetError) -> SinkError {
    // The reason that the system gives says whether a disk is full; the parquet crate wraps it.
    let source = match error {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(source) => *source,
            Err(source) => std::io::Error::other(source),
        },
        other => std::io::Error::other(other),
    };
    SinkError::new(output, source)
}
