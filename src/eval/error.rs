//! What keeps two files from being compared, and what the reader of the figures should know.

use std::fmt;
use std::path::PathBuf;

use super::Task;
use super::place::Place;

/// Which of the two a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is right.
    Gold,
    /// What is scored.
    Predicted,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gold => "gold",
            Self::Predicted => "predicted",
        })
    }
}

/// Why nothing can be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvalError {
    /// A file cannot be opened or read.
    #[error("{} cannot be read", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A line of a file is not what its format says.
    #[error("{}, line {line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What was met, and what was wanted.
        reason: String,
    },
    /// A folder or file has nothing to score.
    #[error("{}: {wanted}", path.display())]
    Empty {
        /// The file or folder.
        path: PathBuf,
        /// What was wanted.
        wanted: String,
    },
    /// Two articles of one side have one id, so that it is not clear which is meant.
    #[error("two {side} articles have the id {id:?}, but an id must name one")]
    Duplicate {
        /// The side.
        side: Side,
        /// The id.
        id: String,
    },
    /// A gold article has no text, so that nothing says what its offsets point into.
    #[error("the gold article {id:?} has no text")]
    NoText {
        /// The article.
        id: String,
    },
    /// No predicted article is a gold one.
    #[error(
        "no predicted article has the id of a gold one: the predicted ids are like {predicted:?}, the gold ones like {gold:?}"
    )]
    NothingInCommon {
        /// The first predicted id.
        predicted: String,
        /// The first gold id.
        gold: String,
    },
    /// The two sides annotate different texts, so that equal offsets mean different words.
    #[error(
        "the texts of {id:?} differ from code point {at} on: the gold has {gold:?}, the prediction {predicted:?} \
         (annotate the gold's text as it stands, as plain text)"
    )]
    TextDiffers {
        /// The article.
        id: String,
        /// The first code point that differs, from 0.
        at: usize,
        /// The gold text there.
        gold: String,
        /// The predicted text there.
        predicted: String,
    },
    /// Offsets do not point at characters of the text.
    #[error(
        "{side} article {id:?}: {layer}[{index}] has the offsets {}..{}, which are no place in a text of {length} {unit}s",
        place.start, place.end
    )]
    OutOfText {
        /// The side.
        side: Side,
        /// The article.
        id: String,
        /// The layer: `mentions`, `quotes`, `sentences`, `paragraphs`.
        layer: &'static str,
        /// The number of the thing in its layer, from 0.
        index: usize,
        /// The offsets as given.
        place: Place,
        /// How long the text is.
        length: u32,
        /// What offsets and length count.
        unit: &'static str,
    },
    /// A task was asked for that the gold says nothing about.
    #[error("the gold has no {0}")]
    NoLayer(Task),
    /// The gold says nothing that could be scored.
    #[error("the gold has neither entities nor quotes nor sentences nor block quotations")]
    NoLayers,
}

/// What does not keep figures from being made, and may explain them. Shown as a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// Gold articles without a prediction, which count as predictions of nothing.
    Missing {
        /// How many.
        count: usize,
        /// Of how many gold articles.
        of: usize,
        /// The first of them.
        first: String,
    },
    /// Articles whose record is an error, which count as predictions of nothing.
    Failed {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
        /// Its error.
        error: String,
    },
    /// Predictions that no gold article asks for, which are left out.
    Unwanted {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// Gold articles without a layer that others have, which count as having nothing in it.
    NotAnnotated {
        /// What is scored.
        task: Task,
        /// How many articles.
        count: usize,
        /// The first of them.
        first: String,
    },
    /// An annotation repeats other words than stand in the text where it points.
    OtherWords {
        /// The file.
        path: PathBuf,
        /// The annotation.
        annotation: String,
        /// The words in the annotation.
        says: String,
        /// The words in the text.
        stands: String,
    },
    /// Speakers are given for a quotation or an article that the gold does not have; they are left out.
    NoSuchQuotation {
        /// The article.
        id: String,
        /// The number of the quotation; `None` if there is no such article.
        index: Option<usize>,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { count, of, first } => {
                write!(f, "{count} of {of} gold articles have no prediction and count as empty; the first is {first:?}")
            }
            Self::Failed { count, first, error } => {
                write!(f, "{count} predicted articles are errors and count as empty; the first is {first:?}: {error}")
            }
            Self::Unwanted { count, first } => {
                write!(f, "{count} predicted articles are not in the gold and are left out; the first is {first:?}")
            }
            Self::NotAnnotated { task, count, first } => {
                write!(f, "{count} gold articles have no {task} and count as empty; the first is {first:?}")
            }
            Self::OtherWords { path, annotation, says, stands } => {
                write!(f, "{}: {annotation} says {says:?}, but {stands:?} stands there", path.display())
            }
            Self::NoSuchQuotation { id, index: Some(index) } => {
                write!(f, "a speaker is given for quotation {index} of {id:?}, which the gold does not have")
            }
            Self::NoSuchQuotation { id, index: None } => {
                write!(f, "speakers are given for {id:?}, which the gold does not have")
            }
        }
    }
}
