//! The integration tests, linked as one binary.
//!
//! * `cli`: what the program does with arguments, files, pipes and threads, seen from outside.
//! * `dumps`: many articles into parts: threads, formats, interruptions.
//! * `evaluating`: what scoring does with files, formats and what does not fit together.
//! * `golden`: whole answers for whole articles, beside what a careful reader says.
//! * `models`: what an answer depends on, for each embedded model.
//! * `properties`: what holds for every text.
//! * `readers`, `reader_properties`: what is read from text, Markdown and HTML.
//! * `records`: what is written, against the output contract.
//! * `scale`: what holds for long texts.
//! * `program`: how the other modules run it.

mod cli;
mod dumps;
mod evaluating;
mod golden;
mod models;
mod program;
mod properties;
mod reader_properties;
mod readers;
mod records;
mod scale;
