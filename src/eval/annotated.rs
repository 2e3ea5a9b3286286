//! An article with what somebody, a person or a tool, says is in it: what scorers compare.

use crate::record::OffsetUnit;

use super::place::Place;

/// An article as it is read for scoring.
///
/// A layer that is `None` was not annotated, which is not the same as annotated and empty: a gold set of names says
/// nothing about quotations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Annotated {
    /// What the article is called; gold and prediction are matched by it.
    pub id: String,
    /// Its text; a prediction may be without.
    pub text: Option<String>,
    /// What the offsets count as long as it is not aligned: [`align`](super::align()) makes them code points.
    pub unit: OffsetUnit,
    /// Why a tool could not annotate it.
    pub error: Option<String>,
    /// Names of people, organisations, places.
    pub names: Option<Vec<Named>>,
    /// Quotations, in the order in which they are given: lists of speakers number them.
    pub quotes: Option<Vec<Quotation>>,
    /// Sentences.
    pub sentences: Option<Vec<Place>>,
    /// Paragraphs, with what is known of block quotations.
    pub paragraphs: Option<Vec<Paragraph>>,
}

/// A name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Where it stands.
    pub place: Place,
    /// What kind of name, in the words of CoNLL-2003 (`PER`, `ORG`, `LOC`, `MISC`) or of another scheme.
    pub label: String,
}

/// A quotation, an attribution in the words of PARC and PolNeAR.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quotation {
    /// `direct`, `indirect`, `mixed`, `block`, or another word.
    pub kind: Option<String>,
    /// What was said.
    pub content: Vec<Place>,
    /// The words that introduce it.
    pub cue: Vec<Place>,
    /// The words that name who it comes from.
    pub source: Vec<Place>,
    /// Who it comes from.
    pub speaker: Option<Speaker>,
}

/// Who a quotation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Speaker {
    /// The name, if there is one.
    pub name: Option<String>,
    /// What sort of speaker, in the words of the output schema.
    pub kind: Option<String>,
}

/// A paragraph of a text in which block quotations are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Where it stands.
    pub place: Place,
    /// Whether it stands in a block quotation; `None` if the article's quotations of the kind `block` say so.
    pub quoted: Option<bool>,
    /// `para` for running text, or what else it is: `heading`, `list`, `code`.
    pub kind: String,
    /// Whether it ends with a colon; `None` if its text says so.
    pub colon: Option<bool>,
    /// What sort of block it stands in: `quote`, or `pull`, `tweet` and `epigraph`, which are not scored.
    pub block_type: Option<String>,
}

impl Annotated {
    /// Shows every place to `visit`, with the layer and the number of the thing that it belongs to.
    pub(super) fn visit<E>(
        &mut self,
        mut visit: impl FnMut(&'static str, usize, &mut Place) -> Result<(), E>,
    ) -> Result<(), E> {
        for (i, name) in self.names.iter_mut().flatten().enumerate() {
            visit("mentions", i, &mut name.place)?;
        }
        for (i, quote) in self.quotes.iter_mut().flatten().enumerate() {
            for place in quote.content.iter_mut().chain(&mut quote.cue).chain(&mut quote.source) {
                visit("quotes", i, place)?;
            }
        }
        for (i, place) in self.sentences.iter_mut().flatten().enumerate() {
            visit("sentences", i, place)?;
        }
        for (i, paragraph) in self.paragraphs.iter_mut().flatten().enumerate() {
            visit("paragraphs", i, &mut paragraph.place)?;
        }
        Ok(())
    }
}
