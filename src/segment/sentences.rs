//! Sentence boundaries in English text.
//!
//! [`split`] takes one paragraph and answers the byte ranges of its sentences. It reads the text once, from
//! left to right, stops at the few characters that can end a sentence, and decides each by what stands on both
//! sides of it.
//!
//! The decisions are rules over small word lists and not a trained model. Rules that name their reason hold
//! for text of a kind that no training set had; they can be read, and a wrong one can be mended without
//! mending ten others. They were tuned on the train halves of two treebanks (GUM, EWT) and confirmed on the
//! halves held back.
//!
//! The parts:
//! - `candidates`: the few bytes that are worth a look;
//! - `terminal`: full stops, ellipses, question and exclamation marks, and what hangs on them;
//! - `unmarked`: boundaries that no punctuation marks;
//! - `lines`: line breaks, deliberate or wrapped;
//! - `context`: the bounded looks to both sides that the decisions rest on;
//! - `lexicon`: abbreviations, sentence starters and verbs of speech.

mod candidates;
mod context;
mod lexicon;
mod lines;
mod terminal;
mod unmarked;

use std::ops::Range;

use candidates::{Candidates, ELLIPSIS_LEAD};
use context::skip_space;
use lines::Lines;
use terminal::Terminal;
use unmarked::Unmarked;

/// Splits a paragraph into sentences.
///
/// The ranges are byte ranges into `paragraph`, in order, disjoint, not empty and without white space at
/// their ends; together they cover every character that is not white space. Time is linear in the length of
/// the text, whatever the text is.
///
/// ```
/// let paragraph = "Sen. Ada Cole spoke. \"Why now?\" she asked.";
/// let sentences: Vec<&str> =
///     whosaid::segment::sentences::split(paragraph).map(|range| &paragraph[range]).collect();
/// assert_eq!(sentences, ["Sen. Ada Cole spoke.", "\"Why now?\" she asked."]);
/// ```
#[must_use]
pub fn split(paragraph: &str) -> Sentences<'_> {
    let start = skip_space(paragraph, 0);
    let mut lines = Lines::of(paragraph);
    lines.begin_line(start);
    Sentences { paragraph, candidates: Candidates::of(paragraph), lines, start, at: start }
}

/// The sentences of a paragraph.
#[derive(Debug)]
pub struct Sentences<'a> {
    paragraph: &'a str,
    candidates: Candidates<'a>,
    lines: Lines<'a>,
    /// Where the current sentence begins.
    start: usize,
    /// What was read of it.
    at: usize,
}

impl Iterator for Sentences<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let paragraph = self.paragraph;
        while let Some(candidate) = self.candidates.next_from(self.at) {
            let (end, is_boundary) = self.read(candidate);
            self.at = end.max(candidate + 1);
            if is_boundary {
                let sentence = self.start..self.start + paragraph[self.start..end].trim_end().len();
                self.start = skip_space(paragraph, end);
                // The white space that was passed over is never looked at again: a run of a million line breaks
                // would otherwise be skipped a million times.
                if paragraph.as_bytes()[end..self.start].contains(&b'\n') {
                    self.lines.begin_line(self.start);
                }
                self.at = self.start;
                return Some(sentence);
            }
        }
        let rest = paragraph[self.start..].trim_end();
        let sentence = self.start..self.start + rest.len();
        (self.start, self.at) = (paragraph.len(), paragraph.len());
        (!rest.is_empty()).then_some(sentence)
    }
}

impl Sentences<'_> {
    /// Where what stands at a candidate ends, and whether the sentence ends there.
    fn read(&mut self, candidate: usize) -> (usize, bool) {
        let bytes = self.paragraph.as_bytes();
        match bytes[candidate] {
            b'\n' => (candidate, self.lines.ends_sentence(candidate)),
            b' ' => {
                let unmarked = Unmarked { text: self.paragraph, address_seen: self.candidates.address_seen };
                (candidate, unmarked.ends_sentence(self.start, candidate))
            }
            b':' => {
                let unmarked = Unmarked { text: self.paragraph, address_seen: true };
                let end = unmarked.end_before_address(self.start, candidate);
                (end.unwrap_or(candidate), end.is_some())
            }
            ELLIPSIS_LEAD if !terminal::is_ellipsis(bytes, candidate) => (candidate, false),
            stop => {
                let plain = if stop == b'.' { terminal::plain_stop_ends(bytes, candidate) } else { None };
                plain.map_or_else(
                    || {
                        let terminal = Terminal::read(self.paragraph, self.start, candidate);
                        (terminal.end, terminal.ends_sentence())
                    },
                    |ends| (candidate + 1, ends),
                )
            }
        }
    }
}

/// Whether a full stop after `word` belongs to it: "Sen", "U.S", "Inc", "J".
pub(crate) fn is_abbreviation(word: &str) -> bool {
    use lexicon::Abbreviation;
    match Abbreviation::of(word) {
        Some(Abbreviation::Binding | Abbreviation::Open) => true,
        Some(Abbreviation::Initial) => word != "I" && word.chars().all(char::is_uppercase),
        // "No." is a sentence more often than a number.
        Some(Abbreviation::Reference) | None => false,
    }
}

#[cfg(test)]
mod tests;
