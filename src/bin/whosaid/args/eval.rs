//! The arguments of `whosaid eval`.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};
use whosaid::eval;

pub(super) const HELP: &str = "\
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GoldFormat {
    /// JSON Lines
    Jsonl,
    /// Tokens and tags
    Conll,
    /// Text and standoff
    Brat,
}

impl From<GoldFormat> for eval::read::Format {
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
