//! `BookNLP`'s files: `.tokens`, `.entities`, `.quotes` (tables between tabs) and `.book` (JSON of the people).
//!
//! Ends of token ranges are inclusive, and offsets are code points, as there. Columns of what this crate does not compute
//! are `_`, a head is the token itself, and no token is an event. A quotation without a named speaker has empty cells.

use std::fmt::Write;

use serde_json::json;

use super::{Files, Page, in_a_cell};
use crate::document::Document;
use crate::layer::{Id, TokenRange};
use crate::record::OffsetUnit;
use crate::tag::Label;

/// The files of an article.
pub(in super::super) fn booknlp(doc: &Document) -> Files {
    let page = Page::new(doc, OffsetUnit::Char);
    vec![
        ("tokens", tokens(&page).into_bytes()),
        ("entities", entities(&page).into_bytes()),
        ("quotes", quotes(&page).into_bytes()),
        ("book", book(doc).into_bytes()),
    ]
}

fn tokens(page: &Page<'_>) -> String {
    let mut out = "paragraph_ID\tsentence_ID\ttoken_ID_within_sentence\ttoken_ID_within_document\tword\tlemma\tbyte_onset\tbyte_offset\tPOS_tag\tfine_POS_tag\tdependency_relation\tsyntactic_head_ID\tevent\n".to_owned();
    for (sentence, tokens) in page.sentences().enumerate() {
        for (within, token) in tokens.iter().enumerate() {
            let (start, end) = page.ends_of(TokenRange::new(token, token));
            let (paragraph, id) = (page.layers.paragraph_of(token).index(), token.index());
            let word = in_a_cell(page.token(token));
            let _ =
                writeln!(out, "{paragraph}\t{sentence}\t{within}\t{id}\t{word}\t_\t{start}\t{end}\t_\t_\t_\t{id}\tO");
        }
    }
    out
}

fn entities(page: &Page<'_>) -> String {
    let mut out = "COREF\tstart_token\tend_token\tprop\tcat\ttext\n".to_owned();
    for (id, mention) in page.doc.mentions().iter() {
        let (entity, tokens) = (page.doc.entity_of(id).id().index(), mention.tokens);
        let text = in_a_cell(page.layers.text_of(tokens));
        let (first, last, label) = (tokens.first().index(), tokens.last().index(), mention.label.as_str());
        let _ = writeln!(out, "{entity}\t{first}\t{last}\tPROP\t{label}\t{text}");
    }
    out
}

fn quotes(page: &Page<'_>) -> String {
    let mut out = "quote_start\tquote_end\tmention_start\tmention_end\tmention_phrase\tchar_id\tquote\n".to_owned();
    for quote in page.doc.quotes() {
        let hull = quote.raw().parts.hull();
        let source = quote.raw().source;
        let cell = |number: Option<usize>| number.map(|number| number.to_string()).unwrap_or_default();
        let cells = [
            hull.first().index().to_string(),
            hull.last().index().to_string(),
            cell(source.map(|tokens| tokens.first().index())),
            cell(source.map(|tokens| tokens.last().index())),
            source.map(|tokens| in_a_cell(page.layers.text_of(tokens))).unwrap_or_default(),
            cell(quote.speaker().entity().map(|entity| entity.id().index())),
            in_a_cell(quote.text()),
        ];
        let _ = writeln!(out, "{}", cells.join("\t"));
    }
    out
}

fn book(doc: &Document) -> String {
    let people = doc.entities().filter(|entity| *entity.label() == Label::Per);
    let characters: Vec<_> = people
        .map(|entity| {
            let mut names: Vec<(String, u32)> = Vec::new();
            for (_, mention) in entity.mentions() {
                let name = in_a_cell(doc.segmented().text_of(mention.tokens));
                match names.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, count)) => *count += 1,
                    None => names.push((name, 1)),
                }
            }
            names.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
            let proper: Vec<_> = names.iter().map(|(name, count)| json!({"n": name, "c": count})).collect();
            json!({
                "id": entity.id().index(), "count": entity.mentions().len(), "g": null,
                "mentions": {"proper": proper, "common": [], "pronoun": []},
                "agent": [], "patient": [], "mod": [], "poss": [],
            })
        })
        .collect();
    json!({"characters": characters}).to_string()
}
