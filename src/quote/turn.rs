//! Quotations by layout: turns of interviews and transcripts, headlines with a speaker, signed words.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::layer::{Id, IdRange, ParagraphId, TokenId, TokenRange};
use crate::lexicon;
use crate::mention::{Mentions, mention_at, person_at_start};
use crate::quote::phrase;
use crate::segment::{Segmented, Structure};
use crate::tag::Label;
use crate::words;

/// One turn: who, and what they say in one or several paragraphs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Turn {
    pub(crate) paragraphs: IdRange<ParagraphId>,
    pub(crate) source: TokenRange,
    pub(crate) parts: Vec<TokenRange>,
}

/// The longest label of a turn, in tokens.
const LONGEST_LABEL: usize = 5;

/// The longest rest of a signature after its name, in tokens.
const LONGEST_REST: usize = 13;

/// More unlabelled paragraphs than this after a turn are the author's.
const LONGEST_TURN: usize = 12;

/// The interviews and transcripts of an article.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    pub(crate) turns: Vec<Turn>,
    /// All labels with their paragraphs, those of questions as well, in text order.
    labels: Vec<(usize, TokenRange)>,
}

impl Transcript {
    /// Reads the turns. A label must come back, or name a person, to be believed: "WHERE:" and "UPDATE:" introduce nobody's
    /// words. One in small letters must do both, and two people must take turns: "Ada Cole:" may as well begin an entry of a
    /// list.
    pub(crate) fn read(doc: Segmented<'_>, mentions: &Mentions) -> Self {
        let labels: Vec<(usize, TokenRange)> = doc
            .paragraphs()
            .iter()
            .filter(|(_, p)| is_speech(p.structure))
            .filter_map(|(id, p)| Some((id.index(), label(doc, p.tokens)?)))
            .collect();
        // "Ada Cole:" comes back as "Cole:".
        let mut times: HashMap<&str, usize> = HashMap::new();
        for &(_, source) in &labels {
            *times.entry(doc.token(source.last())).or_default() += 1;
        }
        let names_person = |source: TokenRange| {
            source.iter().any(|id| mention_at(mentions, id).is_some_and(|(m, _)| mentions[m].label == Label::Per))
        };
        let people: HashSet<&str> =
            labels.iter().filter(|(_, s)| names_person(*s)).map(|(_, s)| doc.token(s.last())).collect();
        let comes_back = |source: TokenRange| times.get(doc.token(source.last())).is_some_and(|&n| n > 1);
        let is_person = |source: TokenRange| people.contains(doc.token(source.last()));
        let take_turns = people.iter().filter(|name| times.get(*name).is_some_and(|&n| n > 1)).count() > 1;
        let believed = |source: TokenRange| {
            if is_in_capitals(doc, source) {
                comes_back(source) || is_person(source)
            } else {
                take_turns && comes_back(source) && is_person(source)
            }
        };
        let labels: Vec<(usize, TokenRange)> = labels.iter().copied().filter(|&(_, source)| believed(source)).collect();
        if labels.len() < 3 {
            return Self::default();
        }
        let turn = |i: usize| {
            let (at, source) = labels[i];
            // Unlabelled paragraphs between two turns belong to the first; after the last turn the author resumes.
            let end = labels.get(i + 1).map_or(at + 1, |&(next, _)| next.min(at + LONGEST_TURN));
            Turn::read(doc, source, at..end)
        };
        let names_somebody = |&i: &usize| !is_question_label(doc.text_of(labels[i].1));
        let turns = (0..labels.len()).filter(names_somebody).filter_map(turn).collect();
        Self { turns, labels }
    }

    /// Whether words are the label of a turn.
    pub(crate) fn is_label(&self, words: TokenRange) -> bool {
        self.labels.binary_search_by_key(&words, |&(_, label)| label).is_ok()
    }

    /// Whether a paragraph belongs to a turn, or to a question.
    pub(crate) fn has(&self, paragraph: ParagraphId) -> bool {
        let after = self.turns.partition_point(|turn| turn.paragraphs.first() <= paragraph);
        let turn = after.checked_sub(1).map(|i| &self.turns[i]);
        turn.is_some_and(|turn| paragraph <= turn.paragraphs.last())
            || self.labels.binary_search_by_key(&paragraph.index(), |&(at, _)| at).is_ok()
    }
}

impl Turn {
    /// The turn that the paragraph at the beginning of `within` opens.
    fn read(doc: Segmented<'_>, source: TokenRange, within: Range<usize>) -> Option<Self> {
        let at = within.start;
        let paragraphs = within.map(ParagraphId::from_index).take_while(|&p| is_speech(doc.paragraphs()[p].structure));
        let mut parts: Vec<TokenRange> = paragraphs.map(|p| doc.paragraphs()[p].tokens).collect();
        let first = parts.first_mut()?;
        // The label and its colon are not part of what is said.
        *first = TokenRange::of_indexes(source.indexes().end + 1..first.indexes().end)?;
        let last = ParagraphId::from_index(at + parts.len() - 1);
        Some(Self { paragraphs: IdRange::new(ParagraphId::from_index(at), last), source, parts })
    }
}

fn is_speech(structure: Structure) -> bool {
    matches!(structure, Structure::Body | Structure::List)
}

/// The label that a paragraph begins with: "SMITH:", "Q:", "Dr. ADEYEMI:", "Ada Cole:". A transcript that is quoted has a mark
/// before it.
fn label(doc: Segmented<'_>, paragraph: TokenRange) -> Option<TokenRange> {
    let first = paragraph.iter().find(|&id| !matches!(doc.token(id), "“" | "\""))?;
    let colon = paragraph.iter().take(LONGEST_LABEL + 1).find(|&id| doc.token(id) == ":")?;
    let tokens = TokenRange::of_indexes(first.index()..colon.index())?;
    let is_name = |id: TokenId| !doc.token(id).starts_with(char::is_lowercase);
    let has_letters = doc.text_of(tokens).chars().any(char::is_alphabetic);
    (tokens.iter().all(is_name) && has_letters && colon < paragraph.last()).then_some(tokens)
}

/// Whether a label is written as those of transcripts are, in capitals but for a title.
fn is_in_capitals(doc: Segmented<'_>, label: TokenRange) -> bool {
    doc.text_of(label).chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase)
        || lexicon::is_title(&doc.token(label.first()).to_lowercase())
}

/// Whether a paragraph is a question: its label says so.
pub(crate) fn is_question(doc: Segmented<'_>, paragraph: ParagraphId) -> bool {
    let first = doc.paragraphs()[paragraph].tokens.first();
    is_question_label(doc.token(first)) && doc.next(first).is_some_and(|id| doc.token(id) == ":")
}

/// "Q" names nobody: the question is the interviewer's, who is not named.
fn is_question_label(label: &str) -> bool {
    matches!(label, "Q" | "QUESTION" | "REPORTER" | "MODERATOR")
}

/// "A" is whoever is interviewed.
pub(crate) fn is_answer_label(label: &str) -> bool {
    matches!(label, "A" | "ANSWER")
}

/// The source of a headline such as `Mayor: “We will rebuild”`: the words before the colon that stands before `speech`.
pub(crate) fn headline_source(doc: Segmented<'_>, paragraph: ParagraphId, speech: TokenRange) -> Option<TokenRange> {
    let heading = &doc.paragraphs()[paragraph];
    let colon = doc.previous(speech.first()).filter(|&id| doc.token(id) == ":" && heading.tokens.has(id))?;
    TokenRange::of_indexes(heading.tokens.first().index()..colon.index()).filter(|t| t.len() <= LONGEST_LABEL)
}

/// The person who says the first words of a headline: "‘I fall for a living’: Ada Cole on dancing".
pub(crate) fn headline_subject(doc: Segmented<'_>, mentions: &Mentions, speech: TokenRange) -> Option<TokenRange> {
    let heading = doc.paragraphs()[doc.paragraph_of(speech.first())].tokens;
    let colon = doc.next(speech.last()).filter(|&id| doc.token(id) == ":" && heading.first() == speech.first())?;
    let after = TokenRange::of_indexes(colon.index() + 1..heading.indexes().end)?;
    let name = person_at_start(doc, mentions, after)?;
    let verb = doc.next(name.last()).filter(|&id| heading.has(id)).map(|id| doc.token(id).to_lowercase())?;
    (verb == "on" || lexicon::reporting_verb(&verb).is_some()).then_some(name)
}

/// The name that signs the words before it: "— Jane Doe, minister", "— Sen. Jim Cole", as a paragraph, as the last line of
/// one, or after the marks that close it.
pub(crate) fn signature(
    doc: Segmented<'_>,
    mentions: &Mentions,
    from: TokenId,
    paragraph: ParagraphId,
) -> Option<TokenRange> {
    let tokens = doc.paragraphs()[paragraph].tokens;
    if !tokens.has(from) || !words::is_dash_or_hyphen(doc.token(from)) {
        return None;
    }
    let after_marks = doc.previous(from).is_some_and(|id| matches!(doc.token(id), "”" | "\""));
    if !begins_line(doc, from) && !after_marks {
        return None;
    }
    let after = TokenRange::of_indexes(from.index() + 1..tokens.indexes().end)?;
    let body = || mention_at(mentions, after.first()).map(|(_, name)| name);
    let name = person_at_start(doc, mentions, after).or_else(body).filter(|name| tokens.contains(*name))?;
    let rest = TokenRange::new(name.last(), tokens.last());
    let goes_on = after_marks && rest.iter().any(|id| phrase::is_speech_verb(doc, id));
    (rest.len() <= LONGEST_REST && !goes_on).then_some(name)
}

/// Where the signature begins in a paragraph's last line, if its last line is one.
pub(crate) fn signature_line(doc: Segmented<'_>, paragraph: ParagraphId) -> Option<TokenId> {
    let last = doc.sentences()[doc.paragraphs()[paragraph].sentences.last()].tokens;
    (begins_line(doc, last.first()) && words::is_dash_or_hyphen(doc.token(last.first()))).then_some(last.first())
}

/// Whether a token is the first of its line.
fn begins_line(doc: Segmented<'_>, id: TokenId) -> bool {
    doc.previous(id).is_none_or(|before| {
        let between = doc.tokens()[before].span.end()..doc.tokens()[id].span.start();
        doc.text.as_str().get(between).is_some_and(|gap| gap.contains('\n'))
    })
}
