//! Stanford `CoreNLP`'s JSON, an article a line: sentences with tokens and entity mentions, and quotes.
//!
//! Offsets are those of Java, in UTF-16 units. A token's number in its sentence begins at 1, all others at 0; ends of
//! token ranges are exclusive for mentions and inclusive for quotes, as that tool has them.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{Page, push_line};
use crate::document::{Document, QuoteView};
use crate::layer::{Id, TokenRange};
use crate::record::OffsetUnit;
use crate::text::Span;

/// Adds the line of an article.
pub(in super::super) fn corenlp(doc: &Document, lines: &mut Vec<u8>) {
    let page = Page::new(doc, OffsetUnit::Utf16);
    let names = page.names();
    let sentences: Vec<_> = page
        .sentences()
        .enumerate()
        .map(|(index, tokens)| {
            json!({
                "index": index,
                "entitymentions": mentions(&page, tokens),
                "tokens": tokens.iter().zip(1..).map(|(token, number)| {
                    let (word, span) = (page.token(token), page.layers.tokens()[token].span);
                    let (begin, end) = page.ends(span);
                    json!({
                        "index": number, "word": word, "originalText": word,
                        "characterOffsetBegin": begin, "characterOffsetEnd": end,
                        "ner": names[token.index()].map_or("O", |(label, _)| ner(label)),
                        "before": gap(&page, token.index().checked_sub(1), Some(span)),
                        "after": gap(&page, Some(token.index()), page.layers.next(token).map(|next| page.layers.tokens()[next].span)),
                    })
                }).collect::<Vec<_>>(),
            })
        })
        .collect();
    let quotes: Vec<_> = doc.quotes().map(|quote| quoted(&page, quote)).collect();
    let about = doc.about();
    push_line(
        lines,
        &json!({
            "docId": about.id, "docDate": about.date, "text": doc.text().as_str(), "sentences": sentences, "quotes": quotes,
        }),
    );
}

/// `CoreNLP`'s name for a kind of name.
fn ner(label: &str) -> &str {
    match label {
        "PER" => "PERSON",
        "ORG" => "ORGANIZATION",
        "LOC" => "LOCATION",
        other => other,
    }
}

fn mentions(page: &Page<'_>, sentence: TokenRange) -> Vec<Value> {
    let all = page.doc.mentions().as_slice();
    let from = all.partition_point(|mention| mention.tokens.first() < sentence.first());
    let inside = all[from..].iter().take_while(|mention| mention.tokens.first() <= sentence.last());
    let number = |mention: &crate::mention::Mention| {
        let (begin, end) = page.ends_of(mention.tokens);
        let tokens = mention.tokens.indexes();
        let first = sentence.first().index();
        json!({
            "docTokenBegin": tokens.start, "docTokenEnd": tokens.end,
            "tokenBegin": tokens.start - first, "tokenEnd": tokens.end - first,
            "text": page.layers.text_of(mention.tokens),
            "characterOffsetBegin": begin, "characterOffsetEnd": end,
            "ner": ner(mention.label.as_str()),
            "nerConfidences": {ner(mention.label.as_str()): (f64::from(mention.score.get()) * 10_000.0).round() / 10_000.0},
        })
    };
    inside.map(number).collect()
}

/// What stands between a token and the one after it.
fn gap<'a>(page: &Page<'a>, before: Option<usize>, after: Option<Span>) -> &'a str {
    let text = page.doc.text().as_str();
    let start = before.and_then(|at| page.layers.tokens().as_slice().get(at)).map_or(0, |token| token.span.end());
    text.get(start..after.map_or(text.len(), Span::start)).unwrap_or_default()
}

fn quoted(page: &Page<'_>, quote: QuoteView<'_>) -> Value {
    let tokens = quote.raw().parts.hull();
    let (begin, end) = page.ends(quote.span());
    let speaker = quote.speaker().name().map(Cow::into_owned);
    let source = quote.raw().source;
    let mention = source.map(|source| page.layers.text_of(source));
    json!({
        "id": quote.id().index(), "text": quote.text(), "beginIndex": begin, "endIndex": end,
        "beginToken": tokens.first().index(), "endToken": tokens.last().index(),
        "beginSentence": page.layers.sentence_of(tokens.first()).index(),
        "endSentence": page.layers.sentence_of(tokens.last()).index(),
        "mention": mention,
        "mentionBegin": source.map(|source| source.first().index()),
        "mentionEnd": source.map(|source| source.last().index()),
        "mentionSieve": quote.attribution().evidence.as_str(),
        "speaker": mention.map(str::to_owned).or_else(|| speaker.clone()).unwrap_or_else(|| "Unknown".to_owned()),
        "canonicalSpeaker": speaker.unwrap_or_else(|| "Unknown".to_owned()),
    })
}
