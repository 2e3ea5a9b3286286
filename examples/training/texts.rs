//! Texts by the line.

use std::error::Error;
use std::io::{self, BufRead};

use serde::Deserialize;

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// The texts of the JSON Lines on standard input.
pub(crate) fn texts() -> impl Iterator<Item = Result<String, Box<dyn Error>>> {
    io::stdin().lock().lines().map(|line| Ok(serde_json::from_str::<Line>(&line?)?.text))
}
