//! Which files are read, in which order.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::columns::Mapping;
use super::kind::{DumpFormat, Name, Packing};
use super::raws::{self, Raw, Raws};
use super::reader::{Cutting, Halt, Receive};
use super::{ItemError, Options};

/// All inputs of a run, in order.
#[derive(Clone, Debug)]
pub struct Inputs {
    files: Vec<Input>,
    passed_over: u64,
    options: Options,
}

/// One file, or standard input.
#[derive(Clone, Debug)]
pub struct Input {
    name: String,
    pub(super) source: Source,
    bytes: Option<u64>,
    format: Option<DumpFormat>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Standard,
    File(PathBuf),
}

impl Input {
    /// The name as given, with what stands under a folder after it; `-` is standard input.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How long the file is, in bytes as it is stored; nobody knows of standard input, or of a file that cannot be seen.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.bytes
    }

    /// What is in it, as far as its name or the caller says.
    #[must_use]
    pub fn format(&self) -> Option<DumpFormat> {
        self.format
    }
}

/// The name that stands for standard input.
const STANDARD: &str = "-";

/// Why there is nothing to read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InputsError {
    /// No file has a name of this pattern.
    #[error("no file is called {pattern}")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// The pattern cannot be understood.
    #[error("{pattern} is no pattern of file names: {source}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        source: glob::PatternError,
    },
    /// No file in the folder has the name of an article or a dump.
    #[error(
        "{folder} has no article or dump in it ({passed_over} files are called otherwise); wanted names that end in \
         .txt, .md, .html, .jsonl, .csv, .tsv, .parquet, .warc, or one of these with .gz, .zst, .bz2, .zip or .tar"
    )]
    EmptyFolder {
        /// The folder.
        folder: String,
        /// How many files in it are called otherwise.
        passed_over: u64,
    },
    /// The folder, or one in it, cannot be read.
    #[error("the folder {folder} cannot be read: {source}")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system says.
        source: io::Error,
    },
    /// Standard input is given twice, but can be read only once.
    #[error("“-”, standard input, is given twice, but it can be read only once")]
    StandardTwice,
}

impl Inputs {
    /// Finds the files that `arguments` name. A folder is its files, and those of the folders in it, sorted by name:
    /// those that are called as articles and dumps are ([`Options::format`] given, all), and are not hidden. What is not
    /// there by its name and has `*`, `?` or `[` in it is a pattern: its matches, sorted. `-` is standard input. A file
    /// that does not exist is not an error here but an item that cannot be read.
    ///
    /// # Errors
    /// [`InputsError`] if a pattern or a folder yields nothing, or a folder cannot be read.
    pub fn resolve(arguments: &[PathBuf], options: Options) -> Result<Self, InputsError> {
        let mut inputs = Self { files: Vec::new(), passed_over: 0, options };
        for argument in arguments {
            if argument.as_os_str() == STANDARD {
                inputs.standard()?;
            } else if argument.is_dir() {
                inputs.folder(argument)?;
            } else if argument.symlink_metadata().is_err() && is_pattern(argument) {
                inputs.pattern(argument)?;
            } else {
                inputs.file(argument);
            }
        }
        Ok(inputs)
    }

    /// The files, in the order in which they are read.
    #[must_use]
    pub fn files(&self) -> &[Input] {
        &self.files
    }

    /// How many files of folders were passed over because they are not called as articles or dumps are.
    #[must_use]
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// How many bytes there are to read, as they are stored; nothing if that is not known of one of the inputs.
    #[must_use]
    pub fn total_bytes(&self) -> Option<u64> {
        self.files.iter().map(|file| file.bytes).sum()
    }

    /// What each input is, found out by reading its beginning: of archives, that of the first member that is read. Of
    /// standard input nothing is read, for it could not be read again.
    #[must_use]
    pub fn describe(&self) -> Vec<Description> {
        self.files.iter().map(|file| Description::of(file, &self.options)).collect()
    }

    /// Begins to read, from the first input.
    #[must_use]
    pub fn raws(&self) -> Raws {
        Raws::new(self.files.clone(), self.options.clone())
    }

    fn standard(&mut self) -> Result<(), InputsError> {
        if self.files.iter().any(|file| file.source == Source::Standard) {
            return Err(InputsError::StandardTwice);
        }
        let format = self.options.format;
        self.files.push(Input { name: STANDARD.to_owned(), source: Source::Standard, bytes: None, format });
        Ok(())
    }

    fn file(&mut self, path: &Path) {
        let told = path.to_string_lossy().into_owned();
        let name = Name::new(&told);
        let about = path.metadata().ok().filter(std::fs::Metadata::is_file);
        self.files.push(Input {
            name: told,
            source: Source::File(path.to_owned()),
            bytes: about.map(|about| about.len()),
            format: self.options.format.or_else(|| name.uncompressed().format()),
        });
    }

    fn folder(&mut self, folder: &Path) -> Result<(), InputsError> {
        let (files_before, passed_over_before) = (self.files.len(), self.passed_over);
        for entry in WalkDir::new(folder).follow_links(true).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                // A link back to a folder around it, or to nothing, holds no article.
                Err(error) if error.loop_ancestor().is_some() => continue,
                Err(error) if error.path().is_some_and(Path::is_symlink) => {
                    self.passed_over += 1;
                    continue;
                }
                Err(error) => {
                    let folder = error.path().unwrap_or(folder).to_string_lossy().into_owned();
                    return Err(InputsError::Folder { folder, source: error.into() });
                }
            };
            if entry.file_type().is_dir() {
                continue;
            }
            let name = Name::new(&entry.file_name().to_string_lossy());
            let is_taken = name.is_known() || self.options.format.is_some() && !name.is_hidden();
            if is_taken && entry.file_type().is_file() {
                self.file(entry.path());
            } else {
                self.passed_over += 1;
            }
        }
        if self.files.len() == files_before {
            let passed_over = self.passed_over - passed_over_before;
            return Err(InputsError::EmptyFolder { folder: folder.to_string_lossy().into_owned(), passed_over });
        }
        Ok(())
    }

    fn pattern(&mut self, argument: &Path) -> Result<(), InputsError> {
        let pattern = argument.to_string_lossy().into_owned();
        let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let matches = match glob::glob_with(&pattern, options) {
            Ok(matches) => matches,
            Err(source) => return Err(InputsError::Pattern { pattern, source }),
        };
        let before = self.files.len();
        for path in matches {
            let path = path.map_err(|error| {
                let folder = error.path().to_string_lossy().into_owned();
                InputsError::Folder { folder, source: error.into() }
            })?;
            if path.is_dir() {
                // A folder that happens to match and has nothing in it is no mistake.
                match self.folder(&path) {
                    Err(InputsError::EmptyFolder { .. }) => {}
                    done => done?,
                }
            } else {
                self.file(&path);
            }
        }
        if self.files.len() == before { Err(InputsError::NoMatch { pattern }) } else { Ok(()) }
    }
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

/// What an input is.
#[derive(Debug)]
pub struct Description {
    /// Its name.
    pub name: String,
    /// What is in it, unpacked, as far as that could be seen.
    pub format: Option<DumpFormat>,
    /// What it is packed in, the outermost first.
    pub packings: Vec<Packing>,
    /// How long it is, in bytes as it is stored.
    pub bytes: Option<u64>,
    /// What its columns are taken for, if it has columns.
    pub mapping: Option<Mapping>,
    /// What was wrong with the first thing in it.
    pub problem: Option<ItemError>,
}

/// The file on a line, and below it its columns and what is wrong with it, if anything is.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.name)?;
        match self.format {
            Some(format) => write!(f, " {format}")?,
            None => f.write_str(" not known before it is read")?,
        }
        for packing in &self.packings {
            write!(f, ", in {packing}")?;
        }
        if let Some(bytes) = self.bytes {
            write!(f, ", {bytes} bytes")?;
        }
        if let Some(mapping) = &self.mapping {
            write!(f, "\n  {mapping}")?;
        }
        if let Some(problem) = &self.problem {
            write!(f, "\n  {problem}")?;
        }
        Ok(())
    }
}

/// How many records of a file are looked at for one that shows what its columns are.
const LOOKED_AT: usize = 100;

impl Description {
    fn of(input: &Input, options: &Options) -> Self {
        let this = Self {
            name: input.name.clone(),
            format: input.format,
            packings: Vec::new(),
            bytes: input.bytes,
            mapping: None,
            problem: None,
        };
        if input.source == Source::Standard {
            return this;
        }
        let mut look = Look { description: this, raws: 0 };
        // It ends when enough was seen.
        let _ = raws::each(input, options, &mut look, |stream| stream);
        look.description
    }
}

/// Takes only what it needs to describe.
struct Look {
    description: Description,
    raws: usize,
}

impl Receive for Look {
    fn raw(&mut self, raw: Raw) -> Cutting {
        self.raws += 1;
        if self.description.problem.is_none() {
            self.description.problem = raw.into_error();
        }
        let is_enough = self.description.mapping.is_some() || self.raws >= LOOKED_AT;
        if is_enough { Err(Halt::Enough) } else { Ok(()) }
    }

    fn mapping(&mut self, mapping: Mapping) {
        self.description.mapping.get_or_insert(mapping);
    }

    fn packing(&mut self, packing: Packing) {
        self.description.packings.push(packing);
    }

    fn format(&mut self, format: DumpFormat) -> Cutting {
        self.description.format = Some(format);
        let has_columns = format.whole().is_none() && format != DumpFormat::Warc;
        if has_columns { Ok(()) } else { Err(Halt::Enough) }
    }

    fn passed_over(&mut self) {}

    fn read(&mut self, _: u64) {}
}
