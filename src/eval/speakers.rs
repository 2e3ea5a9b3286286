//! Speakers: whether the quotations that were found have the name, and the kind, of who said them.
//!
//! Asked are the gold quotations of which the speaker is known. One is answered if a predicted quotation shares enough
//! of its content and says who; precision is over the answered ones, recall over all that are asked. A name is right if
//! it is one of the gold's, whatever its case, its possessive and its leading “the”. The names are counted again by the
//! sort of words that the source is (`name`, `pronoun`, `nominal`, `none`), and kinds are counted for each kind.

use std::collections::BTreeMap;

use super::annotated::{Annotated, Quotation};
use super::place::is_space;
use super::table::Table;
use super::tally::Tally;

/// The known speakers of each article, by its id.
pub type Speakers = BTreeMap<String, Vec<KnownSpeaker>>;

/// Who a gold quotation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KnownSpeaker {
    /// The number of the quotation among the article's, from 0.
    pub index: usize,
    /// The fullest name in the article, if there is a name.
    pub name: Option<String>,
    /// Other names that are as right.
    pub also: Vec<String>,
    /// What sort of speaker, in the words of the output schema.
    pub kind: Option<String>,
    /// What sort of words the source is; `None` if it is not said and nothing should be counted by it.
    pub mention: Option<String>,
}

const NAME: &str = "speaker name";
const KIND: &str = "speaker kind";

/// The speakers that a gold article names itself, as a record of the output schema does.
pub(super) fn of_gold(gold: &Annotated) -> Vec<KnownSpeaker> {
    let quotes = gold.quotes.iter().flatten().enumerate();
    let known = quotes.filter_map(|(index, quote)| {
        let speaker = quote.speaker.as_ref()?;
        let kind = speaker.kind.clone().filter(|kind| kind != "unknown")?;
        Some(KnownSpeaker { index, name: speaker.name.clone(), kind: Some(kind), ..KnownSpeaker::default() })
    });
    known.collect()
}

/// Compares the speakers of gold quotations, given as their numbers, with those of their partners.
pub(super) fn score<'a>(
    document: usize,
    known: &[KnownSpeaker],
    answers: impl Iterator<Item = (usize, Option<&'a Quotation>)>,
    table: &mut Table,
) {
    // Where a quotation is numbered twice the last one counts.
    let known: BTreeMap<_, _> = known.iter().map(|speaker| (speaker.index, speaker)).collect();
    for (index, partner) in answers {
        let Some(truth) = known.get(&index) else { continue };
        let answer = partner.and_then(|quote| quote.speaker.as_ref());
        if let Some(name) = truth.name.as_deref().filter(|name| !name.is_empty()) {
            let answer = answer.and_then(|speaker| speaker.name.as_deref()).filter(|name| !name.is_empty());
            let names = || std::iter::once(name).chain(truth.also.iter().map(String::as_str));
            let right = answer.is_some_and(|answer| names().any(|name| same_name(answer, name)));
            let tally = Tally { hit: right.into(), predicted: answer.is_some().into(), gold: 1 };
            if let Some(mention) = &truth.mention {
                table.add(document, &format!("{NAME}, {mention} source"), tally);
            }
            table.add(document, NAME, tally);
        }
        if let Some(kind) = &truth.kind {
            let answer = answer.and_then(|speaker| speaker.kind.as_ref()).filter(|kind| *kind != "unknown");
            let right = answer == Some(kind);
            let tally = |predicted, gold| Tally { hit: right.into(), predicted, gold };
            table.add(document, &format!("{KIND}, {kind}"), tally(right.into(), 1));
            if let Some(wrong) = answer.filter(|_| !right) {
                table.add(document, &format!("{KIND}, {wrong}"), tally(1, 0));
            }
            table.add(document, KIND, tally(answer.is_some().into(), 1));
        }
    }
}

/// Brings the rows of speakers into order: the parts of a row before it, by name. The other rows stay where they are.
pub(super) fn sort_rows(table: &mut Table) {
    table.rows.sort_by_cached_key(|row| {
        let of =
            |whole: &str| row.name.strip_prefix(whole).map(|part| (whole.to_owned(), part.is_empty(), part.to_owned()));
        // Names before kinds, as their words are sorted the other way round.
        of(NAME).map(|key| (1, key)).or_else(|| of(KIND).map(|key| (2, key))).unwrap_or_default()
    });
}

fn same_name(a: &str, b: &str) -> bool {
    let clean = |name: &str| {
        let name = name.to_lowercase().replace('’', "'");
        let words: Vec<_> =
            name.strip_suffix("'s").unwrap_or(&name).split(is_space).filter(|w| !w.is_empty()).collect();
        let name = words.join(" ");
        name.strip_prefix("the ").map_or(name.clone(), str::to_owned)
    };
    clean(a) == clean(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_whatever_their_case_article_and_possessive() {
        assert!(same_name("The Quay Board’s", "quay  board"));
        assert!(same_name("the ROSS", "The Ross"));
        assert!(!same_name("Ada Cole", "Cole") && !same_name("Ada’s ", "Ada"));
    }
}
