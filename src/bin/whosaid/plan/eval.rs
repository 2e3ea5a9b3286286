//! What `whosaid eval` is to compare.

use std::path::PathBuf;

use anyhow::{Result, bail};
use whosaid::eval::read::Format;
use whosaid::eval::{Bootstrap, EntityOptions, Options, QuoteOptions};

use super::STANDARD;
use crate::args::EvalArgs;

/// What is right, and what to do with it.
#[derive(Debug)]
pub(crate) struct Eval {
    pub(crate) gold: (PathBuf, Format),
    pub(crate) goal: Goal,
}

/// What is done with gold annotations.
#[derive(Debug)]
pub(crate) enum Goal {
    /// Others are scored against them.
    Score {
        predicted: (PathBuf, Format),
        /// Everything but the speakers, which are read when the run begins.
        options: Options,
        speakers: Option<PathBuf>,
        json: bool,
    },
    /// Their texts are written, to a file or to standard output.
    Texts(Option<PathBuf>),
}

impl Eval {
    pub(crate) fn resolve(args: EvalArgs) -> Result<Self> {
        let format = args.gold_format.map_or_else(|| Format::of_path(&args.gold), Into::into);
        if let Some(path) = &args.texts {
            let to_itself = path.exists() && path.canonicalize().ok() == args.gold.canonicalize().ok();
            if to_itself {
                bail!("{} is the gold and would be overwritten: give another --texts", path.display());
            }
        }
        let goal = match (args.predicted, args.texts) {
            (None, Some(path)) => Goal::Texts(Some(path).filter(|path| path.as_os_str() != STANDARD)),
            (None, None) => bail!("nothing to score: give the predicted records after the gold"),
            (Some(predicted), _) => {
                if predicted.as_os_str() == STANDARD && args.gold.as_os_str() == STANDARD {
                    bail!("gold and prediction cannot both be standard input");
                }
                let mut labels = args.labels;
                let mut seen = std::collections::HashSet::new();
                labels.retain(|label| seen.insert(label.clone()));
                let options = Options {
                    tasks: args.tasks.into_iter().map(Into::into).collect(),
                    entities: EntityOptions { labels, normalise: args.norm, untyped: args.untyped },
                    quotes: QuoteOptions { kinds: Some(args.kinds).filter(|kinds| !kinds.is_empty()) },
                    speakers: None,
                    bootstrap: Bootstrap { resamples: args.bootstrap, ..Bootstrap::default() },
                };
                let predicted_format = Format::of_path(&predicted);
                let predicted = (predicted, predicted_format);
                Goal::Score { predicted, options, speakers: args.speakers, json: args.json }
            }
        };
        Ok(Self { gold: (args.gold, format), goal })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Args, Command};

    fn resolve(args: &[&str]) -> Result<Eval> {
        match Args::try_parse_from(["whosaid", "eval"].iter().chain(args))?.command {
            Command::Eval(args) => Eval::resolve(args),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_gold_is_read_as_its_name_says_unless_the_format_is_given() {
        for (args, format) in [
            (&["a.conll.gz", "b"][..], Format::Conll),
            (&["a.BIO", "b"], Format::Conll),
            (&["a.ann", "b"], Format::Brat),
            (&[".", "b"], Format::Brat),
            (&["a.jsonl.gz", "b"], Format::Jsonl),
            (&["a.txt", "b", "--gold-format", "conll"], Format::Conll),
        ] {
            assert_eq!(resolve(args).unwrap().gold.1, format, "{args:?}");
        }
    }

    #[test]
    fn a_prediction_is_needed_unless_texts_are_wanted() {
        assert!(resolve(&["a"]).is_err() && resolve(&["a", "b", "--texts", "c"]).is_err());
        assert!(matches!(resolve(&["a", "--texts", "-"]).unwrap().goal, Goal::Texts(None)));
        assert!(resolve(&["-", "-"]).is_err() && resolve(&["Cargo.toml", "--texts", "Cargo.toml"]).is_err());
    }
}
