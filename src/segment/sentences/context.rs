//! What stands on either side of a candidate boundary.
//!
//! Every look is bounded (a few dozen bytes), which is what keeps the splitter linear on text without a
//! single space or with nothing but full stops.

/// How far a look to either side reaches, in bytes. A word longer than this is no abbreviation, sentence
/// starter or speech verb, which is all that the splitter asks about words.
pub(super) const REACH: usize = 40;

/// How the text after a candidate begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Lower,
    Upper,
    Digit,
    /// A letter of a script without case, a symbol, a dash, a bullet.
    Other,
    /// A comma and its kind, with which no sentence begins.
    Continuation,
    /// The text is over.
    Nothing,
}

/// The first word after a candidate, past opening quotation marks and brackets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Following<'a> {
    pub(super) shape: Shape,
    /// The word, cut off after [`REACH`] bytes; empty unless the shape is a letter's or a digit's.
    pub(super) word: &'a str,
    /// Where the word ends.
    pub(super) word_end: usize,
    /// A quotation mark opens before the word.
    pub(super) quoted: bool,
    /// A bracket opens before the word.
    pub(super) bracketed: bool,
}

impl<'a> Following<'a> {
    /// Reads from `at`, which is not white space unless the text is over.
    pub(super) fn read(text: &'a str, at: usize) -> Self {
        let mut following = Self { shape: Shape::Nothing, word: "", word_end: at, quoted: false, bracketed: false };
        let window = window_after(text, at);
        let mut rest = window.trim_start_matches(|c| {
            following.quoted |= is_opening_quote(c);
            following.bracketed |= is_opening_bracket(c);
            is_opening_quote(c) || is_opening_bracket(c)
        });
        // The closure also sees the first character that it refuses, which is neither.
        if rest.is_empty() {
            rest = window;
        }
        let Some(first) = rest.chars().next() else { return following };
        following.shape = if first.is_lowercase() {
            Shape::Lower
        } else if first.is_uppercase() {
            Shape::Upper
        } else if first.is_numeric() {
            Shape::Digit
        } else if matches!(first, ',' | ';' | ':' | ')' | ']' | '}' | '%' | '=') {
            Shape::Continuation
        } else {
            Shape::Other
        };
        let start = at + (window.len() - rest.len());
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        following.word = &text[start..start + len];
        following.word_end = start + len;
        following
    }
}

/// The run of non-space characters that ends at `end`, without opening marks, cut off after [`REACH`] bytes.
pub(super) fn word_before(text: &str, end: usize) -> &str {
    let floor = text.floor_char_boundary(end.saturating_sub(REACH));
    let window = &text[floor..end];
    let start = match window.bytes().rposition(|byte| byte.is_ascii_whitespace() || !byte.is_ascii()) {
        // Some other white space might stand there, or a letter of the word.
        Some(edge) if !window.as_bytes()[edge].is_ascii() => {
            let space = window.char_indices().rfind(|(_, c)| c.is_whitespace());
            space.map_or(0, |(space, c)| space + c.len_utf8())
        }
        Some(space) => space + 1,
        None => 0,
    };
    window[start..].trim_start_matches(|c| is_opening_quote(c) || is_opening_bracket(c))
}

/// Up to [`REACH`] bytes from `at` on.
pub(super) fn window_after(text: &str, at: usize) -> &str {
    &text[at..text.floor_char_boundary((at + REACH).min(text.len()))]
}

/// Where the white space at `at` ends.
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    text.len() - text[at..].trim_start().len()
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}')
}

pub(super) fn is_opening_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | '\u{201C}' | '\u{2018}' | '\u{201E}' | '\u{201A}' | '\u{AB}')
}

pub(super) fn is_opening_bracket(c: char) -> bool {
    matches!(c, '(' | '[' | '{')
}

pub(super) fn is_closing_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{201D}' | '\u{2019}' | '\u{BB}')
}

pub(super) fn is_closing_bracket(c: char) -> bool {
    matches!(c, ')' | ']' | '}')
}

/// Pictographs, with the selectors and joiners that belong to them.
pub(super) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F000}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{FE0F}' | '\u{200D}')
}
