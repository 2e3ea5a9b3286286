//! Word lists: closed knowledge of news English that rules look things up in.
//!
//! The lists stand in `data/lexicon/`, one entry a line, sorted, with a `SOURCE.md` that says where they come from; they
//! are compiled into the library. Lookups take lower-case forms unless they say otherwise.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use crate::tag::Label;

macro_rules! list {
    ($name:literal) => {
        include_str!(concat!("../data/lexicon/", $name, ".txt"))
    };
}

type Set = LazyLock<HashSet<&'static str>>;
type Map<T> = LazyLock<HashMap<&'static str, T>>;

fn set(list: &'static str) -> HashSet<&'static str> {
    list.lines().collect()
}

/// The columns of a list, tab-separated.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines().filter_map(|line| line.split_once('\t'))
}

/// A map to all values of a key, in the order of the list.
fn multimap(list: &'static str) -> HashMap<&'static str, Vec<&'static str>> {
    let mut map: HashMap<_, Vec<_>> = HashMap::new();
    for (key, value) in rows(list) {
        map.entry(key).or_default().push(value);
    }
    map
}

static TITLES: Set = LazyLock::new(|| set(list!("titles")));
/// The phrases that begin with each byte: every paragraph of every article is compared with those of its own.
static BOILERPLATE: LazyLock<[Vec<&str>; 256]> = LazyLock::new(|| {
    let mut phrases = [const { Vec::new() }; 256];
    for phrase in list!("boilerplate").lines() {
        phrases[usize::from(phrase.bytes().next().unwrap_or_default())].push(phrase);
    }
    phrases
});
static VERBS: Map<VerbClass> = LazyLock::new(|| {
    let class = |rest: &str| if rest.ends_with("\tsay") { VerbClass::Say } else { VerbClass::Report };
    rows(list!("reporting_verbs")).map(|(form, rest)| (form, class(rest))).collect()
});
static NOUNS: Map<Noun> = LazyLock::new(|| {
    let organisations = list!("organisation_nouns").lines().map(|noun| (noun, Noun::Organisation));
    let documents = list!("document_nouns").lines().map(|noun| (noun, Noun::Document));
    let groups = list!("group_nouns").lines().map(|noun| (noun, Noun::Group));
    let individuals =
        rows(list!("individual_nouns")).map(|(noun, gender)| (noun, Noun::Individual(Gender::of_column(gender))));
    organisations.chain(documents).chain(groups).chain(individuals).collect()
});
static ROLES: Map<Role> = LazyLock::new(|| {
    let role = |column: &str| if column == "office" { Role::Office } else { Role::Calling };
    rows(list!("role_nouns")).map(|(noun, column)| (noun, role(column))).collect()
});
static GIVEN_NAMES: Map<Gender> = LazyLock::new(|| {
    rows(list!("given_names")).filter_map(|(name, gender)| Some((name, Gender::of_column(gender)?))).collect()
});
static NICKNAMES: Map<Vec<&str>> = LazyLock::new(|| multimap(list!("nicknames")));
static ACRONYMS: Map<Vec<&str>> = LazyLock::new(|| {
    let mut map: HashMap<_, Vec<_>> = HashMap::new();
    for (acronym, rest) in rows(list!("acronyms")) {
        map.entry(acronym).or_default().push(rest.split_once('\t').map_or(rest, |(full, _)| full));
    }
    map
});
static LISTED: Map<Label> = LazyLock::new(|| {
    let entries = rows(list!("acronyms")).filter_map(|(acronym, rest)| Some((acronym, rest.split_once('\t')?)));
    entries.flat_map(|(acronym, (full, label))| [(acronym, label.into()), (full, label.into())]).collect()
});
static FRONTING: Set = LazyLock::new(|| set(list!("fronting_words")));
static KIN: Set = LazyLock::new(|| set(list!("kin_nouns")));
static COMPANY_NOUNS: Map<&str> = LazyLock::new(|| rows(list!("company_nouns")).collect());
static PUBLIC_BODIES: Set = LazyLock::new(|| set(list!("public_bodies")));
static ANYBODY: Set = LazyLock::new(|| set(list!("anybody_nouns")));
static LEGAL_FORMS: Set = LazyLock::new(|| set(list!("legal_forms")));
static MEDIA_WORDS: Set = LazyLock::new(|| set(list!("media_words")));
static MEDIA: Map<Vec<&str>> = LazyLock::new(|| multimap(list!("media")));

/// What a reporting verb can introduce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VerbClass {
    /// Direct speech too: "say", "add".
    Say,
    /// Mostly a clause: "believe", "deny".
    Report,
}

/// A person's gender, as a title, a given name or a noun shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    /// She.
    Female,
    /// He.
    Male,
}

impl Gender {
    fn of_column(column: &str) -> Option<Self> {
        match column {
            "f" => Some(Self::Female),
            "m" => Some(Self::Male),
            _ => None,
        }
    }
}

/// What sort of role a noun is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Of which a person has one: "senator".
    Office,
    /// "nominee", "businessman".
    Calling,
}

/// What a common noun refers to when it is the source of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    /// An individual: "official", "spokeswoman".
    Individual(Option<Gender>),
    /// Several people: "officials".
    Group,
    /// A document: "report".
    Document,
    /// An organisation: "company".
    Organisation,
}

/// Whether a paragraph is the page's own words: navigation, sharing, rights.
pub(crate) fn is_boilerplate(paragraph: &str) -> bool {
    const LONGEST: usize = 240;
    if paragraph.len() > LONGEST {
        return false;
    }
    let second = paragraph.as_bytes().get(1).copied().unwrap_or_default().to_ascii_lowercase();
    let begins = |phrase: &&str| {
        // Most phrases with the same first letter have another second one.
        if phrase.as_bytes().get(1).is_some_and(|&byte| byte != second) {
            return false;
        }
        let (begin, rest) = paragraph.split_at_checked(phrase.len()).unwrap_or_default();
        begin.eq_ignore_ascii_case(phrase) && (phrase.ends_with(' ') || !rest.starts_with(char::is_alphanumeric))
    };
    // Somebody's words begin like the page's own now and then: "Privacy policy should be set by Congress, she said."
    let says = |word: &str| {
        ["said", "says", "told"].iter().any(|verb| word.eq_ignore_ascii_case(verb)) || word.starts_with(['“', '"'])
    };
    let first = paragraph.bytes().next().unwrap_or_default().to_ascii_lowercase();
    BOILERPLATE[usize::from(first)].iter().any(begins) && !paragraph.split_whitespace().any(says)
}

/// The class of a verb form, if it reports speech, writing or belief.
pub(crate) fn reporting_verb(form: &str) -> Option<VerbClass> {
    VERBS.get(form).copied()
}

/// Whether a token is the clitic of a genitive: "'s", or the apostrophe after a plural.
pub(crate) fn is_genitive(token: &str) -> bool {
    matches!(token, "'s" | "’s" | "'" | "’")
}

/// Whether a phrase may stand as a title directly before a person's name.
pub(crate) fn is_title(phrase: &str) -> bool {
    TITLES.contains(phrase)
}

/// The noun that an abbreviated title stands for, or the title itself: "sen." is "senator".
pub(crate) fn full_title(title: &str) -> &str {
    match title {
        "sen." | "sen" => "senator",
        "rep." | "rep" => "representative",
        "gov." | "gov" => "governor",
        "gen." | "gen" => "general",
        "lt." | "lt" => "lieutenant",
        "sgt." | "sgt" => "sergeant",
        "capt." | "capt" => "captain",
        "col." | "col" => "colonel",
        "prof." | "prof" => "professor",
        "dr." | "dr" => "doctor",
        "rev." | "rev" => "reverend",
        title => title,
    }
}

/// The gender that a title or a role shows.
pub(crate) fn gender_of_title(title: &str) -> Option<Gender> {
    match title.trim_end_matches('.') {
        "mr" | "sir" | "lord" | "king" | "prince" | "father" | "monsignor" | "pope" | "tsar" | "czar" => {
            Some(Gender::Male)
        }
        "mrs" | "ms" | "miss" | "mme" | "dame" | "lady" | "queen" | "princess" | "sister" => Some(Gender::Female),
        other => match NOUNS.get(other) {
            Some(Noun::Individual(gender)) => *gender,
            _ => None,
        },
    }
}

/// What a common noun refers to.
pub(crate) fn noun(word: &str) -> Option<Noun> {
    NOUNS.get(word).copied()
}

/// The role of a noun by which somebody who was named is called again ("the senator"), unlike one that brings somebody new
/// in ("the spokesman").
pub(crate) fn role(noun: &str) -> Option<Role> {
    ROLES.get(noun).copied()
}

/// Whether a noun for an individual says too little to call somebody again who was named ("the man").
pub(crate) fn is_anybody(noun: &str) -> bool {
    ANYBODY.contains(noun)
}

/// Whether a noun for an organisation is a plural ("rights groups"), which names none.
pub(crate) fn is_several(noun: &str) -> bool {
    let singular = |word: &str| matches!(self::noun(word), Some(Noun::Organisation));
    noun.strip_suffix("ies").is_some_and(|stem| singular(&format!("{stem}y")))
        || noun.strip_suffix("es").is_some_and(singular)
        || noun.strip_suffix('s').is_some_and(singular)
        || matches!(noun, "media" | "news media")
}

/// The gender of a given name, where it is clearly one.
pub(crate) fn gender_of_name(name: &str) -> Option<Gender> {
    GIVEN_NAMES.get(name).copied()
}

/// The given names that a nickname is short for.
pub(crate) fn full_given_names(nickname: &str) -> &'static [&'static str] {
    NICKNAMES.get(nickname).map_or(&[], Vec::as_slice)
}

/// Whether two given names can be the same person's: equal, or one a short form of the other.
pub(crate) fn same_given_name(a: &str, b: &str) -> bool {
    let (full_of_a, full_of_b) = (full_given_names(a), full_given_names(b));
    a == b || full_of_a.contains(&b) || full_of_b.contains(&a) || full_of_a.iter().any(|name| full_of_b.contains(name))
}

/// The full names of an acronym, as they are usually written; the acronym as it stands in the text, with or without
/// stops.
pub(crate) fn expansions(acronym: &str) -> &'static [&'static str] {
    ACRONYMS.get(acronym).map_or(&[], Vec::as_slice)
}

/// The label of a name that the list of acronyms has, as an acronym or in full.
pub(crate) fn listed_label(name: &str) -> Option<&'static Label> {
    LISTED.get(name)
}

/// Whether a clause or phrase that is put in front of a sentence may begin with this word ("after").
pub(crate) fn is_fronting(word: &str) -> bool {
    FRONTING.contains(word)
}

/// Whether a noun says whose relative or partner somebody is ("daughter").
pub(crate) fn is_kin(noun: &str) -> bool {
    KIN.contains(noun)
}

/// Whether a noun means a business ("company", "lender").
pub(crate) fn is_company(noun: &str) -> bool {
    COMPANY_NOUNS.contains_key(noun)
}

/// Whether a business of many trades can be called by a noun: "the company", unlike "the lender".
pub(crate) fn is_any_company(noun: &str) -> bool {
    COMPANY_NOUNS.get(noun) == Some(&"any")
}

/// Whether a word of an organisation's name says that it is no business ("union", "ministry").
pub(crate) fn is_public_body(word: &str) -> bool {
    PUBLIC_BODIES.contains(word)
}

/// Whether a company's name may end with this form, after a comma or without one ("inc.").
pub(crate) fn is_legal_form(word: &str) -> bool {
    LEGAL_FORMS.contains(word)
}

/// Whether a newspaper's or magazine's name may end with this word ("Gazette").
pub(crate) fn is_media_word(word: &str) -> bool {
    MEDIA_WORDS.contains(word)
}

/// The full names of the media that a short name can stand for ("the post").
pub(crate) fn media(short: &str) -> &'static [&'static str] {
    MEDIA.get(short).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_sorted_unique_and_without_empty_lines() {
        for list in [
            list!("titles"),
            list!("boilerplate"),
            list!("fronting_words"),
            list!("reporting_verbs"),
            list!("organisation_nouns"),
            list!("document_nouns"),
            list!("group_nouns"),
            list!("individual_nouns"),
            list!("role_nouns"),
            list!("given_names"),
            list!("nicknames"),
            list!("acronyms"),
            list!("media"),
            list!("media_words"),
            list!("kin_nouns"),
            list!("legal_forms"),
        ] {
            let lines: Vec<_> = list.lines().collect();
            assert!(lines.iter().all(|line| !line.trim().is_empty()));
            for pair in lines.windows(2) {
                assert!(pair[0] < pair[1], "{:?} stands before {:?}", pair[0], pair[1]);
            }
        }
    }

    #[test]
    fn a_noun_is_of_one_kind() {
        let first = |line: &'static str| line.split('\t').next().unwrap_or(line);
        let lists =
            [list!("organisation_nouns"), list!("document_nouns"), list!("group_nouns"), list!("individual_nouns")];
        let mut known = HashSet::new();
        for noun in lists.into_iter().flat_map(str::lines).map(first) {
            assert!(known.insert(noun), "{noun:?} is on two lists");
        }
    }

    #[test]
    fn short_forms_of_given_names_are_known_both_ways() {
        assert!(same_given_name("mike", "michael") && same_given_name("michael", "mike"));
        assert!(!same_given_name("mike", "mark"));
    }
}
