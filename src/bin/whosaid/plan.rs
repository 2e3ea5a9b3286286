//! From arguments to what is to be done. What makes no sense is refused here, before any article is read; what can only
//! be known by reading (a file is missing, a text is not UTF-8) is the article's own failure and is met later.

use std::collections::HashSet;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use whosaid::record::OffsetUnit;
use whosaid::record::tables::Table;
use whosaid::sink::CsvTables;
use whosaid::source::{self, About, Article, Format};
use whosaid::tag::Embedded;

use crate::args::{AnnotateArgs, ExplainArgs, InputFormat, OutputFormat};

mod eval;
pub(crate) use eval::{Eval, Goal};

/// Which articles to annotate, and where their records go.
#[derive(Debug)]
pub(crate) struct Annotate {
    pub(crate) inputs: Vec<Input>,
    pub(crate) target: Target,
    pub(crate) unit: OffsetUnit,
    pub(crate) model: Embedded,
    /// How many threads; 0 is one for each processor.
    pub(crate) threads: usize,
}

/// Which article to show.
#[derive(Debug)]
pub(crate) struct Explain {
    pub(crate) input: Input,
    pub(crate) model: Embedded,
}

/// Where records go.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// JSON Lines to standard output.
    Lines,
    /// JSON Lines to a file.
    LinesFile(PathBuf),
    /// The table of quotations to standard output.
    QuoteTable,
    /// All tables to a folder.
    TableFolder(PathBuf),
}

/// An article that is not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Input {
    place: Place,
    format: Format,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    StandardInput,
    File(PathBuf),
}

/// The name that stands for standard input and standard output.
const STANDARD: &str = "-";

impl Annotate {
    pub(crate) fn resolve(args: AnnotateArgs) -> Result<Self> {
        let AnnotateArgs { files, format, output, offsets, input_format, model, threads } = args;
        if files.is_empty() && io::stdin().is_terminal() {
            bail!("no articles: give files, or an article on standard input (“-” to type one)");
        }
        let files = if files.is_empty() { vec![PathBuf::from(STANDARD)] } else { files };
        let mut ids = HashSet::new();
        if let Some(twice) = files.iter().find(|file| !ids.insert(file.to_string_lossy())) {
            bail!("{} is given twice, but an article's name is its id and must be its own", twice.display());
        }
        if let [folder] = &files[..]
            && folder.is_dir()
        {
            bail!(
                "{0} is a folder, but only files are read: give the articles in it, such as {0}/*.txt",
                folder.display()
            );
        }
        let output = output.filter(|path| path.as_os_str() != STANDARD);
        let target = match (format, output) {
            (OutputFormat::Jsonl, None) => Target::Lines,
            (OutputFormat::Jsonl, Some(path)) if path.is_dir() => {
                bail!(
                    "{} is a folder, but jsonl is written to a file: give -o {}",
                    path.display(),
                    path.join("articles.jsonl").display()
                )
            }
            (OutputFormat::Jsonl, Some(path)) if path.as_os_str().as_encoded_bytes().ends_with(b"/") => {
                bail!("{} is the name of a folder, but jsonl is written to a file", path.display())
            }
            (OutputFormat::Jsonl, Some(path)) => Target::LinesFile(path),
            (OutputFormat::Csv, None) => Target::QuoteTable,
            (OutputFormat::Csv, Some(path)) if path.exists() && !path.is_dir() => {
                bail!("{} is a file, but csv writes several tables into a folder: give -o FOLDER", path.display())
            }
            (OutputFormat::Csv, Some(path)) => Target::TableFolder(path),
        };
        if let Some(path) = target.files().iter().find(|path| files.iter().any(|file| is_same_file(file, path))) {
            bail!("{} is one of the articles and would be overwritten: give another -o", path.display());
        }
        let inputs = files.into_iter().map(|file| Input::resolve(file, input_format)).collect();
        Ok(Self { inputs, target, unit: offsets.into(), model: model.into(), threads: threads.map_or(0, Into::into) })
    }
}

impl Target {
    /// The files that are written.
    fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Lines | Self::QuoteTable => Vec::new(),
            Self::LinesFile(path) => vec![path.clone()],
            Self::TableFolder(path) => Table::ALL.map(|table| CsvTables::file(path, table)).to_vec(),
        }
    }
}

/// Whether two names are of one file that is there.
fn is_same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b) && a.is_file())
}

impl Explain {
    pub(crate) fn resolve(args: &ExplainArgs) -> Self {
        Self { input: Input::resolve(args.file.clone(), args.input_format), model: args.model.into() }
    }
}

impl Input {
    pub(crate) fn resolve(file: PathBuf, format: Option<InputFormat>) -> Self {
        let format = format.map(|format| match format {
            InputFormat::Text => Format::Text,
            InputFormat::Markdown => Format::Markdown,
            InputFormat::Html => Format::Html,
        });
        if file.as_os_str() == STANDARD {
            return Self { place: Place::StandardInput, format: format.unwrap_or(Format::Text) };
        }
        Self { format: format.unwrap_or_else(|| Format::of_path(&file)), place: Place::File(file) }
    }

    /// The id of the article: the file's name as given. Bytes of a name that are not Unicode cannot stand in a record
    /// and become U+FFFD.
    pub(crate) fn id(&self) -> String {
        match &self.place {
            Place::StandardInput => STANDARD.to_owned(),
            Place::File(path) => path.to_string_lossy().into_owned(),
        }
    }

    /// What is known of the article without reading it.
    pub(crate) fn about(&self) -> About {
        About { id: self.id(), ..About::default() }
    }

    /// Reads the article.
    pub(crate) fn read(&self) -> Result<Article> {
        let bytes = match &self.place {
            Place::StandardInput => read_standard_input(),
            Place::File(path) => read_file(path),
        };
        Ok(source::read(&self.id(), self.format, &bytes.context("cannot be read")?)?)
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
}

fn read_standard_input() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn resolve(args: &[&str]) -> Result<Annotate> {
        let all = ["whosaid", "annotate"].iter().chain(args);
        match Args::try_parse_from(all)?.command {
            Command::Annotate(args) => Annotate::resolve(args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_read_as_its_extension_says_unless_the_format_is_given() {
        let formats =
            |args: &[&str]| resolve(args).unwrap().inputs.iter().map(|input| input.format).collect::<Vec<_>>();
        assert_eq!(
            formats(&["a.txt", "b.md", "c.HTML", "-"]),
            [Format::Text, Format::Markdown, Format::Html, Format::Text]
        );
        assert_eq!(formats(&["a.txt", "-", "--input-format", "html"]), [Format::Html, Format::Html]);
    }

    #[test]
    fn a_minus_is_standard_input_and_standard_output() {
        let plan = resolve(&["-", "-o", "-"]).unwrap();
        assert_eq!((plan.inputs[0].id().as_str(), plan.target), ("-", Target::Lines));
    }

    #[test]
    fn tables_go_to_a_folder_and_without_one_the_quotes_go_to_standard_output() {
        assert_eq!(resolve(&["a", "--format", "csv"]).unwrap().target, Target::QuoteTable);
        assert_eq!(
            resolve(&["a", "--format", "csv", "-o", "no/such"]).unwrap().target,
            Target::TableFolder("no/such".into())
        );
    }

    #[test]
    fn an_article_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let article = folder.path().join("quotes.csv");
        std::fs::write(&article, "One.").unwrap();
        let path = article.to_str().unwrap();
        let error = resolve(&[path, "-o", path]).unwrap_err().to_string();
        assert!(error.contains("is one of the articles"), "{error}");
        let tables = folder.path().to_str().unwrap();
        assert!(resolve(&[path, "--format", "csv", "-o", tables]).is_err());
        assert!(resolve(&["a.txt", "-o", "no/such/"]).is_err());
    }

    #[test]
    fn two_articles_cannot_have_one_id() {
        let error = resolve(&["a.txt", "b.txt", "a.txt"]).unwrap_err().to_string();
        assert_eq!(error, "a.txt is given twice, but an article's name is its id and must be its own");
    }
}
