//! Sentences: where they end, and whether whole ones are the same. White space at their ends does not count.

use super::align::Pair;
use super::place::{Edge, common, spans};
use super::table::Table;
use super::tally::Tally;

/// Scores sentences, by their ends and as whole spans.
#[must_use]
pub fn score_sentences(articles: &[Pair]) -> Table {
    let mut table = Table::new(articles.len());
    for (document, article) in articles.iter().enumerate() {
        let whole = |places: Option<&Vec<_>>| spans(&article.text, places.map_or(&[], Vec::as_slice), Edge::Space);
        let (gold, predicted) = (whole(article.gold.sentences.as_ref()), whole(article.predicted.sentences.as_ref()));
        let ends = |sentences: &[super::Place]| {
            let mut ends: Vec<_> = sentences.iter().map(|sentence| sentence.end).collect();
            // Sentences of a tool may overlap, and two may end at one place.
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        let (gold_ends, predicted_ends) = (ends(&gold), ends(&predicted));
        let hit = common(&gold_ends, &predicted_ends);
        table.add(document, "sentence ends", Tally::new(hit, predicted_ends.len(), gold_ends.len()));
        table.add(document, "whole sentences", Tally::new(common(&gold, &predicted), predicted.len(), gold.len()));
    }
    table
}
