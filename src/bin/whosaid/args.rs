//! The arguments as they are given. Nothing is opened or looked up here: that is for [`crate::plan`].

mod annotate;
mod eval;
mod group;
mod model;

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use whosaid::checkpoint::Engine;
use whosaid::record::Schema;
use whosaid::tag::Embedded;

pub(crate) use annotate::AnnotateArgs;
pub(crate) use eval::EvalArgs;
pub(crate) use group::GroupArgs;
pub(crate) use model::{CheckArgs, ConvertArgs, ModelCommand};

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (records {})", env!("CARGO_PKG_VERSION"), Schema::V1.as_str()));

const ABOUT: &str = "Who said what in the news: quotations, their cues and their speakers";

const HELP: &str = "\
Examples:
  whosaid explain article.txt                       for reading, with colours
  whosaid annotate article.txt                      as JSON, to the screen
  whosaid annotate news/*.txt -o news.jsonl         many articles, one a line
  whosaid annotate news/*.html --format csv -o out  five tables in a folder
  whosaid annotate dump.jsonl --format parquet -o out --partition-rows 10000
                                                    a dump, in parts; after a
                                                    crash again with --resume
  curl -s https://… | whosaid annotate --input-format html
  whosaid eval gold.jsonl news.jsonl                how good that is
  whosaid group out --min-articles 2                what is quoted again
  whosaid model check my-ner                        what a model of yours is

Exit codes:
  0  all is well
  1  some articles failed; they are marked as errors, the rest is written
  2  the arguments make no sense, or the output could not be written

“whosaid annotate --help” says what comes out.";

/// Who said what in the news.
#[derive(Debug, Parser)]
#[command(name = "whosaid", version = VERSION.as_str(), about = ABOUT, after_help = HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find who said what, for programs: as JSON Lines or as tables
    #[command(after_long_help = annotate::HELP)]
    Annotate(AnnotateArgs),
    /// Show one article for reading, with names, quotations and the reasons for their speakers
    Explain(ExplainArgs),
    /// Score records against gold annotations
    #[command(after_long_help = eval::HELP)]
    Eval(EvalArgs),
    /// Count the same quotation once: in how many articles it stands, and who is said to have said it
    #[command(after_long_help = group::HELP)]
    Group(GroupArgs),
    /// Look into the folder of a model, or make it smaller and faster
    #[command(subcommand)]
    Model(ModelCommand),
    /// Print a script that completes the arguments of this program in a shell
    ///
    /// For example: whosaid completions bash > ~/.local/share/bash-completion/completions/whosaid
    Completions(CompletionsArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The article; “-” is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// What the article is [default: by the file's extension; text for standard input]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<InputFormat>,

    #[command(flatten)]
    pub(crate) reader: ReaderArgs,
}

/// Who reads the articles.
#[derive(Debug, Clone, PartialEq, Eq, Default, clap::Args)]
pub(crate) struct ReaderArgs {
    /// Which model reads: “accurate”, “fast” (many times as fast), or the folder of another: one of ours, or a
    /// token-classification checkpoint in the layout of the Hugging Face hub, which then finds the names
    #[arg(long, value_name = "accurate|fast|DIR", default_value_t = Model::default(), value_hint = ValueHint::DirPath)]
    pub(crate) model: Model,

    /// What runs a checkpoint: native, rten, ort or rust-bert [default: the first that reads it]
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<Engine>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// Which model reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Model {
    Embedded(Embedded),
    Folder(PathBuf),
}

impl Default for Model {
    fn default() -> Self {
        Self::Embedded(Embedded::best())
    }
}

impl std::fmt::Display for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Embedded(model) => model.fmt(f),
            Self::Folder(path) => path.display().fmt(f),
        }
    }
}

impl FromStr for Model {
    type Err = String;

    fn from_str(given: &str) -> Result<Self, String> {
        match (given.parse(), PathBuf::from(given)) {
            (Ok(embedded), _) => Ok(Self::Embedded(embedded)),
            (_, folder) if folder.is_dir() => Ok(Self::Folder(folder)),
            _ => Err(String::from(
                "“accurate”, “fast” or the folder of a model is wanted; nothing is downloaded, so fetch a folder first",
            )),
        }
    }
}

/// What a file of one article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Plain text, taken as it stands
    Text,
    /// Markdown, with or without front matter
    Markdown,
    /// A web page, of which the article is taken
    Html,
}

/// Reads a probability.
fn probability(given: &str) -> Result<f32, String> {
    match given.parse() {
        Ok(p) if (0.0..=1.0).contains(&p) => Ok(p),
        _ => Err(String::from("a number from 0 to 1 is wanted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Args::command().debug_assert();
    }

    #[test]
    fn a_probability_is_from_0_to_1() {
        assert_eq!(probability("0.25"), Ok(0.25));
        for wrong in ["1.5", "-0.1", "NaN", "half"] {
            assert!(probability(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_model_is_one_of_ours_or_a_folder() {
        assert_eq!("fast".parse(), Ok(Model::Embedded(Embedded::Fast)));
        assert_eq!("src".parse(), Ok(Model::Folder("src".into())));
        assert!("somebody/some-model".parse::<Model>().unwrap_err().contains("nothing is downloaded"));
    }
}
