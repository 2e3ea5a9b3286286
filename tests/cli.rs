//! What the program does with arguments, files, pipes and threads.

use std::io::Write;

use serde_json::Value;

use crate::program::{BRIDGE, Folder, Run};

impl Run {
    /// The lines of JSON that were printed.
    fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn ids(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn three() -> Folder {
    Folder::with([("a.txt", b"One."), ("b.txt", BRIDGE.as_bytes()), ("c.md", b"# Title\n\nText.\n")])
}

#[test]
fn standard_input_is_one_article_with_the_id_minus() {
    for args in [&["annotate"][..], &["annotate", "-"], &["annotate", "-", "-o", "-"]] {
        let run = Folder::with([]).run_with(args, BRIDGE);
        assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
        assert_eq!(run.ids(), ["-"]);
    }
}

#[test]
fn articles_come_out_in_the_order_in_which_they_are_given() {
    let run = three().run(&["annotate", "c.md", "a.txt", "b.txt"]);
    assert_eq!(run.ids(), ["c.md", "a.txt", "b.txt"]);
    assert_eq!(run.lines()[0]["title"], "Title");
}

#[test]
fn the_input_format_can_be_given() {
    let run = Folder::with([]).run_with(&["annotate", "--input-format", "markdown"], "# Title\n\nText.\n");
    assert_eq!(run.lines()[0]["title"], "Title");
    let run = three().run(&["annotate", "--input-format", "text", "c.md"]);
    assert_eq!(run.lines()[0]["text"], "# Title\n\nText.\n");
}

#[test]
fn a_missing_file_is_one_error_and_the_rest_is_written() {
    let run = three().run(&["annotate", "a.txt", "missing.txt", "b.txt"]);
    assert_eq!(run.code, Some(1));
    assert_eq!(run.ids(), ["a.txt", "missing.txt", "b.txt"]);
    let errors: Vec<_> = run.lines().iter().map(|line| line["error"].is_string()).collect();
    assert_eq!(errors, [false, true, false]);
    assert!(run.err.starts_with("error: missing.txt: cannot be read: "), "{}", run.err);
    assert!(run.err.ends_with("whosaid: 1 of 3 articles failed; the rest is written\n"), "{}", run.err);
}

#[test]
fn a_file_that_is_not_utf_8_is_one_error_that_says_where() {
    let folder = Folder::with([("bad.txt", b"ab\xff"), ("good.txt", b"Good.")]);
    let run = folder.run(&["annotate", "bad.txt", "good.txt"]);
    assert_eq!(run.code, Some(1));
    assert!(run.lines()[0]["error"].as_str().unwrap().contains("0xff at offset 2"), "{}", run.out);
    assert_eq!(run.lines()[1]["error"], Value::Null);
}

#[test]
fn the_number_of_threads_does_not_show() {
    let articles: Vec<_> =
        (0..100).map(|i| (format!("{i}.txt"), format!("{}{BRIDGE}", "Word. ".repeat(100 - i)))).collect();
    let folder = Folder::with([]);
    for (name, text) in &articles {
        std::fs::write(folder.path(name), text).unwrap();
    }
    let names: Vec<_> = articles.iter().map(|(name, _)| name.as_str()).chain(["missing.txt"]).collect();
    let outs =
        ["1", "2", "3", "8"].map(|threads| folder.run(&[&["annotate", "--threads", threads], &names[..]].concat()));
    assert_eq!(outs[0].ids(), names);
    for run in &outs[1..] {
        assert_eq!((&run.out, &run.err), (&outs[0].out, &outs[0].err));
    }
}

#[test]
fn an_output_file_replaces_the_old_one_and_leaves_no_other() {
    let folder = three();
    std::fs::write(folder.path("out.jsonl"), "old").unwrap();
    let run = folder.run(&["annotate", "--quiet", "a.txt", "-o", "out.jsonl"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", ""));
    assert_eq!(folder.read("out.jsonl"), folder.run(&["annotate", "a.txt"]).out);
    assert_eq!(folder.names(), ["a.txt", "b.txt", "c.md", "out.jsonl"]);
}

#[test]
fn an_output_that_cannot_be_made_is_told_before_any_article_is_read() {
    let run = three().run(&["annotate", "missing.txt", "-o", "no/such/folder/out.jsonl"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.starts_with("error: cannot write no/such/folder/out.jsonl: "), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

const HEADERS: [(&str, &str); 5] = [
    ("documents", "doc_id,title,date,url,n_chars,n_sentences,n_mentions,n_quotes,status,error"),
    ("sentences", "doc_id,sentence_id,start,end,text"),
    ("entities", "doc_id,entity_id,label,name,aliases,title,affiliation,kb_id,n_mentions,n_quotes"),
    ("mentions", "doc_id,mention_id,entity_id,sentence_id,start,end,text,label,score"),
    (
        "quotes",
        "doc_id,quote_id,kind,start,end,text,cue,cue_start,cue_end,source,source_start,source_end,speaker_kind,speaker,entity_id,speaker_title,\
         speaker_affiliation,co_speakers,confidence,evidence,reason,paragraph_id,sentence_id,within,quote_key",
    ),
];

#[test]
fn every_table_has_its_header_when_the_input_is_empty() {
    let folder = Folder::with([]);
    let run = folder.run(&["annotate", "--quiet", "--format", "csv", "-o", "new/tables"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (Some(0), "", ""));
    for (table, header) in HEADERS {
        let csv = folder.read(&format!("new/tables/{table}.csv"));
        let row = if table == "documents" { "-,,,,0,0,0,0,ok,\n" } else { "" };
        assert_eq!(csv, format!("{header}\n{row}"));
    }
    assert_eq!(folder.read("new/tables/errors.jsonl"), "");
    assert_eq!(std::fs::read_dir(folder.path("new/tables")).unwrap().count(), 6);
}

#[test]
fn the_tables_of_several_articles_can_be_joined_by_id() {
    let folder = three();
    let run = folder.run(&["annotate", "--format", "csv", "-o", "tables", "a.txt", "missing.txt", "b.txt"]);
    assert_eq!(run.code, Some(1));
    let rows = |table: &str| -> Vec<std::collections::HashMap<String, String>> {
        csv::Reader::from_path(folder.path("tables").join(table)).unwrap().deserialize().map(Result::unwrap).collect()
    };
    let documents = rows("documents.csv");
    let status: Vec<_> = documents
        .iter()
        .map(|row| (row["doc_id"].as_str(), row["status"].as_str(), row["n_quotes"].as_str()))
        .collect();
    assert_eq!(status, [("a.txt", "ok", "0"), ("missing.txt", "error", ""), ("b.txt", "ok", "1")]);
    let quotes = rows("quotes.csv");
    assert_eq!((quotes[0]["doc_id"].as_str(), quotes[0]["speaker"].as_str()), ("b.txt", "Ada Cole"));
    let entities = rows("entities.csv");
    let speaker =
        entities.iter().find(|row| row["doc_id"] == "b.txt" && row["entity_id"] == quotes[0]["entity_id"]).unwrap();
    assert_eq!(speaker["name"], "Ada Cole");
    assert_eq!(rows("sentences.csv").iter().find(|row| row["doc_id"] == "b.txt").unwrap()["text"], BRIDGE);
}

#[test]
fn csv_on_standard_output_is_the_table_of_quotes() {
    let run = three().run(&["annotate", "--format", "csv", "a.txt", "b.txt"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(run.out.lines().next(), Some(HEADERS[4].1));
    assert!(
        run.out.lines().nth(1).unwrap().starts_with("b.txt,0,direct,0,30,\"“The bridge will open in May,”\","),
        "{}",
        run.out
    );
}

#[test]
fn what_makes_no_sense_is_refused_with_what_was_met_and_what_is_wanted() {
    let folder = three();
    std::fs::create_dir(folder.path("folder")).unwrap();
    for (args, wanted) in [
        (&["annotate", "folder"][..], "folder has no article or dump in it"),
        (
            &["annotate", "a.txt", "-o", "folder"],
            "folder is a folder, but jsonl is written to a file: give -o folder/articles.jsonl",
        ),
        (
            &["annotate", "a.txt", "--format", "csv", "-o", "b.txt"],
            "b.txt is a file, but csv writes several tables into a folder: give -o FOLDER",
        ),
        (&["annotate", "a.txt", "a.txt"], "a.txt is given twice, but an article's name is its id and must be its own"),
        (&["annotate", "--offsets", "word"], "[possible values: char, byte, utf16]"),
        (&["annotate", "--threads", "0"], "invalid value '0' for '--threads <N>'"),
        (&["explain"], "<FILE>"),
        (&[], "Usage: whosaid <COMMAND>"),
    ] {
        let run = folder.run(args);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.err.contains(wanted), "{args:?}: {}", run.err);
    }
    assert_eq!(folder.read("b.txt"), BRIDGE);
}

#[test]
fn an_output_that_its_reader_has_closed_ends_the_run_quietly() {
    let folder = three();
    for args in
        [&["annotate", "-"][..], &["annotate", "-", "--format", "csv"], &["explain", "-"], &["completions", "bash"]]
    {
        let mut child = folder.start(args);
        drop(child.stdout.take());
        // Until it has read all of this the program has written nothing, so it cannot miss that the pipe is closed.
        let _ = child.stdin.take().unwrap().write_all(BRIDGE.repeat(100).as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()),
            (Some(0), ""),
            "{args:?}"
        );
    }
}

#[test]
fn an_explanation_shows_the_text_with_brackets_and_says_who_speaks() {
    let folder = three();
    let run = folder.run(&["explain", "b.txt"]);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    assert!(
        run.out.starts_with("b.txt\n\n[0 “The bridge will open in May,”] Ada Cole said on Monday.\n\n    [0] direct: Ada Cole (person) · "),
        "{}",
        run.out
    );
    for part in [
        " · cue “said”",
        " · source “Ada Cole”",
        " · confidence ",
        "\nEntities\n",
        "  Ada Cole · 1 mention · 1 quotation\n",
    ] {
        assert!(run.out.contains(part), "{part:?} in {}", run.out);
    }
    assert!(!run.out.contains('\u{1b}'), "colours in a pipe: {}", run.out);
    assert_eq!(folder.run_with(&["explain", "-"], BRIDGE).out, run.out.replacen("b.txt", "-", 1));
}

#[test]
fn an_article_that_cannot_be_explained_is_a_failure() {
    let run = three().run(&["explain", "missing.txt"]);
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(run.err.starts_with("error: missing.txt: cannot be read: "), "{}", run.err);
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let run = Folder::with([]).run(&["completions", shell]);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("annotate") && run.out.contains("offsets"), "{shell}: {}", run.out);
    }
}

#[test]
fn the_version_names_that_of_the_records() {
    let run = Folder::with([]).run(&["--version"]);
    assert_eq!(run.out, format!("whosaid {} (records whosaid/1)\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_help_has_examples_and_exit_codes() {
    for args in [&["--help"][..], &["annotate", "--help"]] {
        let run = Folder::with([]).run(args);
        assert_eq!(run.code, Some(0));
        assert!(run.out.contains("Examples:\n") && run.out.contains("Exit codes:\n"), "{}", run.out);
    }
}
