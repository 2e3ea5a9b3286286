//! What holds for every text.

use std::sync::LazyLock;

use proptest::prelude::*;
use whosaid::Pipeline;
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::tag::Embedded;

static PIPELINES: LazyLock<[Pipeline; 2]> = LazyLock::new(|| {
    [Embedded::Fast, Embedded::best()].map(|model| Pipeline::builder().tagger(model.tagger().unwrap()).build())
});

/// The small model's pipeline, and for some texts the large one's, which takes many times as long.
fn pipeline(text: &str) -> &'static Pipeline {
    &PIPELINES[usize::from(text.len().is_multiple_of(8))]
}

/// Texts made of what articles are made of, in any order, and of anything else.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "“", "”", "\"", "‘", "’", "'", " said ", " according to ", "Ada Cole", "The Post", "U.S.", "she ", "he ", "\n", "\n\n", ":", ". ",
            ", ", "> ", "- ", "—", "officials ", "that ", "reported:\n\n", "SMITH: ", "Q: ", "“…", "😀", "é", "\u{feff}", "\0", "\r\n", "…", "'s ",
            "the ", "bridge ", "would open ", "in May",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_span_slices_to_its_text_in_every_unit(text in texts()) {
        let doc = pipeline(&text).annotate(text.as_str()).unwrap();
        for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
            let record = doc.record(unit);
            let offsets = Offsets::new(&record.text, unit);
            for span in record.quotes.iter().flat_map(|q| q.parts.iter().chain(&q.cue).chain(&q.source)) {
                prop_assert_eq!(offsets.slice(span.start, span.end), Some(span.text.as_str()));
            }
            for mention in &record.mentions {
                prop_assert_eq!(offsets.slice(mention.start, mention.end), Some(mention.text.as_str()));
            }
        }
    }

    #[test]
    fn layers_are_ordered_and_nested(text in texts()) {
        let doc = pipeline(&text).annotate(text.as_str()).unwrap();
        let record = doc.record(OffsetUnit::Byte);
        let ordered = |spans: Vec<(u32, u32)>| spans.iter().all(|s| s.0 < s.1) && spans.windows(2).all(|w| w[0].1 <= w[1].0);
        prop_assert!(ordered(record.paragraphs.iter().map(|p| (p.start, p.end)).collect()));
        prop_assert!(ordered(record.sentences.iter().map(|s| (s.start, s.end)).collect()));
        prop_assert!(ordered(record.mentions.iter().map(|m| (m.start, m.end)).collect()));
        for quote in &record.quotes {
            prop_assert!(ordered(quote.parts.iter().map(|p| (p.start, p.end)).collect()));
            prop_assert_eq!((quote.start, quote.end), (quote.parts[0].start, quote.parts[quote.parts.len() - 1].end));
            prop_assert!(quote.within.is_none_or(|outer| outer < quote.id));
        }
        prop_assert!(record.quotes.windows(2).all(|w| w[0].start <= w[1].start));
        let tokens = doc.segmented().tokens();
        let covered: usize = tokens.iter().map(|(_, t)| doc.text()[t.span].chars().filter(|c| !c.is_whitespace()).count()).sum();
        prop_assert_eq!(covered, text.chars().filter(|c| !c.is_whitespace()).count());
    }

    #[test]
    fn every_mention_has_its_entity_and_every_quotation_its_answer(text in texts()) {
        let record = pipeline(&text).annotate(text.as_str()).unwrap().record(OffsetUnit::Char);
        for mention in &record.mentions {
            prop_assert!(record.entities[mention.entity as usize].mentions.contains(&mention.id));
        }
        for quote in &record.quotes {
            let named = quote.speaker.name.is_some();
            let unknown = quote.speaker.kind.as_str() == "unknown";
            prop_assert_eq!(unknown, quote.speaker.reason.is_some());
            prop_assert!(!(named && unknown));
            prop_assert_eq!(named, quote.speaker.entity.is_some());
        }
    }
}
