//! The files that are written together and appear together.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::articles::Articles;
use super::chunk::Content;
use super::parquet::ParquetTable;
use super::{Chunk, Complete, Compression, Format, Layout, Output, SinkError, csv};
use crate::record::tables::Table;

/// The files of a whole run, or of one of the parts into which it is divided.
#[derive(Debug)]
pub struct Part<'a> {
    files: Files<'a>,
    errors: Errors<'a>,
}

/// The list of errors.
#[derive(Debug)]
enum Errors<'a> {
    /// Nobody asked for it.
    None,
    /// It is there even if it is empty.
    Always(Output<'a>),
    /// It is there only if there are errors.
    IfAny(PathBuf, Option<Output<'a>>),
}

#[derive(Debug)]
enum Files<'a> {
    One(Box<Output<'a>>),
    Csv(Vec<(Table, Output<'a>)>),
    Parquet(Vec<ParquetTable<'a>>),
    Articles(Articles),
}

/// Where in a folder a part is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The folder, which is there.
    pub folder: &'a Path,
    /// How files are compressed that can be.
    pub compression: Compression,
    /// Which part, from 0; nothing if there is only one.
    pub number: Option<u64>,
}

/// What a file says about how it was made: names and values.
pub type Provenance = Vec<(String, String)>;

impl<'a> Part<'a> {
    /// To one output. Of tables it is that of the quotations.
    ///
    /// # Errors
    /// [`SinkError`] if the output cannot be written to.
    pub fn stream(format: Format, mut output: Output<'a>) -> Result<Self, SinkError> {
        let files = match format {
            Format::Csv => {
                begin(&mut output, Table::Quotes)?;
                Files::Csv(vec![(Table::Quotes, output)])
            }
            Format::Parquet => Files::Parquet(vec![ParquetTable::new(Table::Quotes, output, &Vec::new())?]),
            _ => Files::One(Box::new(output)),
        };
        Ok(Self { files, errors: Errors::None })
    }

    /// To files in a folder, with a list of the errors beside them.
    ///
    /// # Errors
    /// [`SinkError`] if a file cannot be made.
    pub fn folder(format: Format, place: &Place<'_>, provenance: &Provenance) -> Result<Self, SinkError> {
        let open = |stem: &str| Output::file(&place.file(format, stem));
        let files = match (format.layout(), format) {
            (Layout::Tables, Format::Parquet) => Files::Parquet(
                Table::ALL
                    .into_iter()
                    .map(|table| ParquetTable::new(table, open(table.name())?, provenance))
                    .collect::<Result<_, _>>()?,
            ),
            (Layout::Tables, _) => {
                let file = |table: Table| {
                    let mut output = open(table.name())?;
                    begin(&mut output, table)?;
                    Ok((table, output))
                };
                Files::Csv(Table::ALL.into_iter().map(file).collect::<Result<_, _>>()?)
            }
            (Layout::Stream, _) => Files::One(Box::new(open("out")?)),
            (Layout::Articles, _) => Files::Articles(Articles::new(&place.file(format, "articles"))?),
        };
        Ok(Self { files, errors: Errors::Always(Output::file(&place.errors())?) })
    }

    /// Lists errors in an output of their own.
    #[must_use]
    pub fn errors(self, errors: Output<'a>) -> Self {
        Self { errors: Errors::Always(errors), ..self }
    }

    /// Lists errors in a file if there are any, and leaves none there from before if there are not.
    #[must_use]
    pub fn errors_if_any(self, path: &Path) -> Self {
        Self { errors: Errors::IfAny(path.to_owned(), None), ..self }
    }

    /// Appends articles.
    ///
    /// # Errors
    /// [`SinkError`] if a file cannot be written. What was written before is then of no use.
    pub fn write(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        let (content, errors) = chunk.into_parts();
        match &mut self.errors {
            Errors::None => {}
            Errors::Always(output) | Errors::IfAny(_, Some(output)) => append(output, &errors)?,
            Errors::IfAny(..) if errors.is_empty() => {}
            Errors::IfAny(path, open) => append(open.insert(Output::file(path)?), &errors)?,
        }
        match (content, &mut self.files) {
            (Content::Bytes(bytes), Files::One(output)) => append(output, &bytes),
            (Content::Csv(rows), Files::Csv(files)) => {
                for (table, bytes) in Table::ALL.into_iter().zip(rows.into_bytes()) {
                    if let Some((_, output)) = files.iter_mut().find(|(other, _)| *other == table) {
                        append(output, &bytes)?;
                    }
                }
                Ok(())
            }
            (Content::Parquet(rows), Files::Parquet(files)) => {
                for (table, rows) in rows.into_batches() {
                    if let Some(file) = files.iter_mut().find(|file| file.table == table) {
                        file.add(rows)?;
                    }
                }
                Ok(())
            }
            (Content::Files(files), Files::Articles(articles)) => {
                files.iter().try_for_each(|(id, files)| articles.add(id, files))
            }
            _ => Err(SinkError::new("the output", std::io::Error::other("the articles are in another format"))),
        }
    }

    /// Writes what is still to be written. The files are then on their disk, but have not their names yet.
    ///
    /// # Errors
    /// [`SinkError`] if a file cannot be written.
    pub fn complete(self) -> Result<Vec<Complete>, SinkError> {
        let mut folder = None;
        let outputs = match self.files {
            Files::Articles(articles) => {
                folder = Some(articles.complete()?);
                Vec::new()
            }
            Files::One(output) => vec![*output],
            Files::Csv(files) => files.into_iter().map(|(_, output)| output).collect(),
            Files::Parquet(tables) => tables.into_iter().map(ParquetTable::end).collect::<Result<Vec<_>, _>>()?,
        };
        let errors = match self.errors {
            Errors::None => None,
            Errors::Always(output) | Errors::IfAny(_, Some(output)) => Some(output),
            Errors::IfAny(path, None) => {
                // There may be none, and then there is nothing to remove.
                let _ = std::fs::remove_file(path);
                None
            }
        };
        // The last to appear is `documents`, so whoever waits for that file finds the others.
        let files = errors.into_iter().chain(outputs.into_iter().rev()).map(Output::complete);
        files.chain(folder.map(Ok)).collect()
    }

    /// Completes the files and gives them their names, one by one.
    ///
    /// # Errors
    /// [`SinkError`] if a file cannot be written or renamed.
    pub fn finish(self) -> Result<(), SinkError> {
        self.complete()?.into_iter().try_for_each(Complete::appear)
    }
}

impl Place<'_> {
    /// The files that [`Part::folder`] writes, in the order of the tables.
    #[must_use]
    pub fn files(&self, format: Format) -> Vec<PathBuf> {
        format.stems().into_iter().map(|stem| self.file(format, stem)).collect()
    }

    /// The list of errors.
    #[must_use]
    pub fn errors(&self) -> PathBuf {
        self.folder.join(self.numbered("errors") + ".jsonl")
    }

    fn file(&self, format: Format, stem: &str) -> PathBuf {
        if format.layout() == Layout::Articles {
            return self.folder.join(self.numbered(stem));
        }
        let compression = if format.is_compressible() { self.compression } else { Compression::None };
        self.folder.join(format!("{}.{}{}", self.numbered(stem), format.extension(), compression.extension()))
    }

    /// Five digits sort by name as by number up to 100,000 parts; readers that take `quotes-*` need no more.
    fn numbered(&self, stem: &str) -> String {
        self.number.map_or_else(|| stem.to_owned(), |number| format!("{stem}-{number:05}"))
    }
}

fn begin(output: &mut Output<'_>, table: Table) -> Result<(), SinkError> {
    append(output, csv::header(table).as_bytes())
}

fn append(output: &mut Output<'_>, bytes: &[u8]) -> Result<(), SinkError> {
    output.write_all(bytes).map_err(|source| SinkError::new(output.name(), source))
}
