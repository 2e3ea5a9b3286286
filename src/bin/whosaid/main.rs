//! `whosaid` on the command line.
//!
//! Three steps. Arguments are parsed ([`args`]: as near to the flags as possible, nothing is looked at), resolved
//! ([`plan`]: what is asked for, with every contradiction refused before any work), and run ([`commands`]).
//!
//! Nobody who pipes into `head` wants to hear of it: an output that was closed by its reader ends the run quietly.

mod args;
mod commands;
mod memory;
mod messages;
mod plan;
mod progress;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};
use crate::commands::{annotate, completions, eval, explain, group, model};

fn main() -> ExitCode {
    let done = match Args::parse().command {
        Command::Annotate(args) => plan::Annotate::resolve(&args).and_then(|plan| annotate::run(&plan)),
        Command::Explain(args) => explain::run(&plan::Explain::resolve(&args)),
        Command::Eval(args) => plan::Eval::resolve(args).and_then(eval::run),
        Command::Group(args) => plan::Group::resolve(args).and_then(|plan| group::run(&plan)),
        Command::Model(command) => model::run(&command),
        Command::Completions(args) => completions::run(args.shell),
    };
    match done {
        Ok(Done::Wholly) => ExitCode::SUCCESS,
        Ok(Done::WithFailures) => ExitCode::from(1),
        Err(error) if messages::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            messages::error(&messages::told(&error));
            ExitCode::from(2)
        }
    }
}

/// How a run ended that could write its output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// All is well.
    Wholly,
    /// Some articles failed, and the rest is written.
    WithFailures,
}
