//! Block quotations by rules, where the tagger has no head for them: a lead-in opens one, and it lasts until the author's
//! voice resumes.

use std::collections::BTreeSet;

use super::{Block, LeadIn, ends_with_colon, range, refers_to_the_quoted};
use crate::layer::{Id, ParagraphId, TokenRange};
use crate::lexicon;
use crate::mention::{Mentions, mentions_in};
use crate::quote::Finding;
use crate::segment::{Segmented, Structure};
use crate::tag::{Score, Tags};

/// The block that the paragraph at `at` introduces, if it introduces one.
pub(super) fn introduced(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, at: usize) -> Option<Block> {
    const LEAD_IN: f32 = 0.7;
    let id = ParagraphId::from_index(at);
    let is_body = doc.paragraphs()[id].structure == Structure::Body;
    if !is_body || !ends_with_colon(doc, id) || !may_be_quoted(doc, at + 1) {
        return None;
    }
    let lead_in = LeadIn::read(doc, tags, mentions, id);
    lead_in.cue?;
    let voice = Voice::of(doc, id, at + 1);
    let length =
        1 + (at + 2..doc.paragraphs().len()).take_while(|&i| voice.goes_on(doc, mentions, &lead_in, i)).count();
    Some(Block {
        paragraphs: range(at + 1, length),
        lead_in: Some(lead_in),
        found_by: Finding::LeadIn,
        score: Score::new(LEAD_IN),
    })
}

/// Whether the paragraph after a lead-in has the form of a quoted one.
fn may_be_quoted(doc: Segmented<'_>, at: usize) -> bool {
    doc.paragraphs().get(ParagraphId::from_index(at)).is_some_and(|p| {
        p.structure == Structure::Body && !doc.is_in_marks(p.tokens.first()) && doc.token(p.tokens.last()) != ":"
    })
}

/// How the quoted voice sounds, to tell where it ends.
struct Voice {
    has_marks: bool,
    first_person: bool,
    words: BTreeSet<String>,
}

impl Voice {
    fn of(doc: Segmented<'_>, lead_in: ParagraphId, first: usize) -> Self {
        let paragraph = doc.paragraphs()[ParagraphId::from_index(first)].tokens;
        let introduced: BTreeSet<String> = content_words(doc, doc.paragraphs()[lead_in].tokens).collect();
        Self {
            has_marks: !doc.marks_in(paragraph).is_empty(),
            first_person: is_first_person(doc, paragraph),
            words: content_words(doc, paragraph).filter(|w| !introduced.contains(w)).collect(),
        }
    }

    /// Whether the paragraph at `at` is still the quoted voice.
    fn goes_on(&self, doc: Segmented<'_>, mentions: &Mentions, lead_in: &LeadIn, at: usize) -> bool {
        let paragraph = &doc.paragraphs()[ParagraphId::from_index(at)];
        if paragraph.structure != Structure::Body || doc.token(paragraph.tokens.last()) == ":" {
            return false;
        }
        let opening: Vec<String> = paragraph.tokens.iter().take(2).map(|id| doc.token(id).to_lowercase()).collect();
        let opens = |words: &[&str]| opening.first().is_some_and(|w| words.contains(&w.as_str()));
        let resumes = opens(&[
            "but",
            "so",
            "now",
            "well",
            "yet",
            "yes",
            "no",
            "oh",
            "also",
            "again",
            "still",
            "indeed",
            "meanwhile",
            "here",
            "read",
            "via",
            "what",
        ]) || (!doc.marks_in(paragraph.tokens).is_empty() && !self.has_marks)
            || (is_first_person(doc, paragraph.tokens) && !self.first_person)
            || refers_to_the_quoted(doc, paragraph.tokens)
            || lead_in.source.is_some_and(|source| names_again(doc, mentions, source, paragraph.tokens));
        let shared = content_words(doc, paragraph.tokens).filter(|w| self.words.contains(w)).count();
        !resumes && shared >= 1
    }
}

fn is_first_person(doc: Segmented<'_>, tokens: TokenRange) -> bool {
    tokens
        .iter()
        .any(|id| matches!(doc.token(id), "I" | "we" | "We" | "my" | "our" | "me" | "us") && !doc.is_in_marks(id))
}

/// Whether the source of the lead-in is named again as somebody else would name it.
fn names_again(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange, tokens: TokenRange) -> bool {
    let last_word = |range: TokenRange| doc.token(range.last());
    let named = mentions_in(mentions, source).map(last_word).next();
    named.is_some_and(|name| tokens.iter().any(|id| doc.token(id) == name))
}

/// Lower-cased words long enough to carry a topic.
fn content_words(doc: Segmented<'_>, tokens: TokenRange) -> impl Iterator<Item = String> {
    const SHORTEST: usize = 5;
    let words = tokens
        .iter()
        .map(move |id| doc.token(id))
        .filter(|w| w.len() >= SHORTEST && w.chars().all(char::is_alphabetic));
    words.map(str::to_lowercase).filter(|w| lexicon::reporting_verb(w).is_none() && !is_function_word(w))
}

fn is_function_word(word: &str) -> bool {
    matches!(
        word,
        "about"
            | "after"
            | "again"
            | "against"
            | "because"
            | "before"
            | "being"
            | "between"
            | "could"
            | "during"
            | "every"
            | "their"
            | "there"
            | "these"
            | "those"
            | "through"
            | "under"
            | "where"
            | "which"
            | "while"
            | "would"
            | "should"
            | "other"
            | "might"
            | "since"
            | "still"
    )
}
