//! Block quotations, by paragraphs: a paragraph counts as quoted if predicted blocks cover at least half of it.
//!
//! Blocks that are pull quotes, tweets or epigraphs are left out on both sides, and so are headings, lists and code
//! outside a block: whether a tool takes them for quoted is nobody's question. The false alarms are the trap of the
//! task: a paragraph that ends with a colon, after which the author goes on in his own words.

use super::align::Pair;
use super::annotated::{Paragraph, Quotation};
use super::place::{Place, common, covered, is_space, shared};
use super::table::{Measure, Table};
use super::tally::Tally;

/// What `false alarms` are a share of.
const TRAPS: &str = "colon-ended paragraphs followed by the author's own text";

/// Scores block quotations.
#[must_use]
pub fn score_blocks(articles: &[Pair]) -> Table {
    let mut table = Table::new(articles.len());
    for (document, article) in articles.iter().enumerate() {
        let paragraphs = article.gold.paragraphs.as_deref().unwrap_or_default();
        let in_gold = blocks(article.gold.quotes.as_ref());
        let in_predicted = blocks(article.predicted.quotes.as_ref());
        let quoted = |p: &Paragraph| p.quoted.unwrap_or_else(|| !in_gold.is_empty() && half_in(&in_gold, p.place));
        let left_out = |p: &Paragraph| {
            let other_block = matches!(p.block_type.as_deref(), Some("pull" | "tweet" | "epigraph"));
            other_block || (!matches!(p.kind.as_str(), "para" | "quote") && !quoted(p))
        };
        let scored: Vec<bool> = paragraphs.iter().map(|p| !left_out(p)).collect();
        let gold: Vec<bool> = paragraphs.iter().zip(&scored).map(|(p, &scored)| scored && quoted(p)).collect();
        let predicted = paragraphs.iter().zip(&scored).map(|(p, &scored)| scored && half_in(&in_predicted, p.place));
        let predicted: Vec<bool> = predicted.collect();

        let set = |flags: &[bool]| flags.iter().filter(|&&flag| flag).count();
        let both = gold.iter().zip(&predicted).filter(|&(&a, &b)| a && b).count() as u64;
        table.add(document, "paragraphs in blocks", Tally::new(both, set(&predicted), set(&gold)));
        let (gold_runs, predicted_runs) = (runs(&gold), runs(&predicted));
        let starts = |runs: &[(usize, usize)]| runs.iter().map(|&(first, _)| first).collect::<Vec<_>>();
        let tally = |hit| Tally::new(hit, predicted_runs.len(), gold_runs.len());
        table.add(document, "block starts", tally(common(&starts(&gold_runs), &starts(&predicted_runs))));
        table.add(document, "blocks exact", tally(common(&gold_runs, &predicted_runs)));

        let is_trap = |k: usize| {
            let colon = paragraphs[k].colon.unwrap_or_else(|| ends_with_colon(&article.text, paragraphs[k].place));
            colon && !gold[k] && !gold[k + 1] && paragraphs[k + 1].kind == "para" && scored[k + 1]
        };
        let traps: Vec<_> = (0..paragraphs.len().saturating_sub(1)).filter(|&k| is_trap(k)).collect();
        let alarms = traps.iter().filter(|&&k| predicted[k + 1]).count();
        table.add_to(document, "false alarms", Measure::Share { of: TRAPS }, Tally::new(alarms as u64, 0, traps.len()));
    }
    table
}

/// What the block quotations among these cover.
fn blocks(quotes: Option<&Vec<Quotation>>) -> Vec<Place> {
    let blocks = quotes.into_iter().flatten().filter(|quote| quote.kind.as_deref() == Some("block"));
    covered(blocks.flat_map(|quote| quote.content.iter().copied()))
}

fn half_in(blocks: &[Place], paragraph: Place) -> bool {
    // Blocks are in text order and apart, so those that reach into the paragraph stand together.
    let first = blocks.partition_point(|block| block.end <= paragraph.start);
    let last = blocks.partition_point(|block| block.start < paragraph.end);
    2 * shared(blocks.get(first..last).unwrap_or_default(), &[paragraph]) >= paragraph.len()
}

/// Stretches of set flags, as the numbers of their first and last.
fn runs(flags: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (k, _) in flags.iter().enumerate().filter(|&(_, &flag)| flag) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == k => *last = k,
            _ => runs.push((k, k)),
        }
    }
    runs
}

fn ends_with_colon(text: &[char], place: Place) -> bool {
    place.of(text).iter().rev().find(|&&c| !is_space(c)) == Some(&':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_where_a_flag_is_not_set() {
        assert_eq!(runs(&[true, true, false, true]), [(0, 1), (3, 3)]);
        assert_eq!(runs(&[false]), []);
    }

    #[test]
    fn half_of_a_paragraph_is_enough() {
        let place = |start, end| Place { start, end };
        let blocks = [place(0, 3), place(7, 12)];
        assert!(!half_in(&blocks, place(2, 8)) && half_in(&blocks, place(4, 12)));
        assert!(half_in(&blocks, place(2, 4)) && !half_in(&[], place(2, 4)));
    }
}
