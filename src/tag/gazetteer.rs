//! Which words stand in lists of names.
//!
//! A small network cannot know the towns and companies of the world, and a text seldom says what they are. Lists can: a
//! hundred and twenty thousand places, organisations, surnames and given names (`data/lexicon`) are one automaton (a finite-state
//! transducer: Gallant 2015, "Index 1,600,000,000 Keys with Automata and Rust"), which the build makes. What it says of a
//! word is never an answer, only something else that a network sees or weighs: Reading is a place and to read is not.

mod lists;

use std::sync::LazyLock;

use fst::raw::{Fst, Output};

use crate::layer::TokenRange;
use crate::segment::Segmented;

use lists::LISTS;
pub(crate) use lists::fold;

/// The sorts of entries: those of each list that mostly are what the list says, and those that often are something else.
const SORTS: usize = 2 * LISTS.len();
/// How a word stands in an entry: as all of it, as its first word, or further on.
const POSITIONS: usize = 3;
/// How many things the lists can say of a word: for each sort of entry, and for words with and without a capital in them,
/// the positions. Each is a bit of [`Listed`].
pub const LISTED: usize = SORTS * 2 * POSITIONS;

/// What the lists say of a word: a bit for each thing that they can say, the lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Listed(u64);

impl Listed {
    /// The bits as a number.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// The numbers of the things that are said, from 0, less than [`LISTED`].
    pub(crate) fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some(next)
        })
    }

    fn say(&mut self, sort: usize, is_small: bool, position: usize) {
        self.0 |= 1 << ((sort * 2 + usize::from(is_small)) * POSITIONS + position);
    }
}

static NAMES: LazyLock<Fst<&'static [u8]>> = LazyLock::new(|| {
    Fst::new(&include_bytes!(concat!(env!("OUT_DIR"), "/names.fst"))[..]).expect("the build made an automaton")
});

/// What the lists say of every token. Of the entries of one sort that overlap, the first counts, and of those that begin
/// with the same word the longest. None crosses a sentence.
pub(crate) fn find(doc: Segmented<'_>) -> Vec<Listed> {
    let mut found = vec![Listed::default(); doc.tokens().len()];
    let mut line = Line::default();
    for (_, sentence) in doc.sentences().iter() {
        line.read(doc, sentence.tokens);
        line.look_up(&mut found[sentence.tokens.indexes()]);
    }
    found
}

/// A sentence as it is compared with the lists.
#[derive(Default)]
struct Line {
    folded: String,
    words: Vec<Word>,
}

struct Word {
    /// Where it begins and ends in the folded line. Words with white space between them have a space between them there.
    begin: usize,
    end: usize,
    has_capital: bool,
}

impl Line {
    fn read(&mut self, doc: Segmented<'_>, tokens: TokenRange) {
        self.folded.clear();
        self.words.clear();
        let mut before = None;
        for token in tokens.iter() {
            let (form, span) = (doc.token(token), doc.tokens()[token].span);
            if before.is_some_and(|end| end < span.start()) {
                self.folded.push(' ');
            }
            before = Some(span.end());
            let begin = self.folded.len();
            fold(form, &mut self.folded);
            let has_capital = form.chars().any(char::is_uppercase);
            self.words.push(Word { begin, end: self.folded.len(), has_capital });
        }
    }

    fn look_up(&self, found: &mut [Listed]) {
        // For each sort the first word that no entry covers yet.
        let mut free = [0; SORTS];
        for (first, word) in self.words.iter().enumerate() {
            if !self.folded[word.begin..].starts_with(char::is_alphanumeric) {
                continue;
            }
            for (sort, end) in self.entries_from(first).into_iter().enumerate() {
                if end == 0 || first < free[sort] {
                    continue;
                }
                free[sort] = end;
                let is_small = !self.words[first..end].iter().any(|word| word.has_capital);
                for (k, listed) in found[first..end].iter_mut().enumerate() {
                    let position = if end == first + 1 { 0 } else { 1 + usize::from(k > 0) };
                    listed.say(sort, is_small, position);
                }
            }
        }
    }

    /// For each sort the end of its longest entry that begins with a word, 0 where there is none.
    fn entries_from(&self, first: usize) -> [usize; SORTS] {
        let mut ends = [0; SORTS];
        let (mut node, mut output, mut at) = (NAMES.root(), Output::zero(), self.words[first].begin);
        for (last, word) in self.words.iter().enumerate().skip(first) {
            for &byte in &self.folded.as_bytes()[at..word.end] {
                let Some(next) = node.find_input(byte) else { return ends };
                let next = node.transition(next);
                output = output.cat(next.out);
                node = NAMES.node(next.addr);
            }
            at = word.end;
            if node.is_final() {
                let sorts = output.cat(node.final_output()).value();
                for (sort, end) in ends.iter_mut().enumerate() {
                    if sorts >> sort & 1 == 1 {
                        *end = last + 1;
                    }
                }
            }
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{RuleSegmenter, Segment};
    use crate::text::Text;

    /// The tokens of which the lists say something, with what: the list, `?` for a doubtful entry, `small` without a
    /// capital, and the position.
    fn said(text: &str) -> Vec<String> {
        let text = Text::new(text).unwrap();
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let doc = Segmented { text: &text, segments: &segments };
        let mut found = Vec::new();
        for ((token, _), listed) in doc.tokens().iter().zip(find(doc)) {
            for bit in listed.iter() {
                let (sort, position) = (bit / POSITIONS / 2, ["alone", "begins", "goes on"][bit % POSITIONS]);
                let doubt = if sort % 2 == 1 { "?" } else { "" };
                let small = if bit / POSITIONS % 2 == 1 { " small" } else { "" };
                found.push(format!("{}: {}{doubt}{small} {position}", doc.token(token), LISTS[sort / 2]));
            }
        }
        found
    }

    #[test]
    fn every_list_is_sorted_unique_and_marks_doubt_alike() {
        for list in [
            include_str!("../../data/lexicon/places.txt"),
            include_str!("../../data/lexicon/organisations.txt"),
            include_str!("../../data/lexicon/other_names.txt"),
            include_str!("../../data/lexicon/surnames.txt"),
        ] {
            let lines: Vec<_> = list.lines().collect();
            for pair in lines.windows(2) {
                assert!(pair[0] < pair[1], "{:?} stands before {:?}", pair[0], pair[1]);
            }
            for line in lines {
                let name = line.strip_suffix("\t?").unwrap_or(line);
                assert!(!name.is_empty() && name.trim() == name && !name.contains('\t'), "{line:?}");
            }
        }
    }

    /// What is said of them by lists of places.
    fn places(text: &str) -> Vec<String> {
        said(text)
            .into_iter()
            .filter_map(|line| line.contains(": places").then(|| line.replace(": places", ":")))
            .collect()
    }

    #[test]
    fn the_longest_entry_counts() {
        assert_eq!(
            places("a flight to New York City"),
            ["New: begins", "York: goes on", "York:? alone", "City: goes on"]
        );
        assert!(places("a flight to New Ludd").is_empty());
    }

    #[test]
    fn a_word_may_be_several_things_doubtful_ones_and_small() {
        assert_eq!(said("likes Reading"), ["Reading: places? alone", "Reading: surnames? alone"]);
        assert_eq!(places("likes reading"), ["reading:? small alone"]);
    }

    #[test]
    fn spacing_and_marks_do_not_matter_and_sentences_do() {
        assert_eq!(places("near Côte  d’Ivoire"), ["Côte: begins", "d’Ivoire: goes on"]);
        assert_eq!(places("It is New. York said so."), ["York:? alone"]);
    }
}
