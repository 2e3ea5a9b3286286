//! Terminal punctuation: how much of the text belongs to it, and whether it ends a sentence.
//!
//! A terminal is a run of `.`, `!`, `?` and `…` with everything that typography hangs on it: closing quotation
//! marks and brackets, footnote marks, pictographs. All of that goes with the sentence that it closes.
//!
//! Full stops are the ambiguous mark, since they also end abbreviations. The decision rests on the pair (word
//! before, word after), because neither side is enough alone: "U.S." ends a sentence before "The" and not
//! before "Senate". The word after is asked whether it is a *starter*, a function word that opens sentences and
//! seldom opens a name. This is the one test that carries over from one genre to the next without a model.

mod read;

use super::context::{Following, Shape, is_word, skip_space, window_after, word_before};
use super::lexicon::{Abbreviation, EXCLAMATORY, LONGEST_ABBREVIATION, STARTERS, may_be_abbreviation};
use crate::lexicon::VerbClass;
pub(super) use read::is_ellipsis;
use read::{Closers, Mark};

/// Longest decoration of a list number, in bytes: "**(1.".
const LONGEST_BULLET: usize = 4;

/// One terminal within the text.
#[derive(Debug)]
pub(super) struct Terminal<'a> {
    text: &'a str,
    /// Where the sentence begins that this would end.
    sentence: usize,
    /// Where the punctuation begins.
    start: usize,
    /// Where it ends, with all that hangs on it.
    pub(super) end: usize,
    mark: Mark,
    closers: Closers,
    /// A footnote mark follows, which no abbreviation in mid-sentence would carry.
    noted: bool,
}

impl<'a> Terminal<'a> {
    /// Reads the terminal at `start`, in a sentence that begins at `sentence`.
    pub(super) fn read(text: &'a str, sentence: usize, start: usize) -> Self {
        let (end, mark) = read::mark(text, start);
        let (end, closers) = read::closers(text, end);
        let noted_end = read::notes(text, end);
        let noted = noted_end > end;
        Self { text, sentence, start, end: read::emoji(text, noted_end), mark, closers, noted }
    }

    /// Whether the sentence ends here.
    pub(super) fn ends_sentence(&self) -> bool {
        let next = skip_space(self.text, self.end);
        if next == self.text.len() {
            return true;
        }
        if next == self.end {
            return self.is_run_on();
        }
        let following = Following::read(self.text, next);
        if following.shape == Shape::Continuation {
            return false;
        }
        match self.mark {
            Mark::FullStop => self.full_stop_ends(&following),
            Mark::Ellipsis => self.ellipsis_ends(&following),
            Mark::Emphatic => self.emphatic_ends(&following, next),
        }
    }

    fn full_stop_ends(&self, following: &Following) -> bool {
        let before = word_before(self.text, self.start);
        if before.is_empty() {
            // A full stop that stands alone: " . " in text whose tokens are spaced.
            return following.shape != Shape::Lower;
        }
        if following.shape == Shape::Lower {
            return self.ends_before_lower_case(before, following);
        }
        if self.is_list_marker(before) {
            return false;
        }
        let Some(abbreviation) = Abbreviation::of(before) else { return true };
        if self.noted {
            return true;
        }
        let upper = following.shape == Shape::Upper;
        let starts = upper && self.is_starter(following);
        match abbreviation {
            Abbreviation::Binding => false,
            // "Vol. II", "Sec. B" go on; "he said no. Cole left" does not.
            Abbreviation::Reference => upper && (starts || !is_capitals(following.word)),
            Abbreviation::Initial => starts,
            Abbreviation::Open => {
                starts
                    || (self.closers.quote && upper)
                    || (following.quoted && (upper || following.shape == Shape::Digit))
            }
        }
    }

    /// In edited text a small letter after a full stop means an abbreviation that no list holds; in messages
    /// and reviews it means a writer who uses no capitals. The word before decides: abbreviations are short.
    fn ends_before_lower_case(&self, before: &str, following: &Following) -> bool {
        if is_address(following.word) || is_camel_case(following.word) {
            return Abbreviation::of(before) != Some(Abbreviation::Binding);
        }
        if self.noted {
            return false;
        }
        if self.closers.quote || self.closers.bracket || self.is_list_marker(before) {
            return false;
        }
        Abbreviation::of(before).is_none() && before.chars().filter(|c| c.is_alphanumeric()).count() > 2
    }

    fn ellipsis_ends(&self, following: &Following) -> bool {
        match following.shape {
            Shape::Lower => is_address(following.word),
            Shape::Upper | Shape::Digit if self.closers.quote && self.is_attributed_next(following) => false,
            // "left... The" trails off and begins anew; "left ... The" as likely marks an omission, and then
            // only a starter tells.
            Shape::Upper => self.is_attached() || (following.word != "I" && self.is_starter(following)),
            _ => self.is_attached(),
        }
    }

    fn emphatic_ends(&self, following: &Following, next: usize) -> bool {
        let before = word_before(self.text, self.start);
        match following.shape {
            Shape::Lower if is_address(following.word) => true,
            // `"Why?" she asked`, and "Yahoo! said", "Wham! sang": marks that belong to a name.
            Shape::Lower if self.closers.quote || self.closers.bracket => false,
            Shape::Lower => !before.starts_with(char::is_uppercase),
            Shape::Upper if self.closers.quote && self.is_attributed_next(following) => false,
            Shape::Upper => !EXCLAMATORY.holds(before) || self.is_starter(following),
            // "Help! (1965)": the year of a titled work.
            Shape::Digit => !following.bracketed,
            // `"Why?" - she asked`
            Shape::Other => !(self.closers.quote && self.text[next..].starts_with(['-', '\u{2013}', '\u{2014}'])),
            Shape::Continuation | Shape::Nothing => false,
        }
    }

    /// No space follows. Writers who forget it write "left.Then"; but "Node.js", "U.S.A" and "example.com" are
    /// one word. A boundary needs plain words of some length on both sides.
    fn is_run_on(&self) -> bool {
        if self.mark == Mark::Ellipsis {
            return false;
        }
        let before = word_before(self.text, self.start);
        let following = Following::read(self.text, self.end);
        let after = self.text[following.word_end..].chars().next();
        let plain = |word: &str| {
            let mut chars = word.chars();
            chars.next().is_some_and(char::is_alphabetic)
                && chars.all(|c| c.is_lowercase() || c == '\'' || c == '\u{2019}')
        };
        following.shape == Shape::Upper
            && !following.bracketed
            && before.len() > 2
            && plain(before)
            && Abbreviation::of(before).is_none()
            && plain(following.word)
            && (following.word.len() > 2 || STARTERS.holds(following.word))
            && after.is_none_or(|c| c.is_whitespace() || matches!(c, ',' | ';' | ':'))
            // "Ask.Com", and names of programs and files, which are capitalised on both sides.
            && (before.starts_with(char::is_lowercase) || STARTERS.holds(following.word))
            && !matches!(following.word, "Com" | "Net" | "Org")
    }

    /// "1." or "b." at the head of a sentence, or after a colon: it numbers what follows.
    fn is_list_marker(&self, before: &str) -> bool {
        let at = self.start - before.len();
        let marker = match before.as_bytes() {
            [b'0'..=b'9', rest @ ..] => {
                rest.len() < 6
                    && before.split('.').all(|part| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
            }
            [letter] => letter.is_ascii_alphabetic(),
            numeral => numeral.len() <= 4 && numeral.iter().all(|b| matches!(b, b'i' | b'v' | b'x')),
        };
        // A forgotten space may have begun the sentence within this very word: then there is nothing between.
        let opens = self.text.get(self.sentence..at).is_some_and(|between| {
            between.len() <= LONGEST_BULLET && between.chars().all(|c| matches!(c, '(' | '[' | '#' | '*' | '-'))
        });
        marker && (opens || word_before(self.text, self.text[..at].trim_end().len()).ends_with(':'))
    }

    fn is_starter(&self, following: &Following) -> bool {
        let initial =
            following.word.len() == 1 && following.word != "I" && self.text[following.word_end..].starts_with('.');
        !initial && STARTERS.holds(following.word)
    }

    /// Whether the punctuation follows its word without a space.
    fn is_attached(&self) -> bool {
        !self.text[..self.start].ends_with(char::is_whitespace)
    }

    /// `"Stop!" Smith said.`: after a quotation, names and then a verb of speech attribute it, and the sentence
    /// goes on although the name has a capital.
    fn is_attributed_next(&self, following: &Following) -> bool {
        const LONGEST_NAME: usize = 6;
        if following.shape != Shape::Upper || following.quoted || STARTERS.holds(following.word) {
            return false;
        }
        let mut at = following.word_end;
        for _ in 0..LONGEST_NAME {
            // "Sen. Cole", "J. Cole", "O'Neill-Cole".
            let window = window_after(self.text, at);
            let rest = skip_age(window).trim_start_matches(['.', '-']).trim_start_matches(' ');
            let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = &rest[..len];
            let named = word.starts_with(char::is_uppercase);
            if !named && !matches!(word, "de" | "van" | "von" | "of" | "al" | "bin") {
                return crate::lexicon::reporting_verb(word) == Some(VerbClass::Say);
            }
            at += window.len() - rest.len() + len;
        }
        false
    }
}

/// Whether a sentence ends with the full stop at `stop` and nothing hangs on it, where that is plain: most full stops, which
/// need no further look. The answer is that of [`Terminal`].
pub(super) fn plain_stop_ends(bytes: &[u8], stop: usize) -> Option<bool> {
    match bytes.get(stop + 1..)? {
        // "3.5", "a.m": no white space follows, and no capital.
        [b'0'..=b'9' | b'a'..=b'z', ..] => Some(false),
        // "harbour. The"
        [b' ', b'A'..=b'Z', b'a'..=b'z', ..] => {
            let before = &bytes[..stop];
            let most = before.len().min(LONGEST_ABBREVIATION + 1);
            let length = before.iter().rev().take(most).take_while(|byte| byte.is_ascii_lowercase()).count();
            if length > LONGEST_ABBREVIATION {
                return Some(true);
            }
            let word = &before[before.len() - length..];
            let is_whole = length > 1 && before.len() > length && before[before.len() - length - 1] == b' ';
            let is_numeral = word.iter().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
            (is_whole && !is_numeral && !may_be_abbreviation(word)).then_some(true)
        }
        _ => None,
    }
}

/// "Cole, 42, said": newspapers put ages there.
fn skip_age(text: &str) -> &str {
    let aged = text.strip_prefix(", ").map(|age| age.trim_start_matches(|c: char| c.is_ascii_digit()));
    aged.and_then(|rest| rest.strip_prefix(',')).unwrap_or(text)
}

/// A web address, or a word so written that a small first letter says nothing: "eBay", "iPhone".
fn is_camel_case(word: &str) -> bool {
    let mut chars = word.chars().skip(1).take(2);
    chars.any(char::is_uppercase)
}

fn is_address(word: &str) -> bool {
    matches!(word, "http" | "https" | "www")
}

/// "II", "B", "IV": a numeral or a letter of reference.
fn is_capitals(word: &str) -> bool {
    word.len() <= 4 && word.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_plain_full_stop_is_answered_as_the_full_look_answers_it(
            text in r#"(([a-z]{1,14}|[A-Z][a-z]{0,3}|ii|x|vs|etc|inc|jan|no|p|3|\(|"|é|:)( |\. ?|\.\. ?|)){1,12}"#
        ) {
            for (stop, _) in text.match_indices('.') {
                if let Some(ends) = plain_stop_ends(text.as_bytes(), stop) {
                    let terminal = Terminal::read(&text, 0, stop);
                    prop_assert_eq!((terminal.end, terminal.ends_sentence()), (stop + 1, ends), "at {}", stop);
                }
            }
        }
    }
}
