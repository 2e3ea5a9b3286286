//! `whosaid completions`.

use std::io::{self, Write};

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::Done;
use crate::args::Args;

/// Prints a completion script.
pub(crate) fn run(shell: Shell) -> Result<Done> {
    // Into memory first: the generator panics where a writer fails, as a closed pipe does.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "whosaid", &mut script);
    io::stdout().lock().write_all(&script).context("cannot write to standard output")?;
    Ok(Done::Wholly)
}
