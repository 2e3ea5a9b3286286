//! Agreement with the shared scorers on articles small enough to count by hand.
//!
//! `tests/eval` has the gold, the predictions, and for each case what the scorer of the shared data printed for them. One
//! gold article has no prediction. `scripts/check-eval` compares more where that data is.

use std::path::Path;

use proptest::prelude::*;

use super::read::{Format, read, read_speakers};
use super::*;

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/eval").join(name)
}

fn articles() -> Vec<Pair> {
    let gold = read(&path("gold.jsonl"), Format::Jsonl, Side::Gold).unwrap();
    let predicted = read(&path("predicted.jsonl"), Format::Jsonl, Side::Predicted).unwrap();
    align(gold.articles, predicted.articles).unwrap().pairs
}

fn speakers() -> Speakers {
    read_speakers(&path("speakers.jsonl")).unwrap()
}

/// Checks that every row that the scorer printed is a line of ours.
fn agrees(case: &str, task: Task, table: &Table) {
    let printed = std::fs::read_to_string(path(&format!("{case}.txt"))).unwrap();
    let ours = Report::new(task, table, Bootstrap { resamples: 0, seed: 0 }).to_string();
    let rows: Vec<_> = printed.lines().filter(|line| line.contains(" P ") || line.contains('%')).collect();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(ours.lines().any(|line| line == row), "the scorer has\n{row}\nand we have\n{ours}");
    }
}

#[test]
fn names_are_counted_as_the_shared_scorer_counts_them() {
    let plain = EntityOptions::default();
    for (case, options) in [
        ("entities", plain.clone()),
        ("entities-norm", EntityOptions { normalise: true, ..plain.clone() }),
        ("entities-untyped", EntityOptions { untyped: true, ..plain }),
    ] {
        agrees(case, Task::Entities, &score_entities(&articles(), &options));
    }
}

#[test]
fn quotations_are_counted_as_the_shared_scorer_counts_them() {
    let all = QuoteOptions::default();
    let direct = QuoteOptions { kinds: Some(vec!["direct".to_owned()]) };
    agrees("quotes", Task::Quotes, &score_quotes(&articles(), &all, None));
    agrees("quotes-direct", Task::Quotes, &score_quotes(&articles(), &direct, None));
    agrees("quotes-speakers", Task::Quotes, &score_quotes(&articles(), &all, Some(&speakers())));
}

#[test]
fn blocks_are_counted_as_the_shared_scorer_counts_them() {
    agrees("blocks", Task::Blocks, &score_blocks(&articles()));
}

#[test]
fn sentences_are_counted_as_the_shared_scorer_counts_them() {
    agrees("sentences", Task::Sentences, &score_sentences(&articles()));
}

#[test]
fn the_rows_of_a_kind_are_those_of_that_kind_alone() {
    let all = score_quotes(&articles(), &QuoteOptions::default(), None);
    for kind in ["direct", "indirect", "mixed"] {
        let options = QuoteOptions { kinds: Some(vec![kind.to_owned()]) };
        let alone = score_quotes(&articles(), &options, None);
        for row in ["linked exact", "linked overlap"] {
            let part = all.row(&format!("{kind}: {row}")).unwrap();
            assert_eq!(part.by_document, alone.row(row).unwrap().by_document, "{kind}: {row}");
        }
    }
}

#[test]
fn kinds_of_speakers_are_counted_by_kind() {
    let table = score_quotes(&articles(), &QuoteOptions::default(), Some(&speakers()));
    let counts = |name: &str| table.row(name).map(Row::total);
    // Of three people one is found to be one, and one is taken for an organisation; the critics are a group.
    assert_eq!(counts("speaker kind, person"), Some(Tally { hit: 1, predicted: 1, gold: 3 }));
    assert_eq!(counts("speaker kind, organisation"), Some(Tally { hit: 0, predicted: 1, gold: 0 }));
    assert_eq!(counts("speaker kind, group"), Some(Tally { hit: 1, predicted: 1, gold: 1 }));
    assert_eq!(counts("speaker kind"), Some(Tally { hit: 2, predicted: 3, gold: 4 }));
    let names: Vec<_> = table.rows.iter().map(|row| row.name.as_str()).filter(|name| name.starts_with("sp")).collect();
    assert_eq!(
        names,
        [
            "speaker name, name source",
            "speaker name, pronoun source",
            "speaker name",
            "speaker kind, group",
            "speaker kind, organisation",
            "speaker kind, person",
            "speaker kind"
        ]
    );
}

#[test]
fn a_name_that_overlaps_one_of_its_label_is_counted_as_overlapping() {
    let table = score_entities(&articles(), &EntityOptions::default());
    // “Tobin Hale of Norrland” has the right label and too long an end.
    assert_eq!(table.row("PER").unwrap().total(), Tally { hit: 1, predicted: 2, gold: 4 });
    assert_eq!(table.row("PER overlap").unwrap().total(), Tally { hit: 2, predicted: 2, gold: 4 });
    assert_eq!(table.row("micro overlap").unwrap().total(), Tally { hit: 4, predicted: 5, gold: 7 });
}

#[test]
fn a_record_scored_against_itself_is_right_in_everything() {
    let text = "Ada Cole wrote:\n\nNothing moves in Aske.\n\nThen she left.";
    let record = serde_json::json!({
        "schema": "whosaid/1", "id": "a", "offset_unit": "char", "text": text,
        "paragraphs": [{"start": 0, "end": 15, "kind": "lead_in"}, {"start": 17, "end": 39, "kind": "block_quote"},
                       {"start": 41, "end": 55, "kind": "body"}],
        "sentences": [{"start": 0, "end": 15}, {"start": 17, "end": 39}, {"start": 41, "end": 55}],
        "mentions": [{"id": 0, "start": 0, "end": 8, "text": "Ada Cole", "label": "PER", "score": 0.9, "entity": 0}],
        "entities": [{"id": 0, "label": "PER", "name": "Ada Cole", "aliases": [], "mentions": [0]}],
        "quotes": [{"id": 0, "kind": "block", "start": 17, "end": 39, "parts": [{"start": 17, "end": 39}],
                    "cue": {"start": 9, "end": 15}, "source": {"start": 0, "end": 8},
                    "speaker": {"kind": "person", "name": "Ada Cole"}}],
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), record.to_string()).unwrap();
    let side = |side| read(file.path(), Format::Jsonl, side).unwrap().articles;
    let aligned = align(side(Side::Gold), side(Side::Predicted)).unwrap();
    let (reports, warnings) = evaluate(&aligned.pairs, &Options::default()).unwrap();
    assert_eq!((reports.iter().map(|report| report.task).collect::<Vec<_>>(), warnings), (Task::ALL.to_vec(), vec![]));
    for row in reports.iter().flat_map(|report| &report.rows).filter(|row| row.tally.gold > 0) {
        assert_eq!((row.scores().f1, row.tally.hit), (100.0, row.tally.gold), "{}", row.name);
    }
    assert!(reports[1].rows.iter().any(|row| row.name == "speaker name" && row.tally.gold == 1));
}

#[test]
fn a_task_that_the_gold_says_nothing_about_is_refused() {
    let articles: Vec<_> = articles().into_iter().map(|a| Pair { gold: Annotated::default(), ..a }).collect();
    let tasks = vec![Task::Quotes];
    let refused = |options: &Options| evaluate(&articles, options).unwrap_err().to_string();
    assert_eq!(refused(&Options { tasks, ..Options::default() }), "the gold has no quotes");
    assert!(refused(&Options::default()).starts_with("the gold has neither entities"));
}

#[test]
fn speakers_of_what_is_not_there_are_told() {
    let mut speakers = speakers();
    speakers.get_mut("ferry").unwrap().push(KnownSpeaker { index: 9, ..KnownSpeaker::default() });
    speakers.insert("elsewhere".to_owned(), Vec::new());
    let options = Options { tasks: vec![Task::Quotes], speakers: Some(speakers), ..Options::default() };
    let told: Vec<_> = evaluate(&articles(), &options).unwrap().1.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "a speaker is given for quotation 9 of \"ferry\", which the gold does not have",
            "speakers are given for \"elsewhere\", which the gold does not have"
        ]
    );
}

#[test]
fn thousands_of_spans_in_one_article_are_no_matter() {
    let count = 20_000u32;
    let place = |i: u32, shift| Place { start: 10 * i + shift, end: 10 * i + 8 };
    let quotes = |shift| {
        let quote = |i| Quotation { content: vec![place(i, shift)], ..Quotation::default() };
        Some((0..count).map(quote).collect())
    };
    let article = |shift| Annotated { quotes: quotes(shift), ..Annotated::default() };
    let text = vec!['x'; 10 * count as usize];
    let pair = Pair { id: "a".to_owned(), text, gold: article(0), predicted: article(1) };
    let table = score_quotes(&[pair], &QuoteOptions::default(), None);
    assert_eq!(table.row("content overlap").unwrap().total().hit, u64::from(count));
    assert_eq!(table.row("linked overlap").unwrap().total().hit, u64::from(count));
}

/// A line that is nearly one of a format.
fn lines() -> impl Strategy<Value = String> {
    let word = r#"\{|\}|\[|\]|"id":|"start":|"end":|"text":|"quotes":|"cue":|:|,|"a"|[0-9]{1,11}|T1|E1|R1|A1|\t| |\n|;|-|O|B-PER|[é😀x]"#;
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_file_makes_a_reader_panic(content in lines()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.ann");
        std::fs::write(&file, &content).unwrap();
        std::fs::write(folder.path().join("a.txt"), "Ada é 😀").unwrap();
        for format in [Format::Jsonl, Format::Conll, Format::Brat] {
            for side in [Side::Gold, Side::Predicted] {
                if let Ok(read) = read(&file, format, side)
                    && let Ok(aligned) = align(read.articles.clone(), read.articles)
                {
                    let _ = evaluate(&aligned.pairs, &Options::default());
                }
            }
        }
        let _ = read_speakers(&file);
    }

    #[test]
    fn what_is_scored_against_itself_is_right(
        places in prop::collection::vec((0u32..60, 0u32..9, 0usize..3), 0..20),
    ) {
        let text: Vec<char> = "Ada, “é” — 😀 the Bo’s.\n".chars().cycle().take(70).collect();
        let name = |&(start, length, kind): &(u32, u32, usize)| Named {
            place: Place { start, end: start + length },
            label: ["PER", "GPE", "X"][kind].to_owned(),
        };
        let quote = |&(start, length, kind): &(u32, u32, usize)| Quotation {
            kind: Some(["direct", "block", "mixed"][kind].to_owned()),
            content: vec![Place { start, end: start + length }],
            ..Quotation::default()
        };
        let side = Annotated {
            names: Some(places.iter().map(name).collect()),
            quotes: Some(places.iter().map(quote).collect()),
            ..Annotated::default()
        };
        let pair = Pair { id: String::new(), text, gold: side.clone(), predicted: side };
        let normalised = EntityOptions { normalise: true, ..EntityOptions::default() };
        let tables = [
            score_entities(std::slice::from_ref(&pair), &EntityOptions::default()),
            score_entities(std::slice::from_ref(&pair), &normalised),
            score_quotes(&[pair], &QuoteOptions::default(), None),
        ];
        for row in tables.iter().flat_map(|table| &table.rows) {
            let Tally { hit, predicted, gold } = row.total();
            prop_assert!(hit <= gold && hit <= predicted);
            if row.name.contains("exact") && !row.name.contains(':') {
                prop_assert!(hit == gold && gold == predicted, "{}: {hit} of {gold}", row.name);
            }
        }
    }
}
