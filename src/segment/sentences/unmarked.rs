//! Boundaries without terminal punctuation, inside one line.
//!
//! Messages and web pages whose line breaks were lost run their parts together: "… by noon Please call me
//! Thanks, Ada". Most such boundaries show only in the sense, and guessing at them would cost news, where
//! capitals in mid-sentence are names. This module takes those that leave a trace which edited prose does not:
//! emoticons, web addresses before a capital, ruled lines, the stamps of forwarded messages, words that open
//! messages, salutations and closings.

use std::sync::LazyLock;

use super::context::{Following, REACH, window_after, word_before};
use super::lexicon::{CLAUSE_OPENERS, MESSAGE_CLOSINGS, MESSAGE_OPENERS, STARTERS};

/// Salutations and closings are this short, in bytes.
const LONGEST_SALUTATION: usize = 40;

/// Spaces of a text, any of which may be such a boundary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unmarked<'a> {
    pub(super) text: &'a str,
    /// Whether there may be a web address before the space.
    pub(super) address_seen: bool,
}

impl Unmarked<'_> {
    /// Whether a sentence that begins at `sentence` ends before the space at `space`, although no terminal
    /// punctuation says so.
    pub(super) fn ends_sentence(self, sentence: usize, space: usize) -> bool {
        let text = self.text;
        let bytes = &text.as_bytes()[space + 1..];
        if sentence >= space {
            return false;
        }
        match bytes.first() {
            Some(b'A'..=b'Z') => self.before_capital(sentence, space),
            Some(b'0'..=b'9') => {
                let after_figure = bytes.iter().take(REACH).find(|byte| !byte.is_ascii_digit());
                after_figure == Some(&b'/')
                    && starts_with_stamp(text, space + 1)
                    && !STARTERS.holds(word_before(text, space))
            }
            Some(b'-' | b'*' | b'=' | b'~') => {
                is_rule(next_token(text, space + 1)) && !is_rule(word_before(text, space))
            }
            _ => false,
        }
    }

    /// Where the sentence ends before the web address whose "://" stands at `colon`, if it does: after another address.
    pub(super) fn end_before_address(self, sentence: usize, colon: usize) -> Option<usize> {
        let before = &self.text.as_bytes()[..colon];
        let before = before.strip_suffix(b"s").unwrap_or(before).strip_suffix(b" http")?;
        (sentence < before.len() && is_web_address(word_before(self.text, before.len()))).then_some(before.len())
    }

    fn before_capital(self, sentence: usize, space: usize) -> bool {
        if self.text[..space].ends_with(',') {
            return is_salutation(self.text, sentence, space);
        }
        self.may_end_before_capital(space) && self.ends_before_capital(space)
    }

    /// Whether the bytes on both sides of a space before a capital leave it open that a sentence ends there. Every such space
    /// comes here, and nearly all are settled by them.
    fn may_end_before_capital(self, space: usize) -> bool {
        let (before, next) = self.text.as_bytes().split_at(space);
        match before.last() {
            Some(b'-' | b'*' | b'=' | b'~' | b'M' | b'm') => true,
            Some(last) if MOUTHS.contains(last) => true,
            Some(last) if last.is_ascii_alphanumeric() && OPENERS.may_hold(next.get(1..).unwrap_or_default()) => true,
            _ => self.address_seen,
        }
    }

    fn ends_before_capital(self, space: usize) -> bool {
        let text = self.text;
        let before = word_before(text, space);
        match before.as_bytes().last() {
            Some(b'M' | b'm') if ends_in_stamp(text, space) => true,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/') => {
                let following = Following::read(text, space + 1);
                opens_clause(text, &following) && !STARTERS.holds(before)
                    || is_web_address(before)
                    || is_emoticon(before)
            }
            Some(b'-' | b'*' | b'=' | b'~') => is_rule(before) || is_web_address(before),
            _ => is_emoticon(before) || is_web_address(before),
        }
    }
}

/// Which second letters the words have that open a clause or a message, by their first letter.
struct Openers([u32; 26]);

static OPENERS: LazyLock<Openers> = LazyLock::new(|| {
    let mut seconds = [0; 26];
    for word in CLAUSE_OPENERS.entries().chain(MESSAGE_OPENERS.entries()) {
        let letter_at = |at: usize| word.as_bytes().get(at).copied().and_then(letter);
        let (first, second) = (letter_at(0), letter_at(1));
        if let Some(first) = first {
            seconds[first] |= second.map_or(u32::MAX, |second| 1 << second);
        }
    }
    Openers(seconds)
});

impl Openers {
    /// Whether the word that begins here may be one of them.
    fn may_hold(&self, word: &[u8]) -> bool {
        let Some(seconds) = word.first().copied().and_then(letter).map(|first| self.0[first]) else { return false };
        word.get(1).copied().and_then(letter).map_or(seconds == u32::MAX, |second| seconds & 1 << second != 0)
    }
}

/// The number of a letter of ASCII, from 0.
fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

/// Whether a word with a capital opens a clause: "by noon Please call", "on Friday This is". A function word
/// with a capital in mid-sentence is otherwise part of a title ("The Way We Were"), whose next word has a
/// capital too. The list is shorter than that of the sentence starters, most of which are also names or the last
/// words of names ("BBC One", "Radio Today", "Air Force One").
fn opens_clause(text: &str, following: &Following) -> bool {
    let word = following.word;
    if MESSAGE_OPENERS.holds(word) {
        return !text[following.word_end..].starts_with('-');
    }
    let goes_on = matches!(text.as_bytes()[following.word_end..], [b' ', b'a'..=b'z', ..]);
    // "ONLY" is stress, and its case says nothing.
    let shouted = word.as_bytes().get(1).is_none_or(u8::is_ascii_uppercase);
    goes_on && !shouted && CLAUSE_OPENERS.holds(word)
}

/// After a comma: "Hi Ada, Send me …", "Ada, Please …", "Best regards, Ada Cole Attached is …"; but not
/// "Thanks, Ada," with the sentence going on after the name.
fn is_salutation(text: &str, sentence: usize, space: usize) -> bool {
    if space - sentence > LONGEST_SALUTATION {
        return false;
    }
    let said = &text[sentence..space - 1];
    let following = Following::read(text, space + 1);
    let mut words = said.split(' ');
    if words.clone().all(|word| MESSAGE_CLOSINGS.holds(word)) {
        // A name that a space follows, or nothing.
        let after = &text[following.word_end..];
        return after.is_empty() || after.starts_with(' ');
    }
    let named = words.clone().count() <= 3 && words.clone().all(is_capitalised);
    let greeted = matches!(words.next(), Some("Hi" | "Hello" | "Hey" | "Dear")) && words.next().is_some();
    greeted || (named && opens_clause(text, &following))
}

/// "03/15/2001 04:11 PM": the date and the time that a mail program put there.
fn ends_in_stamp(text: &str, end: usize) -> bool {
    let floor = text.floor_char_boundary(end.saturating_sub(REACH));
    let mut tokens = text[floor..end].rsplit(' ');
    let (Some(half), Some(time), Some(date)) = (tokens.next(), tokens.next(), tokens.next()) else {
        return false;
    };
    matches!(half, "AM" | "PM" | "am" | "pm") && is_figures(time, ':') && is_figures(date, '/')
}

fn starts_with_stamp(text: &str, at: usize) -> bool {
    let mut tokens = window_after(text, at).split(' ');
    let (Some(date), Some(time)) = (tokens.next(), tokens.next()) else { return false };
    is_figures(date, '/') && date.matches('/').count() == 2 && is_figures(time, ':')
}

/// Digits with at least one separator among them: "04:11", "03/15/2001".
fn is_figures(token: &str, separator: char) -> bool {
    token.contains(separator) && token.chars().all(|c| c.is_ascii_digit() || c == separator)
}

/// "Ada", but neither "A" nor "ADA".
fn is_capitalised(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.next().is_some_and(char::is_lowercase)
}

/// The last bytes of emoticons.
const MOUTHS: &[u8] = b"DPp/\\|()";

/// ":)", ";-)", "=(", ":D", ":/": eyes, perhaps a nose, a mouth.
pub(super) fn is_emoticon(token: &str) -> bool {
    let Some(face) = token.strip_prefix([':', ';', '=']) else { return false };
    let mouths = face.trim_start_matches(['-', '\'', 'o']);
    face.len() - mouths.len() <= 1
        && (matches!(mouths, "D" | "P" | "p" | "/" | "\\" | "|")
            || (!mouths.is_empty()
                && mouths.len() <= 4
                && (mouths.bytes().all(|b| b == b')') || mouths.bytes().all(|b| b == b'('))))
}

fn is_web_address(token: &str) -> bool {
    (token.contains("://") || token.starts_with("www.")) && !token.ends_with([',', ':', ';'])
}

/// "-----", "*****": a line drawn across a message.
fn is_rule(token: &str) -> bool {
    const SHORTEST: usize = 5;
    token.len() >= SHORTEST && token.bytes().all(|b| matches!(b, b'-' | b'*' | b'=' | b'~'))
}

/// The run of non-space characters at `at`, cut off after a few dozen bytes.
pub(super) fn next_token(text: &str, at: usize) -> &str {
    let window = window_after(text, at);
    window.find(char::is_whitespace).map_or(window, |len| &window[..len])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Words of every kind that a boundary before a capital may hang on, and some on which it may not.
    const WORDS: &[&str] = &[
        "noon",
        "Please",
        "call",
        "This",
        "is",
        "Thanks",
        "ADA",
        "PM",
        "am",
        "04:11",
        "03/15/2001",
        ":)",
        ":-D",
        "=(",
        "x:P",
        "http://a.example/b",
        "www.a.example",
        "www.a,",
        "-----",
        "*****",
        "--",
        "Hi",
        "Call",
        "A",
        "I",
        "We",
        "3",
        "it/",
        "(so)",
        "Übung",
        "é",
        "\u{2014}",
        "What",
        "If",
    ];

    proptest! {
        #[test]
        fn what_the_first_look_rules_out_the_second_would_too(
            words in proptest::collection::vec(proptest::sample::select(WORDS), 2..9)
        ) {
            let text = words.join(" ");
            for (space, _) in text.match_indices(' ') {
                if text.as_bytes()[space + 1].is_ascii_uppercase() {
                    let before = &text[..space];
                    let address_seen = before.contains("://") || before.contains("www.");
                    let unmarked = Unmarked { text: &text, address_seen };
                    prop_assert!(unmarked.may_end_before_capital(space) || !unmarked.ends_before_capital(space), "{}", before);
                }
            }
        }
    }
}
