//! One command, one file.

pub(crate) mod annotate;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod group;

use anyhow::{Context, Result};
use whosaid::tag::Embedded;
use whosaid::{Pipeline, Stages};

/// The pipeline with the model that is asked for.
fn pipeline(model: Embedded, stages: Stages) -> Result<Pipeline> {
    if stages == Stages::Segment {
        return Ok(Pipeline::builder().stages(stages).build());
    }
    let tagger = model.tagger().context("this build is without the accurate model: give --model fast")?;
    Ok(Pipeline::builder().tagger(tagger).build())
}
