//! One command, one file.

pub(crate) mod annotate;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod group;

use anyhow::{Context, Result};
use whosaid::model::{self as stored, ModelError};
use whosaid::{Pipeline, PipelineBuilder, Stages, tag};

use crate::args::Model;

/// A pipeline with the model that is asked for, to be built.
fn pipeline(model: &Model, stages: Stages) -> Result<PipelineBuilder> {
    let builder = Pipeline::builder().stages(stages);
    if stages == Stages::Segment {
        return Ok(builder);
    }
    let tagger = match model {
        Model::Embedded(embedded) => embedded.tagger().ok_or(ModelError::NotBuiltIn)?,
        Model::Folder(folder) => stored::Model::open(folder)
            .and_then(|model| tag::tagger_of(&model))
            .with_context(|| format!("the model in {}", folder.display()))?,
    };
    Ok(builder.tagger(tagger))
}
