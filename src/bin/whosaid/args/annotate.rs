//! The arguments of `whosaid annotate`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};
use whosaid::Stages;
use whosaid::record::OffsetUnit;
use whosaid::sink::{Compression, Format};
use whosaid::source::dump::DumpFormat;

use super::ReaderArgs;

pub(super) const HELP: &str = "\
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

    #[command(flatten)]
    pub(crate) reader: ReaderArgs,

    /// Leave out names and quotations of which the model is less sure: a probability, from 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = super::probability)]
    pub(crate) min_score: f32,

    /// Leave the speaker open, as of low confidence, where the answer is less likely right: from 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.0, value_parser = super::probability)]
    pub(crate) min_confidence: f32,

    /// How many articles to work on at once [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
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
