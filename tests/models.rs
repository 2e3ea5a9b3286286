//! The embedded models: what an answer depends on.

use std::path::Path;

use rayon::prelude::*;
use whosaid::Pipeline;
use whosaid::record::OffsetUnit;
use whosaid::tag::Embedded;

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
