//! Quotebank's quotation-centric JSON, a quotation a line.
//!
//! Only what stands in quotation marks or blocks, as there, and without the marks. A speaker that is not named is
//! `"None"`, as there. Every quotation is its own: `numOccurrences` is 1, and `whosaid group` counts. A `quoteID` is the
//! article's id and the quotation's number, because a running number would depend on what else is in the run.

use serde_json::json;

use super::{push_line, record_of};
use crate::document::Document;
use crate::record::QuoteKind;

/// Adds the lines of an article.
pub(in super::super) fn quotebank(doc: &Document, lines: &mut Vec<u8>) {
    let record = record_of(doc);
    for quote in record.quotes.iter().filter(|quote| quote.kind != QuoteKind::Indirect) {
        let words: Vec<_> = quote.parts.iter().map(|part| without_marks(&part.text)).collect();
        let share = |share: f64| format!("{share:.4}");
        let nobody = ("None".to_owned(), share(1.0 - quote.confidence));
        let mut probas = match &quote.speaker.name {
            Some(name) => vec![(name.clone(), share(quote.confidence)), nobody],
            None => vec![("None".to_owned(), share(1.0))],
        };
        // The most likely is first there, and is the speaker.
        probas.sort_by(|a, b| b.1.cmp(&a.1));
        push_line(
            lines,
            &json!({
                "quoteID": format!("{}-{:06}", record.id, quote.id),
                "quotation": words.join(" "),
                "speaker": quote.speaker.name.as_deref().unwrap_or("None"),
                "qids": [],
                "date": record.date,
                "numOccurrences": 1,
                "probas": probas,
                "urls": record.url.iter().collect::<Vec<_>>(),
                "phase": "E",
            }),
        );
    }
}

fn without_marks(part: &str) -> &str {
    const MARKS: [char; 9] = ['“', '”', '"', '„', '«', '»', '‘', '’', '\''];
    part.trim().trim_matches(MARKS).trim()
}
