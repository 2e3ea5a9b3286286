//! Who said what in the news.
//!
//! Reads an English article, finds the people, organisations and places it names and the quotations in it (direct,
//! mixed, indirect, and block quotations), and says for each quotation who it comes from, or why that cannot be said.
//! Everything that is found points into the text as it was given.
//!
//! ```
//! use whosaid::Pipeline;
//!
//! let pipeline = Pipeline::default();
//! let doc = pipeline.annotate("Mayor Ada Cole said on Monday that the bridge would open in May.")?;
//! for quote in doc.quotes() {
//!     let speaker = quote.speaker().name();
//!     println!("{speaker:?}: {}", quote.text());
//! }
//! assert_eq!(doc.entities().next().expect("a name").name(), "Ada Cole");
//! # Ok::<(), whosaid::AnnotateError>(())
//! ```
//!
//! A [`Pipeline`] is a straight line of stages, each a module here with a trait for its role: [`segment`], [`tag`],
//! [`mention`], [`entity`], [`quote`], [`attribute`]. What they write is a [`Document`]; [`source`] reads files into
//! articles, and [`record`] and [`sink`] write documents as the tables and lines of the output schema. [`run`] does all
//! of this for millions of articles.

pub mod attribute;
pub mod checkpoint;
pub mod document;
mod engine;
pub mod entity;
pub mod eval;
pub mod group;
pub mod layer;
mod lexicon;
pub mod mention;
pub mod model;
pub mod pipeline;
pub mod quote;
pub mod record;
pub mod run;
mod scan;
pub mod segment;
pub mod sink;
pub mod source;
pub mod tag;
#[cfg(test)]
mod testing;
pub mod text;
mod words;

pub use document::{Document, EntityView, QuoteView, SpeakerView};
pub use pipeline::{AnnotateError, Pipeline, PipelineBuilder, Stages};
pub use source::{About, Article};
pub use tag::Label;
pub use text::{Span, Text};
