//! What the examples that feed scripts have in common: a model by its name, texts by the line.

mod texts;

use std::error::Error;
use std::path::Path;

use whosaid::model::Model;
use whosaid::tag::{Embedded, Tag, tagger_of};

pub(crate) use texts::texts;

/// The tagger that the first argument names: `fast`, `accurate`, or the folder of a model.
pub(crate) fn tagger() -> Result<Box<dyn Tag>, Box<dyn Error>> {
    let name = std::env::args().nth(1).unwrap_or_default();
    match name.parse::<Embedded>() {
        Ok(model) => Ok(model.tagger().ok_or("this build is without the model")?),
        Err(_) => Ok(tagger_of(&Model::open(Path::new(&name))?)?),
    }
}
