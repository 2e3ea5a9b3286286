//! The embedded models: what an answer depends on.

use std::path::Path;

use rayon::prelude::*;
use whosaid::Pipeline;
use whosaid::record::OffsetUnit;
use whosaid::tag::Embedded;

use crate::program::{BRIDGE, Folder};

fn articles() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn an_answer_does_not_depend_on_what_runs_beside_it() {
    let articles = articles();
    for model in [Embedded::Fast, Embedded::best()] {
        let pipeline = Pipeline::builder().tagger(model.tagger().unwrap()).build();
        let answer = |text: &String| {
            let record = pipeline.annotate(text.as_str()).unwrap().record(OffsetUnit::Char);
            serde_json::to_string(&record).unwrap()
        };
        let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let alone: Vec<String> = pool(1).install(|| articles.par_iter().map(answer).collect());
        let together: Vec<String> = pool(8).install(|| articles.par_iter().map(answer).collect());
        assert!(alone == together, "{model:?}");
    }
}

#[test]
fn a_word_longer_than_any_window_and_a_text_of_nothing_known_are_answered() {
    let pipeline = Pipeline::default();
    for text in [&"ab".repeat(20_000), &"\u{1}\u{2} ".repeat(500), &"𝔘𝔫 ".repeat(3000), &"said ".repeat(5000)] {
        assert!(pipeline.annotate(text.as_str()).is_ok());
    }
}

fn checkpoint(name: &str) -> String {
    format!("{}/tests/checkpoints/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_checkpoint_is_checked_converted_and_finds_the_names_beside_our_quotations() {
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes())]);
    let (bert, converted) = (checkpoint("bert"), folder.path("bert-8bit"));
    let checked = folder.run(&["model", "check", &bert]);
    assert_eq!(checked.code, Some(0), "{}", checked.err);
    for wanted in ["network   bert, 2 layers of 32 values", "engine    native", "B-PER        PER", "trial     Mayor"] {
        assert!(checked.out.contains(wanted), "{wanted}: {}", checked.out);
    }
    let converted = converted.to_str().unwrap();
    assert_eq!(folder.run(&["model", "convert", &bert, converted]).code, Some(0));
    for model in [bert.as_str(), converted] {
        let annotated = folder.run(&["annotate", "a.txt", "--model", model]);
        assert_eq!(annotated.code, Some(0), "{}", annotated.err);
        assert!(annotated.out.contains("“The bridge will open in May,”"), "{}", annotated.out);
    }
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/models/fast");
    let checked = folder.run(&["model", "check", ours]);
    assert!(checked.out.contains("a model of whosaid") && checked.out.contains("Ada Cole"), "{}", checked.out);
}

#[test]
fn what_is_no_model_or_needs_another_build_is_said() {
    let folder = Folder::with([("a.txt", BRIDGE.as_bytes())]);
    let refused = |args: &[&str]| {
        let run = folder.run(args);
        assert_eq!(run.code, Some(2), "{}", run.err);
        run.err
    };
    assert!(refused(&["model", "check", "."]).contains("card.toml"));
    assert!(refused(&["annotate", "a.txt", "--model", "fast", "--engine", "native"]).contains("has one of its own"));
    assert!(
        refused(&["annotate", "a.txt", "--model", &checkpoint("bert"), "--engine", "fastest"]).contains("rust-bert")
    );
    assert!(refused(&["annotate", "a.txt", "--model", "dslim/bert-base-NER"]).contains("nothing is downloaded"));
}
