//! One command, one file.

pub(crate) mod annotate;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod group;

use anyhow::{Context, Result};
use whosaid::tag::Embedded;
use whosaid::{Pipeline, PipelineBuilder, Stages};

/// A pipeline with the model that is asked for, to be built.
fn pipeline(model: Embedded, stages: Stages) -> Result<PipelineBuilder> {
    let builder = Pipeline::builder().stages(stages);
    if stages == Stages::Segment {
        return Ok(builder);
    }
    let tagger = model.tagger().context("this build is without the accurate model: give --model fast")?;
    Ok(builder.tagger(tagger))
}
