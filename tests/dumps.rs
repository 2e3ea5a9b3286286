//! Many articles into parts: threads, formats, errors, interruptions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};

use crate::program::{BRIDGE, Folder};

/// A dump of articles of which some cannot be read.
fn dump(articles: usize) -> Folder {
    let line = |i: usize| match i % 50 {
        17 => "{\"id\": \"broken\"".to_owned(),
        _ => json!({"id": format!("a-{i}"), "title": "T", "text": format!("{}{BRIDGE}", "Word. ".repeat(i % 40))})
            .to_string(),
    };
    let folder = Folder::with([]);
    fs::write(folder.path("dump.jsonl"), (0..articles).map(|i| line(i) + "\n").collect::<String>()).unwrap();
    folder
}

/// All files of a folder with their bytes.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())).collect()
}

/// Arguments of a run without a model, which takes no time.
fn fast<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["annotate", "dump.jsonl", "--quiet", "--stages", "segment"], more].concat()
}

#[test]
fn parts_are_the_same_at_any_number_of_threads() {
    let folder = dump(230);
    for (format, files_of_part) in [("jsonl", 1), ("csv", 5), ("parquet", 5)] {
        let outs = ["1", "2", "8"].map(|threads| {
            let out = format!("{format}-{threads}");
            let run = folder.run(&fast(&[
                "--format",
                format,
                "-o",
                &out,
                "--partition-rows",
                "100",
                "--compress",
                "zst",
                "--threads",
                threads,
            ]));
            assert_eq!(run.code, Some(1), "{}", run.err);
            files(&folder.path(&out))
        });
        // Three parts, the list of errors, and what is said about the run.
        assert_eq!(outs[0].len(), 3 * files_of_part + 2, "{:?}", outs[0].keys());
        assert!(outs[0] == outs[1] && outs[0] == outs[2], "{format}");
    }
}

#[test]
fn every_article_is_in_the_documents_once_and_what_failed_is_listed() {
    let folder = dump(120);
    let run = folder.run(&fast(&["--format", "csv", "-o", "out", "--partition-rows", "50"]));
    assert_eq!(run.code, Some(1));
    assert!(run.err.ends_with("whosaid: 3 of 120 articles failed; the rest is written\n"), "{}", run.err);
    let mut ids = Vec::new();
    for part in 0..3 {
        let mut rows = csv::Reader::from_path(folder.path("out").join(format!("documents-{part:05}.csv"))).unwrap();
        ids.extend(rows.records().map(|row| row.unwrap()[0].to_owned()));
    }
    let wanted: Vec<_> =
        (0..120).map(|i| if i % 50 == 17 { format!("dump.jsonl:{}", i + 1) } else { format!("a-{i}") }).collect();
    assert_eq!(ids, wanted);
    let errors: Vec<Value> =
        folder.read("out/errors.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(errors.len(), 3);
    assert_eq!(
        (&errors[1]["file"], &errors[1]["line"], &errors[1]["row"]),
        (&json!("dump.jsonl"), &json!(68), &Value::Null)
    );
    assert!(errors[1]["reason"].as_str().unwrap().contains("EOF"), "{}", errors[1]);
}

#[test]
fn a_run_that_is_killed_is_continued_to_the_same_bytes() {
    let folder = dump(1000);
    let args = |out: &'static str| {
        fast(&[
            "--format",
            "csv",
            "--compress",
            "gz",
            "--partition-rows",
            "37",
            "--threads",
            "2",
            "--resume",
            "-o",
            out,
        ])
    };
    let began = Instant::now();
    assert_eq!(folder.run(&args("whole")).code, Some(1));
    let took = began.elapsed();
    let whole = files(&folder.path("whole"));
    for (attempt, out) in ["a", "b", "c"].into_iter().enumerate() {
        // At moments all over a run; what is left after four kills is left to finish.
        for kill in 0..4 {
            let mut child = folder.start(&args(out));
            drop(child.stdin.take());
            std::thread::sleep(took * ((kill * 37 + attempt * 29) % 60) as u32 / 100);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert_eq!(folder.run(&args(out)).code, Some(1));
        assert!(files(&folder.path(out)) == whole, "{out}");
    }
    // There is nothing left to do, and that is quickly done.
    assert_eq!(folder.run(&args("a")).code, Some(1));
    assert!(files(&folder.path("a")) == whole);
}

#[test]
fn a_run_is_not_continued_with_other_options_nor_overwritten_by_accident() {
    let folder = dump(20);
    let run = |more: &[&str]| folder.run(&fast(&[&["-o", "out", "--partition-rows", "10"], more].concat()));
    assert_eq!(run(&[]).code, Some(1));
    let first = files(&folder.path("out"));
    for (more, wanted) in [
        (&[][..], "out already holds a finished run"),
        (&["--resume", "--offsets", "byte"], "it was made with offsets = char, but this one has byte"),
        (&["--resume", "--compress", "gz"], "compress"),
    ] {
        let refused = run(more);
        assert_eq!(refused.code, Some(2));
        assert!(refused.err.contains(wanted), "{}", refused.err);
        assert!(files(&folder.path("out")) == first);
    }
    let run = folder.run(&fast(&["-o", "out", "--partition-rows", "15", "--force", "--compress", "gz"]));
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert_eq!(
        files(&folder.path("out")).into_keys().collect::<Vec<_>>(),
        ["errors.jsonl", "out-00000.jsonl.gz", "out-00001.jsonl.gz", "whosaid-run.json"]
    );
}

#[test]
fn parts_together_are_what_one_file_is() {
    let folder = dump(60);
    folder.run(&fast(&["-o", "one.jsonl"]));
    folder.run(&fast(&["-o", "parts", "--partition-rows", "25"]));
    let parts = (0..3).map(|part| folder.read(&format!("parts/out-{part:05}.jsonl"))).collect::<String>();
    assert_eq!(parts, folder.read("one.jsonl"));
    // And the errors beside the file are those of the parts.
    assert_eq!(folder.read("one.errors.jsonl"), folder.read("parts/errors.jsonl"));
    // A later run without errors leaves no list of an earlier one.
    folder.run(&fast(&["-o", "one.jsonl", "--limit", "10"]));
    assert!(!folder.path("one.errors.jsonl").exists());
    assert_eq!(folder.read("one.jsonl").lines().count(), 10);
}

#[test]
fn a_sample_is_some_of_the_articles_in_their_order() {
    let folder = dump(300);
    let ids = |args: &[&str]| -> Vec<String> {
        let run = folder.run(&fast(args));
        run.out
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let (all, some) = (ids(&[]), ids(&["--sample", "30"]));
    assert_eq!((all.len(), some.len()), (300, 30));
    let places: Vec<_> = some.iter().map(|id| all.iter().position(|other| other == id).unwrap()).collect();
    assert!(places.is_sorted() && places[29] > 200, "{places:?}");
    assert_eq!(ids(&["--sample", "30", "--threads", "1"]), some);
}

#[test]
fn a_run_can_end_with_the_first_error() {
    let folder = dump(100);
    let run = folder.run(&fast(&["-o", "out.jsonl", "--fail-fast"]));
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("error: dump.jsonl, line 18: not a line of JSON: EOF"), "{}", run.err);
    assert_eq!(folder.names(), ["dump.jsonl"]);
}

#[test]
fn a_dry_run_says_what_it_would_do_and_writes_nothing() {
    let folder = dump(5);
    let run = folder.run(&["annotate", "dump.jsonl", "--format", "parquet", "-o", "out", "--dry-run"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(run.out.contains("dump.jsonl") && run.out.contains("the folder out"), "{}", run.out);
    assert_eq!(folder.names(), ["dump.jsonl"]);
}

#[test]
fn a_summary_says_how_many_and_who() {
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes())]);
    let run = folder.run(&["annotate", "--model", "fast", "a.txt", "-o", "out.jsonl"]);
    assert_eq!(run.code, Some(0));
    assert!(run.err.starts_with("whosaid: 1 articles ("), "{}", run.err);
    assert!(run.err.contains("1 quotes, 0 errors") && run.err.contains("most quoted  Ada Cole (1)"), "{}", run.err);
}

#[test]
fn wire_copy_counts_once() {
    let text = format!("{BRIDGE} Rain fell.");
    let again = BRIDGE.replace(['“', '”'], "\"").replace("open in", "open\nin");
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes()), ("b.txt", text.as_bytes()), ("c.txt", again.as_bytes())]);
    for (format, out) in [("csv", "tables"), ("parquet", "parquet"), ("jsonl", "out.jsonl.zst")] {
        let run = folder
            .run(&["annotate", "-q", "--model", "fast", "a.txt", "b.txt", "c.txt", "--format", format, "-o", out]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        let run = folder.run(&["group", out, "--min-articles", "2"]);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{format}");
        let mut rows = csv::Reader::from_reader(run.out.as_bytes());
        let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 1, "{}", run.out);
        let column = |name: &str| rows[0][name].as_str();
        assert_eq!((column("n_articles"), column("n_quotes"), column("speaker")), ("3", "3", "Ada Cole"));
        assert_eq!((column("text"), column("doc_id")), ("“The bridge will open in May,”", "a.txt"));
    }
}
