//! brat's standoff: the text of an article, and a file of annotations beside it.
//!
//! Text-bound annotations (`T`) are the names, and `Content`, `Cue` and `Source` of quotations; relations (`R`) lead from
//! a content to its cue and its source, an attribute (`A`) gives its kind, and a note (`#`) its speaker. Offsets are code
//! points. An annotation over several lines has a fragment for each, because brat does not show it otherwise.

use std::fmt::Write;

use super::{Files, Page, in_a_cell, parts};
use crate::document::{Document, SpeakerView};
use crate::layer::TokenRange;
use crate::record::OffsetUnit;

/// The files of an article.
pub(in super::super) fn brat(doc: &Document) -> Files {
    let page = Page::new(doc, OffsetUnit::Char);
    let mut ann = Annotations { page: &page, lines: String::new(), texts: 0, relations: 0 };
    for (_, mention) in doc.mentions().iter() {
        ann.text(mention.label.as_str(), [mention.tokens]);
    }
    for (number, quote) in (1..).zip(doc.quotes()) {
        let content = ann.text("Content", parts(quote));
        if let Some(cue) = quote.raw().cue {
            let cue = ann.text("Cue", [cue]);
            ann.relation("HasCue", content, cue);
        }
        if let Some(source) = quote.raw().source {
            let source = ann.text("Source", [source]);
            ann.relation("HasSource", content, source);
        }
        ann.line(format_args!("A{number}\tKind T{content} {}", quote.kind().as_str()));
        let speakers: Vec<_> = quote.speakers().map(called).collect();
        ann.line(format_args!("#{number}\tAnnotatorNotes T{content}\tspeaker: {}", speakers.join("; ")));
    }
    let lines = ann.lines.into_bytes();
    vec![("txt", doc.text().as_str().as_bytes().to_vec()), ("ann", lines)]
}

fn called(speaker: SpeakerView<'_>) -> String {
    match (speaker.name(), speaker.kind()) {
        (Some(name), _) => in_a_cell(&name),
        (None, Ok(kind)) => kind.as_str().to_owned(),
        (None, Err(reason)) => format!("unknown ({})", reason.as_str()),
    }
}

struct Annotations<'a> {
    page: &'a Page<'a>,
    lines: String,
    texts: u32,
    relations: u32,
}

impl Annotations<'_> {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.lines, "{line}");
    }

    /// Adds a text-bound annotation and gives its number.
    fn text(&mut self, label: &str, tokens: impl IntoIterator<Item = TokenRange>) -> u32 {
        self.texts += 1;
        let (mut places, mut words) = (Vec::new(), Vec::new());
        for tokens in tokens {
            let span = self.page.layers.span(tokens);
            let mut from = span.start();
            for line in self.page.layers.text_of(tokens).split('\n') {
                let trimmed = line.trim();
                if !trimmed.is_empty() {
                    let start = from + line.len() - line.trim_start().len();
                    let at = |byte| self.page.at.of_byte(byte);
                    places.push(format!("{} {}", at(start), at(start + trimmed.len())));
                    words.push(in_a_cell(trimmed));
                }
                from += line.len() + 1;
            }
        }
        let number = self.texts;
        self.line(format_args!("T{number}\t{label} {}\t{}", places.join(";"), words.join(" ")));
        number
    }

    fn relation(&mut self, label: &str, from: u32, to: u32) {
        self.relations += 1;
        let number = self.relations;
        self.line(format_args!("R{number}\t{label} Arg1:T{from} Arg2:T{to}"));
    }
}
