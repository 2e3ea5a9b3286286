//! The arguments of `whosaid model`.

use std::path::PathBuf;

use clap::{Subcommand, ValueHint};
use whosaid::checkpoint::Engine;

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Say what a folder holds, which engine runs it and why, what its labels mean, and what it finds in a sentence
    Check(CheckArgs),
    /// Write a checkpoint with its matrices in integers of 8 bits, a quarter of the size, for the engine “native”
    Convert(ConvertArgs),
}

#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The folder of a model
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) folder: PathBuf,

    /// What runs it: native, rten, ort or rust-bert [default: the first that reads it]
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<Engine>,

    /// What to read for a trial
    #[arg(long, value_name = "TEXT", default_value = SENTENCE)]
    pub(crate) text: String,
}

const SENTENCE: &str = "Mayor Ada Cole of Millbrook said on Monday that Harwick Steel would close its plant in Ohio.";

#[derive(Debug, clap::Args)]
pub(crate) struct ConvertArgs {
    /// The folder of a checkpoint with model.safetensors
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) from: PathBuf,

    /// The folder to write, which is made
    #[arg(value_name = "OUT", value_hint = ValueHint::DirPath)]
    pub(crate) to: PathBuf,
}
