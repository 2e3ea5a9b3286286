//! Where paragraphs and sentences are: the first look at a text, which most of a run over a dump without a model is.

use std::ops::Range;

use super::{Paragraph, Segments, Sentence, Structure, Token, marks, tokens};
use crate::layer::{Id, IdRange, Layer, ParagraphId, SentenceId, TokenRange};
use crate::text::{Span, Text};

/// The paragraphs and sentences of a text, without its tokens. Every paragraph has a sentence, every sentence lies in a
/// paragraph, and all are in text order, without white space at their ends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    paragraphs: Vec<Block>,
    sentences: Vec<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Block {
    span: Span,
    structure: Structure,
    /// After which sentence it ends, counted in the whole text.
    end: usize,
}

impl Layout {
    /// A layout without paragraphs, with room for those of a text of usual sentences.
    #[must_use]
    pub fn for_text(text: &Text) -> Self {
        const SENTENCE: usize = 64;
        const PARAGRAPH: usize = 128;
        let length = text.as_str().len();
        Self { paragraphs: Vec::with_capacity(length / PARAGRAPH), sentences: Vec::with_capacity(length / SENTENCE) }
    }

    /// Adds a paragraph of `text`, a range of its bytes, with its sentences, ranges of the bytes of the paragraph. What is
    /// empty, does not fall between characters, or is not after what was added before is left out; so is a paragraph
    /// without a sentence. Characters outside all sentences belong to no token.
    pub fn push(
        &mut self,
        text: &Text,
        paragraph: Range<usize>,
        structure: Structure,
        sentences: impl IntoIterator<Item = Range<usize>>,
    ) {
        let begin = self.paragraphs.last().map_or(0, |before| before.span.end());
        let Some(span) = text.trimmed(paragraph.clone()).filter(|span| span.start() >= begin) else { return };
        let (first, mut at) = (self.sentences.len(), span.start());
        for sentence in sentences {
            let range = paragraph.start.saturating_add(sentence.start)..paragraph.start.saturating_add(sentence.end);
            if let Some(sentence) = text.trimmed(range).filter(|s| at <= s.start() && s.end() <= span.end()) {
                at = sentence.end();
                self.sentences.push(sentence);
            }
        }
        if self.sentences.len() > first {
            self.paragraphs.push(Block { span, structure, end: self.sentences.len() });
        }
    }

    /// The paragraphs in text order, and what their form says of them.
    #[must_use]
    pub fn paragraphs(&self) -> impl ExactSizeIterator<Item = (Span, Structure)> {
        self.paragraphs.iter().map(|block| (block.span, block.structure))
    }

    /// The sentences in text order.
    #[must_use]
    pub fn sentences(&self) -> &[Span] {
        &self.sentences
    }

    /// The layers with tokens and quotation marks. `text` is the one that was laid out.
    #[must_use]
    pub fn tokenized(&self, text: &Text) -> Segments {
        let mut sentences: Vec<Sentence> = Vec::with_capacity(self.sentences.len());
        let mut found: Vec<Token> = Vec::new();
        let mut paragraphs = Vec::with_capacity(self.paragraphs.len());
        for Block { span, structure, end } in &self.paragraphs {
            let paragraph = ParagraphId::from_index(paragraphs.len());
            let (first_sentence, first_token) = (sentences.len(), found.len());
            for &span in &self.sentences[first_sentence..*end] {
                let (sentence, first) = (SentenceId::from_index(sentences.len()), found.len());
                found.extend(tokens::split(text, span).map(|span| Token { span, sentence }));
                // A sentence is not empty and begins with no white space, so there is a token.
                if let Some(tokens) = TokenRange::of_indexes(first..found.len()) {
                    sentences.push(Sentence { span, tokens, paragraph });
                }
            }
            let within = IdRange::of_indexes(first_sentence..sentences.len());
            if let (Some(sentences), Some(tokens)) = (within, IdRange::of_indexes(first_token..found.len())) {
                paragraphs.push(Paragraph { span: *span, structure: *structure, sentences, tokens });
            }
        }
        let (paragraphs, sentences, tokens) = (Layer::from(paragraphs), Layer::from(sentences), Layer::from(found));
        let marks = marks::find(text, &paragraphs, &tokens);
        Segments { paragraphs, sentences, tokens, marks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_left_out() {
        let text = Text::new("Né à Dalby.  He left. ").unwrap();
        let mut layout = Layout::default();
        layout.push(&text, 0..13, Structure::Body, [0..2, 0..14, 4..usize::MAX, 5..5]);
        layout.push(&text, 3..23, Structure::Body, [0..9, 10..19]);
        layout.push(&text, 13..15, Structure::Heading, []);
        layout.push(&text, 14..24, Structure::Heading, [0..3, 3..9, 1..3]);
        let sentences: Vec<_> = layout.sentences().iter().map(|&span| &text[span]).collect();
        assert_eq!(sentences, ["Né à Dalby.", "He", "left."]);
        let paragraphs: Vec<_> = layout.paragraphs().map(|(span, structure)| (&text[span], structure)).collect();
        assert_eq!(paragraphs, [("Né à Dalby.", Structure::Body), ("He left.", Structure::Heading)]);
        let segments = layout.tokenized(&text);
        assert_eq!((segments.paragraphs.len(), segments.sentences.len(), segments.tokens.len()), (2, 3, 7));
    }
}
