//! What the network sees of a token: hashes of its form, where it stands, and what lists of names say of it.
//!
//! Hashed features need no vocabulary file and give every string an answer; two hashes of the same word, looked up in
//! one table and added, make it unlikely that two frequent words are confused (Svenstrup et al. 2017, "Hash Embeddings").
//! Training reads these same numbers from this same code (`examples/training/words.rs`), so that there is no second
//! implementation to disagree with.

use crate::layer::Id;
use crate::segment::{Segmented, Structure};
use crate::tag::gazetteer;

pub use gazetteer::{LISTED, Listed};

/// One token's features. The hashes are full 32-bit values; a network takes them modulo the size of its tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features {
    /// Two independent hashes of the lower-cased word with its digits made 0.
    pub word: [u32; 2],
    /// A hash of its first three characters, lower-cased.
    pub prefix: u32,
    /// A hash of its last three characters, lower-cased.
    pub suffix: u32,
    /// A hash of its pattern of case, digits and punctuation ("Xx", "XX", "X.X.", "d").
    pub shape: u32,
    /// Where it stands: a sum of the flags below, under [`FLAGS`].
    pub place: u32,
    /// Whether it is a name that is known, or in one.
    pub listed: Listed,
}

/// The first token of its sentence.
pub const SENTENCE_START: u32 = 1;
/// The first token of its paragraph.
pub const PARAGRAPH_START: u32 = 2;
/// Inside quotation marks, the marks included.
pub const IN_MARKS: u32 = 4;
/// Inside nested quotation marks.
pub const IN_INNER_MARKS: u32 = 8;
/// In a headline or sub-heading.
pub const IN_HEADING: u32 = 16;
/// Follows the token before it without a space.
pub const GLUED: u32 = 32;
/// One more than the greatest sum of flags.
pub const FLAGS: u32 = 64;

/// The features of all tokens of an article.
#[must_use]
pub fn extract(doc: Segmented<'_>) -> Vec<Features> {
    let places = places(doc);
    let mut word = String::new();
    doc.tokens()
        .iter()
        .zip(places)
        .zip(gazetteer::find(doc))
        .map(|(((id, _), place), listed)| {
            let form = doc.token(id);
            word.clear();
            gazetteer::fold(form, &mut word);
            Features {
                word: [hash(word.as_bytes(), 1), hash(word.as_bytes(), 2)],
                prefix: hash(first_characters(&word, 3).as_bytes(), 3),
                suffix: hash(last_characters(&word, 3).as_bytes(), 4),
                shape: hash(&shape(form), 5),
                place,
                listed,
            }
        })
        .collect()
}

fn places(doc: Segmented<'_>) -> Vec<u32> {
    let mut places = vec![0; doc.tokens().len()];
    for (_, sentence) in doc.sentences().iter() {
        places[sentence.tokens.first().index()] |= SENTENCE_START;
    }
    for (_, paragraph) in doc.paragraphs().iter() {
        places[paragraph.tokens.first().index()] |= PARAGRAPH_START;
        if paragraph.structure == Structure::Heading {
            places[paragraph.tokens.indexes()].iter_mut().for_each(|p| *p |= IN_HEADING);
        }
    }
    for (stretches, flag) in [(&doc.segments.marks.outer, IN_MARKS), (&doc.segments.marks.inner, IN_INNER_MARKS)] {
        for marks in stretches {
            places[marks.tokens.indexes()].iter_mut().for_each(|p| *p |= flag);
        }
    }
    for (pair, place) in doc.tokens().as_slice().windows(2).zip(&mut places[1.min(doc.tokens().len())..]) {
        if pair[0].span.end() == pair[1].span.start() {
            *place |= GLUED;
        }
    }
    places
}

fn first_characters(word: &str, n: usize) -> &str {
    word.char_indices().nth(n).map_or(word, |(end, _)| &word[..end])
}

fn last_characters(word: &str, n: usize) -> &str {
    word.char_indices().rev().nth(n - 1).map_or(word, |(start, _)| &word[start..])
}

/// The pattern of a form: a class for every character, runs of more than two cut to two, at most eight classes.
fn shape(form: &str) -> Vec<u8> {
    let mut pattern: Vec<u8> = Vec::with_capacity(8);
    for c in form.chars() {
        let class = match c {
            c if c.is_uppercase() => b'X',
            c if c.is_alphabetic() => b'x',
            c if c.is_numeric() => b'd',
            c if c.is_ascii() => c as u8,
            _ => b'?',
        };
        if pattern.len() == 8 {
            break;
        }
        if !pattern.ends_with(&[class, class]) {
            pattern.push(class);
        }
    }
    pattern
}

/// FNV-1a over the bytes, started from a seed and mixed at the end so that its low bits are good to take modulo.
fn hash(bytes: &[u8], seed: u32) -> u32 {
    let mut h = 0x811c_9dc5 ^ seed.wrapping_mul(0x9e37_79b9);
    for &b in bytes {
        h = (h ^ u32::from(b)).wrapping_mul(0x0100_0193);
    }
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^ (h >> 13)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{RuleSegmenter, Segment};
    use crate::text::Text;

    fn features(s: &str) -> Vec<Features> {
        let text = Text::new(s).unwrap();
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        extract(Segmented { text: &text, segments: &segments })
    }

    #[test]
    fn case_changes_the_shape_and_nothing_else() {
        let (upper, lower) = (features("a POST")[1], features("a post")[1]);
        assert_eq!((upper.word, upper.prefix, upper.suffix), (lower.word, lower.prefix, lower.suffix));
        assert_ne!(upper.shape, lower.shape);
    }

    #[test]
    fn curly_and_straight_marks_look_alike() {
        assert_eq!(features("he said “no”").last().unwrap().word, features("he said \"no\"").last().unwrap().word);
    }

    #[test]
    fn place_tells_marks_and_beginnings() {
        let found = features("He said “no”.");
        assert_eq!(found[0].place, SENTENCE_START | PARAGRAPH_START);
        assert_eq!(found[2].place, IN_MARKS);
        assert_eq!(found[3].place, IN_MARKS | GLUED);
        assert_eq!(found[5].place, GLUED);
    }
}
