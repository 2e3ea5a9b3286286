//! Block quotations: whole paragraphs that are somebody else's.
//!
//! Where the source has markup, markup decides: whoever marks up one block marks up all. In plain text the tagger's head for
//! paragraphs does (`learned`), or, with a tagger that has none, rules on the lead-in and the voice (`voice`). A colon alone
//! opens nothing: "Here is what happened next:" is followed by the author's own words.

mod learned;
mod source;
mod voice;

use crate::layer::{Id, IdRange, ParagraphId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at, mentions_in};
use crate::quote::turn::Transcript;
use crate::quote::{Finding, phrase, turn};
use crate::segment::{Segmented, Structure};
use crate::tag::{Label, Score, Tagged, Tags};

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

/// Whose a block is, by what is said around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Whose {
    pub(crate) cue: Option<TokenRange>,
    pub(crate) source: Option<TokenRange>,
    pub(crate) found_by: Finding,
    pub(crate) lead_in: Option<ParagraphId>,
}

/// Whose a block is: whom its lead-in names as the source, who signed it, in its last line if that is `signature`'s, whose it
/// is said to be after it, or whom the paragraph before it is about.
pub(crate) fn whose(doc: Segmented<'_>, mentions: &Mentions, block: &Block, signature: Option<TokenRange>) -> Whose {
    let (first, last) = (block.paragraphs.first(), block.paragraphs.last());
    let named = Whose {
        cue: block.lead_in.and_then(|l| l.cue),
        source: block.lead_in.and_then(|l| l.source),
        found_by: block.found_by,
        lead_in: block.lead_in.map(|l| l.paragraph),
    };
    // A name or a pronoun in the lead-in; "a reader" may sign below.
    let is_sure = |s: TokenRange| {
        mentions_in(mentions, s).next().is_some() || (s.len() == 1 && phrase::is_subject_pronoun(doc.token(s.first())))
    };
    if named.source.is_some_and(is_sure) {
        return named;
    }
    let after = doc.next(doc.paragraphs()[last].tokens.last());
    let signed = |id| turn::signature(doc, mentions, id, doc.paragraph_of(id));
    let is_letter = (block.paragraphs.len() > 1).then_some(last);
    let plain = || {
        let places = is_letter.into_iter().chain(after.map(|id| doc.paragraph_of(id)));
        places.into_iter().find_map(|paragraph| source::signed(doc, mentions, paragraph))
    };
    if let Some(name) = signature.or_else(|| after.and_then(signed)).or_else(plain) {
        return Whose { source: Some(name), found_by: Finding::Signature, ..named };
    }
    if let Some((verb, name)) = source::said_so(doc, mentions, last) {
        return Whose { cue: verb.or(named.cue), source: Some(name), found_by: Finding::Signature, ..named };
    }
    if named.source.is_some() {
        return named;
    }
    let before = first.index().checked_sub(1).map(ParagraphId::from_index);
    let before = before.filter(|&p| matches!(doc.paragraphs()[p].structure, Structure::Body | Structure::Heading));
    match before.and_then(|p| Some((p, source::introduced(doc, mentions, p)?))) {
        Some((p, name)) => Whose { source: Some(name), found_by: Finding::Introduced, lead_in: Some(p), ..named },
        None => named,
    }
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
        let last = paragraphs.iter().find(signs).unwrap_or(paragraphs.last());
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
    let before =
        before.filter(|&p| !matches!(doc.paragraphs()[p].structure, Structure::BlockQuote(_) | Structure::Boilerplate));
    let lead_in = before.map(|p| LeadIn::read(doc, tags, mentions, p)).filter(|l| introduces(doc, tags, l));
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

/// A block that the tagger found, with the lead-in if it has one. Paragraphs in marks that sign themselves are direct speech,
/// and left to [`super::link`].
fn set_off(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, found: learned::Found) -> Option<Block> {
    if found.paragraphs.iter().all(|id| is_signed_after_marks(doc, id)) {
        return None;
    }
    let before = found.paragraphs.first().index().checked_sub(1).map(ParagraphId::from_index);
    // "She went on:" looks like a heading, and "More:" like the page's own words.
    let may_lead_in = |p: ParagraphId| match doc.paragraphs()[p].structure {
        Structure::Body => true,
        Structure::Heading | Structure::Boilerplate => ends_with_colon(doc, p),
        _ => false,
    };
    let before = before.filter(|&p| may_lead_in(p));
    let lead_in = before.map(|p| LeadIn::read(doc, tags, mentions, p)).filter(|l| introduces(doc, tags, l));
    Some(Block { paragraphs: found.paragraphs, lead_in, found_by: Finding::LeadIn, score: found.score })
}

/// Whether a paragraph is words in marks and, after a dash, who said them: "“We were late.” — Jane Doe".
fn is_signed_after_marks(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    let tokens = doc.paragraphs()[paragraph].tokens;
    let last = doc.marks_in(tokens).last().map(|marks| marks.tokens.last());
    let after = last.and_then(|last| doc.next(last)).filter(|&id| tokens.has(id));
    doc.is_in_marks(tokens.first()) && after.is_some_and(|id| turn::is_dash(doc.token(id)))
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

/// Whether a paragraph introduces what follows it: by a colon, or by a cue that introduces nothing else.
fn introduces(doc: Segmented<'_>, tags: &Tags, lead_in: &LeadIn) -> bool {
    ends_with_colon(doc, lead_in.paragraph) || (lead_in.cue.is_some() && !says_itself(doc, tags, lead_in.paragraph))
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

impl LeadIn {
    /// Reads the cue and source of a paragraph's last sentence.
    fn read(doc: Segmented<'_>, tags: &Tags, mentions: &Mentions, paragraph: ParagraphId) -> Self {
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
        let source = source.or_else(|| named_in(mentions, sentence).filter(|_| cue.is_some()));
        // "Elias Thorne, a ropemaker, who wrote when he had paper", "the ministry looked at it, and it said:"
        let is_vague = |s: TokenRange| {
            s.len() == 1 && matches!(word(s.first()).as_str(), "who" | "which" | "that" | "it" | "my" | "our")
        };
        let source = source.map(|s| {
            Some(s).filter(|s| is_vague(*s)).and_then(|_| source::about(doc, mentions, sentence)).unwrap_or(s)
        });
        Self { paragraph, cue, source }
    }
}

/// Whose words a lead-in without a verb of speech brings in, if they are one's: "Here's Ada Cole in her new book:", "a line
/// from the poet Ada Cole:", "Dr. Cole's letter was short:".
fn maker_in(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let is_document = |id: TokenId| lexicon::noun(&word(id)) == Some(Noun::Document);
    let mut makers = mentions_in(mentions, sentence).filter(|&name| {
        let is_person = mention_at(mentions, name.first()).is_some_and(|(m, _)| mentions[m].label == Label::Per);
        // "From the poet Ada Cole", "from the founder's grandson, Ada Cole".
        let title = |id: &TokenId| {
            lexicon::is_title(&word(*id))
                || lexicon::noun(&word(*id)).is_some()
                || matches!(word(*id).as_str(), "the" | "a" | "an" | "his" | "her" | "our" | "my" | "," | "'s" | "’s")
        };
        let mut back = (sentence.first().index()..name.first().index()).rev().take(7).map(TokenId::from_index);
        let brought_in = back.find(|id| !title(id)).is_some_and(|id| {
            matches!(word(id).as_str(), "from" | "here")
                || (lexicon::is_genitive(doc.token(id)) && doc.previous(id).is_some_and(|here| word(here) == "here"))
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

/// The first name in a lead-in, which is its source where no words stand beside the cue.
fn named_in(mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    mentions_in(mentions, sentence).next()
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
