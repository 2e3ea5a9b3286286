//! The splitter's word lists, and what an abbreviation lets follow.
//!
//! The lists are data (`data/lexicon/*.txt`, one entry a line, sorted), so that a reader can check and extend
//! them without reading code. Entries carry no final full stop. An entry in lower case matches any case; an
//! entry with a capital matches only as written, because without it the word is an ordinary one that ends
//! sentences all the time ("Sat." is a day, "sat." is a verb; "Mass." is a state, "mass." is not).

use std::sync::LazyLock;

/// Longest word that any list could hold, in bytes; longer words are answered without a look-up.
const LONGEST: usize = 24;

/// Longest abbreviation, in bytes; most words before a full stop are longer and need no look-up.
pub(super) const LONGEST_ABBREVIATION: usize = 8;

/// A sorted word list with an index by first byte, which answers most look-ups (a word that is no entry) after
/// a handful of comparisons.
pub(super) struct Lexicon {
    entries: Vec<&'static str>,
    /// The entries that begin with byte `b` are `entries[index[b]..index[b + 1]]`.
    index: [usize; 129],
}

impl Lexicon {
    fn parse(text: &'static str) -> Self {
        let mut entries: Vec<&str> = text.lines().collect();
        // The files are kept sorted (a test holds them to it); sorting again is nearly free and means that a
        // careless edit costs a failed test and not a silent miss.
        entries.sort_unstable();
        let mut index = [0; 129];
        for (byte, start) in (0u8..).zip(&mut index) {
            *start = entries.partition_point(|entry| entry.as_bytes() < [byte].as_slice());
        }
        Self { entries, index }
    }

    /// All entries.
    pub(super) fn entries(&self) -> impl Iterator<Item = &'static str> {
        self.entries.iter().copied()
    }

    /// Whether the list holds `word` as written, or in lower case. A typographic apostrophe counts as a plain
    /// one.
    pub(super) fn holds(&self, word: &str) -> bool {
        let Some(&first) = word.as_bytes().first() else { return false };
        // Most words that are asked for are in no list: here most of them are turned away.
        if word.len() > LONGEST || self.bucket(first.to_ascii_lowercase()).is_empty() && self.bucket(first).is_empty() {
            return false;
        }
        let mut written = [0u8; LONGEST];
        let mut len = 0;
        for c in word.chars() {
            written[len] = match c {
                '\u{2019}' => b'\'',
                // No entry holds any other letter.
                c if !c.is_ascii() => return false,
                c => c as u8,
            };
            len += 1;
        }
        let mut folded = written;
        folded.make_ascii_lowercase();
        self.has_entry(&folded[..len]) || (folded != written && self.has_entry(&written[..len]))
    }

    /// `key` is ASCII and not empty.
    fn has_entry(&self, key: &[u8]) -> bool {
        self.bucket(key[0]).iter().any(|entry| entry.as_bytes() == key)
    }

    /// The entries that begin with `first`; none but ASCII ones exist.
    fn bucket(&self, first: u8) -> &[&'static str] {
        let first = usize::from(first);
        self.index.get(first + 1).map_or(&[], |&end| &self.entries[self.index[first]..end])
    }
}

macro_rules! lexicon {
    ($($(#[$doc:meta])* $name:ident = $file:literal;)*) => {
        $($(#[$doc])* pub(super) static $name: LazyLock<Lexicon> =
            LazyLock::new(|| Lexicon::parse(include_str!(concat!("../../../data/lexicon/", $file))));)*

        #[cfg(test)]
        const FILES: &[(&str, &str)] =
            &[$(($file, include_str!(concat!("../../../data/lexicon/", $file)))),*];
    };
}

lexicon! {
    /// Abbreviations that lean on the next word and so never end a sentence: "Sen. Cole", "cf. Table 2".
    BINDING = "binding_abbreviations.txt";
    /// Abbreviations before a number: "No. 5", "pp. 10-12".
    REFERENCE = "reference_abbreviations.txt";
    /// Abbreviations that may or may not end a sentence: "Acme Inc. The …", "Acme Inc. shares".
    OPEN = "abbreviations.txt";
    /// Names written with a final exclamation mark: "Yahoo! News".
    EXCLAMATORY = "exclamatory_names.txt";
    /// Function words that begin sentences and seldom begin a name.
    STARTERS = "sentence_starters.txt";
    /// Function words that open a clause when they carry a capital, whatever stands before them.
    CLAUSE_OPENERS = "clause_openers.txt";
    /// Words that open a message, or a request within one: "Hi", "Please".
    MESSAGE_OPENERS = "message_openers.txt";
    /// Words of the formulas that close a message: "Kind regards".
    MESSAGE_CLOSINGS = "message_closings.txt";
}

/// What the word before a full stop is, as far as the full stop's reading depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Abbreviation {
    /// Never ends a sentence.
    Binding,
    /// Ends none if a number follows.
    Reference,
    /// A letter that stands for a name: "J." in "J. K. Rowling".
    Initial,
    /// Ends a sentence if what follows begins one: "Inc.", "U.S.", "p.m.".
    Open,
}

impl Abbreviation {
    /// Reads the word before a full stop, without that full stop.
    pub(super) fn of(word: &str) -> Option<Self> {
        let mut letters = word.chars();
        let letter = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        // "Lt.-Gen.", "mid-Jan.", "Cole/Inc.": the part that the full stop belongs to.
        let word = word.rsplit(['-', '/', '(', '[', '"', '\u{2011}', '\u{2013}', '\u{2014}']).next().unwrap_or(word);
        if word.len() > LONGEST_ABBREVIATION {
            return None;
        }
        if BINDING.holds(word) {
            Some(Self::Binding)
        } else if REFERENCE.holds(word) {
            Some(Self::Reference)
        } else if letter {
            // The whole word: the "Z" of "Jay-Z." is the end of a name like any other.
            Some(Self::Initial)
        } else if OPEN.holds(word) || is_dotted(word) {
            Some(Self::Open)
        } else {
            None
        }
    }
}

/// Whether a word of small letters may be in a list of abbreviations: an answer that is never wrongly "no", and mostly settles
/// it without a look into the lists.
pub(super) fn may_be_abbreviation(word: &[u8]) -> bool {
    static KNOWN: LazyLock<[bool; KEYS]> = LazyLock::new(|| {
        let mut known = [false; KEYS];
        for entry in [&BINDING, &REFERENCE, &OPEN].into_iter().flat_map(|list| list.entries()) {
            known[key(entry.to_ascii_lowercase().as_bytes())] = true;
        }
        known
    });
    KNOWN[key(word)]
}

/// Keys of words, some times as many as there are abbreviations.
const KEYS: usize = 1 << 12;

/// A number below [`KEYS`] that differs between most words of at most eight bytes.
fn key(word: &[u8]) -> usize {
    let letters = word.iter().fold(0_u64, |letters, &byte| letters << 8 | u64::from(byte));
    (letters.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - KEYS.trailing_zeros())) as usize
}

/// Letters between full stops, one or two at a time: "U.S", "Ph.D", "a.m".
fn is_dotted(word: &str) -> bool {
    word.contains('.')
        && word.split('.').all(|part| (1..=2).contains(&part.chars().count()) && part.chars().all(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_unique_and_short() {
        for (file, text) in FILES {
            let entries: Vec<&str> = text.lines().collect();
            assert!(!entries.is_empty(), "{file} is empty");
            assert!(entries.is_sorted_by(|a, b| a < b), "{file} is not sorted and unique");
            if file.contains("abbreviations") {
                assert!(entries.iter().all(|entry| entry.len() <= LONGEST_ABBREVIATION), "{file}");
            }
            assert!(entries.iter().all(|entry| (1..=LONGEST).contains(&entry.len())), "{file}");
            assert!(
                entries.iter().all(|entry| entry.is_ascii() && !entry.ends_with('.')),
                "{file}: entries are plain ASCII without their final full stop"
            );
        }
    }

    #[test]
    fn a_capital_in_an_entry_binds_and_a_small_letter_does_not() {
        assert!(OPEN.holds("Sat") && !OPEN.holds("sat"));
        assert!(OPEN.holds("inc") && OPEN.holds("Inc") && OPEN.holds("INC"));
    }

    #[test]
    fn abbreviations_are_told_apart_by_what_may_follow() {
        assert_eq!(Abbreviation::of("Sen"), Some(Abbreviation::Binding));
        assert_eq!(Abbreviation::of("Lt.-Gen"), Some(Abbreviation::Binding));
        assert_eq!(Abbreviation::of("No"), Some(Abbreviation::Reference));
        assert_eq!(Abbreviation::of("K"), Some(Abbreviation::Initial));
        assert_eq!(Abbreviation::of("U.S"), Some(Abbreviation::Open));
        assert_eq!(Abbreviation::of("Ph.D"), Some(Abbreviation::Open));
        assert_eq!(Abbreviation::of("harbour"), None);
        assert_eq!(Abbreviation::of("example.com"), None);
        assert_eq!(Abbreviation::of(""), None);
    }
}
