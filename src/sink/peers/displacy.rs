//! displaCy's input, an article a line, for `displacy.render(…, manual=True)`.
//!
//! `ents` are the names (style `ent`). `spans` over `tokens` are the quotations with cues and sources (style `span`),
//! which may nest, as names may not.

use serde_json::json;

use super::{Page, parts, push_line};
use crate::document::Document;
use crate::layer::TokenRange;
use crate::record::OffsetUnit;

/// Adds the line of an article.
pub(in super::super) fn displacy(doc: &Document, lines: &mut Vec<u8>) {
    let page = Page::new(doc, OffsetUnit::Char);
    let ents: Vec<_> = doc
        .mentions()
        .iter()
        .map(|(_, mention)| {
            let (start, end) = page.ends_of(mention.tokens);
            json!({"start": start, "end": end, "label": mention.label.as_str()})
        })
        .collect();
    let span = |label: &'static str, tokens: TokenRange| json!({"start_token": tokens.indexes().start, "end_token": tokens.indexes().end, "label": label});
    let mut spans = Vec::new();
    for quote in doc.quotes() {
        spans.extend(parts(quote).map(|tokens| span("CONTENT", tokens)));
        spans.extend(quote.raw().cue.map(|tokens| span("CUE", tokens)));
        spans.extend(quote.raw().source.map(|tokens| span("SOURCE", tokens)));
    }
    let tokens: Vec<_> = page.layers.tokens().ids().map(|token| page.token(token)).collect();
    let title = doc.about().title.as_ref();
    push_line(
        lines,
        &json!({"text": doc.text().as_str(), "ents": ents, "title": title, "tokens": tokens, "spans": spans}),
    );
}
