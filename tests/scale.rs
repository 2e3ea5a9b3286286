//! What holds for long texts: windows leave no trace, and hostile shapes end.

use whosaid::Pipeline;
use whosaid::record::OffsetUnit;
use whosaid::tag::ConvTagger;

#[test]
fn an_answer_does_not_depend_on_what_stands_far_away() {
    let pipeline = Pipeline::builder().tagger(ConvTagger::embedded()).build();
    let article =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles/river-monitors.txt")).unwrap();
    let alone = pipeline.annotate(article.as_str()).unwrap().record(OffsetUnit::Byte);
    // Far enough that the article lies in other windows, at another place in them.
    let padding = "Nothing of note happened here.\n\n".repeat(331);
    let padded = pipeline.annotate(format!("{padding}{article}")).unwrap().record(OffsetUnit::Byte);
    let shift = padding.len() as u32;
    let names = |record: &whosaid::record::ArticleRecord, shift: u32| -> Vec<_> {
        let far = record
            .mentions
            .iter()
            .filter(|m| m.start >= shift + 400)
            .map(|m| (m.start - shift, m.text.clone(), m.label.clone(), m.score.to_bits()));
        far.collect()
    };
    assert!(!names(&alone, 0).is_empty());
    assert_eq!(names(&padded, shift), names(&alone, 0));
}

#[test]
fn hostile_texts_are_answered_with_as_much_as_they_hold() {
    let pipeline = Pipeline::builder().tagger(ConvTagger::embedded()).build();
    for piece in [
        "a",
        "“",
        "\"x ",
        "said ",
        "‘s’ ",
        "Ada Cole said: ",
        "A.",
        "\n",
        "“Yes,” said Ada. ",
        "reported:\n\n",
        "SMITH: Yes.\n\n",
        "he said that ",
        "“He said the bridge was closed.” ",
        "Ada Cole smiled; she said it rained; ",
    ] {
        let answer = |length: usize| {
            let doc = pipeline.annotate(piece.repeat(length / piece.len())).unwrap();
            serde_json::to_string(&doc.record(OffsetUnit::Char)).unwrap().len()
        };
        // Four times the text is four times the answer, not sixteen times.
        let (short, long) = (answer(10_000), answer(40_000));
        assert!(long < 6 * short, "{piece:?}: {short} bytes, then {long}");
    }
}
