//! An article as the encoder reads it: pieces of words, in windows.

use tokenizers::Tokenizer;

use crate::engine;
use crate::layer::{Id, TokenRange};
use crate::segment::Segmented;
use crate::tag::TagError;
use crate::tag::rows::COLON;

/// The pieces of a window, with those that open and close it: the longest that training has shown the network.
const WINDOW: usize = 256;
/// How many pieces of its own paragraph a window sees before the first that it scores.
const CONTEXT: usize = 64;
/// The shape of what is no word.
pub(super) const EDGE_SHAPE: u8 = 8;

/// A piece of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) seen: engine::Piece,
    pub(super) opens: Opens,
}

/// What begins with a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Opens {
    Nothing,
    Word,
    Sentence,
    Paragraph,
}

/// The pieces of an article.
pub(super) struct Pieces {
    pub(super) all: Vec<Piece>,
    /// For each token the piece whose scores are its own: the first of the word in which it begins. `None` where the
    /// tokenizer sees nothing.
    pub(super) of_token: Vec<Option<usize>>,
    /// For each paragraph its first piece.
    pub(super) of_paragraph: Vec<usize>,
}

impl Pieces {
    /// Reads an article.
    ///
    /// # Errors
    /// [`TagError`] if the tokenizer fails.
    pub(super) fn of_article(tokenizer: &Tokenizer, doc: Segmented<'_>) -> Result<Self, TagError> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut of_paragraph = Vec::with_capacity(doc.paragraphs().len());
        let mut of_token = vec![None; doc.tokens().len()];
        for (_, paragraph) in doc.paragraphs().iter() {
            let text = doc.text_of(paragraph.tokens);
            let base = doc.span(paragraph.tokens).start();
            let encoding = tokenizer.encode(text, false).map_err(TagError::Engine)?;
            let (ids, offsets, words) = (encoding.get_ids(), encoding.get_offsets(), encoding.get_word_ids());
            let first_piece = pieces.len();
            of_paragraph.push(first_piece);
            let mut starts: Vec<(usize, usize)> = Vec::new();
            let mut shape = EDGE_SHAPE;
            for i in 0..ids.len() {
                let begins = i == 0 || words[i] != words[i - 1];
                if begins {
                    let end = (i..ids.len()).take_while(|&j| words[j] == words[i]).last().unwrap_or(i);
                    shape = shape_of(text.get(offsets[i].0..offsets[end].1).unwrap_or_default());
                    starts.push((base + offsets[i].0, pieces.len()));
                }
                let opens = if begins { Opens::Word } else { Opens::Nothing };
                pieces.push(Piece { seen: engine::Piece { id: ids[i], shape }, opens });
            }
            place(doc, paragraph.tokens, &starts, &mut of_token);
            for sentence in paragraph.sentences.iter() {
                let first = of_token[doc.sentences()[sentence].tokens.first().index()];
                if let Some(piece) = first.and_then(|i| pieces.get_mut(i)) {
                    piece.opens = piece.opens.max(Opens::Sentence);
                }
            }
            // What a colon announces is read together with it.
            let announced = first_piece.checked_sub(1).is_some_and(|last| pieces[last].seen.id == COLON);
            if let Some(piece) = pieces.get_mut(first_piece) {
                piece.opens = if announced { Opens::Sentence } else { Opens::Paragraph };
            }
        }
        Ok(Self { all: pieces, of_token, of_paragraph })
    }

    /// The pieces of a paragraph.
    pub(super) fn of(&self, paragraph: usize) -> &[Piece] {
        let end = self.of_paragraph.get(paragraph + 1).copied().unwrap_or(self.all.len());
        &self.all[self.of_paragraph[paragraph]..end]
    }
}

/// Says for every token of a paragraph with which word's first piece it goes. `starts` are where words begin, in bytes,
/// with the number of their first piece.
fn place(doc: Segmented<'_>, tokens: TokenRange, starts: &[(usize, usize)], of_token: &mut [Option<usize>]) {
    for id in tokens.iter() {
        let start = doc.tokens()[id].span.start();
        let after = starts.partition_point(|&(at, _)| at <= start);
        of_token[id.index()] = starts.get(after.saturating_sub(1)).map(|&(_, piece)| piece);
    }
}

/// A stretch of pieces that is run at once: seen from `from`, scored from `first`, both up to `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: usize,
    pub(super) first: usize,
    pub(super) end: usize,
}

/// Cuts an article into windows: after a paragraph if one ends within reach, else after a sentence, else after a word.
pub(super) fn windows(pieces: &[Piece]) -> Vec<Window> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < pieces.len() {
        let inside = pieces[first].opens != Opens::Paragraph;
        let paragraph = (0..first).rev().take(CONTEXT).take_while(|&i| pieces[i + 1].opens != Opens::Paragraph).last();
        let from = paragraph.filter(|_| inside).unwrap_or(first);
        let farthest = from + WINDOW - 2;
        let end = if farthest >= pieces.len() {
            pieces.len()
        } else {
            let last = |wanted: Opens| (first + 1..=farthest).rev().find(|&i| pieces[i].opens >= wanted);
            last(Opens::Paragraph).or_else(|| last(Opens::Sentence)).or_else(|| last(Opens::Word)).unwrap_or(farthest)
        };
        found.push(Window { from, first, end });
        first = end;
    }
    found
}

/// The case and kind of a word: 1 lower, 2 Title, 3 UPPER, 4 one capital, 5 mixed, 6 digits, 7 other, 8 punctuation.
fn shape_of(word: &str) -> u8 {
    let upper = word.chars().any(char::is_uppercase);
    let lower = word.chars().any(char::is_lowercase);
    let first_upper = word.chars().next().is_some_and(char::is_uppercase);
    match (upper, lower) {
        (true, false) => 4 - u8::from(word.chars().nth(1).is_some()),
        (false, true) => 1,
        (true, true) if first_upper && !word.chars().skip(1).any(char::is_uppercase) => 2,
        (true, true) if first_upper => 5,
        (false, false) if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) => 6,
        _ if word.chars().any(char::is_alphanumeric) => 7,
        _ => EDGE_SHAPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_those_of_training() {
        let shapes = ["the", "The", "NATO", "I", "McCain", "2016", "iPhone", "—", "é", "½"].map(shape_of);
        assert_eq!(shapes, [1, 2, 3, 4, 5, 6, 7, 8, 1, 7]);
    }

    #[test]
    fn windows_cover_every_piece_once_and_none_is_too_long() {
        let piece = |opens| Piece { seen: engine::Piece { id: 1000, shape: 1 }, opens };
        let mut pieces = Vec::new();
        for length in [3, 100, 100, 100, 700, 10] {
            pieces.push(piece(Opens::Paragraph));
            pieces.extend((1..length).map(|i| piece(if i % 37 == 0 { Opens::Sentence } else { Opens::Word })));
        }
        let found = windows(&pieces);
        assert_eq!(found.iter().map(|w| w.end - w.first).sum::<usize>(), pieces.len());
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].first));
        assert!(found.iter().all(|w| w.from <= w.first && w.end - w.from <= WINDOW - 2));
        assert_eq!(found[0], Window { from: 0, first: 0, end: 203 });
        assert!(found.iter().any(|w| w.first - w.from == CONTEXT));
        let one_word = vec![piece(Opens::Nothing); 1000];
        assert_eq!(windows(&one_word).iter().map(|w| w.end - w.first).sum::<usize>(), 1000);
    }
}
