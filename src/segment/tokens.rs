//! Words and punctuation of one sentence.
//!
//! Cut at white space, then at every punctuation mark, except where a mark is part of the word: stops of abbreviations
//! and initials ("U.S.", "Sen.", "J."), decimal and thousands marks, "AT&T", apostrophes of names ("O'Brien"). Clitics
//! stand alone ("Trump" "'s", "did" "n't") so that a possessive name is a whole token. Addresses ("https://…",
//! "@handle", "a@b.org") are one token.

use crate::segment::sentences;
use crate::text::{Span, Text};

/// The longest stretch without white space that is looked at as one, in bytes. It bounds the work on text that has none.
const MAX_CHUNK: usize = 1024;

/// The tokens of a sentence, in order; together they cover all its characters except white space.
pub(crate) fn split(text: &Text, sentence: Span) -> impl Iterator<Item = Span> {
    let whole = &text[sentence];
    let (mut at, mut chunk_end) = (0, 0);
    std::iter::from_fn(move || {
        let mut known = None;
        if at >= chunk_end {
            at += whole[at..].len() - whole[at..].trim_start().len();
            if let Some((word, chunk)) = plain_word(&whole.as_bytes()[at..]) {
                (known, chunk_end) = (Some(word), at + chunk);
            } else {
                chunk_end = chunk_end_after(whole, at);
                known = address_length(&whole[at..chunk_end]);
            }
        }
        let length = known.unwrap_or_else(|| token_length(&whole[at..chunk_end]));
        let start = sentence.start() + at;
        at += length;
        text.span(start..start + length)
    })
}

/// The length of a word of ASCII letters and digits, and that of its stretch without white space, if nothing follows it
/// there but a mark that is a token: most words, which need no further look.
fn plain_word(bytes: &[u8]) -> Option<(usize, usize)> {
    let word = bytes.iter().take(MAX_CHUNK).take_while(|b| b.is_ascii_alphanumeric()).count();
    let ends = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let marked = matches!(bytes.get(word), Some(b',' | b';' | b':' | b'?' | b'!'));
    match word {
        0 | MAX_CHUNK => None,
        _ if ends(word) => Some((word, word)),
        _ if marked && ends(word + 1) => Some((word, word + 1)),
        _ => None,
    }
}

/// Where the stretch without white space that begins at `at` ends.
fn chunk_end_after(text: &str, at: usize) -> usize {
    let limit = (at + MAX_CHUNK).min(text.len());
    let limit = (limit..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    text[at..limit].find(char::is_whitespace).map_or(limit, |length| at + length)
}

/// The length in bytes of the token at the start of `chunk`.
fn token_length(chunk: &str) -> usize {
    let Some(first) = chunk.chars().next() else { return 0 };
    if is_word(first) {
        return clitic_start(chunk).unwrap_or_else(|| word_length(chunk));
    }
    if is_apostrophe(first)
        && let Some(length) = clitic_length(chunk)
    {
        return length;
    }
    let run = chunk.chars().take_while(|&c| c == first).count();
    match first {
        '.' | '-' | '\'' | '`' if run > 1 => run * first.len_utf8(),
        _ => first.len_utf8(),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining(c)
}

/// Combining diacritics, which `is_alphanumeric` leaves out although they belong to the letter before them.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200d}' | '\u{ad}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// A link, an e-mail address, or a handle, without the punctuation that follows it.
fn address_length(chunk: &str) -> Option<usize> {
    let trimmed = chunk.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '_');
    let is_link = ["http://", "https://", "www."].iter().any(|p| trimmed.len() > p.len() && trimmed.starts_with(p));
    let is_handle = trimmed.strip_prefix(['@', '#']).is_some_and(|h| !h.is_empty() && h.chars().all(is_word));
    let is_mail = trimmed.starts_with(is_word)
        && trimmed.split_once('@').is_some_and(|(user, host)| {
            host.contains('.')
                && [user, host]
                    .iter()
                    .all(|s| !s.is_empty() && s.chars().all(|c| is_word(c) || matches!(c, '.' | '-' | '+')))
        });
    (is_link || is_handle || is_mail).then_some(trimmed.len())
}

/// The length of the word at the start of `chunk`, clitic included.
fn word_length(chunk: &str) -> usize {
    let mut end = 0;
    let mut previous = ' ';
    let mut characters = chunk.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let next = characters.peek().map_or(' ', |&(_, n)| n);
        let joins = match c {
            _ if is_word(c) => true,
            '.' => {
                (previous.is_ascii_digit() && next.is_ascii_digit())
                    || (is_dotted(&chunk[..at]) && next.is_alphabetic())
            }
            ',' => previous.is_ascii_digit() && next.is_ascii_digit(),
            '&' => previous.is_uppercase() && next.is_uppercase(),
            _ if is_apostrophe(c) => {
                previous.is_alphabetic() && next.is_alphabetic() && clitic_length(&chunk[at..]).is_none()
            }
            _ => false,
        };
        if !joins {
            break;
        }
        end = at + c.len_utf8();
        previous = c;
    }
    let word = &chunk[..end];
    if chunk[end..].starts_with('.') && !chunk[end..].starts_with("..") && sentences::is_abbreviation(word) {
        end += 1;
    }
    end
}

/// Whether a word is single letters with stops between them, as in "U.S" or "J": a stop and a letter may go on with it.
fn is_dotted(word: &str) -> bool {
    let mut parts = word.split('.');
    let single = |p: &str| p.chars().count() == 1 && p.chars().all(char::is_alphabetic);
    parts.all(single)
}

/// The length of a clitic that begins here with its apostrophe and ends the word: "'s", "’ll".
fn clitic_length(chunk: &str) -> Option<usize> {
    let mut characters = chunk.chars();
    let mark = characters.next().filter(|&c| is_apostrophe(c))?;
    let letters: String = characters.take_while(|&c| is_word(c)).collect();
    matches!(letters.to_lowercase().as_str(), "s" | "t" | "re" | "ve" | "ll" | "d" | "m")
        .then(|| mark.len_utf8() + letters.len())
}

/// Where "n't" begins in a word such as "didn't": the length of the verb before it; or, at "n't" itself, its own length.
fn clitic_start(chunk: &str) -> Option<usize> {
    let mark = chunk.find(|c| !is_word(c)).filter(|&at| chunk[at..].starts_with(is_apostrophe))?;
    let verb = &chunk[..mark];
    let tail = chunk[mark..].chars().skip(1).take_while(|&c| is_word(c)).collect::<String>();
    if !tail.eq_ignore_ascii_case("t") || !verb.chars().all(char::is_alphabetic) || !verb.ends_with(['n', 'N']) {
        return None;
    }
    let before = verb.len() - 1;
    Some(if before == 0 { mark + chunk[mark..].chars().next().map_or(0, char::len_utf8) + tail.len() } else { before })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(s: &str) -> Vec<String> {
        let text = Text::new(s).unwrap();
        let whole = text.trimmed(0..s.len()).unwrap();
        split(&text, whole).map(|span| text[span].to_owned()).collect()
    }

    #[test]
    fn stops_of_abbreviations_and_initials_stay_with_their_word() {
        assert_eq!(
            tokens("Sen. J. K. Cole left the U.S. in Jan. 2020."),
            ["Sen.", "J.", "K.", "Cole", "left", "the", "U.S.", "in", "Jan.", "2020", "."]
        );
    }

    #[test]
    fn clitics_stand_alone_and_names_with_an_apostrophe_do_not_split() {
        assert_eq!(tokens("O’Brien didn’t; Cole’s can't"), ["O’Brien", "did", "n’t", ";", "Cole", "’s", "ca", "n't"]);
    }

    #[test]
    fn numbers_keep_their_marks_and_hyphens_stand_alone() {
        assert_eq!(
            tokens("$1,000.50 (3.5%) U.S.-led AT&T..."),
            ["$", "1,000.50", "(", "3.5", "%", ")", "U.S.", "-", "led", "AT&T", "..."]
        );
    }

    #[test]
    fn quotation_marks_are_tokens() {
        assert_eq!(tokens("“‘Why?’ is,” ‘he’"), ["“", "‘", "Why", "?", "’", "is", ",", "”", "‘", "he", "’"]);
    }

    #[test]
    fn addresses_are_one_token() {
        assert_eq!(
            tokens("@ana_p: see https://a.org/x?y=1, or b@c.org."),
            ["@ana_p", ":", "see", "https://a.org/x?y=1", ",", "or", "b@c.org", "."]
        );
    }
}
