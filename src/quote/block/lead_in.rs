//! The paragraph that introduces a block: its cue, and the words that name whose words follow.

use crate::entity::is_possessive;
use crate::layer::{Id, ParagraphId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mentions_in, owns_what_follows, person_at};
use crate::quote::block::source;
use crate::quote::phrase;
use crate::segment::Segmented;
use crate::tag::{Tagged, Tags};
use crate::words;

/// A paragraph that introduces a block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LeadIn {
    pub(crate) paragraph: ParagraphId,
    pub(crate) cue: Option<TokenRange>,
    pub(crate) source: Option<TokenRange>,
}

impl LeadIn {
    /// Reads the cue and source of a paragraph's last sentence.
    pub(super) fn read(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, paragraph: ParagraphId) -> Self {
        let sentence = doc.sentences()[doc.paragraphs()[paragraph].sentences.last()].tokens;
        let tagged = within(&tags.cues, sentence).last().filter(|t| !doc.is_in_marks(t.tokens.first()));
        let cue = tagged.and_then(|t| without_colon(doc, t.tokens)).or_else(|| verb_in(doc, sentence));
        let nearest = |cue: TokenRange| {
            within(&tags.sources, sentence).iter().min_by_key(|s| (gap(s.tokens, cue), s.tokens)).map(|s| s.tokens)
        };
        // "It was read into the record": no phrase with a preposition says who.
        let can_speak = |s: &TokenRange| {
            !matches!(doc.token(s.first()), "into" | "in" | "on" | "at" | "to" | "with" | "over" | "was")
        };
        let source =
            cue.and_then(|cue| nearest(cue).filter(can_speak).or_else(|| phrase::source_beside(doc, mentions, cue)));
        // "This, from Ada Cole, is the best thing I read all week:" is not the author's.
        let is_author = |s: TokenRange| s.len() == 1 && matches!(doc.token(s.first()), "I" | "we" | "We");
        // "The report concluded with a message from Ada Cole:" is hers.
        let word = |id: TokenId| doc.token(id).to_lowercase();
        let is_document = |s: TokenRange| lexicon::noun(&word(s.last())) == Some(Noun::Document);
        let gives_way = |s: TokenRange| is_author(s) || is_document(s);
        if let Some(maker) = maker_in(doc, mentions, sentence).filter(|_| source.is_none_or(gives_way)) {
            return Self { paragraph, cue: cue.filter(|_| source.is_none()), source: Some(maker) };
        }
        let source = source.or_else(|| named_in(doc, mentions, sentence).filter(|_| cue.is_some()));
        // "Elias Thorne, a ropemaker, who wrote when he had paper", "the ministry looked at it, and it said:"
        let is_vague = |s: TokenRange| {
            s.len() == 1 && matches!(word(s.first()).as_str(), "who" | "which" | "that" | "it" | "my" | "our")
        };
        let source = source.map(|s| {
            let about = Some(s).filter(|s| is_vague(*s)).and_then(|_| source::about(doc, mentions, sentence));
            // "Ada Cole showed us the report, and it said:" is not hers.
            let is_person = |s: TokenRange| person_at(mentions, s.last()).is_some();
            about.filter(|&about| word(s.first()) != "it" || !is_person(about)).unwrap_or(s)
        });
        Self { paragraph, cue, source }
    }

    /// Whether a paragraph introduces what follows it: by a colon, or by a cue that introduces nothing else.
    pub(super) fn introduces(&self, doc: Segmented<'_>, tags: &Tags) -> bool {
        ends_with_colon(doc, self.paragraph) || (self.cue.is_some() && !says_itself(doc, tags, self.paragraph))
    }
}

/// Whose words a lead-in without a verb of speech brings in, if they are one's: "Here's Ada Cole in her new book:", "a line
/// from the poet Ada Cole:", "Dr. Cole's letter was short:".
fn maker_in(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let is_document = |id: TokenId| lexicon::noun(&word(id)) == Some(Noun::Document);
    let mut makers = mentions_in(mentions, sentence).filter(|&name| {
        let is_person = person_at(mentions, name.first()).is_some();
        // "From the poet Ada Cole", "from the founder's grandson, Ada Cole".
        let title = |id: &TokenId| {
            lexicon::is_title(&word(*id))
                || lexicon::noun(&word(*id)).is_some()
                || words::is_article(&word(*id))
                || is_possessive(&word(*id))
                || word(*id) == ","
        };
        let mut back = (sentence.first().index()..name.first().index()).rev().take(7).map(TokenId::from_index);
        let written = |by: TokenId| {
            let before = doc.previous(by).map(word);
            before.is_some_and(|w| {
                matches!(w.as_str(), "written" | "signed" | "sent" | "issued" | "posted" | "published")
            })
        };
        let brought_in = back.find(|id| !title(id)).is_some_and(|id| match word(id).as_str() {
            "from" | "here" => true,
            "by" => written(id),
            _ => false,
        });
        let owned = doc.next(name.last()).filter(|&id| lexicon::is_genitive(doc.token(id)));
        let owns = owned.is_some_and(|id| {
            (id.index() + 1..=id.index() + 3).any(|i| {
                let id = TokenId::from_index(i);
                id <= sentence.last() && is_document(id)
            })
        });
        is_person && (brought_in || owns)
    });
    makers.next().filter(|_| makers.next().is_none())
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

/// The first name in a lead-in that owns nothing, which is its source where no words stand beside the cue.
fn named_in(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    mentions_in(mentions, sentence).find(|name| !owns_what_follows(doc, name.last()))
}

/// Whether the last sentence of a paragraph holds words that are quoted in it: its cue introduces those, not what follows.
fn says_itself(doc: Segmented<'_>, tags: &Tags, paragraph: ParagraphId) -> bool {
    let sentence = doc.sentences()[doc.paragraphs()[paragraph].sentences.last()].tokens;
    !within(&tags.contents, sentence).is_empty() || !doc.marks_in(sentence).is_empty()
}

/// Whether a paragraph ends with a colon.
pub(super) fn ends_with_colon(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    doc.token(doc.paragraphs()[paragraph].tokens.last()) == ":"
}
