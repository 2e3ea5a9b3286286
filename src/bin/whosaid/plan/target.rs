//! Where the records of `whosaid annotate` go.

use std::num::NonZeroU64;
use std::path::PathBuf;

use anyhow::{Result, bail};
use whosaid::sink::{Compression, Format as OutputFormat, Layout, Place as Part};

use super::STANDARD;
use crate::args::AnnotateArgs;

/// Where records go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To standard output; of tables, that of the quotations.
    StandardOutput,
    /// To one file.
    File(PathBuf),
    /// To one file for each table.
    Folder { folder: PathBuf, compression: Compression, replace: bool },
    /// To files for each part.
    Parts { folder: PathBuf, compression: Compression, articles: NonZeroU64, existing: Existing },
}

/// What to do with a run that is in the folder already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Refuse,
    Resume,
    Replace,
}

impl Target {
    pub(super) fn resolve(args: &AnnotateArgs) -> Result<Self> {
        let format = OutputFormat::from(args.format);
        let path = args.output.clone().filter(|path| path.as_os_str() != STANDARD);
        let compression = args.compress.into();
        let name = format.extension();
        let Some(path) = path else {
            if args.partition_rows.is_some() {
                bail!("parts are files in a folder: give -o FOLDER");
            }
            if format == OutputFormat::Parquet || format.layout() == Layout::Articles {
                bail!("{name} writes several files into a folder: give -o FOLDER");
            }
            return Ok(Self::StandardOutput);
        };
        let is_file = path.exists() && !path.is_dir();
        if let Some(articles) = args.partition_rows {
            if is_file {
                bail!("{} is a file, but parts are written into a folder: give -o FOLDER", path.display());
            }
            let existing = match (args.resume, args.force) {
                (true, _) => Existing::Resume,
                (_, true) => Existing::Replace,
                _ => Existing::Refuse,
            };
            return Ok(Self::Parts { folder: path, compression, articles, existing });
        }
        match format.layout() {
            Layout::Tables | Layout::Articles if is_file => {
                let what = if format.layout() == Layout::Tables { "tables" } else { "files" };
                bail!("{} is a file, but {name} writes several {what} into a folder: give -o FOLDER", path.display())
            }
            Layout::Tables | Layout::Articles => Ok(Self::Folder { folder: path, compression, replace: args.force }),
            Layout::Stream if path.is_dir() => {
                bail!(
                    "{} is a folder, but {name} is written to a file: give -o {}, or parts with --partition-rows",
                    path.display(),
                    path.join("articles").with_extension(name).display()
                )
            }
            Layout::Stream if path.as_os_str().as_encoded_bytes().ends_with(b"/") => {
                bail!("{} is the name of a folder, but {name} is written to a file", path.display())
            }
            Layout::Stream if compression != Compression::None => {
                bail!("a file is compressed as its name says: give -o {}{}", path.display(), compression.extension())
            }
            Layout::Stream => Ok(Self::File(path)),
        }
    }

    /// The files that are written. Of parts it is not known how many there will be.
    pub(super) fn files(&self, format: OutputFormat) -> Vec<PathBuf> {
        match self {
            Self::StandardOutput => Vec::new(),
            Self::File(path) => vec![path.clone()],
            Self::Folder { folder, compression, .. } => {
                let place = Part { folder, compression: *compression, number: None };
                place.files(format).into_iter().chain([place.errors()]).collect()
            }
            Self::Parts { folder, compression, .. } => {
                let place = Part { folder, compression: *compression, number: Some(0) };
                place.files(format).into_iter().chain([place.errors()]).collect()
            }
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::StandardOutput => f.write_str("standard output"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Folder { folder, .. } => write!(f, "the folder {}", folder.display()),
            Self::Parts { folder, articles, .. } => {
                write!(f, "the folder {}, in parts of {articles} articles", folder.display())
            }
        }
    }
}
