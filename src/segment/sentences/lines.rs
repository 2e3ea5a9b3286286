//! Line breaks within a paragraph: hard wraps, which mean nothing, against breaks that the writer meant.
//!
//! A program that wraps at a width breaks a line only when the next word would no longer fit. So a break after
//! which the next line's first word *would* have fitted, with room to spare, is deliberate: it ends a headline,
//! a list item or one sentence of a text with a sentence a line. "Fitted" is judged against the paragraph's own
//! widest line, and a paragraph with lines beyond any width that people wrap at, or within one too narrow for
//! it, was not wrapped at all.

use super::context::{Following, Shape, skip_space, word_before};

/// Widths, in bytes, at which text is wrapped in practice: newspaper columns to wide terminals.
const WRAP_WIDTHS: std::ops::RangeInclusive<usize> = 34..=140;

/// A line is clearly short if this share of the widest line could have held the next word as well.
const CLEARLY_SHORT: (usize, usize) = (4, 5);

/// What the line breaks of one paragraph have in common.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    /// The width of the widest; most paragraphs are one line, for which nobody asks.
    widest: Option<usize>,
    /// Where the current line begins.
    line: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, widest: None, line: 0 }
    }

    /// Tells that the text up to `at`, which holds a line break, was passed over.
    pub(super) fn begin_line(&mut self, at: usize) {
        self.line = at;
    }

    /// Whether the line break at `at` ends a sentence. Asked in order, for each break that [`begin_line`](Self::begin_line) did not
    /// pass over.
    pub(super) fn ends_sentence(&mut self, at: usize) -> bool {
        let line = &self.text[std::mem::replace(&mut self.line, at + 1)..at];
        let next = skip_space(self.text, at);
        if self.text[at + 1..next].contains('\n') {
            // A blank line. Callers split there, but nothing would be gained by trusting them.
            return true;
        }
        let rest = &self.text[next..];
        let following = Following::read(self.text, next);
        if is_bullet(rest) {
            return true;
        }
        if matches!(following.shape, Shape::Lower | Shape::Continuation | Shape::Nothing) {
            return false;
        }
        let line = line.trim();
        if !self.is_deliberate(line.len(), rest) {
            return false;
        }
        let last = word_before(self.text, self.text[..at].trim_end().len());
        !(last.ends_with([',', '-', '\u{2013}', '(', '/', '&']) || is_function_word(last))
    }

    fn is_deliberate(&mut self, width: usize, next_line: &str) -> bool {
        let widths = || self.text.lines().map(|line| line.trim().len());
        let widest = *self.widest.get_or_insert_with(|| widths().max().unwrap_or(0));
        if !WRAP_WIDTHS.contains(&widest) {
            return true;
        }
        let word = next_line.bytes().take(widest).position(|b| b.is_ascii_whitespace());
        let needed = width + 1 + word.unwrap_or(next_line.len().min(widest));
        needed * CLEARLY_SHORT.1 <= widest * CLEARLY_SHORT.0
    }
}

/// "- ", "* ", "• ", "– ", "3. ", "3) ", "(3) ": the head of a list item.
fn is_bullet(line: &str) -> bool {
    if let Some(rest) = line.strip_prefix(['-', '*', '\u{2022}', '\u{2013}', '\u{25AA}', '\u{25CF}', '\u{B7}']) {
        return rest.starts_with(' ');
    }
    let line = line.strip_prefix('(').unwrap_or(line);
    let digits = line.bytes().take(3).take_while(u8::is_ascii_digit).count();
    // Not "5. " alone: a wrapped "born on May" may be followed by "5. He", but never by "5) ".
    digits > 0 && line[digits..].starts_with(") ")
}

/// Words that cannot stand last in a headline or an item: the line goes on.
fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "a" | "an"
            | "and"
            | "as"
            | "at"
            | "by"
            | "for"
            | "from"
            | "in"
            | "of"
            | "on"
            | "or"
            | "that"
            | "the"
            | "to"
            | "with"
    )
}
