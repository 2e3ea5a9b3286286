//! What is written, against the output contract.

use serde::Deserialize;
use serde_json::{Map, Value};

use whosaid::record::{ArticleRecord, Offsets};

use crate::program::{BRIDGE, Folder};

/// The contract, written down a second time: a field too many, too few or of another type fails.
mod contract {
    use super::{Deserialize, Map, Value};

    /// An `Option` that must be there: serde takes a missing one for `None`.
    fn present<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
        Option::deserialize(from)
    }

    macro_rules! objects {
        ($($name:ident { $($field:ident: $type:ty,)* $(? $($optional:ident: $of:ty,)*)? })*) => {$(
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[expect(dead_code, reason = "decoding is the test")]
            #[allow(clippy::struct_field_names, reason = "the names are those of the contract")]
            pub(crate) struct $name {
                $(pub(crate) $field: $type,)*
                $($(#[serde(deserialize_with = "present")] pub(crate) $optional: Option<$of>,)*)?
            }
        )*};
    }

    objects! {
        Article {
            schema: String, id: String, meta: Map<String, Value>, offset_unit: String, text: String, paragraphs: Vec<Paragraph>,
            sentences: Vec<Sentence>, mentions: Vec<Mention>, entities: Vec<Entity>, quotes: Vec<Quote>, status: String,
            ? title: String, date: String, url: String, error: String,
        }
        Paragraph { start: u32, end: u32, kind: String, }
        Sentence { start: u32, end: u32, }
        Span { start: u32, end: u32, text: String, }
        Mention { id: u32, start: u32, end: u32, text: String, label: String, score: f64, entity: u32, }
        Entity {
            id: u32, label: String, name: String, aliases: Vec<String>, mentions: Vec<u32>,
            ? title: String, affiliation: String, kb_id: String,
        }
        Quote {
            id: u32, kind: String, start: u32, end: u32, text: String, parts: Vec<Span>, speaker: Speaker, co_speakers: Vec<Speaker>, confidence: f64, evidence: String,
            paragraph: u32, sentence: u32, quote_key: String,
            ? cue: Span, source: Span, within: u32,
        }
        Speaker { kind: String, ? name: String, entity: u32, title: String, affiliation: String, reason: String, }
    }
}

#[test]
fn a_line_has_the_fields_of_the_contract_and_no_other() {
    let folder = Folder::with([]);
    let run = folder.run_with(&["annotate"], BRIDGE);
    let article: contract::Article =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out));
    assert_eq!(
        (article.schema.as_str(), article.id.as_str(), article.offset_unit.as_str()),
        ("whosaid/1", "-", "char")
    );
    assert_eq!((article.text.as_str(), &article.error), (BRIDGE, &None));
    let quote = &article.quotes[0];
    assert_eq!(quote.text, "“The bridge will open in May,”");
    assert_eq!(quote.speaker.name.as_deref(), Some("Ada Cole"));
}

#[test]
fn all_who_say_the_same_are_in_the_line_and_in_the_tables() {
    let text = "Mayor Ada Cole and the bridge's engineer, Ben Dorn, said that it would open in May.";
    let folder = Folder::with([("a.txt", text.as_bytes())]);
    let article: contract::Article = serde_json::from_str(&folder.run(&["annotate", "a.txt"]).out).unwrap();
    let quote = &article.quotes[0];
    let others: Vec<_> = quote.co_speakers.iter().map(|other| (other.kind.as_str(), other.name.as_deref())).collect();
    assert_eq!((quote.speaker.name.as_deref(), others), (Some("Ada Cole"), vec![("person", Some("Ben Dorn"))]));
    let csv = folder.run(&["annotate", "--format", "csv", "a.txt"]).out;
    assert!(csv.contains(",Ada Cole,0,Mayor,,Ben Dorn,"), "{csv}");
    let explained = folder.run(&["explain", "a.txt"]).out;
    assert!(explained.contains("also said by Ben Dorn (person)"), "{explained}");
}

#[test]
fn the_line_of_a_failed_article_has_the_same_fields() {
    let run = Folder::with([("bad.txt", b"caf\xe9")]).run(&["annotate", "bad.txt"]);
    let article: contract::Article =
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {}", run.out));
    assert_eq!((article.id.as_str(), article.text.as_str(), article.quotes.len()), ("bad.txt", "", 0));
    let error = article.error.unwrap();
    assert!(error.contains("0xe9") && error.contains("offset 3"), "{error}");
}

#[test]
fn the_fields_of_a_line_are_in_the_order_of_the_contract() {
    let out = Folder::with([]).run_with(&["annotate"], BRIDGE).out;
    let places = |fields: &str, from: usize| -> Vec<usize> {
        fields
            .split_whitespace()
            .map(|field| {
                from + out[from..].find(&format!("\"{field}\":")).unwrap_or_else(|| panic!("{field} in {out}"))
            })
            .collect()
    };
    let article = places(
        "schema id title date url meta offset_unit text paragraphs sentences mentions entities quotes error status",
        0,
    );
    assert!(article.is_sorted(), "{out}");
    let quote = places(
        "id kind start end text parts cue source speaker name entity title affiliation reason co_speakers confidence evidence paragraph sentence within quote_key",
        article[12],
    );
    assert!(quote.is_sorted(), "{out}");
}

#[test]
fn offsets_slice_the_text_in_the_unit_that_was_asked_for() {
    let text = format!("🎉 Ärger – «ça va» 👩‍👩‍👧!\n\n{BRIDGE}");
    let slice = |unit: &str, range: std::ops::Range<usize>| match unit {
        "char" => text.chars().skip(range.start).take(range.len()).collect(),
        "byte" => text[range].to_owned(),
        _ => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[range]).unwrap(),
    };
    let folder = Folder::with([]);
    for unit in ["char", "byte", "utf16"] {
        let run = folder.run_with(&["annotate", "--offsets", unit], &text);
        let article: contract::Article = serde_json::from_str(&run.out).unwrap();
        assert_eq!(article.offset_unit, unit);
        let spans = article
            .mentions
            .iter()
            .map(|m| (m.start, m.end, &m.text))
            .chain(article.quotes.iter().map(|q| (q.start, q.end, &q.text)));
        let spans: Vec<_> = spans.collect();
        assert!(spans.len() >= 2, "{spans:?}");
        for (start, end, found) in spans {
            assert_eq!(slice(unit, start as usize..end as usize), *found);
        }
    }
}

#[test]
fn a_line_that_is_read_and_written_again_is_the_same() {
    let out = Folder::with([]).run_with(&["annotate"], BRIDGE).out;
    let record: ArticleRecord = serde_json::from_str(&out).unwrap();
    assert_eq!(serde_json::to_string(&record).unwrap() + "\n", out);
}

#[test]
fn gold_records_are_records_of_the_same_contract() {
    let gold = concat!(env!("CARGO_MANIFEST_DIR"), "/data/gold");
    let mut read = 0;
    for entry in std::fs::read_dir(gold).unwrap() {
        let path = entry.unwrap().path();
        let name = path.display();
        let record: ArticleRecord =
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let offsets = Offsets::new(&record.text, record.offset_unit);
        let mentions = record.mentions.iter().map(|m| (m.start, m.end, &m.text));
        let spans = record
            .quotes
            .iter()
            .flat_map(|q| q.parts.iter().chain(&q.cue).chain(&q.source))
            .map(|s| (s.start, s.end, &s.text));
        for (start, end, text) in mentions.chain(spans) {
            assert_eq!(offsets.slice(start, end), Some(text.as_str()), "{name}");
        }
        read += 1;
    }
    assert!(read > 0, "no gold records in {gold}");
}
