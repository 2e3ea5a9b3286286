//! One command, one file.

pub(crate) mod annotate;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod explain;
pub(crate) mod group;
pub(crate) mod model;

use anyhow::{Context, Result};
use whosaid::model::ModelError;
use whosaid::{Pipeline, PipelineBuilder, Stages, tag};

use crate::args::{Model, ReaderArgs};

/// A pipeline with the model that is asked for, to be built.
fn pipeline(reader: &ReaderArgs, stages: Stages) -> Result<PipelineBuilder> {
    let builder = Pipeline::builder().stages(stages);
    if stages == Stages::Segment {
        return Ok(builder);
    }
    let tagger = match (&reader.model, reader.engine) {
        (Model::Embedded(_), Some(engine)) => return Err(ModelError::NoChoice(engine).into()),
        (Model::Embedded(embedded), None) => embedded.tagger().ok_or(ModelError::NotBuiltIn)?,
        (Model::Folder(folder), engine) => {
            tag::tagger_in(folder, engine).with_context(|| format!("the model in {}", folder.display()))?
        }
    };
    Ok(builder.tagger(tagger))
}
