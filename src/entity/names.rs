//! When two names can be the same person's, organisation's or place's.

use crate::lexicon;
use crate::tag::Label;

/// A name taken apart for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    /// The form on one line, as it stands.
    pub(crate) form: String,
    /// Its words, lower-cased, without punctuation and a leading "the".
    pub(crate) words: Vec<String>,
}

impl Name {
    pub(crate) fn new(form: &str) -> Self {
        let form = form.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut words: Vec<String> = form
            .split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '/'))
            .map(|word| word.to_lowercase().replace(['.', '’', '\'', '“', '”', '"', ','], ""))
            .filter(|word| !word.is_empty())
            .collect();
        if words.len() > 1 && words[0] == "the" {
            words.remove(0);
        }
        Self { form, words }
    }

    fn last(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    fn first(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Whether the form is letters in upper case, with or without stops: "CIA", "U.S.".
    fn is_acronym(&self) -> bool {
        let letters = self.form.chars().filter(|c| c.is_alphabetic()).count();
        (2..=7).contains(&letters)
            && self.form.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '&' | '-') || c.is_ascii_digit())
    }

    /// Whether a word of the name stands in marks: `Luis "Lucho" Ferrante`.
    fn has_nickname(&self, word: &str) -> bool {
        let in_marks = |w: &&str| w.starts_with(['"', '“', '\'', '‘']) && w.ends_with(['"', '”', '\'', '’']);
        self.form
            .split_whitespace()
            .filter(in_marks)
            .any(|w| w.trim_matches(['"', '“', '”', '\'', '‘', '’']).to_lowercase() == word)
    }

    fn letters(&self) -> String {
        self.form.chars().filter(|c| c.is_alphanumeric()).collect()
    }
}

/// Whether `short` can be another way to write the person `full`, of whom more is said.
pub(crate) fn same_person(full: &Name, short: &Name) -> bool {
    match (&full.words[..], &short.words[..]) {
        (a, b) if a == b => true,
        ([.., _], [only]) => {
            full.words.len() > 1 && (full.last() == only || (full.first() == only && only.len() > 1))
                || ends_with_surname(full, only)
                || full.has_nickname(only)
        }
        // "Suu Kyi" of "Aung San Suu Kyi".
        (a, b) if b.len() > 1 && a.len() > b.len() && a.ends_with(b) => true,
        // "Donald Trump Jr." is not Donald Trump.
        (a, b) if a.len() > 1 && b.len() > 1 => full.last() == short.last() && same_first(full.first(), short.first()),
        _ => false,
    }
}

/// Whether a given name that stands alone can be a short form of a person's: "Bob" of "Robert Cole", and the reverse.
pub(crate) fn is_nickname(full: &Name, short: &Name) -> bool {
    full.words.len() > 1 && short.words.len() == 1 && lexicon::same_given_name(full.first(), short.first())
}

/// "Sammy Davis Jr." is "Davis" too.
fn ends_with_surname(full: &Name, only: &str) -> bool {
    full.words.len() > 2 && is_suffix(full.last()) && full.words[full.words.len() - 2] == only
}

fn is_suffix(word: &str) -> bool {
    matches!(word, "jr" | "sr" | "ii" | "iii" | "iv")
}

/// Whether two first names can be one person's: equal, a nickname, or an initial.
fn same_first(a: &str, b: &str) -> bool {
    let initial = |short: &str, full: &str| short.chars().count() == 1 && full.starts_with(short);
    initial(a, b) || initial(b, a) || lexicon::same_given_name(a, b)
}

/// Whether `short` can be another way to write the organisation or place `full`.
/// A part of a place's name is another place: "Mexico" is not Mexico City.
pub(crate) fn same_body(label: &Label, full: &Name, short: &Name) -> bool {
    full.words == short.words || is_expansion(full, short) || (*label != Label::Loc && is_part(full, short))
}

/// "CIA" of "Central Intelligence Agency": by initials, or by the list of those whose initials do not show it.
pub(crate) fn is_expansion(full: &Name, short: &Name) -> bool {
    if !short.is_acronym() {
        return false;
    }
    let letters = short.letters();
    let initials = |skip_small: bool| -> String {
        let small = |w: &&str| !skip_small || !matches!(*w, "of" | "the" | "and" | "for" | "in" | "on" | "to" | "&");
        let words = full
            .form
            .split(|c: char| c.is_whitespace() || c == '-')
            .filter(|w| !w.is_empty() && !(w.eq_ignore_ascii_case("the")));
        words.filter(small).filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
    };
    let by_initials =
        full.words.len() > 1 && letters.len() > 1 && (initials(true) == letters || initials(false) == letters);
    by_initials
        || [short.form.as_str(), &letters]
            .iter()
            .flat_map(|form| lexicon::expansions(form))
            .any(|name| Name::new(name).words == full.words)
}

/// Whether a word can be an acronym of an organisation that is spelt out beside it, in brackets: "Cosatu" of "Congress of
/// South African Trade Unions", by letters of the full name in their order, the first of all first.
pub(crate) fn is_spelt_out(full: &Name, short: &Name) -> bool {
    let letters = |name: &Name| name.words.concat();
    let (long, short_letters) = (letters(full), letters(short));
    let mut rest = long.chars();
    short.words.len() == 1
        && full.words.len() > 1
        && short_letters.chars().count() > 1
        && long.chars().next() == short_letters.chars().next()
        && short_letters.chars().all(|letter| rest.any(|c| c == letter))
}

/// "The Post" of "The Washington Post", "Northmere" of "Northmere Rail": the last words, or the first ones.
fn is_part(full: &Name, short: &Name) -> bool {
    let (a, b) = (&full.words, &short.words);
    if b.is_empty() || b.len() >= a.len() || short.is_acronym() {
        return false;
    }
    let head = a.ends_with(b) && (b.len() > 1 || short.form.starts_with("The ") || lexicon::noun(&b[0]).is_some());
    let front = a.starts_with(b) && !a[b.len()..].iter().any(|w| matches!(w.as_str(), "of" | "and" | "for" | "in"));
    head || front
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(full: &str, short: &str) -> bool {
        same_person(&Name::new(full), &Name::new(short))
    }

    fn body(full: &str, short: &str) -> bool {
        same_body(&Label::Org, &Name::new(full), &Name::new(short))
    }

    #[test]
    fn surnames_initials_and_nicknames_are_the_same_person() {
        assert!(person("Donald Trump", "Trump") && person("J. K. Marsh", "Marsh"));
        assert!(person("Michael T. Flynn", "Mike Flynn") && person("Jane Doe", "J. Doe"));
        assert!(person("Aung San Suu Kyi", "Suu Kyi"));
        assert!(person("Luis \"Lucho\" Ferrante", "Lucho") && !person("Luis Lucho Ferrante", "Lucho"));
        assert!(!person("Donald Trump Jr.", "Donald Trump") && person("Donald Trump Jr.", "Trump"));
        assert!(!same_body(&Label::Loc, &Name::new("Mexico City"), &Name::new("Mexico")));
        assert!(!person("Jane Doe", "John Doe") && !person("Donald Trump", "Melania Trump"));
    }

    #[test]
    fn acronyms_are_found_by_initials_or_by_the_list() {
        assert!(
            body("Central Intelligence Agency", "CIA")
                && body("Islamic State", "ISIS")
                && body("United States", "U.S.")
        );
        assert!(!body("Central Intelligence Agency", "FBI"));
    }

    #[test]
    fn a_nickname_alone_is_short_for_a_given_name() {
        let nickname = |full: &str, short: &str| is_nickname(&Name::new(full), &Name::new(short));
        assert!(nickname("Robert Cole", "Bob") && nickname("Bob Cole", "Robert"));
        assert!(!nickname("Ada Robert", "Bob") && !nickname("Robert", "Bob"));
    }

    #[test]
    fn an_acronym_has_letters_of_the_name_in_their_order() {
        let spelt_out = |full: &str, short: &str| is_spelt_out(&Name::new(full), &Name::new(short));
        assert!(
            spelt_out("Congress of Southern Trade Unions", "Costu") && spelt_out("The Northmere Freight Union", "NFU")
        );
        assert!(!spelt_out("Northmere Freight Union", "UFN") && !spelt_out("Northmere Freight Union", "Dalby"));
    }

    #[test]
    fn short_names_of_organisations_are_their_heads_or_fronts() {
        assert!(body("The Washington Post", "The Post") && body("Northmere Rail", "Northmere"));
        assert!(!body("Bank of Ireland", "Ireland"));
        assert!(!body("University of Dalby", "University of Marwick"));
    }
}
