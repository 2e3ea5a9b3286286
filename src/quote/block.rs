//! Block quotations: whole paragraphs that are somebody else's.
//!
//! Where the source has markup, markup decides. In plain text a block is opened by a lead-in, a paragraph that ends with
//! a colon and says that somebody said or wrote something ("The Post reported:"), and goes on until the author's voice
//! resumes. A colon alone opens nothing: "Here is what happened next:" is followed by the author's own words. A first
//! quoted paragraph that begins with a quotation mark is direct speech with its cue before it, and left to
//! [`super::link`].

use crate::layer::{Id, IdRange, ParagraphId, TokenRange};
use crate::lexicon;
use crate::mention::{Mentions, mentions_in};
use crate::quote::{Finding, phrase, turn};
use crate::segment::{Segmented, Structure};
use crate::tag::{Score, Tagged, Tags};

/// A block quotation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Block {
    pub(crate) paragraphs: IdRange<ParagraphId>,
    pub(crate) lead_in: Option<LeadIn>,
    pub(crate) found_by: Finding,
    pub(crate) score: Score,
}

/// A paragraph that introduces a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LeadIn {
    pub(crate) paragraph: ParagraphId,
    pub(crate) cue: Option<TokenRange>,
    pub(crate) source: Option<TokenRange>,
}

/// All block quotations of an article, in text order.
pub(crate) fn find(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions) -> Vec<Block> {
    let mut found = Vec::new();
    let paragraphs = doc.paragraphs().as_slice();
    let mut at = 0;
    while at < paragraphs.len() {
        let block = match paragraphs[at].structure {
            Structure::BlockQuote(number) => Some(marked_up(doc, tags, mentions, at, number)),
            _ => introduced(doc, tags, mentions, at).or_else(|| signed(doc, mentions, at)),
        };
        at = block.map_or(at + 1, |b| b.paragraphs.last().index() + 1);
        found.extend(block);
    }
    found
}

fn marked_up(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, first: usize, number: u32) -> Block {
    let paragraphs = doc.paragraphs().as_slice();
    let length = paragraphs[first..].iter().take_while(|p| p.structure == Structure::BlockQuote(number)).count();
    let before = first.checked_sub(1).map(ParagraphId::from_index);
    let before =
        before.filter(|&p| !matches!(doc.paragraphs()[p].structure, Structure::BlockQuote(_) | Structure::Boilerplate));
    let lead_in = before
        .map(|p| LeadIn::read(doc, tags, mentions, p))
        .filter(|l| ends_with_colon(doc, l.paragraph) || (l.cue.is_some() && !says_itself(doc, tags, l.paragraph)));
    Block { paragraphs: range(first, length), lead_in, found_by: Finding::Markup, score: Score::ONE }
}

/// Whether the last sentence of a paragraph holds words that are quoted in it: its cue introduces those, not what follows.
fn says_itself(doc: Segmented<'_>, tags: &Tags, paragraph: ParagraphId) -> bool {
    let sentence = doc.sentences()[doc.paragraphs()[paragraph].sentences.last()].tokens;
    !within(&tags.contents, sentence).is_empty() || !doc.marks_in(sentence).is_empty()
}

fn range(first: usize, length: usize) -> IdRange<ParagraphId> {
    IdRange::new(ParagraphId::from_index(first), ParagraphId::from_index(first + length.max(1) - 1))
}

/// The block that the paragraph at `at` introduces, if it introduces one.
fn introduced(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, at: usize) -> Option<Block> {
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

/// A paragraph that is somebody's because its last line signs it. In quotation marks it is direct speech instead.
fn signed(doc: Segmented<'_>, mentions: &Mentions, at: usize) -> Option<Block> {
    const SIGNED: f32 = 0.9;
    let id = ParagraphId::from_index(at);
    let line = turn::signature_line(doc, id)?;
    turn::signature(doc, mentions, line, id)?;
    let paragraph = &doc.paragraphs()[id];
    let quoted = line > paragraph.tokens.first()
        && paragraph.structure == Structure::Body
        && !doc.is_in_marks(paragraph.tokens.first());
    let block =
        Block { paragraphs: range(at, 1), lead_in: None, found_by: Finding::Signature, score: Score::new(SIGNED) };
    quoted.then_some(block)
}

fn ends_with_colon(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    doc.token(doc.paragraphs()[paragraph].tokens.last()) == ":"
}

/// Whether the paragraph after a lead-in has the form of a quoted one.
fn may_be_quoted(doc: Segmented<'_>, at: usize) -> bool {
    doc.paragraphs().get(ParagraphId::from_index(at)).is_some_and(|p| {
        p.structure == Structure::Body && !doc.is_in_marks(p.tokens.first()) && doc.token(p.tokens.last()) != ":"
    })
}

impl LeadIn {
    /// Reads the cue and source of a paragraph's last sentence.
    fn read(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, paragraph: ParagraphId) -> Self {
        let sentence = doc.sentences()[doc.paragraphs()[paragraph].sentences.last()].tokens;
        let tagged = within(&tags.cues, sentence).last().filter(|t| !doc.is_in_marks(t.tokens.first()));
        let cue = tagged.and_then(|t| without_colon(doc, t.tokens)).or_else(|| verb_in(doc, sentence));
        let nearest = |cue: TokenRange| {
            within(&tags.sources, sentence).iter().min_by_key(|s| (gap(s.tokens, cue), s.tokens)).map(|s| s.tokens)
        };
        let source = cue.and_then(|cue| nearest(cue).or_else(|| phrase::source_beside(doc, mentions, cue)));
        let source = source.or_else(|| named_in(mentions, sentence).filter(|_| cue.is_some()));
        Self { paragraph, cue, source }
    }
}

/// The colon of a lead-in belongs to neither the cue nor the block.
fn without_colon(doc: Segmented<'_>, cue: TokenRange) -> Option<TokenRange> {
    let last = cue.iter().rev().find(|&id| doc.token(id) != ":")?;
    Some(TokenRange::new(cue.first(), last))
}

fn gap(a: TokenRange, b: TokenRange) -> usize {
    let (a, b) = if a < b { (a, b) } else { (b, a) };
    b.first().index().saturating_sub(a.last().index())
}

/// The tagged stretches that begin in a sentence.
fn within(tagged: &[Tagged], sentence: TokenRange) -> &[Tagged] {
    let from = tagged.partition_point(|t| t.tokens.first() < sentence.first());
    let length = tagged[from..].partition_point(|t| t.tokens.first() <= sentence.last());
    &tagged[from..from + length]
}

/// The last verb of speech or writing in a lead-in's sentence, outside quotation marks.
fn verb_in(doc: Segmented<'_>, sentence: TokenRange) -> Option<TokenRange> {
    let id = sentence.iter().rev().find(|&id| phrase::is_speech_verb(doc, id) && !doc.is_in_marks(id))?;
    Some(TokenRange::new(id, id))
}

/// The first name in a lead-in, which is its source where no words stand beside the cue.
fn named_in(mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    mentions_in(mentions, sentence).next()
}

/// How the quoted voice sounds, to tell where it ends.
struct Voice {
    has_marks: bool,
    first_person: bool,
    words: std::collections::BTreeSet<String>,
}

impl Voice {
    fn of(doc: Segmented<'_>, lead_in: ParagraphId, first: usize) -> Self {
        let paragraph = doc.paragraphs()[ParagraphId::from_index(first)].tokens;
        let introduced: std::collections::BTreeSet<String> =
            content_words(doc, doc.paragraphs()[lead_in].tokens).collect();
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

/// "The article", "this report": an author speaks of what was quoted.
fn refers_to_the_quoted(doc: Segmented<'_>, tokens: TokenRange) -> bool {
    tokens.iter().zip(tokens.iter().skip(1)).any(|(a, b)| {
        let points = matches!(doc.token(a).to_lowercase().as_str(), "the" | "this" | "that" | "his" | "her" | "their");
        points
            && matches!(
                doc.token(b).to_lowercase().as_str(),
                "article"
                    | "post"
                    | "story"
                    | "piece"
                    | "quote"
                    | "quotation"
                    | "passage"
                    | "excerpt"
                    | "essay"
                    | "column"
                    | "editorial"
                    | "statement"
            )
    })
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
