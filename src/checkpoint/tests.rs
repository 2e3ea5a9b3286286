//! Against what `transformers` says of the same checkpoints: `scripts/make-checkpoints` has made them, with random weights,
//! and written down scores and names.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::segment::{RuleSegmenter, Segment, Segmented};
use crate::text::Text;

/// What was written down of a checkpoint.
#[derive(Deserialize)]
struct Expected {
    texts: Vec<ExpectedText>,
}

#[derive(Deserialize)]
struct ExpectedText {
    text: String,
    ids: Vec<u32>,
    logits: Vec<Vec<f32>>,
    entities: BTreeMap<String, Vec<ExpectedEntity>>,
}

/// Places are in code points.
#[derive(Deserialize)]
struct ExpectedEntity {
    label: String,
    start: usize,
    end: usize,
    score: f32,
}

fn folders() -> Vec<PathBuf> {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkpoints");
    let mut found: Vec<PathBuf> = fs::read_dir(all).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    assert_eq!(found.len(), 8, "{found:?}");
    found
}

fn expected(folder: &Path) -> Vec<ExpectedText> {
    serde_json::from_slice::<Expected>(&fs::read(folder.join("expected.json")).unwrap()).unwrap().texts
}

/// A copy of a checkpoint, to be changed.
fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.path().join(path.file_name().unwrap())).unwrap();
    }
    copy
}

fn engines() -> Vec<Engine> {
    [Engine::Native, Engine::Ort, Engine::Rten, Engine::RustBert]
        .into_iter()
        .filter(|engine| engine.is_built_in())
        .collect()
}

#[test]
fn every_architecture_gives_the_scores_of_transformers_in_every_engine() {
    for folder in folders() {
        for engine in engines().into_iter().filter(|engine| folder.join(engine.file()).is_file()) {
            let opened = Checkpoint::open(&folder, Some(engine));
            if engine == Engine::RustBert && folder.to_string_lossy().contains("/deberta") {
                assert!(
                    opened.unwrap_err().to_string().contains("native"),
                    "rust-bert's own DeBERTa is another network"
                );
                continue;
            }
            let checkpoint = opened.unwrap();
            for ExpectedText { text, ids, logits, .. } in expected(&folder) {
                let found = checkpoint.network.scores(&ids).unwrap();
                let wanted = logits.concat();
                assert_eq!(found.len(), wanted.len());
                let most = found.iter().zip(&wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(most < 1e-4, "{} {engine} {most}: {text}", folder.display());
            }
        }
    }
}

#[test]
fn pieces_and_names_are_those_of_its_pipelines() {
    for folder in folders() {
        let mut checkpoint = Checkpoint::open(&folder, Some(Engine::Native)).unwrap();
        // Pipelines know no prefixes but B- and I-, and take numbers for kinds.
        let others = ["E-", "S-", "L-", "U-", "LABEL_"];
        let alike = !checkpoint.labels().any(|(name, _)| others.iter().any(|other| name.starts_with(other)));
        for ExpectedText { text, ids, entities, .. } in expected(&folder) {
            let mut pieces = Vec::new();
            checkpoint.vocabulary.pieces(&text, 0, &mut pieces).unwrap();
            let Vocabulary { opens, closes, .. } = &checkpoint.vocabulary;
            let framed = opens.iter().copied().chain(pieces.iter().map(|p| p.id)).chain(closes.iter().copied());
            assert_eq!(framed.collect::<Vec<_>>(), ids, "{}: {text}", folder.display());
            for (strategy, wanted) in entities.into_iter().filter(|_| alike) {
                checkpoint.aggregation = strategy.parse().unwrap();
                let groups = checkpoint.groups(std::iter::once((0, text.as_str()))).unwrap();
                let named = groups.iter().filter(|group| checkpoint.meanings[group.label].kind != "O");
                let found: Vec<_> = named.map(|group| seen(&checkpoint, &text, group)).collect();
                let wanted: Vec<_> = wanted.iter().map(|entity| trimmed(&text, entity)).collect();
                assert_eq!(found, wanted, "{} {strategy}: {text}", folder.display());
            }
        }
    }
}

/// A group as the kind, the text without white space around it, and the probability to three digits.
fn seen(checkpoint: &Checkpoint, text: &str, group: &Group) -> (String, String, String) {
    let kind = checkpoint.meanings[group.label].kind.clone();
    (kind, text[group.start..group.end].trim().to_owned(), format!("{:.3}", group.score))
}

fn trimmed(text: &str, entity: &ExpectedEntity) -> (String, String, String) {
    let chars: String = text.chars().skip(entity.start).take(entity.end - entity.start).collect();
    (entity.label.clone(), chars.trim().to_owned(), format!("{:.3}", entity.score))
}

#[test]
fn a_long_article_is_scored_to_its_end_and_its_first_window_as_if_it_were_short() {
    for folder in folders() {
        let checkpoint = Checkpoint::open(&folder, None).unwrap();
        let sentence = "Mayor Ada Cole of Millbrook said so on Monday. ";
        let text = Text::new(sentence.repeat(60)).unwrap();
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let names = checkpoint.names(Segmented { text: &text, segments: &segments }).unwrap();
        assert!(names.windows(2).all(|pair| pair[0].place.tokens.last() < pair[1].place.tokens.first()));
        let mut pieces = Vec::new();
        checkpoint.vocabulary.pieces(text.as_str(), 0, &mut pieces).unwrap();
        let long = checkpoint.scores(&pieces).unwrap();
        assert_eq!(long.len(), pieces.len() * checkpoint.meanings.len());
        let window = &windows::cut(&pieces, checkpoint.window())[0];
        let short = checkpoint.scores(&pieces[window.seen.clone()]).unwrap();
        assert_eq!(
            long[..window.own.len() * checkpoint.meanings.len()],
            short[..window.own.len() * checkpoint.meanings.len()]
        );
    }
}

#[test]
fn a_checkpoint_in_integers_is_smaller_and_says_nearly_the_same() {
    for folder in folders() {
        let to = tempfile::tempdir().unwrap();
        convert(&folder, to.path()).unwrap();
        let size = |folder: &Path| fs::metadata(folder.join(engine::SAFETENSORS)).unwrap().len();
        assert!(size(to.path()) < size(&folder), "{}", folder.display());
        let checkpoint = Checkpoint::open(to.path(), None).unwrap();
        let (mut agreed, mut all) = (0, 0);
        for ExpectedText { ids, logits, .. } in expected(&folder) {
            let found = checkpoint.network.scores(&ids).unwrap();
            let greatest = |row: &[f32]| (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]));
            agreed += found.chunks(logits[0].len()).zip(&logits).filter(|(a, b)| greatest(a) == greatest(b)).count();
            all += logits.len();
        }
        // Random weights leave labels close together; trained ones do not.
        assert!(agreed * 10 >= all * 8, "{}: {agreed} of {all}", folder.display());
        assert!(convert(&folder, to.path()).unwrap_err().to_string().contains("an empty or a new one"));
    }
}

#[test]
fn what_is_missing_or_does_not_fit_is_refused_with_what_is_wanted() {
    let folder = &folders()[0];
    let refused = |change: &dyn Fn(&Path)| {
        let copy = copied(folder);
        change(copy.path());
        Checkpoint::open(copy.path(), Some(Engine::Native)).unwrap_err().to_string()
    };
    let remove = |name: &'static str| move |path: &Path| fs::remove_file(path.join(name)).unwrap();
    assert!(refused(&remove("tokenizer.json")).contains("vocab.txt"));
    assert!(refused(&remove("model.safetensors")).contains("model.safetensors"));
    let rewrite = |from: &'static str, to: &'static str| {
        move |path: &Path| {
            let config = fs::read_to_string(path.join("config.json")).unwrap();
            assert!(config.contains(from), "{config}");
            fs::write(path.join("config.json"), config.replace(from, to)).unwrap();
        }
    };
    assert!(refused(&rewrite("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3")).contains("layer.2"));
    let wider = refused(&rewrite("\"hidden_size\": 32", "\"hidden_size\": 64"));
    assert!(wider.contains("32 columns") || wider.contains("embeddings_project"), "{wider}");
    let weights = fs::read(folder.join("model.safetensors")).unwrap();
    for length in [0, 7, 100, weights.len() / 2, weights.len() - 1] {
        let cut = |path: &Path| fs::write(path.join("model.safetensors"), &weights[..length]).unwrap();
        assert!(refused(&cut).contains("safetensors"), "{length}");
    }
    let settings = |text: &'static str| move |path: &Path| fs::write(path.join(SETTINGS), text).unwrap();
    assert!(refused(&settings("aggregation = \"best\"")).contains("best"));
    assert!(refused(&settings("[labels]\nNOWHERE = \"LOC\"")).contains("NOWHERE"));
    assert!(refused(&settings("lables = 1")).contains("lables"));
}

#[test]
fn a_graph_alone_is_enough_and_one_that_is_none_or_broken_is_refused() {
    for folder in folders() {
        let copy = copied(&folder);
        fs::remove_file(copy.path().join(engine::SAFETENSORS)).unwrap();
        let checkpoint = Checkpoint::open(copy.path(), Some(Engine::Rten)).unwrap();
        assert_eq!(checkpoint.engine().0, Engine::Rten);
        let graph = copy.path().join("model.onnx");
        let whole = fs::read(&graph).unwrap();
        for length in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
            fs::write(&graph, &whole[..length]).unwrap();
            let error = Checkpoint::open(copy.path(), Some(Engine::Rten)).unwrap_err().to_string();
            assert!(error.contains("model.onnx"), "{} {length}: {error}", folder.display());
        }
    }
}

#[test]
fn an_engine_that_this_build_is_without_says_how_to_get_it() {
    let folder = &folders()[0];
    for engine in [Engine::Ort, Engine::RustBert].into_iter().filter(|engine| !engine.is_built_in()) {
        let error = Checkpoint::open(folder, Some(engine)).unwrap_err().to_string();
        assert!(error.contains(&format!("--features {engine}")), "{error}");
    }
}

#[test]
fn a_vocabulary_file_gives_the_pieces_of_the_tokenizer_made_of_it() {
    let folder = folders().into_iter().find(|folder| folder.ends_with("bert")).unwrap();
    let whole = Vocabulary::open(&folder).unwrap();
    let copy = copied(&folder);
    let tokenizer = tokenizers::Tokenizer::from_file(folder.join("tokenizer.json")).unwrap();
    let mut pieces: Vec<(String, u32)> = tokenizer.get_vocab(true).into_iter().collect();
    pieces.sort_by_key(|(_, id)| *id);
    let list: Vec<String> = pieces.into_iter().map(|(piece, _)| piece).collect();
    fs::remove_file(copy.path().join("tokenizer.json")).unwrap();
    fs::write(copy.path().join("vocab.txt"), list.join("\n")).unwrap();
    let listed = Vocabulary::open(copy.path()).unwrap();
    assert_eq!((&listed.opens, &listed.closes), (&whole.opens, &whole.closes));
    for ExpectedText { text, .. } in expected(&folder) {
        let pieces = |vocabulary: &Vocabulary| {
            let mut pieces = Vec::new();
            vocabulary.pieces(&text, 0, &mut pieces).unwrap();
            pieces
        };
        assert_eq!(pieces(&listed), pieces(&whole), "{text}");
    }
}
