//! Boundaries without terminal punctuation, inside one line.
//!
//! Messages and web pages whose line breaks were lost run their parts together: "… by noon Please call me
//! Thanks, Ada". Most such boundaries show only in the sense, and guessing at them would cost news, where
//! capitals in mid-sentence are names. This module takes those that leave a trace which edited prose does not:
//! emoticons, web addresses before a capital, ruled lines, the stamps of forwarded messages, words that open
//! messages, salutations and closings.

use super::context::{Following, REACH, window_after, word_before};
use super::lexicon::{CLAUSE_OPENERS, MESSAGE_CLOSINGS, MESSAGE_OPENERS, STARTERS};

/// Salutations and closings are this short, in bytes.
const LONGEST_SALUTATION: usize = 40;

/// Whether a sentence that no punctuation announces may begin with this byte; [`ends_sentence`] need not be
/// asked otherwise.
pub(super) fn may_begin_with(byte: u8) -> bool {
    matches!(byte, b'A'..=b'Z' | b'h' | b'0'..=b'9' | b'-' | b'*' | b'=' | b'~')
}

/// Whether a sentence that begins at `sentence` ends before the space at `space`, although no terminal
/// punctuation says so.
pub(super) fn ends_sentence(text: &str, sentence: usize, space: usize) -> bool {
    let Some(&next) = text.as_bytes().get(space + 1) else { return false };
    if sentence >= space {
        return false;
    }
    match next {
        b'A'..=b'Z' => before_capital(text, sentence, space),
        b'h' => text[space + 1..].starts_with("http") && is_web_address(word_before(text, space)),
        b'0'..=b'9' => starts_with_stamp(text, space + 1) && !STARTERS.holds(word_before(text, space)),
        b'-' | b'*' | b'=' | b'~' => is_rule(next_token(text, space + 1)) && !is_rule(word_before(text, space)),
        _ => false,
    }
}

fn before_capital(text: &str, sentence: usize, space: usize) -> bool {
    let before = word_before(text, space);
    match before.as_bytes().last() {
        Some(b',') => is_salutation(text, sentence, space),
        Some(b'M' | b'm') if ends_in_stamp(text, space) => true,
        Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/') => {
            let following = Following::read(text, space + 1);
            opens_clause(text, &following) && !STARTERS.holds(before) || is_web_address(before) || is_emoticon(before)
        }
        Some(b'-' | b'*' | b'=' | b'~') => is_rule(before) || is_web_address(before),
        _ => is_emoticon(before) || is_web_address(before),
    }
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
