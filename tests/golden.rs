//! The articles of `data/articles`, each with the whole answer as a snapshot beside what a careful reader says
//! (`data/gold`).
//!
//! A snapshot shows everything that is said of an article, then where that differs from gold: `-` is missed, `+` is too
//! much. It is not required that nothing differs, but a change of code shows as a change of named cases. After a change
//! that is meant, `cargo insta review`, or `INSTA_UPDATE=always cargo test golden`, and read the diff.

use std::fmt::Write;
use std::path::Path;
use std::sync::LazyLock;

use whosaid::Pipeline;
use whosaid::record::{ArticleRecord, EntityRecord, OffsetUnit, QuoteRecord};
use whosaid::source::{Format, read};

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(Pipeline::default);

/// The record of an article of `data/articles`, by the most accurate model.
pub(crate) fn annotate(path: &Path) -> ArticleRecord {
    let name = path.file_name().unwrap().to_str().unwrap();
    let article = read(name, Format::of_path(path), &std::fs::read(path).unwrap()).unwrap();
    PIPELINE.annotate(article).unwrap().record(OffsetUnit::Char)
}

fn gold(path: &Path) -> ArticleRecord {
    let stem = path.file_stem().unwrap().to_str().unwrap();
    let gold = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/gold").join(format!("{stem}.json"));
    serde_json::from_str(&std::fs::read_to_string(gold).unwrap()).unwrap()
}

#[test]
fn every_article_is_answered_as_recorded() {
    let settings = {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("golden");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings
    };
    settings.bind(|| {
        insta::glob!("../data/articles", "*.*", |path| {
            let (answer, gold) = (annotate(path), gold(path));
            insta::assert_snapshot!("golden", show(&answer) + &against(&answer, &gold));
        });
    });
}

#[test]
fn gold_records_are_of_the_articles_beside_them() {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles")).unwrap() {
        let path = entry.unwrap().path();
        let (answer, gold) = (annotate(&path), gold(&path));
        assert_eq!(gold.id, answer.id);
        assert_eq!(gold.text, answer.text, "{}", gold.id);
        assert_eq!((gold.title, gold.date, gold.url), (answer.title, answer.date, answer.url), "{}", gold.id);
    }
}

/// The whole answer, for reading.
fn show(record: &ArticleRecord) -> String {
    let mut out = String::new();
    let kinds: Vec<_> = record.paragraphs.iter().map(|p| p.kind.as_str()).collect();
    writeln!(out, "paragraphs: {}", kinds.join(" ")).unwrap();
    writeln!(out, "sentences: {}\n", record.sentences.len()).unwrap();
    for entity in &record.entities {
        writeln!(out, "{}", of_entity(entity)).unwrap();
    }
    for quote in &record.quotes {
        write!(out, "\n{}", of_quote(quote)).unwrap();
    }
    out
}

fn of_entity(entity: &EntityRecord) -> String {
    let mut line = format!("{} {} ×{}", entity.label, entity.name, entity.mentions.len());
    if !entity.aliases.is_empty() {
        write!(line, " = {}", entity.aliases.join(" = ")).unwrap();
    }
    if let Some(title) = &entity.title {
        write!(line, ", title: {title}").unwrap();
    }
    if let Some(affiliation) = &entity.affiliation {
        write!(line, ", of: {affiliation}").unwrap();
    }
    line
}

fn of_quote(quote: &QuoteRecord) -> String {
    let mut out = format!("{} {}", quote.id, quote.kind.as_str());
    if let Some(within) = quote.within {
        write!(out, " within {within}").unwrap();
    }
    writeln!(out).unwrap();
    for part in &quote.parts {
        writeln!(out, "    | {}", shorten(&part.text)).unwrap();
    }
    let words = |span: &Option<whosaid::record::SpanRecord>| span.as_ref().map_or("-".to_owned(), |s| shorten(&s.text));
    writeln!(out, "    cue: {}; source: {}", words(&quote.cue), words(&quote.source)).unwrap();
    let name = quote.speaker.name.as_deref().or(quote.speaker.reason.as_deref()).unwrap_or("-");
    writeln!(out, "    speaker: {} {name} ({})", quote.speaker.kind.as_str(), quote.evidence).unwrap();
    for other in &quote.co_speakers {
        writeln!(out, "    with: {} {}", other.kind.as_str(), other.name.as_deref().unwrap_or("-")).unwrap();
    }
    out
}

/// A long text by its beginning and its end, on one line.
fn shorten(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= 90 {
        return text;
    }
    let part = |range: std::ops::Range<usize>| characters[range].iter().collect::<String>();
    format!("{} … {}", part(0..55), part(characters.len() - 30..characters.len()))
}

/// What gold has and the answer has not, and the other way round.
fn against(answer: &ArticleRecord, gold: &ArticleRecord) -> String {
    let mut out = "\nagainst gold\n".to_owned();
    let sentences = |r: &ArticleRecord| r.sentences.iter().map(|s| excerpt(r, s.start, s.end)).collect::<Vec<_>>();
    compare(&mut out, "sentences", &sentences(answer), &sentences(gold));
    let paragraphs = |r: &ArticleRecord| {
        r.paragraphs.iter().map(|p| format!("{} {}", p.kind.as_str(), excerpt(r, p.start, p.end))).collect::<Vec<_>>()
    };
    compare(&mut out, "paragraphs", &paragraphs(answer), &paragraphs(gold));
    let mentions = |r: &ArticleRecord| {
        r.mentions.iter().map(|m| format!("{:>5} {} {}", m.start, m.label, m.text)).collect::<Vec<_>>()
    };
    compare(&mut out, "mentions", &mentions(answer), &mentions(gold));
    let entities = |r: &ArticleRecord| r.entities.iter().map(of_entity).collect::<Vec<_>>();
    compare(&mut out, "entities", &entities(answer), &entities(gold));
    let quotes = |r: &ArticleRecord| {
        r.quotes.iter().map(|q| format!("{:>5} {} {}", q.start, q.kind.as_str(), parts(q))).collect::<Vec<_>>()
    };
    compare(&mut out, "quotations", &quotes(answer), &quotes(gold));
    let roles = |r: &ArticleRecord| r.quotes.iter().map(roles_of).collect::<Vec<_>>();
    compare(&mut out, "cues and sources", &roles(answer), &roles(gold));
    let speakers = |r: &ArticleRecord| r.quotes.iter().map(speaker_of).collect::<Vec<_>>();
    compare(&mut out, "speakers", &speakers(answer), &speakers(gold));
    out
}

fn excerpt(record: &ArticleRecord, start: u32, end: u32) -> String {
    let text: String = record.text.chars().skip(start as usize).take((end - start) as usize).collect();
    format!("{start:>5} {}", shorten(&text))
}

fn parts(quote: &QuoteRecord) -> String {
    quote.parts.iter().map(|p| shorten(&p.text)).collect::<Vec<_>>().join(" | ")
}

fn roles_of(quote: &QuoteRecord) -> String {
    let words = |span: &Option<whosaid::record::SpanRecord>| {
        span.as_ref().map_or("-".to_owned(), |s| format!("{} {}", s.start, shorten(&s.text)))
    };
    format!("cue {}; source {}", words(&quote.cue), words(&quote.source))
}

/// The speaker of a quotation, told apart from others by where the quotation ends.
fn speaker_of(quote: &QuoteRecord) -> String {
    let name = quote.speaker.name.as_deref().unwrap_or("-");
    format!("…{:>5} {} {name}", quote.end, quote.speaker.kind.as_str())
}

fn compare(out: &mut String, what: &str, answer: &[String], gold: &[String]) {
    let (extra, missed) = (without(answer, gold), without(gold, answer));
    let hits = answer.len() - extra.len();
    writeln!(out, "{what}: {hits} right of {} given and {} wanted", answer.len(), gold.len()).unwrap();
    for missed in missed {
        writeln!(out, "  - {missed}").unwrap();
    }
    for extra in extra {
        writeln!(out, "  + {extra}").unwrap();
    }
}

/// What is left of some items when each of the others has taken one that equals it.
fn without<'a>(items: &'a [String], others: &[String]) -> Vec<&'a String> {
    let mut takers: Vec<_> = others.iter().collect();
    let is_left = |item: &&String| match takers.iter().position(|taker| taker == item) {
        Some(at) => {
            takers.swap_remove(at);
            false
        }
        None => true,
    };
    let mut left: Vec<_> = items.iter().filter(is_left).collect();
    left.sort();
    left
}
