//! Block quotations: whole paragraphs that are somebody else's.
//!
//! Where the source has markup, markup decides: whoever marks up one block marks up all. In plain text the tagger's head for
//! paragraphs does (`learned`), or, with a tagger that has none, rules on the lead-in and the voice (`voice`). A colon alone
//! opens nothing: "Here is what happened next:" is followed by the author's own words.

mod lead_in;
mod learned;
mod source;
mod voice;

use crate::layer::{Id, IdRange, ParagraphId, TokenRange};
use crate::mention::Mentions;
use crate::quote::turn::Transcript;
use crate::quote::{Finding, turn};
use crate::segment::{Segmented, Structure};
use crate::tag::{Score, Tags};
use crate::words;

use lead_in::{LeadIn, ends_with_colon};
pub(crate) use source::{introduced, whose};

/// A block quotation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Block {
    pub(crate) paragraphs: IdRange<ParagraphId>,
    pub(crate) lead_in: Option<LeadIn>,
    pub(crate) found_by: Finding,
    pub(crate) score: Score,
}

/// All block quotations of an article, in text order. In plain text a transcript has none: its turns are what is quoted.
pub(crate) fn find(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, transcript: &Transcript) -> Vec<Block> {
    let mut found = Vec::new();
    let paragraphs = doc.paragraphs().as_slice();
    let has_markup = paragraphs.iter().any(|p| matches!(p.structure, Structure::BlockQuote(_)));
    let learned = learned::blocks(doc, &tags.paragraphs);
    let learned =
        learned.map(|found| found.into_iter().flat_map(|found| by_signature(doc, mentions, found)).collect::<Vec<_>>());
    let mut at = 0;
    while at < paragraphs.len() {
        let block = match (paragraphs[at].structure, &learned) {
            (Structure::BlockQuote(number), _) => Some(marked_up(doc, tags, mentions, at, number)),
            _ if transcript.has(ParagraphId::from_index(at)) => None,
            _ if has_markup => signed(doc, mentions, at),
            (_, Some(learned)) => learned::opening_at(learned, at)
                .and_then(|block| {
                    set_off(doc, tags, mentions, block.until(|id| transcript.has(id) || speaks_of_the_quoted(doc, id)))
                })
                .or_else(|| signed(doc, mentions, at)),
            (_, None) => voice::introduced(doc, tags, mentions, at).or_else(|| signed(doc, mentions, at)),
        };
        at = block.map_or(at + 1, |b| b.paragraphs.last().index() + 1);
        found.extend(block);
    }
    found
}

/// A found block as one for each signature in it: of two signed statements in a row each is its signer's. What stands between
/// like a heading ("Statement from the library") brings in the next.
fn by_signature(doc: Segmented<'_>, mentions: &Mentions, found: learned::Found) -> Vec<learned::Found> {
    let is_heading = |id: &ParagraphId| doc.paragraphs()[*id].structure == Structure::Heading;
    let (mut parts, mut rest) = (Vec::new(), Some(found.paragraphs));
    while let Some(paragraphs) = rest {
        let signs = |id: &ParagraphId| *id > paragraphs.first() && source::signed(doc, mentions, *id).is_some();
        let first_signer = paragraphs.iter().find(signs).unwrap_or(paragraphs.last());
        // Several may sign one below the other.
        let last = paragraphs.iter().skip_while(|id| *id < first_signer).skip(1).take_while(signs).last();
        let last = last.unwrap_or(first_signer);
        parts.push(learned::Found { paragraphs: IdRange::new(paragraphs.first(), last), ..found });
        let next = paragraphs.iter().find(|id| *id > last && !is_heading(id));
        rest = next.map(|next| IdRange::new(next, paragraphs.last()));
    }
    parts
}

fn marked_up(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, first: usize, number: u32) -> Block {
    let paragraphs = doc.paragraphs().as_slice();
    let length = paragraphs[first..].iter().take_while(|p| p.structure == Structure::BlockQuote(number)).count();
    let before = first.checked_sub(1).map(ParagraphId::from_index);
    let before = before.filter(|&p| may_lead_in(doc, p));
    let lead_in = before.map(|p| LeadIn::read(doc, tags, mentions, p)).filter(|l| l.introduces(doc, tags));
    Block { paragraphs: range(first, length), lead_in, found_by: Finding::Markup, score: Score::ONE }
}

fn range(first: usize, length: usize) -> IdRange<ParagraphId> {
    IdRange::new(ParagraphId::from_index(first), ParagraphId::from_index(first + length.max(1) - 1))
}

/// A block that the tagger found, with the lead-in if it has one. Paragraphs in marks that sign themselves are direct speech,
/// and left to [`super::link`].
fn set_off(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, found: learned::Found) -> Option<Block> {
    if found.paragraphs.iter().all(|id| is_signed_after_marks(doc, id)) {
        return None;
    }
    let before = found.paragraphs.first().index().checked_sub(1).map(ParagraphId::from_index);
    let before = before.filter(|&p| may_lead_in(doc, p));
    let lead_in = before.map(|p| LeadIn::read(doc, tags, mentions, p)).filter(|l| l.introduces(doc, tags));
    Some(Block { paragraphs: found.paragraphs, lead_in, found_by: Finding::LeadIn, score: found.score })
}

/// Whether a paragraph may introduce a block. "She went on:" looks like a heading, and "More:" like the page's own words.
fn may_lead_in(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    match doc.paragraphs()[paragraph].structure {
        Structure::Body | Structure::List => true,
        Structure::Heading | Structure::Boilerplate => ends_with_colon(doc, paragraph),
        Structure::BlockQuote(_) => false,
    }
}

/// Whether a paragraph is words in marks and, after a dash, who said them: "“We were late.” — Jane Doe".
fn is_signed_after_marks(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    let tokens = doc.paragraphs()[paragraph].tokens;
    let last = doc.marks_in(tokens).last().map(|marks| marks.tokens.last());
    let after = last.and_then(|last| doc.next(last)).filter(|&id| tokens.has(id));
    doc.is_in_marks(tokens.first()) && after.is_some_and(|id| words::is_dash_or_hyphen(doc.token(id)))
}

/// Whether a paragraph's first sentence is about what was quoted before it: the author's voice resumes there.
fn speaks_of_the_quoted(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    refers_to_the_quoted(doc, doc.sentences()[doc.paragraphs()[paragraph].sentences.first()].tokens)
}

/// "The article", "this passage", outside marks: an author speaks of what was quoted.
fn refers_to_the_quoted(doc: Segmented<'_>, tokens: TokenRange) -> bool {
    let word = |id| doc.token(id).to_lowercase();
    tokens.iter().zip(tokens.iter().skip(1)).filter(|&(_, noun)| !doc.is_in_marks(noun)).any(|(points, noun)| {
        matches!(word(points).as_str(), "the" | "this" | "that" | "his" | "her" | "their")
            && matches!(
                word(noun).as_str(),
                "article" | "post" | "piece" | "quote" | "quotation" | "passage" | "excerpt" | "essay" | "editorial"
            )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::{RuleSegmenter, Segment};
    use crate::text::Text;

    /// Whether the second paragraph is a block if the head is sure that it is one.
    fn is_set_off(text: &str) -> bool {
        let text = Text::new(text).unwrap();
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        assert_eq!(segments.paragraphs.len(), 2);
        let doc = Segmented { text: &text, segments: &segments };
        let found = learned::Found { paragraphs: range(1, 1), score: Score::ONE };
        set_off(doc, &Tags::default(), &Mentions::from(Vec::new()), found).is_some()
    }

    #[test]
    fn a_block_ends_where_somebody_speaks_of_the_article_that_it_is_from() {
        let resumes = |text: &str| {
            let text = Text::new(text).unwrap();
            let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
            speaks_of_the_quoted(Segmented { text: &text, segments: &segments }, ParagraphId::from_index(0))
        };
        assert!(resumes("A source for the article said that there had been three of them. They were late."));
        assert!(!resumes("A source said that there had been three of them. She had read the article."));
        assert!(!resumes("“I have read the article,” said one of the three."));
    }

    #[test]
    fn a_paragraph_in_marks_is_set_off_unless_it_is_signed_after_them() {
        assert!(is_set_off("The mayor wrote this:\n\nWe were late and we are sorry for it."));
        assert!(is_set_off("The mayor has answered us.\n\n“We were late and we are sorry for it.”"));
        assert!(is_set_off("The mayor has answered us:\n\n“We were late,” she wrote, “and are sorry for it.”"));
        assert!(!is_set_off("We asked people in the street.\n\n“I was late and am sorry for it.” — Ada Cole"));
    }
}
