//! The arguments as they are given. Nothing is opened or looked up here: that is for [`crate::plan`].

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use whosaid::eval::{self, read::Format};
use whosaid::record::{OffsetUnit, Schema};
use whosaid::tag::Embedded;

static VERSION: LazyLock<String> =
    LazyLock::new(|| format!("{} (records {})", env!("CARGO_PKG_VERSION"), Schema::V1.as_str()));

const ABOUT: &str = "Who said what in the news: quotations, their cues and their speakers";

const HELP: &str = "\
Examples:
  whosaid explain article.txt                       for reading, with colours
  whosaid annotate article.txt                      as JSON, to the screen
  whosaid annotate news/*.txt -o news.jsonl         many articles, one a line
  whosaid annotate news/*.html --format csv -o out  five tables in a folder
  curl -s https://… | whosaid annotate --input-format html
  whosaid eval gold.jsonl news.jsonl                how good that is

Exit codes:
  0  all is well
  1  some articles failed; they are marked as errors, the rest is written
  2  the arguments make no sense, or the output could not be written

“whosaid annotate --help” says what comes out.";

const ANNOTATE_HELP: &str = "\
What comes out:
  jsonl  One article a line: its text, paragraphs, sentences, mentions (names),
         entities (who is meant by them) and quotes, each with its parts, cue
         (“said”), source (“she”), speaker, confidence and evidence.
  csv    With -o OUT, five files in the folder OUT: documents.csv,
         sentences.csv, entities.csv, mentions.csv and quotes.csv. Without -o,
         the table of quotes alone. A list in a cell is joined with |, and a |
         inside a value is written \\|. Cells are as the article has them: one
         may begin with = or +, so import columns as text where a spreadsheet
         might take that for a formula.

  Offsets are half-open, count from 0 and point into the text that the record
  gives: the input itself if that is plain text. What is absent is null in JSON
  and empty in CSV. The same input gives the same bytes at any number of
  threads.

  An article that cannot be read or annotated does not stop the run: its line
  has an “error” and nothing found, and its “status” in documents.csv is
  “error”. A file is written under a temporary name and appears when complete.

Examples:
  whosaid annotate a.txt | jq '.quotes[] | {speaker: .speaker.name, text}'
  whosaid annotate news/*.txt -o news.jsonl --threads 8
  whosaid annotate news/*.md --format csv -o tables
  whosaid annotate --format csv < article.txt > quotes.csv

Exit codes:
  0  all is well
  1  some articles failed; they are marked as errors, the rest is written
  2  the arguments make no sense, or the output could not be written";

const EVAL_HELP: &str = "\
What is read, plain or compressed with gzip:
  jsonl  A line an article: records of this program or of any tool, and gold
         sets with “content” for “parts” and “type” for “kind”.
  conll  A token and its tag (B-PER, I-PER, O) a line; for .conll, .bio, .iob.
  brat   A folder of .ann files with their .txt, or of PolNeAR with its
         “attributions” and “text”; or one .ann file.

  Articles are matched by id; a predicted id that is the path of a file matches
  the gold article of the file's name. A gold article without a prediction
  counts as empty. Both must have the same text. The texts of a CoNLL set are
  made from its tokens: --texts writes them.

What is reported: precision, recall and F1 in percent, the counts behind them,
and a 95% interval of the F1 from drawing articles again (--json has those of
precision and recall, too).
  entities   Names with the right ends and label; “overlap”: with the right
             label and a character in common.
  quotes     Content, cue and source, each for itself (“exact”, “exact-edge”
             without the marks at the ends, “overlap”) and linked; speakers,
             where the gold or --speakers knows them.
  blocks     Paragraphs in block quotations.
  sentences  Where sentences end.

Examples:
  whosaid annotate corpus/*.txt -o out.jsonl && whosaid eval corpus out.jsonl
  whosaid eval gold.jsonl.gz other-tool.jsonl --task quotes --json
  whosaid eval test.conll --texts texts.jsonl

Exit codes:
  0  all is well
  2  the arguments make no sense, or the files cannot be compared";

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
    #[command(after_long_help = ANNOTATE_HELP)]
    Annotate(AnnotateArgs),
    /// Show one article for reading, with names, quotations and the reasons for their speakers
    Explain(ExplainArgs),
    /// Score records against gold annotations
    #[command(after_long_help = EVAL_HELP)]
    Eval(EvalArgs),
    /// Print a script that completes the arguments of this program in a shell
    ///
    /// For example: whosaid completions bash > ~/.local/share/bash-completion/completions/whosaid
    Completions(CompletionsArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct AnnotateArgs {
    /// Articles, one a file; “-” or nothing is standard input
    ///
    /// The name as given is the id of the article's record; standard input has the id “-”.
    #[arg(value_name = "FILES", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_enum, default_value_t = OutputFormat::Jsonl)]
    pub(crate) format: OutputFormat,

    /// Where to write: a file for jsonl, a folder for csv [default: standard output]
    #[arg(short, long, value_name = "FILE|FOLDER", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,

    /// What offsets count
    #[arg(long, value_enum, default_value_t = Offsets::Char)]
    pub(crate) offsets: Offsets,

    /// What the articles are [default: by the file's extension; text for standard input]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<InputFormat>,

    /// Which embedded model reads: the accurate one, or one that is many times as fast
    #[arg(long, value_enum, default_value_t = Model::default())]
    pub(crate) model: Model,

    /// How many articles to work on at once [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ExplainArgs {
    /// The article; “-” is standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,

    /// What the article is [default: by the file's extension; text for standard input]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<InputFormat>,

    /// Which embedded model reads
    #[arg(long, value_enum, default_value_t = Model::default())]
    pub(crate) model: Model,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EvalArgs {
    /// What is right: JSON Lines, a CoNLL file, or a folder of brat annotations
    #[arg(value_name = "GOLD", value_hint = ValueHint::AnyPath)]
    pub(crate) gold: PathBuf,

    /// What is scored, in any of these formats; “-” is standard input
    #[arg(value_name = "PREDICTED", value_hint = ValueHint::AnyPath, required_unless_present = "texts")]
    pub(crate) predicted: Option<PathBuf>,

    /// How the gold is written [default: by its name]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) gold_format: Option<GoldFormat>,

    /// What to score; may be repeated [default: all that the gold has]
    #[arg(long = "task", value_enum, value_name = "TASK")]
    pub(crate) tasks: Vec<Task>,

    /// Names: the labels that are scored
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_value = "PER,ORG,LOC")]
    pub(crate) labels: Vec<String>,

    /// Names: drop a leading article and a trailing possessive on both sides
    #[arg(long)]
    pub(crate) norm: bool,

    /// Names: compare places only, whatever the label
    #[arg(long)]
    pub(crate) untyped: bool,

    /// Quotations: those of these kinds only (direct, mixed, indirect, block)
    ///
    /// Predicted blocks belong to “direct” as well: gold sets without the word call them so.
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    pub(crate) kinds: Vec<String>,

    /// Quotations: a file that says who the gold ones come from; only its articles are scored
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) speakers: Option<PathBuf>,

    /// How many times to draw articles for the intervals; 0 for no intervals
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub(crate) bootstrap: usize,

    /// Print JSON with all digits
    #[arg(long)]
    pub(crate) json: bool,

    /// Write the gold's texts, an object with “id” and “text” a line, and score nothing; “-” is standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "predicted")]
    pub(crate) texts: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// One article a line
    Jsonl,
    /// Tables; without an output folder, that of the quotes
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Offsets {
    /// Unicode code points, as in Python, R and SQL
    Char,
    /// Bytes of UTF-8, as in Rust and Go
    Byte,
    /// Units of UTF-16, as in JavaScript and Java
    Utf16,
}

impl From<Offsets> for OffsetUnit {
    fn from(offsets: Offsets) -> Self {
        match offsets {
            Offsets::Char => Self::Char,
            Offsets::Byte => Self::Byte,
            Offsets::Utf16 => Self::Utf16,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// A transformer encoder
    Accurate,
    /// A small convolutional network
    Fast,
}

impl Default for Model {
    fn default() -> Self {
        match Embedded::best() {
            Embedded::Accurate => Self::Accurate,
            Embedded::Fast => Self::Fast,
        }
    }
}

impl From<Model> for Embedded {
    fn from(model: Model) -> Self {
        match model {
            Model::Accurate => Self::Accurate,
            Model::Fast => Self::Fast,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputFormat {
    /// Plain text, taken as it stands
    Text,
    /// Markdown, with or without front matter
    Markdown,
    /// A web page, of which the article is taken
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GoldFormat {
    /// JSON Lines
    Jsonl,
    /// Tokens and tags
    Conll,
    /// Text and standoff
    Brat,
}

impl From<GoldFormat> for Format {
    fn from(format: GoldFormat) -> Self {
        match format {
            GoldFormat::Jsonl => Self::Jsonl,
            GoldFormat::Conll => Self::Conll,
            GoldFormat::Brat => Self::Brat,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// Names and their labels
    Entities,
    /// Quotations, their links and their speakers
    Quotes,
    /// Block quotations
    Blocks,
    /// Sentences
    Sentences,
}

impl From<Task> for eval::Task {
    fn from(task: Task) -> Self {
        match task {
            Task::Entities => Self::Entities,
            Task::Quotes => Self::Quotes,
            Task::Blocks => Self::Blocks,
            Task::Sentences => Self::Sentences,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Args::command().debug_assert();
    }
}
