//! Quotations: content, cue and source as PARC and PolNeAR annotate them, each for itself and linked.
//!
//! | row | what is right |
//! | --- | --- |
//! | `content exact`, `cue exact`, `source exact` | a contiguous span with both its ends, white space aside; discontinuous content is several spans (the count in which figures for PolNeAR are published) |
//! | `… exact-edge` | the same, quotation marks and punctuation at its ends aside |
//! | `… overlap` | a span that shares a code point with a gold one, one to one |
//! | `linked exact` | an attribution of which content, cue and source are all `exact-edge` |
//! | `linked overlap` | an attribution whose content shares at least half of their union with a gold one, one to one, and whose source shares a code point with that one's, or is absent like it |
//! | `content chars` | a code point that stands in some quotation |
//! | `direct: linked exact` and so on | the linked rows again for the quotations of one kind |

use std::collections::{BTreeSet, HashMap};

use super::align::Pair;
use super::annotated::Quotation;
use super::pairs::{self, Overlap};
use super::place::{Edge, Place, common, covered, length, shared, spans};
use super::speakers::{self, Speakers};
use super::table::Table;
use super::tally::Tally;

/// Which quotations are compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuoteOptions {
    /// Only gold quotations of these kinds, and only predicted ones of these; predicted `block`s where `direct` is one
    /// of them, because gold sets without the word call them so. `None` is all.
    pub kinds: Option<Vec<String>>,
}

/// The least share of their union that the contents of linked attributions have in common.
const LINKED: f64 = 0.5;
/// The same for two quotations whose speakers are compared.
const SAME: f64 = 0.3;

const ROLES: [(&str, Role); 3] =
    [("source", |quote| &quote.source), ("cue", |quote| &quote.cue), ("content", |quote| &quote.content)];

type Role = fn(&Quotation) -> &[Place];

/// The quotations of an article that are compared, with their numbers in the article.
struct Compared<'a> {
    text: &'a [char],
    gold: Vec<(usize, &'a Quotation)>,
    predicted: Vec<(usize, &'a Quotation)>,
}

/// Scores quotations, and their speakers where they are known.
///
/// With `speakers`, only the articles that they are known for are scored.
#[must_use]
pub fn score_quotes(articles: &[Pair], options: &QuoteOptions, speakers: Option<&Speakers>) -> Table {
    let known = |article: &&Pair| speakers.is_none_or(|speakers| speakers.contains_key(&article.id));
    let articles: Vec<_> = articles.iter().filter(known).collect();
    let mut table = Table::new(articles.len());
    for (document, article) in articles.iter().enumerate() {
        let compared = Compared::new(article, options.kinds.as_deref());
        compared.score_roles(document, &mut table);
        compared.score_links(document, "", &mut table);
        let contents = compared.contents();
        table.add(document, "content chars", contents.chars());
    }
    if options.kinds.is_none() {
        score_kinds(&articles, &mut table);
    }
    for (document, article) in articles.iter().enumerate() {
        let of_gold = || speakers::of_gold(&article.gold);
        let known = speakers.map_or_else(of_gold, |speakers| speakers.get(&article.id).cloned().unwrap_or_default());
        if known.is_empty() {
            continue;
        }
        let compared = Compared::new(article, options.kinds.as_deref());
        let contents = compared.contents();
        let partners: HashMap<_, _> = contents.pairs(SAME).into_iter().collect();
        let answers = compared.gold.iter().enumerate().map(|(i, &(index, _))| {
            let partner = partners.get(&i).map(|&j| compared.predicted[j].1);
            (index, partner)
        });
        speakers::score(document, &known, answers, &mut table);
    }
    speakers::sort_rows(&mut table);
    table
}

/// The linked rows for each kind that the gold knows.
fn score_kinds(articles: &[&Pair], table: &mut Table) {
    let kinds = articles.iter().flat_map(|article| article.gold.quotes.iter().flatten());
    let kinds: BTreeSet<_> = kinds.filter_map(|quote| quote.kind.as_deref()).collect();
    // A name of its own for what has no kind would be a kind.
    for kind in kinds {
        for (document, article) in articles.iter().enumerate() {
            let compared = Compared::new(article, Some(&[kind.to_owned()]));
            compared.score_links(document, &format!("{kind}: "), table);
        }
    }
}

impl<'a> Compared<'a> {
    fn new(article: &'a Pair, kinds: Option<&[String]>) -> Self {
        let among = |kind: &str| kinds.is_none_or(|kinds| kinds.iter().any(|k| k == kind));
        let is_wanted = |quote: &Quotation| quote.kind.as_deref().map_or(kinds.is_none(), among);
        let is_got =
            |quote: &Quotation| is_wanted(quote) || (quote.kind.as_deref() == Some("block") && among("direct"));
        let gold = article.gold.quotes.iter().flatten().enumerate().filter(|(_, quote)| is_wanted(quote));
        let predicted = article.predicted.quotes.iter().flatten().enumerate().filter(|(_, quote)| is_got(quote));
        Self { text: &article.text, gold: gold.collect(), predicted: predicted.collect() }
    }

    fn spans(&self, places: &[Place], edge: Edge) -> Vec<Place> {
        spans(self.text, places, edge)
    }

    fn score_roles(&self, document: usize, table: &mut Table) {
        for (suffix, edge) in [("exact", Edge::Space), ("exact-edge", Edge::Marks), ("overlap", Edge::Space)] {
            for (name, role) in ROLES {
                // The same span may play its part in several attributions and is one span all the same.
                let of = |quotes: &[(usize, &Quotation)]| -> Vec<Place> {
                    let spans: BTreeSet<_> =
                        quotes.iter().flat_map(|(_, quote)| self.spans(role(quote), edge)).collect();
                    spans.into_iter().collect()
                };
                let (gold, predicted) = (of(&self.gold), of(&self.predicted));
                let hit =
                    if suffix == "overlap" { pairs::overlapping(&gold, &predicted) } else { common(&gold, &predicted) };
                table.add(document, &format!("{name} {suffix}"), Tally::new(hit, predicted.len(), gold.len()));
            }
        }
    }

    fn score_links(&self, document: usize, prefix: &str, table: &mut Table) {
        let tally = |hit| Tally::new(hit, self.predicted.len(), self.gold.len());
        table.add(document, &format!("{prefix}linked exact"), tally(self.linked_exactly()));
        table.add(document, &format!("{prefix}linked overlap"), tally(self.linked()));
    }

    fn linked_exactly(&self) -> u64 {
        let triple = |quote: &Quotation| ROLES.map(|(_, role)| self.spans(role(quote), Edge::Marks));
        // Attributions may be the same in everything, and then each wants a partner of its own.
        let mut left: HashMap<[Vec<Place>; 3], u64> = HashMap::new();
        for (_, quote) in &self.predicted {
            *left.entry(triple(quote)).or_default() += 1;
        }
        let found = |quote: &Quotation| match left.get_mut(&triple(quote)) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        };
        self.gold.iter().map(|(_, quote)| *quote).map(found).filter(|&found| found).count() as u64
    }

    fn linked(&self) -> u64 {
        let source = |quote: &Quotation| covered(self.spans(&quote.source, Edge::Space));
        let agree = |&(i, j): &(usize, usize)| {
            let (gold, predicted) = (source(self.gold[i].1), source(self.predicted[j].1));
            shared(&gold, &predicted) > 0 || (gold.is_empty() && predicted.is_empty())
        };
        self.contents().pairs(LINKED).iter().filter(|pair| agree(pair)).count() as u64
    }

    fn contents(&self) -> Contents {
        let of = |quotes: &[(usize, &Quotation)]| -> Vec<Vec<Place>> {
            quotes.iter().map(|(_, quote)| covered(self.spans(&quote.content, Edge::Marks))).collect()
        };
        Contents { gold: of(&self.gold), predicted: of(&self.predicted) }
    }
}

/// What each quotation's content covers, marks and punctuation at its ends aside.
struct Contents {
    gold: Vec<Vec<Place>>,
    predicted: Vec<Vec<Place>>,
}

impl Contents {
    /// Quotations that say the same: one to one, the greatest share of their union first, at least `least` of it.
    fn pairs(&self, least: f64) -> Vec<(usize, usize)> {
        let numbered = |contents: &[Vec<Place>]| -> Vec<(usize, Place)> {
            contents.iter().enumerate().flat_map(|(i, places)| places.iter().map(move |&place| (i, place))).collect()
        };
        let found = pairs::overlaps(&numbered(&self.gold), &numbered(&self.predicted));
        let scored = found.into_iter().map(|(gold, predicted, shared): Overlap| {
            let union = length(&self.gold[gold]) + length(&self.predicted[predicted]) - shared;
            (shared as f64 / union as f64, gold, predicted)
        });
        pairs::greedy(scored, least)
    }

    fn chars(&self) -> Tally {
        let [gold, predicted] =
            [&self.gold, &self.predicted].map(|contents| covered(contents.iter().flatten().copied()));
        Tally { hit: shared(&gold, &predicted), predicted: length(&predicted), gold: length(&gold) }
    }
}
