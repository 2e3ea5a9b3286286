//! `CoNLL` columns, a token a line, an empty line after each sentence.
//!
//! Between tabs: the token, then the content, the cue and the source of a quotation, then the name, each as `B-`, `I-` or
//! `O`. The name is last, where readers of CoNLL-2003 look for it. Of quotations inside others only the outer is there.
//! An article begins with a `-DOCSTART-` line, whose comment has its id.

use super::{Page, in_a_cell, parts};
use crate::document::Document;
use crate::layer::{Id, TokenRange};
use crate::record::OffsetUnit;

/// Adds the lines of an article.
pub(in super::super) fn conll(doc: &Document, lines: &mut Vec<u8>) {
    let page = Page::new(doc, OffsetUnit::Char);
    let names = page.names();
    let column = || vec!["O".to_owned(); page.layers.tokens().len()];
    let (mut contents, mut cues, mut sources) = (column(), column(), column());
    for quote in doc.quotes().filter(|quote| quote.raw().within.is_none()) {
        parts(quote).for_each(|tokens| mark(&mut contents, tokens, "CONTENT"));
        quote.raw().cue.into_iter().for_each(|tokens| mark(&mut cues, tokens, "CUE"));
        quote.raw().source.into_iter().for_each(|tokens| mark(&mut sources, tokens, "SOURCE"));
    }
    let mut out = format!("# id = {}\n-DOCSTART-\tO\tO\tO\tO\n\n", in_a_cell(&doc.about().id));
    for sentence in page.sentences() {
        for token in sentence.iter() {
            let at = token.index();
            let name = names[at].map_or_else(
                || "O".to_owned(),
                |(label, begins)| format!("{}-{label}", if begins { 'B' } else { 'I' }),
            );
            let cells = [&in_a_cell(page.token(token)), &contents[at], &cues[at], &sources[at], &name];
            out.push_str(&cells.map(String::as_str).join("\t"));
            out.push('\n');
        }
        out.push('\n');
    }
    lines.extend_from_slice(out.as_bytes());
}

fn mark(column: &mut [String], tokens: TokenRange, label: &str) {
    for token in tokens.iter() {
        column[token.index()] = format!("{}-{label}", if token == tokens.first() { 'B' } else { 'I' });
    }
}
