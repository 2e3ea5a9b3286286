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
//! - `terminal`: full stops, ellipses, question and exclamation marks, and what hangs on them;
//! - `unmarked`: boundaries that no punctuation marks;
//! - `lines`: line breaks, deliberate or wrapped;
//! - `context`: the bounded looks to both sides that the decisions rest on;
//! - `lexicon`: abbreviations, sentence starters and verbs of speech.

mod context;
mod lexicon;
mod lines;
mod terminal;
mod unmarked;

use std::ops::Range;

use context::skip_space;
use lines::Lines;
use terminal::Terminal;

/// Splits a paragraph into sentences.
///
/// The ranges are byte ranges into `paragraph`, in order, disjoint, not empty and without white space at
/// their ends; together they cover every character that is not white space. Time is linear in the length of
/// the text, whatever the text is.
///
/// ```
/// let paragraph = "Sen. Ada Cole spoke. \"Why now?\" she asked.";
/// let sentences: Vec<&str> =
///     whosaid::segment::sentences::split(paragraph).into_iter().map(|range| &paragraph[range]).collect();
/// assert_eq!(sentences, ["Sen. Ada Cole spoke.", "\"Why now?\" she asked."]);
/// ```
#[must_use]
pub fn split(paragraph: &str) -> Vec<Range<usize>> {
    let bytes = paragraph.as_bytes();
    let mut lines = Lines::of(paragraph);
    let mut sentences = Vec::new();
    let mut start = skip_space(paragraph, 0);
    let mut at = start;
    lines.begin_line(start);
    while let Some(candidate) = next_candidate(bytes, at) {
        let (end, boundary) = if bytes[candidate] == b'\n' {
            at = candidate + 1;
            (candidate, lines.ends_sentence(candidate))
        } else if bytes[candidate] == b' ' {
            at = candidate + 1;
            (candidate, unmarked::ends_sentence(paragraph, start, candidate))
        } else if bytes[candidate] == ELLIPSIS_LEAD && !terminal::is_ellipsis(bytes, candidate) {
            at = candidate + 1;
            continue;
        } else {
            let terminal = Terminal::read(paragraph, start, candidate);
            at = terminal.end;
            (terminal.end, terminal.ends_sentence())
        };
        if boundary {
            sentences.push(start..start + paragraph[start..end].trim_end().len());
            start = skip_space(paragraph, end);
            // The white space that was passed over is never looked at again: a run of a million line breaks
            // would otherwise be skipped a million times.
            if paragraph[end..start].contains('\n') {
                lines.begin_line(start);
            }
            at = start;
        }
    }
    let rest = paragraph[start..].trim_end();
    if !rest.is_empty() {
        sentences.push(start..start + rest.len());
    }
    sentences
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

/// The next byte from `at` on that may end a sentence.
fn next_candidate(bytes: &[u8], at: usize) -> Option<usize> {
    let mut rest = bytes[at..].iter().enumerate();
    rest.find_map(|(ahead, &byte)| {
        let candidate = at + ahead;
        let stops = STOPS[usize::from(byte)]
            && (byte != b' ' || bytes.get(candidate + 1).is_some_and(|&next| unmarked::may_begin_with(next)));
        stops.then_some(candidate)
    })
}

/// The first byte of `…` in UTF-8, which many other marks share.
const ELLIPSIS_LEAD: u8 = 0xE2;

/// The bytes that [`next_candidate`] looks at twice.
const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    table[b'.' as usize] = true;
    table[b'!' as usize] = true;
    table[b'?' as usize] = true;
    table[b' ' as usize] = true;
    table[b'\n' as usize] = true;
    table[ELLIPSIS_LEAD as usize] = true;
    table
};

#[cfg(test)]
mod tests;
