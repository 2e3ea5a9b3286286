//! The arguments of `whosaid group`.

use std::path::PathBuf;

use clap::{ValueEnum, ValueHint};
use whosaid::group::GroupFormat;

pub(super) const HELP: &str = "\
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
