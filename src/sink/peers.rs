//! Formats of other tools, with the fields that those tools write, for notebooks that already read them.
//!
//! Each has its own unit of offsets (that of its language), whatever a run is told. What this crate does not compute (a
//! lemma, a tree) is left out where a field may be missing and filled in neutrally where a column may not. An article
//! that failed or was left alone has nothing in them; the list of errors has it.

mod booknlp;
mod brat;
mod conll;
mod corenlp;
mod displacy;
mod quotebank;

use crate::document::{Document, QuoteView};
use crate::layer::{Id, TokenId, TokenRange};
use crate::record::{ArticleRecord, OffsetUnit, Offsets};
use crate::segment::Segmented;
use crate::text::Span;

pub(super) use booknlp::booknlp;
pub(super) use brat::brat;
pub(super) use conll::conll;
pub(super) use corenlp::corenlp;
pub(super) use displacy::displacy;
pub(super) use quotebank::quotebank;

/// The files of one article: extension and content.
pub(super) type Files = Vec<(&'static str, Vec<u8>)>;

/// A document, with offsets as another tool counts them.
struct Page<'a> {
    doc: &'a Document,
    layers: Segmented<'a>,
    at: Offsets<'a>,
}

impl<'a> Page<'a> {
    fn new(doc: &'a Document, unit: OffsetUnit) -> Self {
        Self { doc, layers: doc.segmented(), at: Offsets::new(doc.text().as_str(), unit) }
    }

    /// Where a span begins and ends.
    fn ends(&self, span: Span) -> (u32, u32) {
        (self.at.of_byte(span.start()), self.at.of_byte(span.end()))
    }

    /// Where tokens begin and end.
    fn ends_of(&self, tokens: TokenRange) -> (u32, u32) {
        self.ends(self.layers.span(tokens))
    }

    /// The tokens of each sentence.
    fn sentences(&self) -> impl Iterator<Item = TokenRange> {
        self.layers.sentences().iter().map(|(_, sentence)| sentence.tokens)
    }

    /// For each token the label of the name that it belongs to, and whether the name begins with it.
    fn names(&self) -> Vec<Option<(&'a str, bool)>> {
        let mut names = vec![None; self.layers.tokens().len()];
        for (_, mention) in self.doc.mentions().iter() {
            for token in mention.tokens.iter() {
                names[token.index()] = Some((mention.label.as_str(), token == mention.tokens.first()));
            }
        }
        names
    }

    fn token(&self, token: TokenId) -> &'a str {
        self.layers.token(token)
    }
}

/// The tokens of a quotation's parts.
fn parts(quote: QuoteView<'_>) -> impl Iterator<Item = TokenRange> {
    quote.raw().parts.iter()
}

/// A text on one line and without tabs, for formats that cannot have them in a cell.
fn in_a_cell(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// A line of JSON.
fn push_line(lines: &mut Vec<u8>, value: &serde_json::Value) {
    serde_json::to_writer(&mut *lines, value).expect("a value is JSON, and memory can be written to");
    lines.push(b'\n');
}

/// The record as this crate writes it, for what needs no tokens.
fn record_of(doc: &Document) -> ArticleRecord {
    doc.record(OffsetUnit::Char)
}

#[cfg(test)]
mod tests;
