//! Names: spans with a label, as CoNLL-2003 scores them.
//!
//! A name is right if both its ends and its label are (`PER`, `PER+ORG`, `micro`), or for the rows `overlap` if its
//! label is and it shares a code point with a gold name, one to one. Nobody's ends are trimmed, but
//! [`EntityOptions::normalise`] drops a leading article and a trailing possessive, about which guidelines differ.
//! Labels of OntoNotes, ACE and Stanford are read as those of CoNLL.

use std::collections::BTreeSet;

use super::align::Pair;
use super::annotated::Named;
use super::pairs;
use super::place::{Place, common, is_space};
use super::table::Table;
use super::tally::Tally;
use crate::words;

/// Which names are compared, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityOptions {
    /// The labels, each of which is a row. Names with another are left out on both sides.
    pub labels: Vec<String>,
    /// Whether “the”, “a”, “an” before a name and “’s” or “’” after it are dropped on both sides.
    pub normalise: bool,
    /// Whether labels are ignored: all names of any label are one row, `ANY`.
    pub untyped: bool,
}

impl Default for EntityOptions {
    fn default() -> Self {
        Self { labels: ["PER", "ORG", "LOC"].map(str::to_owned).to_vec(), normalise: false, untyped: false }
    }
}

/// The label of all names where labels are ignored.
const ANY: &str = "ANY";

/// Scores names.
#[must_use]
pub fn score_entities(articles: &[Pair], options: &EntityOptions) -> Table {
    let any = [ANY.to_owned()];
    let labels = if options.untyped { &any[..] } else { &options.labels };
    let both = ["PER", "ORG"].map(|label| labels.iter().position(|l| l == label));
    let mut table = Table::new(articles.len());
    for (document, article) in articles.iter().enumerate() {
        let [gold, predicted] =
            [&article.gold, &article.predicted].map(|side| collected(&article.text, side.names.as_deref(), options));
        let of = |names: &BTreeSet<(&str, Place)>, label: &str| -> Vec<Place> {
            names.iter().filter(|(l, _)| *l == label).map(|&(_, place)| place).collect()
        };
        let exact_and_overlap = labels.iter().map(|label| {
            let (gold, predicted) = (of(&gold, label), of(&predicted, label));
            let tally = |hit| Tally::new(hit, predicted.len(), gold.len());
            (tally(common(&gold, &predicted)), tally(pairs::overlapping(&gold, &predicted)))
        });
        let (exact, overlap): (Vec<_>, Vec<_>) = exact_and_overlap.unzip();
        for (suffix, tallies) in [("", exact), (" overlap", overlap)] {
            for (label, &tally) in labels.iter().zip(&tallies) {
                table.add(document, &format!("{label}{suffix}"), tally);
            }
            if let [Some(person), Some(organisation)] = both {
                table.add(document, &format!("PER+ORG{suffix}"), tallies[person] + tallies[organisation]);
            }
            table.add(document, &format!("micro{suffix}"), tallies.into_iter().sum());
        }
    }
    table
}

/// The label of CoNLL-2003 for that of another scheme; a label that no scheme has stays as it is.
fn conll_label(label: &str) -> &str {
    match label {
        "PERSON" => "PER",
        "ORGANIZATION" | "ORGANISATION" => "ORG",
        "GPE" | "LOCATION" | "FAC" | "FACILITY" | "GSP" => "LOC",
        "NORP" | "EVENT" | "WORK_OF_ART" | "PRODUCT" | "LANGUAGE" | "LAW" => "MISC",
        other => other,
    }
}

fn collected<'a>(text: &[char], names: Option<&'a [Named]>, options: &EntityOptions) -> BTreeSet<(&'a str, Place)> {
    let names = names.unwrap_or_default().iter();
    let collected = names.map(|name| {
        let place = if options.normalise { normalised(text, name.place) } else { name.place };
        (if options.untyped { ANY } else { conll_label(&name.label) }, place)
    });
    collected.collect()
}

/// A name without article and possessive, unless nothing else is in it.
fn normalised(text: &[char], place: Place) -> Place {
    let start = place.start + article_length(place.of(text));
    let start = if start < place.end { start } else { place.start };
    let place = Place { start, ..place };
    match possessive(place.of(text)) {
        Some(at) if at > 0 => Place { end: start + at, ..place },
        _ => place,
    }
}

/// How many characters an article and the space after it take at the beginning of a name.
fn article_length(name: &[char]) -> u32 {
    let word: String = name.iter().take_while(|&&c| !is_space(c)).take(4).map(char::to_ascii_lowercase).collect();
    let spaces = name[word.len().min(name.len())..].iter().take_while(|&&c| is_space(c)).count();
    if words::is_article(&word) && spaces > 0 { (word.len() + spaces) as u32 } else { 0 }
}

/// Where a possessive begins that ends a name, or a line break at the end of a name.
fn possessive(name: &[char]) -> Option<u32> {
    let is_end = |at: usize| at == name.len() || (at + 1 == name.len() && name[at] == '\n');
    let first = name.len().saturating_sub(3);
    let mut from = (first..name.len()).filter(|&at| matches!(name[at], '\'' | '’'));
    from.find(|&at| is_end(at + 1) || (matches!(name.get(at + 1), Some('s' | 'S')) && is_end(at + 2)))
        .map(|at| at as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(name: &str) -> String {
        let text: Vec<char> = name.chars().collect();
        normalised(&text, Place { start: 0, end: text.len() as u32 }).of(&text).iter().collect()
    }

    #[test]
    fn an_article_and_a_possessive_are_dropped_unless_they_are_the_name() {
        for (name, wanted) in [
            ("The  Quay Board’s", "Quay Board"),
            ("an Essen firm", "Essen firm"),
            ("AN Essen", "Essen"),
            ("Theodora", "Theodora"),
            ("The", "The"),
            ("the ", "the "),
            ("theñ x", "theñ x"),
            ("ñññññ", "ñññññ"),
            ("Ross'", "Ross"),
            ("Ross'S", "Ross"),
            ("’s", "’s"),
            ("Ada’s\n", "Ada"),
            ("Ada''", "Ada'"),
            ("", ""),
        ] {
            assert_eq!(left(name), wanted, "{name:?}");
        }
    }
}
