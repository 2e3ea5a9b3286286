//! `whosaid explain`: an article for a person to read and to judge.
//!
//! What is shown is the record and nothing else, so what one sees here is what the files of `whosaid annotate` say,
//! down to the numbers: `[3 …]` in the text is the quotation with the id 3. The brackets are there without colours too.

mod marked;
mod notes;

use std::io::Write;

use anstyle::{AnsiColor, Color, Style};
use anyhow::{Context, Result};
use whosaid::Stages;
use whosaid::record::{ArticleRecord, OffsetUnit, ParagraphKind, QuoteKind};

use crate::plan::Explain;
use crate::{Done, messages};

/// Shows an article.
pub(crate) fn run(plan: &Explain) -> Result<Done> {
    let pipeline = super::pipeline(&plan.reader, Stages::All)?.build();
    let annotated = plan.input.read().and_then(|article| Ok(pipeline.annotate(article)?));
    let record = match annotated {
        Ok(doc) => doc.record(OffsetUnit::Byte),
        Err(error) => {
            messages::error(&format!("{}: {}", plan.input.id(), messages::told(&error)));
            return Ok(Done::WithFailures);
        }
    };
    // `anstream` drops the colours where nobody would see them.
    let mut out = anstream::stdout().lock();
    out.write_all(shown(&record).as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")?;
    Ok(Done::Wholly)
}

/// The whole page, with its colours. Offsets of the record are bytes.
fn shown(record: &ArticleRecord) -> String {
    let mut page = String::new();
    if let Some(title) = &record.title {
        page.push_str(&painted(Style::new().bold(), title));
        page.push('\n');
    }
    let about = [Some(record.id.as_str()), record.date.as_deref(), record.url.as_deref()];
    page.push_str(&painted(QUIET, &about.into_iter().flatten().collect::<Vec<_>>().join(" · ")));
    page.push_str("\n\n");
    for (paragraph, id) in record.paragraphs.iter().zip(0..) {
        page.push_str(&marked::paragraph(record, paragraph));
        page.push_str("\n\n");
        let notes: Vec<_> = record.quotes.iter().filter(|quote| quote.paragraph == id).map(notes::quote).collect();
        if !notes.is_empty() {
            page.push_str(&notes.concat());
            page.push('\n');
        }
    }
    page.push_str(&notes::entities(record));
    page
}

/// What is not of the article.
const QUIET: Style = Style::new().dimmed();

/// The colour of a kind of name.
fn name_style(label: &str) -> Style {
    let colour = match label {
        "PER" => AnsiColor::Green,
        "ORG" => AnsiColor::Blue,
        "LOC" => AnsiColor::Magenta,
        _ => AnsiColor::Yellow,
    };
    colour.on_default()
}

/// How a kind of quotation stands out: underlined if it is word for word, slanted if it is not.
fn quote_style(kind: QuoteKind) -> Style {
    match kind {
        QuoteKind::Direct => Style::new().underline(),
        QuoteKind::Block => Style::new().underline().bold(),
        QuoteKind::Mixed | QuoteKind::Indirect => Style::new().italic(),
    }
}

/// The colour of a quotation's brackets and of its note.
fn bracket_style(kind: QuoteKind) -> Style {
    let colour = match kind {
        QuoteKind::Direct => AnsiColor::Cyan,
        QuoteKind::Block => AnsiColor::Red,
        QuoteKind::Mixed => AnsiColor::BrightCyan,
        QuoteKind::Indirect => AnsiColor::BrightBlack,
    };
    Style::new().fg_color(Some(Color::Ansi(colour)))
}

fn paragraph_style(kind: ParagraphKind) -> Style {
    match kind {
        ParagraphKind::Heading => Style::new().bold(),
        ParagraphKind::Boilerplate => QUIET,
        ParagraphKind::Body | ParagraphKind::List | ParagraphKind::LeadIn | ParagraphKind::BlockQuote => Style::new(),
    }
}

/// The article's own words in a style.
fn painted(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{}{style:#}", plain(text)) }
}

/// Text without control characters, with which an article could otherwise command the terminal.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|&c| c != '\r')
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A record with a name inside a quotation inside a quotation that does not end with it.
    fn record() -> ArticleRecord {
        let text = "He \u{1b}[31m said: “I read ‘so says Ada’ there,” twice.";
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            json!({"start": start, "end": start + part.len(), "text": part})
        };
        let quote = |id: u32, part: &str, within: Option<u32>| {
            let at = place(part);
            json!({"id": id, "kind": "direct", "start": at["start"], "end": at["end"], "text": part, "parts": [at], "cue": place("said"), "source": null,
                   "speaker": {"kind": "unknown", "name": null, "entity": null, "title": null, "affiliation": null, "reason": "pronoun_unresolved"},
                   "confidence": 0.5, "evidence": "none", "paragraph": 0, "sentence": 0, "within": within})
        };
        let name = place("Ada");
        let record = json!({
            "schema": "whosaid/1", "id": "a", "title": "T", "date": null, "url": null, "meta": {}, "offset_unit": "byte", "text": text,
            "paragraphs": [{"start": 0, "end": text.len(), "kind": "body"}], "sentences": [{"start": 0, "end": text.len()}],
            "mentions": [{"id": 0, "start": name["start"], "end": name["end"], "text": "Ada", "label": "PER", "score": 1.0, "entity": 0}],
            "entities": [{"id": 0, "label": "PER", "name": "Ada", "aliases": [], "title": null, "affiliation": null, "kb_id": null, "mentions": [0]}],
            "quotes": [quote(0, "“I read ‘so says Ada’ there,”", None), quote(1, "‘so says Ada’", Some(0))],
        });
        serde_json::from_value(record).unwrap()
    }

    #[test]
    fn without_colours_the_brackets_the_notes_and_the_names_are_left() {
        let page = anstream::adapter::strip_str(&shown(&record())).to_string();
        let wanted = "\
T
a

He \u{fffd}[31m said: [0 “I read [1 ‘so says Ada’] there,”] twice.

    [0] direct: no speaker, because it is not clear whom the pronoun means (pronoun_unresolved) · cue “said” · confidence 0.50
    [1] direct: no speaker, because it is not clear whom the pronoun means (pronoun_unresolved) · cue “said” · confidence 0.50 · inside 0

Entities
  PER  Ada · 1 mention
";
        assert_eq!(page, wanted);
    }

    #[test]
    fn a_name_keeps_its_colour_inside_quotations_and_the_outer_quotation_goes_on_after_the_inner() {
        let page = shown(&record());
        let name = Style::new().underline().fg_color(name_style("PER").get_fg_color());
        assert!(page.contains(&format!("{name}Ada{name:#}")), "{page:?}");
        let outer = quote_style(QuoteKind::Direct);
        assert!(page.contains(&format!("{outer} there,”{outer:#}")), "{page:?}");
    }
}
