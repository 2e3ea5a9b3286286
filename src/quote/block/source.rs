//! Whose a block is, by its lead-in, a signature, or, where no verb or colon says so, by whom the paragraph before is about.
//!
//! Writers bring in somebody and let them speak: "Oskar Brandvold has a lovely piece on the ministry's last fax." or "He handed
//! me two sheets over the gate." What such a paragraph's last sentence is about is the source, and if it is about nobody,
//! what the sentence before is about. Explicit sources, lead-ins that name one and signatures come first.

use crate::layer::{Id, ParagraphId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at, mentions_in, owns_what_follows, person_at, person_at_start};
use crate::quote::block::Block;
use crate::quote::{Finding, phrase, turn};
use crate::segment::{Segmented, Structure};
use crate::tag::Label;
use crate::words;

/// The longest signature, in tokens.
const LONGEST_SIGNATURE: usize = 14;
/// The longest noun phrase at the beginning of a sentence, in tokens.
const LONGEST_PHRASE: usize = 8;
/// How many sentences back a lead-in is read.
const SENTENCES: usize = 2;

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
///
/// Paragraphs that are `set_off` themselves say nothing of another block.
pub(crate) fn whose(
    doc: Segmented<'_>,
    mentions: &Mentions,
    block: &Block,
    signature: Option<TokenRange>,
    set_off: &[bool],
) -> Whose {
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
    let dashed = |id| turn::signature(doc, mentions, id, doc.paragraph_of(id));
    let is_letter = (block.paragraphs.len() > 1).then_some(last);
    let plain = || {
        let after = after.map(|id| doc.paragraph_of(id)).filter(|p| !set_off[p.index()]);
        let places = is_letter.into_iter().chain(after);
        places.into_iter().find_map(|paragraph| signed(doc, mentions, paragraph))
    };
    if let Some(name) = signature.or_else(|| after.and_then(dashed)).or_else(plain) {
        return Whose { source: Some(name), found_by: Finding::Signature, ..named };
    }
    if let Some((verb, name)) = said_so(doc, mentions, last) {
        return Whose { cue: verb.or(named.cue), source: Some(name), found_by: Finding::Signature, ..named };
    }
    if named.source.is_some() {
        return named;
    }
    let before = first.index().checked_sub(1).map(ParagraphId::from_index);
    let may_speak = |p: ParagraphId| matches!(doc.paragraphs()[p].structure, Structure::Body | Structure::Heading);
    let before = before.filter(|&p| may_speak(p) && !set_off[p.index()]);
    match before.and_then(|p| Some((p, introduced(doc, mentions, p)?))) {
        Some((p, name)) => Whose { source: Some(name), found_by: Finding::Introduced, lead_in: Some(p), ..named },
        None => named,
    }
}

/// The words in a paragraph before what is quoted that it is about, the last sentence first.
pub(crate) fn introduced(doc: Segmented<'_>, mentions: &Mentions, lead_in: ParagraphId) -> Option<TokenRange> {
    // A caption or a heading brings in nobody, unless it is "Statement from the ministry".
    let words = doc.paragraphs()[lead_in].tokens;
    let is_prose = matches!(doc.token(words.last()), "." | ":" | "!" | "?" | "…" | "”" | "\"" | "’" | ")");
    if !is_prose && !words.iter().any(|id| doc.token(id) == "from") {
        return None;
    }
    let sentences = doc.paragraphs()[lead_in].sentences.indexes();
    let mut read = sentences.rev().take(SENTENCES).map(|i| doc.sentences().as_slice()[i].tokens);
    // "Judge Ada Cole reversed. From the opinion:" is hers, "From the minutes of the vestry:" nobody's.
    let is_from = |sentence: TokenRange| {
        doc.token(sentence.first()) == "From" && !sentence.iter().any(|id| doc.token(id) == "of")
    };
    let last = read.next()?;
    let in_last = about(doc, mentions, last);
    let whose = in_last.filter(|_| !is_from(last)).or_else(|| read.find_map(|sentence| about(doc, mentions, sentence)));
    whose.or(in_last)
}

/// What a sentence is about, as a source: who or what it begins with, its last "he" or "she", the only person in it, whose
/// document it brings in ("this was in her notebook"), or the only organisation where it announces something.
pub(super) fn about(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    let outside = || sentence.iter().filter(|&id| !doc.is_in_marks(id));
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let label = |name: TokenRange| mention_at(mentions, name.first()).map(|(id, _)| &mentions[id].label);
    if let Some(name) = named_at_start(doc, mentions, sentence) {
        return Some(name);
    }
    // "A commenter on his post, who goes by another name, put it best."
    let brings_in = matches!(doc.token(sentence.first()), "A" | "An" | "One" | "Another");
    let first = noun_at_start(doc, sentence, true);
    if let Some(name) = first.and_then(|phrase| apposed(doc, mentions, sentence, phrase)) {
        return Some(name);
    }
    if let Some(somebody) = noun_at_start(doc, sentence, false).filter(|_| brings_in) {
        return Some(somebody);
    }
    if let Some(name) = named_at_end(doc, mentions, sentence) {
        return Some(name);
    }
    let acts = |id: TokenId| doc.next(id).is_some_and(|next| doc.token(next).starts_with(char::is_alphabetic));
    let person = outside().rfind(|&id| matches!(word(id).as_str(), "he" | "she" | "they") && acts(id));
    if let Some(pronoun) = person {
        return Some(TokenRange::new(pronoun, pronoun));
    }
    let named: Vec<TokenRange> =
        mentions_in(mentions, sentence).filter(|name| !doc.is_in_marks(name.first())).collect();
    let people: Vec<TokenRange> = named.iter().copied().filter(|&name| label(name) == Some(&Label::Per)).collect();
    if let [only] = people[..] {
        return Some(only);
    }
    let is_document = |id: TokenId| lexicon::noun(&word(id)) == Some(Noun::Document);
    let owner = outside().find(|&id| {
        let owned = (id.index() + 1..=id.index() + 3).map(TokenId::from_index);
        matches!(word(id).as_str(), "his" | "her") && owned.into_iter().any(|id| sentence.has(id) && is_document(id))
    });
    if let Some(owner) = owner {
        return Some(TokenRange::new(owner, owner));
    }
    let announces = doc.token(sentence.last()) == ":";
    let bodies: Vec<TokenRange> = named.into_iter().filter(|&name| label(name) == Some(&Label::Org)).collect();
    match bodies[..] {
        [only] if announces && people.is_empty() => Some(only),
        _ => noun_at_start(doc, sentence, announces),
    }
}

/// Who a sentence begins by naming, or begins by naming after a phrase in front of it: "In The Lantern, Ada Cole wonders".
fn named_at_start(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    const FRONT: usize = 12;
    let fronts = |id: TokenId| {
        let word = doc.token(id).to_lowercase();
        word != "from" && (lexicon::is_fronting(&word) || word == "over")
    };
    if !fronts(sentence.first()) {
        return named_first(doc, mentions, sentence);
    }
    let comma = sentence.iter().take(FRONT).find(|&id| doc.token(id) == ",")?;
    let rest = doc.next(comma).filter(|&id| sentence.has(id) && !fronts(id))?;
    named_first(doc, mentions, TokenRange::new(rest, sentence.last()))
}

/// Who some words begin by naming, after a title or "my friend" at most, or whom "here's" brings in.
fn named_first(doc: Segmented<'_>, mentions: &Mentions, words: TokenRange) -> Option<TokenRange> {
    const INTRODUCTION: usize = 4;
    let is_free = |id: TokenId| {
        let word = doc.token(id).to_lowercase();
        matches!(word.as_str(), "the" | "my" | "our" | "his" | "her" | "here" | "is" | "'s" | "’s" | "this" | "from")
            || lexicon::noun(&word).is_some()
            || lexicon::is_title(&word)
            || doc.token(id).starts_with(char::is_uppercase)
    };
    let first_name = words.iter().take(INTRODUCTION + 1).find(|&id| mention_at(mentions, id).is_some())?;
    if !words.iter().take_while(|&id| id < first_name).all(is_free) {
        return None;
    }
    let (id, name) = mention_at(mentions, first_name)?;
    let can_speak = matches!(mentions[id].label, Label::Per | Label::Org);
    (can_speak && !owns_what_follows(doc, name.last()) && !doc.is_in_marks(name.first())).then_some(name)
}

/// Who is named beside a noun phrase: "A second reader, Ada Cole, remembered it", "The union, the Freight Alliance, replied".
fn apposed(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange, phrase: TokenRange) -> Option<TokenRange> {
    let comma = doc.next(phrase.last()).filter(|&id| doc.token(id) == "," && sentence.has(id))?;
    let next = doc.next(comma).filter(|&id| sentence.has(id))?;
    let first = if doc.token(next) == "the" { doc.next(next)? } else { next };
    let (id, name) = mention_at(mentions, first).filter(|(_, name)| sentence.contains(*name))?;
    let can_speak = name.first() == first && matches!(mentions[id].label, Label::Per | Label::Org);
    let closes = doc.next(name.last()).is_some_and(|id| matches!(doc.token(id), "," | ":"));
    (can_speak && closes).then_some(name)
}

/// Who is brought in by name at the end of a sentence with a colon: "The best witness was a man called Ben Cole:".
fn named_at_end(doc: Segmented<'_>, mentions: &Mentions, sentence: TokenRange) -> Option<TokenRange> {
    let last = doc.previous(sentence.last()).filter(|_| doc.token(sentence.last()) == ":")?;
    let (_, name) = person_at(mentions, last).filter(|(_, name)| sentence.contains(*name))?;
    let before = doc.previous(name.first()).map(|id| doc.token(id))?;
    matches!(before, "called" | "named" | "from").then_some(name)
}

/// The noun phrase with which a sentence begins, if its head is somebody or a document, or a body or several people that the
/// sentence `announces` the words of: "the mayor", "the text under it", "our own code".
fn noun_at_start(doc: Segmented<'_>, sentence: TokenRange, announces: bool) -> Option<TokenRange> {
    let kind = |id: TokenId| lexicon::noun(&doc.token(id).to_lowercase());
    let is_word = |id: &TokenId| doc.token(*id).starts_with(|c: char| c.is_alphabetic() || "'’".contains(c));
    // "From the opinion:", "Here is section 11:"
    let brings = |id: &TokenId| matches!(doc.token(*id), "From" | "Here" | "This" | "is" | "'s" | "’s" | "from");
    let first = sentence.iter().find(|id| !brings(id))?;
    let opens = |id: TokenId| {
        let word = doc.token(id).to_lowercase();
        words::is_determiner(&word) || matches!(word.as_str(), "one" | "another")
    };
    // "The storm surprised the mayor" begins with the storm.
    let ends = |id: TokenId| {
        let word = doc.token(id);
        opens(id)
            || phrase::is_subject_pronoun(word)
            || (word.ends_with("ed") && word.starts_with(char::is_lowercase))
            || words::is_preposition(word)
            || matches!(word, "is" | "was" | "has" | "had")
    };
    let words = sentence.iter().skip_while(|&id| id < first).take(LONGEST_PHRASE).take_while(is_word);
    let mut words = words.take_while(|&id| id == first || !ends(id));
    let head = words.find(|&id| {
        let goes_on = doc.next(id).is_some_and(|next| kind(next).is_some() || lexicon::is_genitive(doc.token(next)));
        kind(id).is_some() && !goes_on
    })?;
    // "I met a friend" begins with no phrase.
    if first != head && !opens(first) {
        return None;
    }
    let may_speak = match kind(head) {
        Some(Noun::Individual(_) | Noun::Document) => true,
        Some(Noun::Organisation | Noun::Group) => announces,
        None => false,
    };
    may_speak.then(|| TokenRange::new(first, head))
}

/// The name that signs a block without a dash, in its last paragraph or the one after: "Ada Cole, Head of Planning".
pub(super) fn signed(doc: Segmented<'_>, mentions: &Mentions, paragraph: ParagraphId) -> Option<TokenRange> {
    let words = doc.paragraphs()[paragraph].tokens;
    let may_sign = matches!(doc.paragraphs()[paragraph].structure, Structure::Body | Structure::Heading);
    if !may_sign || words.len() > LONGEST_SIGNATURE {
        return None;
    }
    let name = person_at_start(doc, mentions, words)?;
    let ends = doc.next(name.last()).is_none_or(|id| !words.has(id) || matches!(doc.token(id), "," | "from"));
    let is_sentence = matches!(doc.token(words.last()), "." | "?" | "!" | ":" | "”" | "\"");
    let says = words.iter().any(|id| phrase::is_speech_verb(doc, id));
    (ends && !is_sentence && !says).then_some(name)
}

/// The verb and the name with which the paragraph after a block says whose it was: "So wrote Ada Cole in March.", "Thus Ada
/// Cole, for the bench."
fn said_so(doc: Segmented<'_>, mentions: &Mentions, block: ParagraphId) -> Option<(Option<TokenRange>, TokenRange)> {
    let so = doc.next(doc.paragraphs()[block].tokens.last()).filter(|&id| matches!(doc.token(id), "So" | "Thus"))?;
    let sentence = doc.sentences()[doc.sentence_of(so)].tokens;
    let next = doc.next(so).filter(|&id| sentence.has(id))?;
    if phrase::is_speech_verb(doc, next) {
        let verb = TokenRange::new(next, next);
        return Some((Some(verb), phrase::after(doc, mentions, verb)?));
    }
    // "So Ada Cole went home" says nothing of it.
    let name = person_at_start(doc, mentions, TokenRange::new(next, sentence.last()))?;
    let ends = doc.next(name.last()).is_none_or(|id| matches!(doc.token(id), "," | "."));
    ends.then_some((None, name))
}
