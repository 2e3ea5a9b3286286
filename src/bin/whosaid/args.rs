//! The arguments as they are given. Nothing is opened or looked up here: that is for [`crate::plan`].

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Parser, Subcommand, ValueEnum, ValueHint};
use whosaid::Stages;
use whosaid::eval;
use whosaid::group::GroupFormat;
use whosaid::record::{OffsetUnit, Schema};
use whosaid::sink::{Compression, Format};
use whosaid::source::dump::DumpFormat;
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
  whosaid annotate dump.jsonl --format parquet -o out --partition-rows 10000
                                                    a dump, in parts; after a
                                                    crash again with --resume
  curl -s https://… | whosaid annotate --input-format html
  whosaid eval gold.jsonl news.jsonl                how good that is
  whosaid group out --min-articles 2                what is quoted again

Exit codes:
  0  all is well
  1  some articles failed; they are marked as errors, the rest is written
  2  the arguments make no sense, or the output could not be written

“whosaid annotate --help” says what comes out.";

const ANNOTATE_HELP: &str = "\
What comes out:
  jsonl    One article a line: its text, paragraphs, sentences, mentions
           (names), entities (who is meant by them) and quotes, each with its
           parts, cue (“said”), source (“she”), speaker, confidence, evidence.
  csv      With -o OUT, five files in the folder OUT: documents.csv,
           sentences.csv, entities.csv, mentions.csv and quotes.csv. Without -o,
           the table of quotes alone. A list in a cell is joined with |, and a |
           inside a value is written \\|. Cells are as the article has them: one
           may begin with = or +, so import columns as text where a spreadsheet
           might take that for a formula.
  parquet  The same five tables with types, compressed by zstd.
  corenlp, booknlp, brat, conll, displacy, quotebank
           What those tools write or read, with their fields and their offsets,
           for notebooks that know them. What is not computed (a lemma, a tree)
           is missing or neutral.

  Offsets are half-open, count from 0 and point into the text that the record
  gives: the input itself if that is plain text. What is absent is null in JSON
  and Parquet and empty in CSV. The same input gives the same bytes at any
  number of threads.

  Files whose names end in .gz or .zst are compressed. A file is written under
  a temporary name and appears when complete.

When something is wrong with an article:
  It does not stop the run. Its line has an “error” and nothing found, its
  “status” is “error” there and in the table of documents, and errors.jsonl in
  the folder OUT (or NAME.errors.jsonl beside the file NAME.jsonl, or what
  --errors says) has its file, line or offset, id and the reason.

Large dumps:
  --partition-rows N divides the output into parts of N articles, such as
  OUT/quotes-00000.parquet. When a run is interrupted, the same command with
  --resume continues after the last part that was completed; what comes out is
  the same as without interruption. One part is lost at most, so choose N for
  some minutes of work.

Examples:
  whosaid annotate a.txt | jq '.quotes[] | {speaker: .speaker.name, text}'
  whosaid annotate news/*.txt -o news.jsonl.zst --threads 8
  whosaid annotate news/*.md --format csv -o tables
  whosaid annotate --format csv < article.txt > quotes.csv
  whosaid annotate dump.jsonl.gz -o out --partition-rows 10000 --resume

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

const GROUP_HELP: &str = "\
Two quotations are the same if their letters and digits are, whatever their
case, punctuation and line breaks: they have the same “quote_key” in every
output. Groups of most articles come first. Their columns:

  quote_key       the key
  n_articles      articles in which it stands
  n_quotes        quotations of it
  speaker         the name that is given most often
  speakers        all names that are given, joined with |
  speaker_quotes  for how many quotations each name is given, joined with |
  text            the words as they stand the first time
  doc_id          the article in which they stand the first time

Examples:
  whosaid group out --min-articles 2 -o wire.csv
  whosaid group 2019 2020 2021 -o all.jsonl.zst";

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
    /// Count the same quotation once: in how many articles it stands, and who is said to have said it
    #[command(after_long_help = GROUP_HELP)]
    Group(GroupArgs),
    /// Print a script that completes the arguments of this program in a shell
    ///
    /// For example: whosaid completions bash > ~/.local/share/bash-completion/completions/whosaid
    Completions(CompletionsArgs),
}

#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct AnnotateArgs {
    /// Articles and dumps: files, folders, patterns; “-” or nothing is standard input
    ///
    /// The name as given is the id of the article's record; standard input has the id “-”.
    #[arg(value_name = "FILES", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,

    /// What to write
    #[arg(long, value_enum, default_value_t = OutputFormat::Jsonl)]
    pub(crate) format: OutputFormat,

    /// Where to write: a file for jsonl, a folder for tables and parts [default: standard output]
    #[arg(short, long, value_name = "FILE|FOLDER", value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,

    /// Write parts of so many articles each into the folder
    #[arg(long, value_name = "N", requires = "output")]
    pub(crate) partition_rows: Option<NonZeroU64>,

    /// How files in a folder are compressed (a single file is as its name says; Parquet is by itself)
    #[arg(long, value_enum, default_value_t = Compress::None, requires = "output")]
    pub(crate) compress: Compress,

    /// Continue the run in the folder after its last complete part; begin if there is none
    #[arg(long, requires = "partition_rows", conflicts_with = "force")]
    pub(crate) resume: bool,

    /// Replace the run in the folder
    #[arg(long, requires = "output")]
    pub(crate) force: bool,

    /// Where to list what failed [default: errors.jsonl in the folder, or NAME.errors.jsonl beside the file]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "partition_rows")]
    pub(crate) errors: Option<PathBuf>,

    /// End with the first article that fails
    #[arg(long)]
    pub(crate) fail_fast: bool,

    /// Take only the first N articles
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,

    /// Take N articles by chance, always the same ones, in their order
    #[arg(long, value_name = "N")]
    pub(crate) sample: Option<NonZeroUsize>,

    /// Say what would be read and written, and do neither
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Show no progress and no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,

    /// Annotate articles in other languages too, instead of marking them and leaving them alone
    #[arg(long)]
    pub(crate) any_language: bool,

    /// How far to go: to sentences and tokens only, or all the way
    #[arg(long, value_enum, default_value_t = StagesArg::All)]
    pub(crate) stages: StagesArg,

    /// What offsets count
    #[arg(long, value_enum, default_value_t = Offsets::Char)]
    pub(crate) offsets: Offsets,

    /// What the inputs are, once unpacked [default: by the file's extension, or else its first bytes]
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<DumpFormatArg>,

    /// The column that holds the text [default: text, body, content, article, maintext…]
    #[arg(long, value_name = "COLUMN", help_heading = "Columns of JSON Lines, CSV and Parquet")]
    pub(crate) text: Option<String>,

    /// The column that holds the id
    #[arg(long, value_name = "COLUMN", help_heading = "Columns of JSON Lines, CSV and Parquet")]
    pub(crate) id: Option<String>,

    /// The column that holds the title
    #[arg(long, value_name = "COLUMN", help_heading = "Columns of JSON Lines, CSV and Parquet")]
    pub(crate) title: Option<String>,

    /// The column that holds the date
    #[arg(long, value_name = "COLUMN", help_heading = "Columns of JSON Lines, CSV and Parquet")]
    pub(crate) date: Option<String>,

    /// The column that holds the address
    #[arg(long, value_name = "COLUMN", help_heading = "Columns of JSON Lines, CSV and Parquet")]
    pub(crate) url: Option<String>,

    /// The longest article, line or record, in megabytes; what is longer is an error
    #[arg(long, value_name = "MB", default_value_t = 16)]
    pub(crate) max_article: u64,

    /// Which embedded model reads: the accurate one, or one that is many times as fast
    #[arg(long, value_enum, default_value_t = Model::default())]
    pub(crate) model: Model,

    /// How many articles to work on at once [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct GroupArgs {
    /// What “annotate” has written: folders, or files (tables of quotes as CSV or Parquet, or JSON Lines)
    #[arg(value_name = "OUT", value_hint = ValueHint::AnyPath, required = true)]
    pub(crate) outputs: Vec<PathBuf>,

    /// Where to write; .csv is a table, .jsonl lines, and .gz or .zst after it compressed [default: standard output]
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    /// What to write [default: by the name of the file; csv to standard output]
    #[arg(long, value_enum)]
    pub(crate) format: Option<GroupFormatArg>,

    /// Only quotations that stand in at least N articles
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) min_articles: u64,

    /// Megabytes of quotations to hold in memory; what is more is sorted on disk
    #[arg(long, value_name = "MB", default_value_t = 256)]
    pub(crate) memory: usize,

    /// Where to sort what does not fit into memory [default: the system's folder for temporary files]
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath)]
    pub(crate) temporary: Option<PathBuf>,

    /// Show no summary
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GroupFormatArg {
    /// A table
    Csv,
    /// A group a line
    Jsonl,
}

impl From<GroupFormatArg> for GroupFormat {
    fn from(format: GroupFormatArg) -> Self {
        match format {
            GroupFormatArg::Csv => Self::Csv,
            GroupFormatArg::Jsonl => Self::JsonLines,
        }
    }
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
#[expect(clippy::doc_markdown, reason = "these are shown as help, where marks would stand")]
pub(crate) enum OutputFormat {
    /// One article a line
    Jsonl,
    /// Tables; without an output folder, that of the quotes
    Csv,
    /// Tables with types, into an output folder
    Parquet,
    /// CoreNLP's JSON, one article a line
    Corenlp,
    /// BookNLP's files for each article, into an output folder
    Booknlp,
    /// brat's files for each article, into an output folder
    Brat,
    /// One token a line, with columns of B-, I- and O
    Conll,
    /// displaCy's input, one article a line
    Displacy,
    /// Quotebank's JSON, one quotation a line
    Quotebank,
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Jsonl => Self::JsonLines,
            OutputFormat::Csv => Self::Csv,
            OutputFormat::Parquet => Self::Parquet,
            OutputFormat::Corenlp => Self::CoreNlp,
            OutputFormat::Booknlp => Self::BookNlp,
            OutputFormat::Brat => Self::Brat,
            OutputFormat::Conll => Self::Conll,
            OutputFormat::Displacy => Self::Displacy,
            OutputFormat::Quotebank => Self::Quotebank,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Compress {
    /// Not at all
    None,
    /// By gzip
    Gz,
    /// By zstd
    Zst,
}

impl From<Compress> for Compression {
    fn from(compress: Compress) -> Self {
        match compress {
            Compress::None => Self::None,
            Compress::Gz => Self::Gzip,
            Compress::Zst => Self::Zstd,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StagesArg {
    /// Paragraphs, sentences and tokens; nothing is found
    Segment,
    /// Everything
    All,
}

impl From<StagesArg> for Stages {
    fn from(stages: StagesArg) -> Self {
        match stages {
            StagesArg::Segment => Self::Segment,
            StagesArg::All => Self::All,
        }
    }
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

/// What a file of articles is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DumpFormatArg {
    /// Plain text, taken as it stands
    Text,
    /// Markdown, with or without front matter
    Markdown,
    /// A web page, of which the article is taken
    Html,
    /// A JSON object a line
    Jsonl,
    /// Rows of fields with commas between them, after a header
    Csv,
    /// Rows of fields with tabs between them, after a header
    Tsv,
    /// Apache Parquet
    Parquet,
    /// A web archive, of which the pages are read
    Warc,
}

impl From<DumpFormatArg> for DumpFormat {
    fn from(format: DumpFormatArg) -> Self {
        match format {
            DumpFormatArg::Text => Self::Text,
            DumpFormatArg::Markdown => Self::Markdown,
            DumpFormatArg::Html => Self::Html,
            DumpFormatArg::Jsonl => Self::JsonLines,
            DumpFormatArg::Csv => Self::Csv,
            DumpFormatArg::Tsv => Self::Tsv,
            DumpFormatArg::Parquet => Self::Parquet,
            DumpFormatArg::Warc => Self::Warc,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Args::command().debug_assert();
    }
}
