//! What the examples that feed scripts have in common: a model by its name, texts by the line.

use std::error::Error;
use std::io::{self, BufRead};

use serde::Deserialize;
use whosaid::tag::{Embedded, Tag};

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// The tagger that the first argument names, `fast` or `accurate`.
pub(crate) fn tagger() -> Result<Box<dyn Tag>, Box<dyn Error>> {
    let model: Embedded = std::env::args().nth(1).unwrap_or_default().parse()?;
    Ok(model.tagger().ok_or("this build is without the model")?)
}

/// The texts of the JSON Lines on standard input.
pub(crate) fn texts() -> impl Iterator<Item = Result<String, Box<dyn Error>>> {
    io::stdin().lock().lines().map(|line| Ok(serde_json::from_str::<Line>(&line?)?.text))
}
