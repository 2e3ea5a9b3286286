//! What `whosaid eval` does with files, formats and what does not fit together.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::program::{BRIDGE, Folder};

const GOLD: &[u8] = include_bytes!("eval/gold.jsonl");
const PREDICTED: &[u8] = include_bytes!("eval/predicted.jsonl");

/// The quotation of [`BRIDGE`], in the layout of PolNeAR.
const STANDOFF: &str = "\
T1\tContent 0 30\t“The bridge will open in May,”
T2\tSource 31 39\tAda Cole
T3\tCue 40 44\tsaid
T4\tAttribution 40 44\tsaid
E1\tAttribution:T4 Content:T1 Cue:T3 Source:T2
T5\tPerson 31 39\tAda Cole
";

fn both() -> Folder {
    Folder::with([("gold.jsonl", GOLD), ("predicted.jsonl", PREDICTED)])
}

#[test]
fn every_task_of_the_gold_is_scored_and_a_missing_article_is_a_warning() {
    let run = both().run(&["eval", "gold.jsonl", "predicted.jsonl"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    for line in [
        "entities (3 articles)",
        "micro                              P  40.0  R  28.6  F1  33.3   hit 2  predicted 5  gold 7   95% ",
        "quotes (3 articles)",
        "block quotations (3 articles)",
        "false alarms: 1 of 1 colon-ended paragraphs",
        "whole sentences                    P  66.7",
    ] {
        assert!(run.out.contains(line), "{line:?} is not in\n{}", run.out);
    }
    assert_eq!(run.err, "warning: 1 of 3 gold articles have no prediction and count as empty; the first is \"echo\"\n");
}

#[test]
fn json_has_the_figures_the_intervals_and_the_warnings_and_is_the_same_every_time() {
    let run = || both().run(&["eval", "gold.jsonl", "predicted.jsonl", "--json", "--task", "sentences"]);
    let first = run();
    assert_eq!(first.out, run().out);
    let figures: Value = serde_json::from_str(&first.out).unwrap();
    assert_eq!(figures["bootstrap"]["resamples"], 1000);
    assert_eq!(figures["warnings"].as_array().unwrap().len(), 1);
    let [section] = &figures["tasks"].as_array().unwrap()[..] else { panic!("one task") };
    assert_eq!(section["task"], "sentences");
    let row = &section["rows"][1];
    assert_eq!((row["name"].as_str(), row["hit"].as_u64()), (Some("whole sentences"), Some(2)));
    let recall = row["recall"].as_f64().unwrap();
    let end = |name: &str| row["intervals"]["recall"][name].as_f64().unwrap();
    assert!(end("low") <= recall && recall <= end("high"), "{row}");
}

#[test]
fn compressed_files_and_standard_input_are_read() {
    let folder = both();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(GOLD).unwrap();
    std::fs::write(folder.path("gold.jsonl.gz"), packed.finish().unwrap()).unwrap();
    let plain = folder.run(&["eval", "gold.jsonl", "predicted.jsonl"]);
    let run = folder.run_with(&["eval", "gold.jsonl.gz", "-"], PREDICTED);
    assert_eq!((run.code, run.out), (Some(0), plain.out));
}

#[test]
fn what_is_annotated_from_a_folder_can_be_scored_against_its_standoff() {
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes()), ("a.ann", STANDOFF.as_bytes())]);
    let annotated = folder.run(&["annotate", "./a.txt", "-o", "out.jsonl"]);
    assert_eq!(annotated.code, Some(0), "{}", annotated.err);
    let run = folder.run(&["eval", ".", "out.jsonl"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    for row in ["PER  ", "content exact  ", "linked overlap  "] {
        assert!(run.out.lines().any(|line| line.starts_with(row) && line.contains("F1 100.0")), "{row}: {}", run.out);
    }
}

#[test]
fn offsets_in_other_units_give_the_same_figures() {
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes()), ("a.ann", STANDOFF.as_bytes())]);
    let outs = ["char", "byte", "utf16"].map(|unit| {
        folder.run(&["annotate", "a.txt", "--offsets", unit, "-o", "out.jsonl"]);
        folder.run(&["eval", "a.ann", "out.jsonl"]).out
    });
    assert!(outs[0].contains("F1 100.0") && outs.iter().all(|out| *out == outs[0]), "{outs:?}");
}

#[test]
fn the_texts_of_a_gold_set_can_be_written_for_a_tool_to_annotate() {
    let folder = Folder::with([("set.conll", "Ada\tB-PER\nleft\tO\n.\tO\n".as_bytes())]);
    assert_eq!(folder.run(&["eval", "set.conll", "--texts", "-"]).out, "{\"id\":\"d00000\",\"text\":\"Ada left.\"}\n");
    let run = folder.run(&["eval", "set.conll", "--texts", "texts.jsonl"]);
    assert_eq!((run.code, folder.read("texts.jsonl").lines().count()), (Some(0), 1));
}

#[test]
fn what_cannot_be_compared_is_refused_with_what_was_met() {
    let folder = Folder::with([
        ("gold.jsonl", GOLD),
        ("twice.jsonl", &[GOLD, GOLD].concat()),
        ("other.jsonl", r#"{"id": "ferry", "text": "The Harbor", "sentences": []}"#.as_bytes()),
        ("far.jsonl", r#"{"id": "ferry", "sentences": [{"start": 0, "end": 9999}]}"#.as_bytes()),
        ("strange.jsonl", r#"{"id": "ferry", "quotes": [{"start": 0, "end": "x"}]}"#.as_bytes()),
        ("elsewhere.jsonl", r#"{"id": "z"}"#.as_bytes()),
        ("names.jsonl", r#"{"id": "ferry", "text": "", "entities": []}"#.as_bytes()),
    ]);
    for (args, told) in [
        (&["gold.jsonl", "twice.jsonl"][..], "two predicted articles have the id \"ferry\""),
        (&["gold.jsonl", "other.jsonl"], "differ from code point 9 on: the gold has \"ur Board"),
        (&["gold.jsonl", "far.jsonl"], "predicted article \"ferry\": sentences[0] has the offsets 0..9999"),
        (
            &["gold.jsonl", "strange.jsonl"],
            "strange.jsonl, line 1: quotes[0].end: wanted an offset, a whole number from 0 on, met \"x\"",
        ),
        (&["gold.jsonl", "elsewhere.jsonl"], "the predicted ids are like \"z\", the gold ones like \"ferry\""),
        (&["gold.jsonl", "missing.jsonl"], "missing.jsonl cannot be read"),
        (&["names.jsonl", "names.jsonl", "--task", "quotes"], "the gold has no quotes"),
        (&["gold.jsonl"], "PREDICTED"),
    ] {
        let run = folder.run(&[&["eval"], args].concat());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{args:?}: {}", run.err);
        assert!(run.err.contains(told), "{args:?}: {}", run.err);
    }
}
