//! From arguments to what is to be done. What makes no sense is refused here, before any article is read; what can only
//! be known by reading (a file is missing, a text is not UTF-8) is the article's own failure and is met later.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use whosaid::Stages;
use whosaid::group::GroupFormat;
use whosaid::model as stored;
use whosaid::record::{OffsetUnit, Schema};
use whosaid::run::Articles;
use whosaid::sink::{Format as OutputFormat, Provenance};
use whosaid::source::dump::{Columns, Inputs, Options};
use whosaid::source::{self, Article, Format};
use whosaid::tag;

use crate::args::{AnnotateArgs, ExplainArgs, GroupArgs, InputFormat, Model, ReaderArgs};

mod eval;
mod target;

pub(crate) use eval::{Eval, Goal};
pub(crate) use target::{Existing, Target};

/// Which articles to annotate, how, and where their records go.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Annotate {
    pub(crate) inputs: Inputs,
    pub(crate) articles: Articles,
    pub(crate) format: OutputFormat,
    pub(crate) target: Target,
    /// Where to list what failed, if that was said.
    pub(crate) errors: Option<PathBuf>,
    pub(crate) unit: OffsetUnit,
    pub(crate) reader: ReaderArgs,
    pub(crate) stages: Stages,
    pub(crate) min_score: f32,
    pub(crate) min_confidence: f32,
    pub(crate) any_language: bool,
    /// How many threads, if that was said.
    pub(crate) threads: Option<NonZeroUsize>,
    pub(crate) fail_fast: bool,
    pub(crate) dry_run: bool,
    pub(crate) quiet: bool,
    /// What the answer depends on, besides the input.
    options: BTreeMap<String, String>,
}

/// Which article to show.
#[derive(Debug)]
pub(crate) struct Explain {
    pub(crate) input: Input,
    pub(crate) reader: ReaderArgs,
}

/// Which outputs to group, and where the groups go.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) outputs: Vec<PathBuf>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) format: GroupFormat,
    pub(crate) min_articles: u64,
    /// In bytes.
    pub(crate) memory: usize,
    pub(crate) temporary: PathBuf,
    pub(crate) quiet: bool,
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
    pub(crate) fn resolve(args: &AnnotateArgs) -> Result<Self> {
        if args.files.is_empty() && io::stdin().is_terminal() {
            bail!("no articles: give files, or an article on standard input (“-” to type one)");
        }
        let files = if args.files.is_empty() { vec![PathBuf::from(STANDARD)] } else { args.files.clone() };
        let columns = Columns {
            text: args.text.clone(),
            id: args.id.clone(),
            title: args.title.clone(),
            date: args.date.clone(),
            url: args.url.clone(),
        };
        let max_article_bytes = args.max_article.saturating_mul(1_000_000);
        let format = args.input_format.map(Into::into);
        let inputs = Inputs::resolve(&files, Options { format, columns, max_article_bytes })?;
        let mut names = HashSet::new();
        if let Some(twice) = inputs.files().iter().find(|file| !names.insert(file.name())) {
            bail!("{} is given twice, but an article's name is its id and must be its own", twice.name());
        }
        let format = OutputFormat::from(args.format);
        let target = Target::resolve(args)?;
        let errors = args.errors.clone();
        let written = target.files(format).into_iter().chain(errors.clone());
        // What folders and patterns stand for, too.
        let is_read = |path: &Path| inputs.files().iter().any(|file| is_same_file(Path::new(file.name()), path));
        if let Some(path) = written.into_iter().find(|path| is_read(path)) {
            bail!("{} is one of the articles and would be overwritten: give another -o", path.display());
        }
        let options = options(args, &inputs);
        Ok(Self {
            inputs,
            articles: Articles { limit: args.limit, sample: args.sample },
            format,
            target,
            errors,
            unit: args.offsets.into(),
            reader: args.reader.clone(),
            stages: args.stages.into(),
            min_score: args.min_score,
            min_confidence: args.min_confidence,
            any_language: args.any_language,
            threads: args.threads,
            fail_fast: args.fail_fast,
            dry_run: args.dry_run,
            quiet: args.quiet,
            options,
        })
    }

    /// What the answer depends on, and the input.
    pub(crate) fn options(&self) -> BTreeMap<String, String> {
        let model = self.model_name();
        self.options
            .iter()
            .map(|(name, value)| (name.clone(), value.clone()))
            .chain([("model".to_owned(), model)])
            .collect()
    }

    /// What a file says about how it was made. The names of the articles' files are not in it.
    pub(crate) fn provenance(&self) -> Provenance {
        let version = ("whosaid.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        let schema = ("whosaid.schema".to_owned(), Schema::V1.as_str().to_owned());
        let options = self.options().into_iter().filter(|(name, _)| !matches!(name.as_str(), "input" | "version"));
        let options = options.map(|(name, value)| (format!("whosaid.{name}"), value));
        [schema, version].into_iter().chain(options).collect()
    }

    fn model_name(&self) -> String {
        let name = |model: stored::Model<'_>| format!("{} {}", model.card().name, model.card().version);
        let none = || "none".to_owned();
        match (self.stages, &self.reader.model) {
            (Stages::Segment, _) => none(),
            (_, Model::Embedded(embedded)) => embedded.model().map_or_else(none, name),
            (_, Model::Folder(folder)) => tag::identity(folder, self.reader.engine).unwrap_or_else(|_| none()),
        }
    }
}

/// What the answer depends on, as far as arguments say it.
fn options(args: &AnnotateArgs, inputs: &Inputs) -> BTreeMap<String, String> {
    let word = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
    let number = |value: Option<u64>| value.map_or_else(|| "all".to_owned(), |value| value.to_string());
    let options = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("input", input(inputs)),
        ("columns", columns(args)),
        ("max_article", args.max_article.to_string()),
        ("input_format", args.input_format.map_or_else(|| "by name".to_owned(), |format| word(&format))),
        ("format", word(&args.format)),
        ("compress", word(&args.compress)),
        ("offsets", word(&args.offsets)),
        ("stages", word(&args.stages)),
        ("min_score", args.min_score.to_string()),
        ("min_confidence", args.min_confidence.to_string()),
        ("language", if args.any_language { "any" } else { "en" }.to_owned()),
        ("limit", number(args.limit)),
        ("sample", number(args.sample.map(|sample| sample.get() as u64))),
    ];
    options.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Which columns were said to hold what.
fn columns(args: &AnnotateArgs) -> String {
    let said =
        [("text", &args.text), ("id", &args.id), ("title", &args.title), ("date", &args.date), ("url", &args.url)];
    let said = said.into_iter().filter_map(|(field, column)| Some(format!("{field}={}", column.as_ref()?)));
    said.collect::<Vec<_>>().join(" ")
}

/// What tells one input from another: the names and sizes of its files. Their content would take as long to read as the
/// run itself.
fn input(inputs: &Inputs) -> String {
    let known = inputs.files().iter().map(|file| format!("{}\u{0}{}\u{0}", file.name(), file.bytes().unwrap_or(0)));
    let digest = known.fold(Sha256::new(), Sha256::chain_update).finalize();
    let key = digest.iter().take(8).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    match inputs.files() {
        [file] => format!("{} ({key})", file.name()),
        files => format!("{} files ({key})", files.len()),
    }
}

/// Whether two names are of one file that is there.
fn is_same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().is_ok_and(|a| b.canonicalize().is_ok_and(|b| a == b) && a.is_file())
}

impl Group {
    pub(crate) fn resolve(args: GroupArgs) -> Result<Self> {
        let GroupArgs { outputs, output, format, min_articles, memory, temporary, quiet } = args;
        let output = output.filter(|path| path.as_os_str() != STANDARD);
        let format = match (format, &output) {
            (Some(format), _) => format.into(),
            (None, Some(path)) => GroupFormat::from(path.as_path()),
            (None, None) => GroupFormat::Csv,
        };
        if let Some(path) = output.iter().find(|path| outputs.iter().any(|file| is_same_file(file, path))) {
            bail!("{} is one of the outputs to be read and would be overwritten: give another -o", path.display());
        }
        let temporary = temporary.unwrap_or_else(std::env::temp_dir);
        Ok(Self { outputs, output, format, min_articles, memory: memory.saturating_mul(1 << 20), temporary, quiet })
    }
}

impl Explain {
    pub(crate) fn resolve(args: &ExplainArgs) -> Self {
        Self { input: Input::resolve(args.file.clone(), args.input_format), reader: args.reader.clone() }
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

    use std::num::NonZeroU64;

    use whosaid::sink::Compression;

    use super::*;
    use crate::args::{Args, Command};

    fn resolve(args: &[&str]) -> Result<Annotate> {
        let all = ["whosaid", "annotate"].iter().chain(args);
        match Args::try_parse_from(all)?.command {
            Command::Annotate(args) => Annotate::resolve(&args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_read_as_its_extension_says_unless_the_format_is_given() {
        let format = |file: &str, format| Input::resolve(file.into(), format).format;
        assert_eq!(
            ["a.txt", "b.md", "c.HTML", "-"].map(|file| format(file, None)),
            [Format::Text, Format::Markdown, Format::Html, Format::Text]
        );
        assert_eq!(["a.txt", "-"].map(|file| format(file, Some(InputFormat::Html))), [Format::Html, Format::Html]);
    }

    #[test]
    fn a_minus_is_standard_input_and_standard_output() {
        let plan = resolve(&["-", "-o", "-"]).unwrap();
        assert_eq!((plan.inputs.files().len(), plan.target), (1, Target::StandardOutput));
    }

    #[test]
    fn tables_go_to_a_folder_and_without_one_the_quotes_go_to_standard_output() {
        assert_eq!(resolve(&["a", "--format", "csv"]).unwrap().target, Target::StandardOutput);
        let folder = |compression| Target::Folder { folder: "no/such".into(), compression, replace: false };
        let csv = ["a", "--format", "csv", "-o", "no/such"];
        assert_eq!(resolve(&csv).unwrap().target, folder(Compression::None));
        assert_eq!(resolve(&[&csv[..], &["--compress", "gz"]].concat()).unwrap().target, folder(Compression::Gzip));
    }

    #[test]
    fn parts_go_to_a_folder() {
        let parts = ["a", "-o", "out", "--partition-rows", "10"];
        let target = |more: &[&str]| resolve(&[&parts[..], more].concat()).map(|plan| plan.target);
        let wanted = |existing| Target::Parts {
            folder: "out".into(),
            compression: Compression::None,
            articles: NonZeroU64::new(10).unwrap(),
            existing,
        };
        assert_eq!(target(&[]).unwrap(), wanted(Existing::Refuse));
        assert_eq!(target(&["--resume"]).unwrap(), wanted(Existing::Resume));
        assert_eq!(target(&["--force"]).unwrap(), wanted(Existing::Replace));
        for nonsense in [&["a", "--partition-rows", "10"][..], &["a", "-o", "out", "--resume"], &["a", "--force"]] {
            assert!(resolve(nonsense).is_err(), "{nonsense:?}");
        }
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
        let pattern = folder.path().join("*.csv");
        for inputs in [tables, pattern.to_str().unwrap()] {
            let error = resolve(&[inputs, "-o", path]).unwrap_err().to_string();
            assert!(error.contains("is one of the articles"), "{error}");
        }
        assert!(resolve(&["a.txt", "-o", "no/such/"]).is_err());
    }

    #[test]
    fn two_articles_cannot_have_one_id() {
        let error = resolve(&["a.txt", "b.txt", "a.txt"]).unwrap_err().to_string();
        assert_eq!(error, "a.txt is given twice, but an article's name is its id and must be its own");
    }
}
