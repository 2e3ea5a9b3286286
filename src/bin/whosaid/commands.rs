//! One command, one file.

pub(crate) mod annotate;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;

use anyhow::{Context, Result};
use whosaid::Pipeline;
use whosaid::tag::Embedded;

/// The pipeline with the model that is asked for.
fn pipeline(model: Embedded) -> Result<Pipeline> {
    let tagger = model.tagger().context("this build is without the accurate model: give --model fast")?;
    Ok(Pipeline::builder().tagger(tagger).build())
}
