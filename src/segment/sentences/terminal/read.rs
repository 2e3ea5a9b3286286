//! What belongs to a terminal: the run of punctuation, what closes after it, footnote marks, pictographs.

use crate::segment::sentences::context::{is_closing_bracket, is_closing_quote, is_emoji, skip_space, window_after};
use crate::segment::sentences::unmarked::{is_emoticon, next_token};

/// What the run of punctuation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    FullStop,
    /// At least two full stops, or `…`.
    Ellipsis,
    /// Any run with `!` or `?`.
    Emphatic,
}

/// What closes after the punctuation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Closers {
    pub(super) quote: bool,
    pub(super) bracket: bool,
}

/// The run of terminal characters at `start`. Spaced full stops (". . .") are one ellipsis.
pub(super) fn mark(text: &str, start: usize) -> (usize, Mark) {
    let bytes = text.as_bytes();
    let (mut end, mut stops, mut mark) = (start, 0, Mark::FullStop);
    loop {
        match bytes.get(end) {
            Some(b'.') => {
                stops += 1;
                end += 1;
            }
            Some(b'!' | b'?') => {
                mark = Mark::Emphatic;
                end += 1;
            }
            Some(0xE2) if is_ellipsis(bytes, end) => {
                stops += 2;
                end += '\u{2026}'.len_utf8();
            }
            Some(b' ')
                if stops > 0
                    && bytes.get(end + 1) == Some(&b'.')
                    && !bytes.get(end + 2).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                end += 1;
            }
            _ => break,
        }
    }
    if mark == Mark::FullStop && stops > 1 {
        mark = Mark::Ellipsis;
    }
    (end, mark)
}

/// Whether `…` stands at `at`.
pub(in crate::segment::sentences) fn is_ellipsis(bytes: &[u8], at: usize) -> bool {
    bytes[at..].starts_with("\u{2026}".as_bytes())
}

/// Closing quotation marks and brackets from `at` on. One that stands alone between spaces is taken as well:
/// so spaced tokens are written.
pub(super) fn closers(text: &str, mut at: usize) -> (usize, Closers) {
    let mut closers = Closers::default();
    loop {
        let mut chars = text[at..].chars();
        let Some(mut c) = chars.next() else { break };
        let mut end = at;
        if c == ' ' {
            let Some(spaced) = chars.next() else { break };
            if spaced == '\'' || spaced == '\u{2019}' || !chars.clone().next().is_none_or(char::is_whitespace) {
                break;
            }
            end += 1;
            c = spaced;
        }
        if is_closing_quote(c) && !chars.next().is_some_and(|next| c.is_ascii() && next.is_alphanumeric()) {
            closers.quote = true;
        } else if is_closing_bracket(c) {
            closers.bracket = true;
        } else {
            break;
        }
        at = end + c.len_utf8();
    }
    (at, closers)
}

/// Footnote marks from `at` on: `[3]`, ` [12][13]`, `[citation needed]`, superscript numerals.
pub(super) fn notes(text: &str, mut at: usize) -> usize {
    loop {
        let window = window_after(text, at);
        let rest = window.strip_prefix(' ').unwrap_or(window);
        let space = window.len() - rest.len();
        let note = if let Some(inside) = rest.strip_prefix('[') {
            let Some(len) = inside.find(']') else { return at };
            let inner = &inside[..len];
            let numbered = !inner.is_empty() && inner.len() <= 4 && inner.bytes().all(|b| b.is_ascii_digit());
            if !numbered && inner != "citation needed" {
                return at;
            }
            space + len + "[]".len()
        } else {
            // Superscripts hang on the text without a space.
            window.find(|c| !is_superscript(c)).unwrap_or(window.len())
        };
        if note == 0 {
            return at;
        }
        at += note;
    }
}

fn is_superscript(c: char) -> bool {
    matches!(c, '\u{B9}' | '\u{B2}' | '\u{B3}' | '\u{2070}'..='\u{2079}')
}

/// Pictographs and emoticons from `at` on, spaced or not: they belong to the sentence that they comment on.
pub(super) fn emoji(text: &str, at: usize) -> usize {
    let after_space = skip_space(text, at);
    match text.as_bytes().get(after_space) {
        Some(b':' | b';' | b'=' | 0x80..) => {}
        _ => return at,
    }
    let token = next_token(text, after_space);
    if is_emoticon(token) {
        return after_space + token.len();
    }
    let emoji = text[after_space..].find(|c| !is_emoji(c)).unwrap_or(text.len() - after_space);
    if emoji == 0 { at } else { after_space + emoji }
}
