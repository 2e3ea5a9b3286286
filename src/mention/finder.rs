//! The tagger's names, cut to the convention, made consistent, and found again.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::layer::{Id, TokenId, TokenRange};
use crate::lexicon;
use crate::mention::forms::{Forms, surname};
use crate::mention::{FindMentions, Mention, Mentions};
use crate::segment::Segmented;
use crate::tag::{Label, Score, Tags};
use crate::words;

/// Takes the tagger's names and looks for the same forms where it missed them.
#[derive(Debug, Clone, Copy, Default)]
pub struct MentionFinder;

/// What is certain of a name that was only found again is a little less than where the tagger saw it.
const FOUND_AGAIN: f32 = 0.9;
/// The longest name that is looked for again, in tokens.
const LONGEST_FORM: usize = 8;

impl FindMentions for MentionFinder {
    fn find(&self, doc: Segmented<'_>, tags: &Tags) -> Mentions {
        let mut mentions: Vec<Mention> = tags
            .names
            .iter()
            .filter_map(|name| {
                let tokens = cut(doc, name.place.tokens, &name.label)?;
                let tokens = with_legal_form(doc, completed(doc, tokens), &name.label);
                Some(Mention { tokens, label: name.label.clone(), score: name.place.score })
            })
            .collect();
        join_people(doc, &mut mentions);
        join_letters(doc, &mut mentions);
        mentions.dedup_by(|b, a| a.tokens.overlaps(b.tokens));
        let forms = Forms::of(doc, &mentions);
        forms.make_consistent(doc, &mut mentions);
        find_again(doc, &mut mentions);
        Mentions::from(mentions)
    }
}

/// Cuts a tagged name to the convention: no title, no clitic, no article but "The" of a medium's name.
fn cut(doc: Segmented<'_>, tokens: TokenRange, label: &Label) -> Option<TokenRange> {
    let mut range = tokens.indexes();
    let word = |i: usize| doc.token(TokenId::from_index(i));
    let goes_on = |word: &str| words::is_preposition(word) || words::is_article(word);
    while range.len() > 1
        && (is_edge(word(range.end - 1)) || is_full_stop(doc, range.end - 1) || goes_on(word(range.end - 1)))
    {
        range.end -= 1;
    }
    while range.len() > 1
        && (is_edge(word(range.start)) || matches!(word(range.start), "the" | "a" | "an" | "A" | "An"))
    {
        range.start += 1;
    }
    if *label == Label::Per {
        if let Some(dash) = dash_of_dateline(doc, range.clone()) {
            range.start = dash + 1;
        }
        while range.len() > 1 && lexicon::is_title(&word(range.start).to_lowercase()) {
            range.start += 1;
        }
    }
    if range.len() > 1 && word(range.start) == "The" && !(*label == Label::Org && is_medium(doc, range.clone())) {
        range.start += 1;
    }
    if *label == Label::Org && range.start > 0 && word(range.start - 1) == "The" && is_medium(doc, range.clone()) {
        range.start -= 1;
    }
    let found = TokenRange::of_indexes(range)?;
    let only = (found.len() == 1).then(|| doc.token(found.first()));
    if only.is_some_and(|word| matches!(word, "The" | "the" | "A" | "An" | "a" | "an") || is_address(word)) {
        return None;
    }
    doc.text_of(found).chars().any(char::is_alphabetic).then_some(found)
}

/// The dash within a tagged name that ends a dateline: "DALBY, Northmere - Ada Cole had". "Al - Zubair" has none.
fn dash_of_dateline(doc: Segmented<'_>, name: Range<usize>) -> Option<usize> {
    let word = |i: usize| doc.token(TokenId::from_index(i));
    let dash = (name.start + 1..name.end - 1).find(|&i| words::is_dash_or_hyphen(word(i)))?;
    let paragraph = doc.paragraphs()[doc.paragraph_of(TokenId::from_index(dash))].tokens.first().index();
    let shouted = |i: usize| word(i).chars().count() > 2 && !word(i).chars().any(char::is_lowercase);
    let spaced = |a: usize| doc.tokens().as_slice()[a].span.end() < doc.tokens().as_slice()[a + 1].span.start();
    let is_dateline = (paragraph..dash).take(LONGEST_FORM).any(shouted) && dash <= paragraph + LONGEST_FORM;
    (is_dateline && spaced(dash - 1) && spaced(dash)).then_some(dash)
}

/// Whether a word is an address for electronic mail, which names nobody: "ada.cole@example.com".
fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.'))
}

/// A company's name with the legal form that follows it: "Cole & Ruiz, Inc."
fn with_legal_form(doc: Segmented<'_>, name: TokenRange, label: &Label) -> TokenRange {
    let next = |id: TokenId| doc.next(id).filter(|&after| doc.sentence_of(after) == doc.sentence_of(id));
    let after = next(name.last()).and_then(|id| if doc.token(id) == "," { next(id) } else { Some(id) });
    let form = after.filter(|&id| *label == Label::Org && lexicon::is_legal_form(&doc.token(id).to_lowercase()));
    form.map_or(name, |form| TokenRange::new(name.first(), form))
}

/// The listed name that begins with a tagged one: "Islamic" in front of "State" is no religion.
fn completed(doc: Segmented<'_>, tokens: TokenRange) -> TokenRange {
    const LONGEST: usize = 4;
    let sentence = doc.sentences()[doc.sentence_of(tokens.first())].tokens;
    let Range { start, end } = tokens.indexes();
    let longer = (end + 1..=(end + LONGEST).min(sentence.indexes().end)).rev();
    let listed = |tokens: &TokenRange| lexicon::listed_label(doc.text_of(*tokens)).is_some();
    longer.filter_map(|end| TokenRange::of_indexes(start..end)).find(listed).unwrap_or(tokens)
}

/// Joins what the tagger cut apart of a person's name: a given name before initials ("Paul" and "D. Harwick"), and a
/// nickname in marks between given name and surname (`Robert C. "Bobby" Harwick`).
fn join_people(doc: Segmented<'_>, mentions: &mut Vec<Mention>) {
    let mut joined: Vec<Mention> = Vec::with_capacity(mentions.len());
    for mut mention in mentions.drain(..) {
        if mention.label == Label::Per {
            while let Some(first) = name_before(doc, mention.tokens) {
                mention.tokens = TokenRange::new(first, mention.tokens.last());
            }
            if let Some(before) = before_nickname(doc, &joined, mention.tokens) {
                mention.tokens = mention.tokens.hull(before);
            }
            while let Some(before) = joined.pop_if(|b| b.tokens.overlaps(mention.tokens)) {
                mention.tokens = mention.tokens.hull(before.tokens);
            }
        }
        joined.push(mention);
    }
    *mentions = joined;
}

/// Joins the letters of a firm that is called by two: "S and P", "A & P".
fn join_letters(doc: Segmented<'_>, mentions: &mut [Mention]) {
    let is_letter = |id: TokenId| {
        let word = doc.token(id);
        word.chars().count() == 1 && word.starts_with(char::is_uppercase) && word != "I"
    };
    let is_and = |id: TokenId| matches!(doc.token(id), "and" | "&");
    for mention in mentions.iter_mut().filter(|m| matches!(m.label, Label::Org | Label::Per)) {
        let Range { start, end } = mention.tokens.indexes();
        // The tagger may have found one of them, both, or one with "and", and have taken a letter for a person.
        let from = (start.saturating_sub(2)..end).map(TokenId::from_index);
        let three = from.filter_map(|first| TokenRange::of_indexes(first.index()..first.index() + 3));
        let pair =
            three.filter(|t| t.indexes().end <= doc.tokens().len() && t.hull(mention.tokens).len() == 3).find(|t| {
                let and = TokenId::from_index(t.first().index() + 1);
                is_letter(t.first()) && is_and(and) && is_letter(t.last())
            });
        if let Some(pair) = pair {
            (mention.tokens, mention.label) = (pair, Label::Org);
        }
    }
}

/// The given name or initial that stands before a name that begins with an initial, or before a surname alone.
fn name_before(doc: Segmented<'_>, name: TokenRange) -> Option<TokenId> {
    let is_initial = |id: TokenId| {
        let mut letters = doc.token(id).chars();
        letters.next().is_some_and(char::is_uppercase) && letters.next() == Some('.') && letters.next().is_none()
    };
    let before = doc.previous(name.first()).filter(|&id| doc.sentence_of(id) == doc.sentence_of(name.first()))?;
    let word = doc.token(before);
    let given = word.starts_with(char::is_uppercase) && lexicon::gender_of_name(&word.to_lowercase()).is_some();
    // A sentence may open with a given name that is another word there: "Will Cole resign?"
    let opens = doc.sentences()[doc.sentence_of(before)].tokens.first() == before;
    let belongs = match name.len() {
        1 => given && !opens && !is_initial(name.first()),
        _ => is_initial(name.first()) && (given || is_initial(before)),
    };
    belongs.then_some(before)
}

/// The given name before a nickname in marks that stands before a surname, whatever of the nickname was tagged.
fn before_nickname(doc: Segmented<'_>, joined: &[Mention], surname: TokenRange) -> Option<TokenRange> {
    const LONGEST: usize = 3;
    let is_mark = |id: TokenId| matches!(doc.token(id), "\"" | "“" | "”" | "''" | "``");
    let closes = doc.previous(surname.first()).filter(|&id| is_mark(id))?;
    let mut at = doc.previous(closes)?;
    for _ in 0..LONGEST {
        if !doc.token(at).starts_with(char::is_uppercase) {
            break;
        }
        at = doc.previous(at)?;
    }
    let given = doc.previous(at).filter(|_| is_mark(at) && at.index() + 1 < closes.index())?;
    let same_sentence = doc.sentence_of(given) == doc.sentence_of(surname.first());
    let before = joined.iter().rev().take(2).find(|m| m.label == Label::Per && m.tokens.has(given))?;
    same_sentence.then_some(before.tokens)
}

/// Whether a token is the stop at the end of a sentence, and no part of an abbreviation before it.
fn is_full_stop(doc: Segmented<'_>, at: usize) -> bool {
    let id = TokenId::from_index(at);
    let abbreviates = |before: TokenId| {
        let word = doc.token(before);
        word.chars().count() < 2 || lexicon::is_legal_form(&format!("{}.", word.to_lowercase()))
    };
    doc.token(id) == "."
        && doc.sentences()[doc.sentence_of(id)].tokens.last() == id
        && doc.previous(id).is_some_and(|before| !abbreviates(before))
}

fn is_edge(word: &str) -> bool {
    lexicon::is_genitive(word)
        || words::is_dash_or_hyphen(word)
        || matches!(word, "," | ";" | ":" | "(" | "“" | "”" | "\"" | "‘")
}

/// Whether a name is that of a newspaper or the like, to whose name "The" belongs: "The Post", "The Harbour Gazette".
fn is_medium(doc: Segmented<'_>, range: Range<usize>) -> bool {
    let last = doc.token(TokenId::from_index(range.end - 1)).to_lowercase();
    lexicon::is_media_word(&last) || !lexicon::media(&last).is_empty()
}

/// The forms that are looked for again.
#[derive(Default)]
struct Wanted<'a> {
    /// How many tokens the forms that begin with a word have, the longest first: a list may hold many names of one first word.
    lengths: HashMap<&'a str, Vec<usize>>,
    known: HashMap<&'a str, (Label, f32)>,
}

impl<'a> Wanted<'a> {
    fn add(&mut self, doc: Segmented<'a>, tokens: TokenRange, mention: &Mention) {
        let form = doc.text_of(tokens);
        let searchable =
            tokens.len() <= LONGEST_FORM && form.chars().count() > 2 && form.chars().any(char::is_uppercase);
        if !searchable || self.known.contains_key(form) {
            return;
        }
        self.known.insert(form, (mention.label.clone(), mention.score.get()));
        let lengths = self.lengths.entry(doc.token(tokens.first())).or_default();
        if let Err(place) = lengths.binary_search_by(|length| tokens.len().cmp(length)) {
            lengths.insert(place, tokens.len());
        }
    }

    /// The forms that may stand at a token, the longest first.
    fn at(&self, doc: Segmented<'a>, at: TokenId) -> impl Iterator<Item = (TokenRange, &(Label, f32))> {
        let end = doc.tokens().len();
        let lengths = self.lengths.get(doc.token(at)).map_or(&[][..], Vec::as_slice);
        let places = lengths.iter().filter_map(move |length| {
            TokenRange::of_indexes(at.index()..at.index() + length).filter(|tokens| tokens.indexes().end <= end)
        });
        places.filter_map(move |tokens| Some((tokens, self.known.get(doc.text_of(tokens))?)))
    }
}

/// Adds the occurrences of known forms, and of the last words of people's names, that the tagger passed over.
fn find_again(doc: Segmented<'_>, mentions: &mut Vec<Mention>) {
    let mut wanted = Wanted::default();
    for mention in mentions.iter() {
        wanted.add(doc, mention.tokens, mention);
        if let Some(surname) = surname(doc, mention) {
            wanted.add(doc, surname, mention);
        }
    }
    let mut taken = vec![false; doc.tokens().len()];
    for mention in mentions.iter() {
        taken[mention.tokens.indexes()].fill(true);
    }
    let common: HashSet<&str> =
        doc.tokens().ids().map(|id| doc.token(id)).filter(|word| word.starts_with(char::is_lowercase)).collect();
    let mut at = 0;
    while at < taken.len() {
        let found = wanted.at(doc, TokenId::from_index(at)).find(|(tokens, (label, _))| {
            let free = taken[tokens.indexes()].iter().all(|t| !t) && !continues(doc, *tokens, &taken);
            let same_sentence = doc.sentence_of(tokens.first()) == doc.sentence_of(tokens.last());
            let another = *label == Label::Per && tokens.len() == 1 && is_common_here(doc, &common, tokens.first());
            free && same_sentence && !another
        });
        at += 1;
        if let Some((tokens, (label, score))) = found {
            at = tokens.indexes().end;
            mentions.push(Mention { tokens, label: label.clone(), score: Score::new(score * FOUND_AGAIN) });
        }
    }
    mentions.sort_by_key(|m| m.tokens);
}

/// Whether a surname's word is an ordinary one here: after an article, or where every word has a capital and the article
/// uses it in small letters too.
fn is_common_here(doc: Segmented<'_>, common: &HashSet<&str>, id: TokenId) -> bool {
    let opens = doc.sentences()[doc.sentence_of(id)].tokens.first() == id;
    let after_article = doc.previous(id).is_some_and(|p| matches!(doc.token(p), "the" | "The" | "a" | "an"));
    after_article || (opens && common.contains(doc.token(id).to_lowercase().as_str()))
}

/// Whether the capitalised words around a form make it part of a longer name: "Cole" in "Cole Street".
fn continues(doc: Segmented<'_>, tokens: TokenRange, taken: &[bool]) -> bool {
    let starts_upper = |id: TokenId| doc.token(id).chars().next().is_some_and(char::is_uppercase) && !taken[id.index()];
    let same_sentence = |id: TokenId| doc.sentence_of(id) == doc.sentence_of(tokens.first());
    let after = doc.next(tokens.last()).filter(|&id| same_sentence(id)).is_some_and(starts_upper);
    let before = doc.previous(tokens.first()).filter(|&id| same_sentence(id)).is_some_and(|id| {
        let opens = doc.sentences()[doc.sentence_of(id)].tokens.first() == id;
        starts_upper(id) && !opens && !lexicon::is_title(&doc.token(id).to_lowercase())
    });
    after || before
}
