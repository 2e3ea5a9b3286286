//! `whosaid group`: the same quotation in many articles, once.

use std::io;

use anyhow::Result;
use whosaid::group::{GroupInputs, GroupOptions, Groups};
use whosaid::sink::Output;

use crate::plan::Group;
use crate::{Done, messages};

/// Groups the quotations of outputs and writes the groups.
pub(crate) fn run(plan: &Group) -> Result<Done> {
    let inputs = GroupInputs::resolve(&plan.outputs)?;
    let output = match &plan.output {
        Some(path) => Output::file(path)?,
        None => Output::stream("standard output", io::stdout()),
    };
    let options =
        GroupOptions { min_articles: plan.min_articles, memory: plan.memory, temporary: plan.temporary.clone() };
    let count = Groups::of(&inputs, &options)?.write(plan.format, output)?;
    if plan.output.is_some() && !plan.quiet {
        messages::summary(&format!("{count} groups from {} files", inputs.files().len()));
    }
    Ok(Done::Wholly)
}
