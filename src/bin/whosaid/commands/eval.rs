//! `whosaid eval`: figures, and what one should know besides on standard error.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;
use whosaid::eval::read::{Format, Read, read, read_speakers};
use whosaid::eval::{Aligned, Annotated, Bootstrap, EvalError, Options, Report, Side, Warning, align, evaluate};
use whosaid::sink::Output;

use crate::plan::{Eval, Goal};
use crate::{Done, messages};

/// What `--json` prints.
#[derive(Serialize)]
struct Figures<'a> {
    gold: &'a Path,
    predicted: &'a Path,
    bootstrap: Bootstrap,
    warnings: Vec<String>,
    tasks: Vec<Report>,
}

/// Scores, or writes the texts that are to be scored.
pub(crate) fn run(plan: Eval) -> Result<Done> {
    let Eval { gold: (path, format), goal } = plan;
    let gold = read(&path, format, Side::Gold)?;
    match goal {
        Goal::Texts(to) => write_texts(&gold, to.as_deref())?,
        Goal::Score { predicted, options, speakers, json } => {
            let speakers = speakers.map(|speakers| read_speakers(&speakers)).transpose()?;
            let options = Options { speakers, ..options };
            let (reports, warnings) = score(gold, (&predicted.0, predicted.1), &options)?;
            let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            for warning in &warnings {
                messages::warning(warning);
            }
            let text = if json {
                let figures = Figures {
                    gold: &path,
                    predicted: &predicted.0,
                    bootstrap: options.bootstrap,
                    warnings,
                    tasks: reports,
                };
                serde_json::to_string_pretty(&figures).context("cannot write JSON")? + "\n"
            } else {
                reports.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
            };
            io::stdout().lock().write_all(text.as_bytes()).context("cannot write to standard output")?;
        }
    }
    Ok(Done::Wholly)
}

fn score(gold: Read, predicted: (&Path, Format), options: &Options) -> Result<(Vec<Report>, Vec<Warning>), EvalError> {
    let predicted = read(predicted.0, predicted.1, Side::Predicted)?;
    let Aligned { pairs, warnings: aligned } = align(gold.articles, predicted.articles)?;
    let (reports, found) = evaluate(&pairs, options)?;
    let warnings = gold.warnings.into_iter().chain(predicted.warnings).chain(aligned).chain(found);
    Ok((reports, warnings.collect()))
}

/// Writes what is to be annotated, so that any tool can be scored on a gold set whose texts are made by reading it.
fn write_texts(gold: &Read, to: Option<&Path>) -> Result<()> {
    let mut output = match to {
        Some(path) => Output::file(path)?,
        None => Output::stream("standard output", io::stdout()),
    };
    for Annotated { id, text, .. } in &gold.articles {
        let text = text.as_ref().ok_or_else(|| EvalError::NoText { id: id.clone() })?;
        let line = serde_json::json!({"id": id, "text": text});
        writeln!(output, "{line}").with_context(|| format!("cannot write {}", output.name()))?;
    }
    Ok(output.finish()?)
}
