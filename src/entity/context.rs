//! What is said beside a person's name: titles, roles, affiliations.

use crate::layer::{Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Gender, Noun};
use crate::mention::{Mention, Mentions, mention_at};
use crate::segment::Segmented;
use crate::tag::Label;
use crate::words;

/// The longest title that is looked for, in tokens.
const LONGEST_TITLE: usize = 6;

/// The gender that an honorific or another noun directly before a name shows, or one that brings the name in.
pub(crate) fn gender_before(doc: Segmented<'_>, name: TokenRange) -> Option<Gender> {
    let sentence = doc.sentence_of(name.first());
    let previous = |id: TokenId| doc.previous(id).filter(|&before| doc.sentence_of(before) == sentence);
    let before = previous(name.first())?;
    // "His girlfriend (Ada Cole)", "the victim's older sister, Ada Cole".
    let noun = match doc.token(before) {
        "(" => previous(before)?,
        "," => previous(before).filter(|&noun| is_owned(doc, noun))?,
        _ => before,
    };
    lexicon::gender_of_title(&doc.token(noun).to_lowercase())
}

/// Whether a noun stands after somebody whose it is, with an adjective or two at most between them.
fn is_owned(doc: Segmented<'_>, noun: TokenId) -> bool {
    const ADJECTIVES: usize = 2;
    let sentence = doc.sentences()[doc.sentence_of(noun)].tokens.first().index();
    let mut back = (sentence..noun.index()).rev().take(ADJECTIVES + 1).map(|i| doc.token(TokenId::from_index(i)));
    let owner = back.find(|word| is_possessive(word) || !word.starts_with(char::is_lowercase));
    owner.is_some_and(is_possessive)
}

/// Whether a person is brought in as a relative of somebody: "Cole's son Ben", "the daughter of Ruth Cole, a baker, and Ben
/// Cole", but not "her mother met Ben Cole".
pub(crate) fn is_somebodys_relative(doc: Segmented<'_>, name: TokenRange) -> bool {
    const REACH: usize = 20;
    let sentence = doc.sentences()[doc.sentence_of(name.first())].tokens.first().index();
    let back = (sentence..name.first().index()).rev().take(REACH).map(|i| doc.token(TokenId::from_index(i)));
    let is_verb = |word: &str| {
        matches!(word, "is" | "was" | "has" | "had" | "met" | "told")
            || word.ends_with("ed")
            || lexicon::reporting_verb(word).is_some()
    };
    back.take_while(|word| !is_verb(word)).any(|word| lexicon::is_kin(&word.to_lowercase()))
}

/// Whether a word says whose something is: "her", "’s".
pub(crate) fn is_possessive(word: &str) -> bool {
    words::is_possessive_pronoun(&word.to_lowercase()) || lexicon::is_genitive(word)
}

/// A person's title and affiliation: those of the first mention that has any; an honorific only where nothing says more.
pub(crate) fn about_person(
    doc: Segmented<'_>,
    mentions: &Mentions,
    of: &[MentionId],
) -> (Option<TokenRange>, Option<TokenRange>) {
    let (mut title, mut honorific, mut affiliation) = (None, None, None);
    for &id in of {
        let before = Before::read(doc, mentions, id);
        let after = After::read(doc, mentions, id);
        match before.title {
            Some(tokens) if is_honorific(doc, tokens) => honorific = honorific.or(Some(tokens)),
            found => title = title.or(found),
        }
        title = title.or(after.title);
        affiliation = affiliation.or(before.affiliation).or(after.affiliation);
    }
    (title.or(honorific), affiliation)
}

fn is_honorific(doc: Segmented<'_>, title: TokenRange) -> bool {
    title.len() == 1
        && matches!(doc.token(title.first()).to_lowercase().trim_end_matches('.'), "mr" | "mrs" | "ms" | "miss" | "mx")
}

/// What stands before a name: "The Post's", "CNA spokeswoman", "Russian Ambassador to the U.S.".
struct Before {
    title: Option<TokenRange>,
    affiliation: Option<TokenRange>,
}

impl Before {
    fn read(doc: Segmented<'_>, mentions: &Mentions, id: MentionId) -> Self {
        let name = mentions[id].tokens;
        let sentence = doc.sentences()[doc.sentence_of(name.first())].tokens.first().index();
        let neighbour = id
            .index()
            .checked_sub(1)
            .map(|i| &mentions[MentionId::from_index(i)])
            .filter(|m| m.tokens.first().index() >= sentence);
        let at = name.first().index();
        let title = title_ending_at(doc, sentence, at)
            .map(|title| whole_phrase(doc, mentions, sentence, title))
            .or_else(|| of_a_place(doc, sentence, name, neighbour?))
            .or_else(|| role_before(doc, mentions, sentence, at))
            .or_else(|| apposed_before(doc, mentions, sentence, name));
        let start = title.map_or(name.first().index(), |t| t.first().index());
        let title = title.map(|title| with_modifiers(doc, mentions, id, title, sentence));
        Self { affiliation: owner(doc, mentions, id, start, title.is_some()), title }
    }
}

/// The organisation or place before a name: "The Post's", and "CNA" in "CNA spokeswoman". Of "The Post's Greg Miller and
/// Greg Jaffe" both are the Post's, so a few joined names are passed over.
fn owner(doc: Segmented<'_>, mentions: &Mentions, id: MentionId, start: usize, has_title: bool) -> Option<TokenRange> {
    const LONGEST_LIST: usize = 4;
    let sentence = doc.sentence_of(mentions[id].tokens.first());
    let before =
        mentions.as_slice()[..id.index()].iter().rev().take_while(|m| doc.sentence_of(m.tokens.first()) == sentence);
    let mut start = start;
    for (step, mention) in before.take(LONGEST_LIST).enumerate() {
        let between = mention.tokens.indexes().end..start;
        let possessive = between.len() == 1 && lexicon::is_genitive(doc.token(TokenId::from_index(between.start)));
        let modifies = step == 0 && between.is_empty() && has_title && mention.label == Label::Org;
        match mention.label {
            Label::Org | Label::Loc if possessive || modifies => return Some(mention.tokens),
            Label::Per if joined(doc, between) => start = mention.tokens.first().index(),
            _ => return None,
        }
    }
    None
}

/// Whether only "and" or a comma stands there.
fn joined(doc: Segmented<'_>, between: std::ops::Range<usize>) -> bool {
    (1..=2).contains(&between.len())
        && between.map(TokenId::from_index).all(|id| matches!(doc.token(id), "and" | "," | "&"))
}

/// The longest listed title that ends before the token at `end`.
fn title_ending_at(doc: Segmented<'_>, from: usize, end: usize) -> Option<TokenRange> {
    let first = from.max(end.saturating_sub(LONGEST_TITLE));
    // "Mother Teresa" has a title, "her mother Teresa" has none.
    if end > from && is_near(word_at(doc, end - 1)) {
        return None;
    }
    (first..end).find_map(|start| {
        let tokens = TokenRange::of_indexes(start..end)?;
        lexicon::is_title(&doc.text_of(tokens).to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
            .then_some(tokens)
    })
}

/// A common noun for a role directly before a name, with the words of its phrase: "the law professor", "Pop queen".
fn role_before(doc: Segmented<'_>, mentions: &Mentions, sentence: usize, at: usize) -> Option<TokenRange> {
    let head = at.checked_sub(1).filter(|&h| h >= sentence && is_free_role(doc, mentions, h))?;
    let opens = |i: usize| i == sentence && word_at(doc, i).starts_with(char::is_uppercase);
    let start = phrase_start(doc, mentions, sentence, head).or((head > sentence && opens(head - 1)).then(|| head - 1));
    TokenRange::of_indexes(start.unwrap_or(head)..at)
}

/// The role to which a name stands in apposition: "his lawyer, Cormac Doyle,", "the minister for maritime affairs, …".
fn apposed_before(doc: Segmented<'_>, mentions: &Mentions, sentence: usize, name: TokenRange) -> Option<TokenRange> {
    const LONGEST_COMPLEMENT: usize = 12;
    let end = name.first().index().checked_sub(1).filter(|&e| e > sentence && word_at(doc, e) == ",")?;
    if !closes(doc, name) {
        return None;
    }
    if let Some(listed) = title_ending_at(doc, sentence, end) {
        return Some(whole_phrase(doc, mentions, sentence, listed));
    }
    let with_complement = |h: usize| matches!(word_at(doc, h + 1), "of" | "for" | "to");
    let head = (sentence.max(end.saturating_sub(LONGEST_COMPLEMENT))..end)
        .rev()
        .take_while(|&h| !ends_complement(word_at(doc, h)))
        .find(|&h| is_free_role(doc, mentions, h) && (h + 1 == end || with_complement(h)))?;
    TokenRange::of_indexes(phrase_start(doc, mentions, sentence, head)?..end)
}

/// Whether a name after a comma may stand in apposition to what is before it. Without a comma after it the name is what the
/// next verb is about: "She met the mayor, Ada Cole said".
pub(crate) fn closes(doc: Segmented<'_>, name: TokenRange) -> bool {
    doc.next(name.last()).is_none_or(|id| matches!(doc.token(id), "," | "." | ";" | ")" | "who"))
}

/// Whether a word is hardly part of what somebody is the minister, head or candidate of.
pub(crate) fn ends_complement(word: &str) -> bool {
    let is_verb = (word.ends_with("ed") && word.starts_with(char::is_lowercase))
        || matches!(word, "is" | "was" | "has" | "had" | "said" | "says" | "will");
    is_verb || matches!(word, "," | ";" | ":") || words::is_relative_pronoun(word)
}

/// A title in small letters with the modifiers that stand between it and its determiner: "the borough treasurer".
fn whole_phrase(doc: Segmented<'_>, mentions: &Mentions, sentence: usize, title: TokenRange) -> TokenRange {
    let first = title.first().index();
    let start =
        phrase_start(doc, mentions, sentence, first).filter(|_| word_at(doc, first).starts_with(char::is_lowercase));
    start.and_then(|start| TokenRange::of_indexes(start..title.indexes().end)).unwrap_or(title)
}

/// Where the noun phrase of a head begins, after its determiner or possessor; `None` if it has neither.
fn phrase_start(doc: Segmented<'_>, mentions: &Mentions, sentence: usize, head: usize) -> Option<usize> {
    const MOST_MODIFIERS: usize = 3;
    let back = (sentence.max(head.saturating_sub(MOST_MODIFIERS + 1))..head).rev();
    // "In the words of economist Ada Cole": what stands before a preposition is another phrase.
    back.take_while(|&i| !matches!(word_at(doc, i), "of" | "by" | "from" | "with" | "for")).find_map(|i| {
        let word = word_at(doc, i).to_lowercase();
        let opens = lexicon::is_genitive(&word) || words::is_determiner(&word) || word == "own";
        // "Ben Hale and actor Ada Cole"
        let start = i + 1 + usize::from(word_at(doc, i + 1) == "and");
        (opens || mention_at(mentions, TokenId::from_index(i)).is_some()).then_some(start)
    })
}

/// Whether a token outside names is a noun for what somebody is.
fn is_free_role(doc: Segmented<'_>, mentions: &Mentions, at: usize) -> bool {
    is_role(word_at(doc, at)) && mention_at(mentions, TokenId::from_index(at)).is_none()
}

fn word_at(doc: Segmented<'_>, at: usize) -> &str {
    doc.token(TokenId::from_index(at))
}

/// "Ambassador to the U.S." and "President of Kestonia" before a name.
fn of_a_place(doc: Segmented<'_>, sentence: usize, name: TokenRange, place: &Mention) -> Option<TokenRange> {
    let word = |i: usize| doc.token(TokenId::from_index(i));
    let start = place.tokens.first().index();
    if place.tokens.indexes().end != name.first().index() || start < sentence + 2 {
        return None;
    }
    let preposition = if word(start - 1) == "the" { start - 2 } else { start - 1 };
    let title = matches!(word(preposition), "to" | "of" | "for")
        .then(|| title_ending_at(doc, sentence, preposition))
        .flatten()?;
    Some(title.hull(place.tokens))
}

/// A title with the words before it that belong to it: "former", "Russian", "U.S.".
fn with_modifiers(
    doc: Segmented<'_>,
    mentions: &Mentions,
    id: MentionId,
    title: TokenRange,
    sentence: usize,
) -> TokenRange {
    let mut start = title.first().index();
    let before =
        |start: usize| mentions.as_slice()[..id.index()].iter().rev().find(|m| m.tokens.indexes().end <= start);
    while start > sentence {
        let word = doc.token(TokenId::from_index(start - 1)).to_lowercase();
        if matches!(
            word.as_str(),
            "former"
                | "then"
                | "acting"
                | "deputy"
                | "senior"
                | "assistant"
                | "chief"
                | "interim"
                | "ex"
                | "vice"
                | "longtime"
                | "retired"
        ) {
            start -= 1;
        } else if let Some(m) =
            before(start).filter(|m| m.tokens.indexes().end == start && matches!(m.label, Label::Misc | Label::Loc))
        {
            start = m.tokens.first().index();
        } else {
            break;
        }
    }
    title.hull(TokenRange::new(TokenId::from_index(start), title.first()))
}

/// What stands after a name: ", a doctor at Lindqvist Hospital,", "of the University of Dalby".
#[derive(Default)]
struct After {
    title: Option<TokenRange>,
    affiliation: Option<TokenRange>,
}

impl After {
    fn read(doc: Segmented<'_>, mentions: &Mentions, id: MentionId) -> Self {
        let name = mentions[id].tokens;
        let end = doc.sentences()[doc.sentence_of(name.last())].tokens.indexes().end;
        let word = |i: usize| if i < end { doc.token(TokenId::from_index(i)) } else { "" };
        let at = name.indexes().end;
        let next = id.index() + 1;
        if matches!(word(at), "of" | "from" | "at") {
            return Self { title: None, affiliation: place_after(doc, mentions, next, at + 1) };
        }
        if word(at) != "," {
            return Self::default();
        }
        // "Ada Cole, formerly a deputy mayor", "Ada Cole, another lawyer"
        let is_adverb = matches!(word(at + 1), "formerly" | "now" | "then" | "once" | "also" | "currently");
        let start = at + 1 + usize::from(is_adverb);
        let start = start + usize::from(words::is_determiner(word(start)) || word(start) == "another");
        // "the Terns' captain": whose captain is not a part of the title.
        let owner = (start..end.min(start + 4)).find(|&i| lexicon::is_genitive(word(i)));
        let owned_by = owner.and_then(|i| mention_at(mentions, TokenId::from_index(i - 1))).map(|(m, _)| m);
        let owned_by = owned_by.map(|m| &mentions[m]).filter(|m| matches!(m.label, Label::Org | Label::Loc));
        let start = owner.map_or(start, |i| i + 1);
        // The role ends at its head noun, and takes "of …" along.
        let stop = (start..end.min(start + 12)).find(|&i| is_stop(word(i))).unwrap_or(end.min(start + 12));
        // "In talks with Ada Cole, the minister said" says nothing of her.
        let acts = matches!(word(stop), "said" | "says");
        let Some(head) = stop.checked_sub(1).filter(|&h| h >= start && !acts && is_role(word(h))) else {
            return Self::default();
        };
        let affiliation = matches!(word(stop), "of" | "at" | "for" | "with" | "from")
            .then(|| place_after(doc, mentions, next, stop + 1))
            .flatten();
        // "professor of sensory ecology", "minister for maritime affairs"
        let complement = (stop + 1..end.min(stop + 6))
            .find(|&i| is_stop(word(i)) || mention_at(mentions, TokenId::from_index(i)).is_some());
        let has_complement =
            affiliation.is_none() && matches!(word(stop), "of" | "for") && complement.is_some_and(|i| i > stop + 1);
        let last = match affiliation {
            Some(place) if word(stop) == "of" => place.last().index(),
            None if has_complement => complement.map_or(head, |i| i - 1),
            _ => head,
        };
        let beyond = complement
            .filter(|&i| has_complement && matches!(word(i), "at" | "of" | "for"))
            .and_then(|i| place_after(doc, mentions, next, i + 1));
        let before_role = mentions
            .get(MentionId::from_index(next))
            .filter(|m| m.tokens.first().index() >= start && m.tokens.last().index() < head && m.label == Label::Org);
        let title = TokenRange::of_indexes(before_role.map_or(start, |m| m.tokens.indexes().end)..last + 1);
        let named = before_role.or(owned_by).map(|m| m.tokens);
        Self { title, affiliation: affiliation.or(beyond).or(named) }
    }
}

/// The organisation or place that is named at a token, or after "the" there.
fn place_after(doc: Segmented<'_>, mentions: &Mentions, next: usize, at: usize) -> Option<TokenRange> {
    let article = at < doc.tokens().len() && doc.token(TokenId::from_index(at)) == "the";
    let place = mentions.get(MentionId::from_index(next))?;
    let begins = place.tokens.first().index() == at + usize::from(article);
    (begins && matches!(place.label, Label::Org | Label::Loc)).then_some(place.tokens)
}

fn is_stop(word: &str) -> bool {
    matches!(word, "" | "," | "." | ";" | ":" | "(" | ")" | "”" | "\"" | "“" | "and" | "said" | "says")
        || words::is_dash_or_hyphen(word)
        || words::is_relative_pronoun(word)
        || matches!(word, "of" | "at" | "for" | "from" | "with" | "in" | "on")
}

fn is_role(word: &str) -> bool {
    let word = word.to_lowercase();
    // "The woman accused Ada Cole" gives her no title.
    let is_verb = word.ends_with("ed") && lexicon::reporting_verb(&word).is_some();
    !is_verb
        && !is_near(&word)
        && (matches!(lexicon::noun(&word), Some(Noun::Individual(_))) || lexicon::is_title(&word))
}

/// Whose mother or friend somebody is says nothing of what she is.
fn is_near(word: &str) -> bool {
    lexicon::is_kin(word) || matches!(word, "friend" | "partner" | "neighbour" | "neighbor")
}
