//! Paragraphs, sentences, tokens and quotation marks: the ground that every later stage stands on.
//!
//! Segmentation is exhaustive and nested: every character that is not white space belongs to exactly one token, every
//! token to one sentence, every sentence to one paragraph. A stage that reads the layers therefore never asks whether
//! there is a sentence around a token.
//!
//! Tokens are cut finely (hyphens and all punctuation stand alone) so that any annotation scheme's names can be written
//! as whole tokens; "U.S.", "Sen." and "3.5" stay whole because a stop inside them ends nothing.
//!
//! It has two steps, because a run without a model needs only the first: a [`Layout`] says where paragraphs and sentences
//! are, and [`Layout::tokenized`] makes the layers that the other stages read.

mod layout;
mod marks;
mod paragraphs;
pub mod sentences;
mod tokens;

use crate::layer::{Id, IdRange, Layer, ParagraphId, SentenceId, TokenId, TokenRange};
use crate::source::Mark;
use crate::text::{Span, Text};

pub use layout::Layout;
pub use marks::{InMarks, MarkStyle, Marks};
pub use paragraphs::Structure;

/// A word, a number or a punctuation mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its place.
    pub span: Span,
    /// The sentence it belongs to.
    pub sentence: SentenceId,
}

/// A sentence, or a line that stands for one (a headline, a list item).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its place, without white space at the ends.
    pub span: Span,
    /// Its tokens.
    pub tokens: TokenRange,
    /// The paragraph it belongs to.
    pub paragraph: ParagraphId,
}

/// A paragraph and what its form says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its place, without white space at the ends.
    pub span: Span,
    /// What markup or layout shows. Whether it is a lead-in or a block quotation is the [`quote`](crate::quote) stage's
    /// to say.
    pub structure: Structure,
    /// Its sentences.
    pub sentences: IdRange<SentenceId>,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// The layers of segmentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segments {
    /// Paragraphs in text order.
    pub paragraphs: Layer<ParagraphId, Paragraph>,
    /// Sentences in text order.
    pub sentences: Layer<SentenceId, Sentence>,
    /// Tokens in text order.
    pub tokens: Layer<TokenId, Token>,
    /// The stretches that stand inside quotation marks.
    pub marks: Marks,
}

/// The role of the first stage: from a text, and what its markup says, to paragraphs and sentences.
pub trait Segment: Send + Sync {
    /// Lays out a text. `marks` are the source's own paragraphs, where it has markup.
    fn segment(&self, text: &Text, marks: &[Mark]) -> Layout;
}

/// Segmentation by rules for English.
#[derive(Debug, Clone, Default)]
pub struct RuleSegmenter;

impl Segment for RuleSegmenter {
    fn segment(&self, text: &Text, marks: &[Mark]) -> Layout {
        let mut layout = Layout::for_text(text);
        for (span, structure) in paragraphs::find(text, marks) {
            layout.push(text, span.range(), structure, sentences::split(&text[span]));
        }
        layout
    }
}

/// A text with its segmentation: what every later stage reads.
#[derive(Debug, Clone, Copy)]
pub struct Segmented<'a> {
    /// The text.
    pub text: &'a Text,
    /// Its layers.
    pub segments: &'a Segments,
}

impl<'a> Segmented<'a> {
    /// The paragraphs.
    #[must_use]
    pub fn paragraphs(self) -> &'a Layer<ParagraphId, Paragraph> {
        &self.segments.paragraphs
    }

    /// The sentences.
    #[must_use]
    pub fn sentences(self) -> &'a Layer<SentenceId, Sentence> {
        &self.segments.sentences
    }

    /// The tokens.
    #[must_use]
    pub fn tokens(self) -> &'a Layer<TokenId, Token> {
        &self.segments.tokens
    }

    /// A token's characters.
    #[must_use]
    pub fn token(self, id: TokenId) -> &'a str {
        &self.text[self.tokens()[id].span]
    }

    /// The token after `id`, if any.
    #[must_use]
    pub fn next(self, id: TokenId) -> Option<TokenId> {
        (id.index() + 1 < self.tokens().len()).then(|| TokenId::from_index(id.index() + 1))
    }

    /// The token before `id`, if any.
    #[must_use]
    pub fn previous(self, id: TokenId) -> Option<TokenId> {
        id.index().checked_sub(1).map(TokenId::from_index)
    }

    /// The place of consecutive tokens.
    #[must_use]
    pub fn span(self, tokens: TokenRange) -> Span {
        self.tokens()[tokens.first()].span.hull(self.tokens()[tokens.last()].span)
    }

    /// The text of consecutive tokens.
    #[must_use]
    pub fn text_of(self, tokens: TokenRange) -> &'a str {
        &self.text[self.span(tokens)]
    }

    /// The sentence of a token.
    #[must_use]
    pub fn sentence_of(self, token: TokenId) -> SentenceId {
        self.tokens()[token].sentence
    }

    /// The paragraph of a token.
    #[must_use]
    pub fn paragraph_of(self, token: TokenId) -> ParagraphId {
        self.sentences()[self.sentence_of(token)].paragraph
    }

    /// The outermost stretches in quotation marks that share a token with these.
    #[must_use]
    pub fn marks_in(self, tokens: TokenRange) -> &'a [InMarks] {
        let marks = &self.segments.marks.outer;
        let from = marks.partition_point(|m| m.tokens.last() < tokens.first());
        let length = marks[from..].partition_point(|m| m.tokens.first() <= tokens.last());
        &marks[from..from + length]
    }

    /// Whether a token stands inside quotation marks, or is one.
    #[must_use]
    pub fn is_in_marks(self, token: TokenId) -> bool {
        !self.marks_in(TokenRange::new(token, token)).is_empty()
    }

    /// The tokens that lie wholly inside a span, if any.
    #[must_use]
    pub fn tokens_in(self, span: Span) -> Option<TokenRange> {
        let tokens = self.tokens().as_slice();
        let first = tokens.partition_point(|t| t.span.start() < span.start());
        let end = tokens.partition_point(|t| t.span.end() <= span.end());
        TokenRange::of_indexes(first..end)
    }
}
