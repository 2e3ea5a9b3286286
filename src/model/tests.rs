use super::*;
use crate::tag::ConvTagger;

const CARD: &str = include_str!("../../models/fast/card.toml");
const WEIGHTS: &[u8] = include_bytes!("../../models/fast/weights.safetensors");

fn refused(card: &str, weights: &[u8]) -> String {
    Model::read(card, [("weights.safetensors", weights)]).unwrap_err().to_string()
}

#[test]
fn a_model_cut_short_anywhere_is_refused() {
    for length in (0..WEIGHTS.len()).step_by(WEIGHTS.len() / 16) {
        assert!(refused(CARD, &WEIGHTS[..length]).contains("SHA-256"), "{length}");
    }
}

#[test]
fn a_model_with_one_bit_changed_is_refused() {
    let mut weights = WEIGHTS.to_vec();
    for at in (0..WEIGHTS.len()).step_by(WEIGHTS.len() / 16) {
        weights[at] ^= 1 << (at % 8);
        assert!(refused(CARD, &weights).contains("SHA-256"), "{at}");
        weights[at] ^= 1 << (at % 8);
    }
}

#[test]
#[cfg(accurate_model)]
fn the_large_model_cut_short_or_with_one_bit_changed_is_refused() {
    let card = include_str!("../../models/accurate/card.toml");
    let tokenizer = include_bytes!("../../models/accurate/tokenizer.json").as_slice();
    let mut weights = include_bytes!("../../models/accurate/weights.safetensors").to_vec();
    let mut overview = include_bytes!("../../models/accurate/overview.safetensors").to_vec();
    let read = |weights: &[u8], overview: &[u8]| {
        let files =
            [("weights.safetensors", weights), ("overview.safetensors", overview), ("tokenizer.json", tokenizer)];
        Model::read(card, files).map(drop)
    };
    for at in (0..weights.len()).step_by(weights.len() / 6) {
        assert!(matches!(read(&weights[..at], &overview), Err(ModelError::Checksum { .. })), "{at}");
        weights[at] ^= 1 << (at % 8);
        assert!(matches!(read(&weights, &overview), Err(ModelError::Checksum { .. })), "{at}");
        weights[at] ^= 1 << (at % 8);
    }
    for at in (0..overview.len()).step_by(overview.len() / 6) {
        assert!(matches!(read(&weights, &overview[..at]), Err(ModelError::Checksum { .. })), "{at}");
        overview[at] ^= 1 << (at % 8);
        assert!(matches!(read(&weights, &overview), Err(ModelError::Checksum { .. })), "{at}");
        overview[at] ^= 1 << (at % 8);
    }
    assert!(read(&weights, &overview).is_ok());
}

#[test]
fn a_models_folder_is_read_like_what_is_compiled_in() {
    let folder = tempfile::tempdir().unwrap();
    let error = Model::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("card.toml"), "{error}");
    std::fs::write(folder.path().join("card.toml"), CARD).unwrap();
    assert!(Model::open(folder.path()).unwrap_err().to_string().contains("weights.safetensors"));
    std::fs::write(folder.path().join("weights.safetensors"), WEIGHTS).unwrap();
    assert_eq!(Model::open(folder.path()).unwrap().card(), Model::fast().card());
}

#[test]
fn a_card_that_names_a_file_elsewhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let card = CARD.replace("\"weights.safetensors\"", "\"../weights.safetensors\"");
    std::fs::write(folder.path().join("card.toml"), card).unwrap();
    assert!(matches!(Model::open(folder.path()), Err(ModelError::File(name)) if name.starts_with("..")));
}

#[test]
fn a_card_of_another_format_or_of_missing_files_is_refused() {
    assert!(Model::read(CARD, []).unwrap_err().to_string().contains("weights.safetensors is missing"));
    assert!(refused("name = 1", WEIGHTS).contains("card"));
    let foreign = CARD.replace(ConvTagger::FORMAT, "whosaid-conv/9");
    let model = Model::read(&foreign, [("weights.safetensors", WEIGHTS)]).unwrap();
    let error = ConvTagger::new(&model).unwrap_err().to_string();
    assert_eq!(error, "the model's format is \"whosaid-conv/9\", but this version reads \"whosaid-conv/2\"");
}

#[test]
fn tensors_that_do_not_fit_are_refused() {
    assert!(Tensors::read(b"not a safetensors file").is_err());
    let tensors = Tensors::read(WEIGHTS).unwrap();
    assert!(tensors.floats::<2>("word.q").is_err() && tensors.bytes("none").is_err());
}
