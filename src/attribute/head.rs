//! What the words of a source refer to, read from their head.
//!
//! The head of a noun phrase is its last word before a preposition, a comma or a relative clause: "Clinton's spokesman"
//! is a spokesman, "the director of the FBI" a director, "Prime Minister Jane Doe, who …" is Jane Doe. What a name in
//! another place means is less than what the head means.

use crate::attribute::aged;
use crate::layer::{Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at, mentions_in, owns_what_follows, person_at};
use crate::segment::Segmented;
use crate::tag::Label;
use crate::words;

/// What a source's head is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// A name.
    Name(MentionId),
    /// A pronoun.
    Pronoun(Pronoun, TokenId),
    /// An age in place of a noun: "the 43-year-old".
    Aged(TokenId),
    /// A common noun, with whether the phrase points at something known ("the senator").
    Noun(Noun, TokenId, Definite),
    /// Something else.
    Other,
}

/// Whether a noun phrase points at something known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Definite {
    /// "the", "this".
    Yes,
    /// "a", "one of", bare.
    No,
}

/// A pronoun as a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pronoun {
    /// "he", "she".
    Singular,
    /// "they".
    They,
    /// "it".
    It,
    /// "who", "which".
    Relative,
    /// "I", "we".
    First,
    /// "someone", "nobody".
    Somebody,
    /// "you", "many", "everybody".
    Several,
}

impl Pronoun {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "he" | "him" | "himself" | "his" | "she" | "her" | "herself" | "hers" => Self::Singular,
            "they" | "them" | "themselves" | "their" => Self::They,
            "it" | "itself" | "its" => Self::It,
            "who" | "which" | "whom" | "that" => Self::Relative,
            "i" | "me" | "we" | "us" | "my" | "our" | "myself" => Self::First,
            "one" | "anyone" | "anybody" | "nobody" | "someone" | "somebody" | "another" => Self::Somebody,
            "you" | "everyone" | "everybody" | "those" | "some" | "many" | "others" | "most" | "few" | "several" => {
                Self::Several
            }
            _ => return None,
        })
    }
}

/// Reads a source's head.
pub(crate) fn read(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> Head {
    let source = without_genitive(doc, source);
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let first = word(source.first());
    if source.len() == 1
        && let Some(pronoun) = Pronoun::of(&first)
    {
        return Head::Pronoun(pronoun, source.first());
    }
    // "he or she" is nobody in particular.
    if source.len() == 3 && matches!(first.as_str(), "he" | "she") && source.iter().any(|id| word(id) == "or") {
        return Head::Pronoun(Pronoun::Somebody, source.first());
    }
    if let Some(part) = partitive(doc, source) {
        // "one of them, the former mayor Ada Cole"
        let named = matches!(part, Head::Noun(Noun::Individual(_), ..));
        let named = named.then(|| apposed_name(doc, mentions, source, source.first())).flatten();
        return named.map_or(part, Head::Name);
    }
    let phrase = phrase(doc, mentions, source);
    let (end, last) = (phrase.len(), phrase.last());
    let after = source.iter().nth(end).map(word);
    // "a Republican, Ada Cole", but not "Democrats including Ada Cole, Ben Dorn and Mira Hale"
    let lists = matches!(after.as_deref(), Some("including" | "like" | "such"));
    let apposed = apposed_name(doc, mentions, source, last).filter(|_| !lists);
    let is_one = matches!(first.as_str(), "a" | "an" | "another" | "one" | "the");
    let is_people = |id: MentionId| is_one && mentions[id].label == Label::Misc;
    if let Some((id, _)) = mention_at(mentions, last) {
        // "Dalby Commission, DC, chairwoman Ada Cole"
        let bearer = || title_bearer(doc, mentions, source).filter(|_| mentions[id].label == Label::Org);
        return Head::Name(apposed.filter(|_| is_people(id)).or_else(bearer).unwrap_or(id));
    }
    // "the 43-year-old", but not "the 43-year-old baker".
    if let Some(number) = phrase.iter().nth(1).filter(|_| first == "the" && phrase.len() == 6)
        && aged::age_at(doc, number).is_some()
    {
        return Head::Aged(number);
    }
    let noun = phrase.iter().rev().find_map(|id| Some((lexicon::noun(&word(id))?, id)));
    // "the mayor, Ada Cole": the name after the comma is who the noun means.
    let apposed = apposed
        .or_else(|| name_after_office(doc, mentions, source, end))
        .or_else(|| name_after_two_callings(doc, mentions, source, end));
    let medium = |(_, at): (Noun, TokenId)| name_before_medium(doc, mentions, phrase, at);
    if let Some(name) = noun.and_then(medium) {
        return Head::Name(name);
    }
    match noun {
        Some((noun, id)) => {
            // Sources that are only called that are unnamed, not a crowd.
            let noun = if matches!(word(id).as_str(), "sources" | "insiders") { Noun::Individual(None) } else { noun };
            match (apposed, noun) {
                (Some(name), Noun::Individual(_) | Noun::Organisation) => Head::Name(name),
                _ => Head::Noun(noun, id, definite(doc, phrase, after.as_deref())),
            }
        }
        None => match phrase.iter().find_map(|id| mention_at(mentions, id)) {
            // "U.S. exporters"
            Some((id, tokens))
                if mentions[id].label != Label::Per && tokens.last() < last && is_plural(doc.token(last)) =>
            {
                Head::Noun(Noun::Group, last, Definite::No)
            }
            // A name with words after it that are no known noun ("Clinton herself", "Trump supporters" is caught above).
            Some((id, tokens)) if !owns_what_follows(doc, tokens.last()) => {
                Head::Name(apposed.filter(|_| is_people(id)).unwrap_or(id))
            }
            // "Cole's running mate, Deputy Mayor Ruiz".
            Some(_) if apposed.is_some_and(|id| mentions[id].label == Label::Per) => {
                apposed.map_or(Head::Other, Head::Name)
            }
            // "another, Ben Cole"
            _ => match (Pronoun::of(&first), apposed) {
                (Some(Pronoun::Somebody), Some(name)) => Head::Name(name),
                // "Our security lead, Ada Cole,"
                (_, Some(name)) if mentions[name].label == Label::Per => Head::Name(name),
                // "its surveyor" is not "it".
                (Some(_), _) if words::is_possessive_pronoun(&first) => Head::Other,
                (Some(pronoun), _) => Head::Pronoun(pronoun, source.first()),
                (None, _) => Head::Other,
            },
        },
    }
}

/// The words of a source up to the end of its head: the first preposition, mark or clause.
pub(super) fn phrase(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> TokenRange {
    let ends = |&id: &TokenId| ends_phrase(&doc.token(id).to_lowercase()) && mention_at(mentions, id).is_none();
    let further = source.iter().skip(1).take_while(|id| !ends(id)).count();
    TokenRange::new(source.first(), TokenId::from_index(source.first().index() + further))
}

/// "Mr. Cole" of "Mr. Cole's" (view that …).
pub(super) fn without_genitive(doc: Segmented<'_>, source: TokenRange) -> TokenRange {
    let is_genitive = lexicon::is_genitive(doc.token(source.last()));
    let shorter = || TokenRange::of_indexes(source.first().index()..source.last().index());
    is_genitive.then(shorter).flatten().unwrap_or(source)
}

/// "one of the sources" is somebody, "two of his aides" and "a number of doctors" are several.
fn partitive(doc: Segmented<'_>, source: TokenRange) -> Option<Head> {
    let word = |i: usize| source.iter().nth(i).map(|id| doc.token(id).to_lowercase());
    let skip = usize::from(matches!(word(0)?.as_str(), "a" | "the" | "at" | "only" | "not"));
    let quantity = word(skip)?;
    if word(skip + 1)?.as_str() != "of" {
        return None;
    }
    let noun = match quantity.as_str() {
        "one" | "neither" | "either" => Noun::Individual(None),
        "some" | "many" | "most" | "several" | "few" | "all" | "both" | "two" | "three" | "four" | "five"
        | "dozens" | "scores" | "hundreds" | "thousands" | "millions" | "number" | "group" | "majority" | "handful"
        | "couple" | "series" | "members" | "half" | "none" | "any" => Noun::Group,
        _ => return None,
    };
    Some(Head::Noun(noun, source.first(), Definite::No))
}

/// The person whose office stands before the name with what it is over: "Leader of opposition Ada Cole", "US Secretary of State
/// Ada Cole", but not "the brother of former mayor Ada Cole" or "a spokesman for Ben Cole", which bring somebody else in. The
/// office ends `at` so many tokens into the source.
fn name_after_office(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange, at: usize) -> Option<MentionId> {
    const LONGEST: usize = 8;
    let preposition = source.iter().nth(at).filter(|&id| matches!(doc.token(id), "of" | "for" | "to" | "from"))?;
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let before = doc.previous(preposition).filter(|&id| source.has(id))?;
    let office = word(before);
    let is_title = doc.token(before).starts_with(char::is_uppercase);
    let brings_another = lexicon::is_kin(&office) || (lexicon::is_anybody(&office) && !is_title);
    if !is_calling(&office) || brings_another {
        return None;
    }
    let within = |id: &TokenId| id.index() <= preposition.index() + LONGEST && source.has(*id);
    let mut after = (preposition.index() + 1..).map(TokenId::from_index).take_while(within);
    let (id, name) = after.find_map(|id| person_at(mentions, id))?;
    let complement = TokenRange::of_indexes(preposition.index() + 1..name.first().index())?;
    let is_thing = |id: TokenId| {
        let word = word(id);
        let opens = words::is_article(&word) && doc.previous(id).is_some_and(|id| words::is_preposition(doc.token(id)));
        opens
            || !(words::is_determiner(&word)
                || lexicon::is_genitive(&word)
                || matches!(word.as_str(), "late" | "," | "and"))
    };
    // "A friend of the mayor Ada Cole": a title before the name is hers.
    let last = word(complement.last());
    let is_anothers = is_calling(&last)
        || lexicon::noun(&last) == Some(Noun::Group)
        || words::is_article(&last)
        || words::is_preposition(&last);
    (!is_anothers && complement.iter().all(is_thing)).then_some(id)
}

/// The person named behind two callings: "Conservative Party leader and Prime Minister Ada Cole", but not "officials and Prime
/// Minister Ada Cole" or "his mother and brother Ben", who are several.
fn name_after_two_callings(
    doc: Segmented<'_>,
    mentions: &Mentions,
    source: TokenRange,
    at: usize,
) -> Option<MentionId> {
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let and = source.iter().nth(at).filter(|&id| doc.token(id) == "and")?;
    let first = doc.previous(and).map(word)?;
    let (id, name) = person_at(mentions, source.last())?;
    let second = TokenRange::of_indexes(and.index() + 1..name.first().index())?;
    let is_single = |word: &str| is_calling(word) && !lexicon::is_kin(word);
    let parted = |id: TokenId| words::is_determiner(&word(id)) || matches!(doc.token(id), "," | "and");
    (is_single(&first) && is_single(&word(second.last())) && !second.iter().any(parted)).then_some(id)
}

/// The person with whose name a source ends, if a title or a trade stands directly before it.
fn title_bearer(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> Option<MentionId> {
    let (id, name) = person_at(mentions, source.last())?;
    let title = doc.previous(name.first()).filter(|&title| source.has(title))?;
    is_calling(&doc.token(title).to_lowercase()).then_some(id)
}

/// The medium or company that stands before the noun which says that it is one: "the Northmere Press news agency", but not
/// "a Dalby newspaper" or "the EU agency".
fn name_before_medium(doc: Segmented<'_>, mentions: &Mentions, phrase: TokenRange, noun: TokenId) -> Option<MentionId> {
    let word = |id: TokenId| doc.token(id).to_lowercase();
    let before = doc.previous(noun).filter(|&id| phrase.has(id))?;
    let (says_so, name) = match word(noun).as_str() {
        "agency" | "chain" | "group" => {
            (matches!(word(before).as_str(), "news" | "newspaper" | "media"), doc.previous(before)?)
        }
        "newspaper" | "magazine" | "website" | "network" | "channel" | "broadcaster" | "airline" | "journal" => {
            (true, before)
        }
        _ => (false, before),
    };
    let (id, name) = mention_at(mentions, name).filter(|(_, name)| phrase.contains(*name))?;
    let bare = name.first() == phrase.first() || word(phrase.first()) == "the";
    (says_so && bare && mentions[id].label == Label::Org).then_some(id)
}

/// Whether a word in small letters looks like a plural.
pub(super) fn is_plural(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
        && word.ends_with('s')
        && !["ss", "us", "is"].iter().any(|end| word.ends_with(end))
}

/// Whether a word says what one person is: an office, a title, a trade.
pub(super) fn is_calling(word: &str) -> bool {
    lexicon::is_title(word)
        || lexicon::role(word).is_some()
        || matches!(lexicon::noun(word), Some(Noun::Individual(_)))
        || word.ends_with("ologist")
}

pub(super) fn ends_phrase(word: &str) -> bool {
    matches!(word, "," | ";" | ":" | "(" | ")" | "and" | "or" | "as" | "close" | "including" | "like" | "such")
        || words::is_dash(word)
        || words::is_preposition(word)
        || words::is_relative_pronoun(word)
}

/// Whether a phrase points at something known. One that says whose ("her lawyer", "the mayor's office", "the spokesman for
/// Northmere Rail") brings its own new referent in.
fn definite(doc: Segmented<'_>, phrase: TokenRange, after: Option<&str>) -> Definite {
    let points =
        matches!(doc.token(phrase.first()).to_lowercase().as_str(), "the" | "this" | "that" | "these" | "those");
    let owned = phrase.iter().any(|id| lexicon::is_genitive(doc.token(id))) || matches!(after, Some("of" | "for"));
    if points && !owned { Definite::Yes } else { Definite::No }
}

/// The person or organisation to whom the noun phrase that ends at `last` stands in apposition: named after a comma, with
/// a title at most before the name, up to the next comma, parenthesis or the end of the source.
fn apposed_name(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange, last: TokenId) -> Option<MentionId> {
    const LONGEST_TITLE: usize = 6;
    let commas = source.iter().filter(|&id| id > last && doc.token(id) == ",");
    commas.filter_map(|comma| doc.next(comma).filter(|&id| source.has(id))).find_map(|first| {
        let end = (first.index() + LONGEST_TITLE).min(source.last().index());
        let phrase = TokenRange::of_indexes(first.index()..end + 1)?;
        let names = mentions_in(mentions, source).filter(|name| phrase.has(name.first()));
        let known = names.filter_map(|name| mention_at(mentions, name.first()));
        // "former Treasury Secretary Ada Cole" is not the Treasury.
        known
            .filter(|(id, _)| is_body_or_person(mentions, *id))
            .find(|&(id, name)| is_apposed(doc, mentions, source, first, id, name))
            .map(|(id, _)| id)
    })
}

/// Whether a name after a comma is one in apposition, whose phrase begins at `first`.
fn is_apposed(
    doc: Segmented<'_>,
    mentions: &Mentions,
    source: TokenRange,
    first: TokenId,
    id: MentionId,
    name: TokenRange,
) -> bool {
    let is_title = |id: TokenId| lexicon::is_title(&doc.token(id).to_lowercase());
    let before = (first.index()..name.first().index()).map(TokenId::from_index);
    // Before a person a title with its place ("Indiana Gov.") or a trade, before a body an article at most.
    let is_trade = |id: TokenId| is_calling(&doc.token(id).to_lowercase());
    let titled = before.clone().all(|id| is_title(id) || doc.token(id).starts_with(char::is_uppercase))
        || before.clone().next_back().is_some_and(is_trade);
    let bare = || before.clone().all(|id| doc.token(id) == "the");
    let introduced = bare() || (mentions[id].label == Label::Per && titled);
    // Letters after a name belong to it: "Dawn Cole MP".
    let last = doc.next(name.last()).filter(|&id| source.has(id) && is_post_nominal(doc.token(id)));
    let last = last.unwrap_or(name.last());
    introduced && (last >= source.last() || doc.next(last).is_some_and(|id| matches!(doc.token(id), "," | "(")))
}

fn is_post_nominal(word: &str) -> bool {
    (2..=5).contains(&word.chars().count()) && word.chars().all(|c| c.is_uppercase() || c == '.')
        || matches!(word, "PhD" | "Jr" | "Jr." | "Sr" | "Sr." | "Esq" | "Esq.")
}

fn is_body_or_person(mentions: &Mentions, id: MentionId) -> bool {
    matches!(mentions[id].label, Label::Per | Label::Org)
}
