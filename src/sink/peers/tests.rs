use serde_json::Value;

use super::*;
use crate::testing;

fn document() -> Document {
    testing::annotate(
        "{content “The bridge will open,\nand soon,”} {source {PER Ada Cole}} {cue said}.\n\n{LOC Lindow} is far. 😀",
    )
}

fn json(write: impl Fn(&Document, &mut Vec<u8>)) -> Vec<Value> {
    let mut lines = Vec::new();
    write(&document(), &mut lines);
    let text = String::from_utf8(lines).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn file(files: &Files, extension: &str) -> String {
    let (_, bytes) = files.iter().find(|(other, _)| *other == extension).unwrap();
    String::from_utf8(bytes.clone()).unwrap()
}

#[test]
fn corenlp_has_tokens_with_what_is_between_them_and_quotes_with_speakers() {
    let page = &json(corenlp)[0];
    let tokens: Vec<_> =
        page["sentences"].as_array().unwrap().iter().flat_map(|s| s["tokens"].as_array().unwrap()).collect();
    let text: String =
        tokens.iter().flat_map(|t| [t["originalText"].as_str().unwrap(), t["after"].as_str().unwrap()]).collect();
    assert_eq!(text, page["text"].as_str().unwrap());
    let mention = &page["sentences"][0]["entitymentions"][0];
    assert_eq!((mention["text"].as_str(), mention["ner"].as_str()), (Some("Ada Cole"), Some("PERSON")));
    let quote = &page["quotes"][0];
    assert_eq!((quote["canonicalSpeaker"].as_str(), quote["mention"].as_str()), (Some("Ada Cole"), Some("Ada Cole")));
    assert_eq!((quote["beginIndex"].as_u64(), quote["beginToken"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn displacy_has_names_by_characters_and_quotations_by_tokens() {
    let page = &json(displacy)[0];
    let (text, tokens) = (page["text"].as_str().unwrap(), page["tokens"].as_array().unwrap());
    let ent = &page["ents"][1];
    let slice = |start: &Value, end: &Value| -> String {
        let (start, end) = (start.as_u64().unwrap() as usize, end.as_u64().unwrap() as usize);
        text.chars().skip(start).take(end - start).collect()
    };
    assert_eq!((slice(&ent["start"], &ent["end"]).as_str(), &ent["label"]), ("Lindow", &Value::from("LOC")));
    let span = &page["spans"][0];
    assert_eq!(span["label"], "CONTENT");
    assert_eq!(tokens[span["end_token"].as_u64().unwrap() as usize - 1], "”");
}

#[test]
fn quotebank_has_the_words_without_marks_and_the_speaker_first() {
    let quote = &json(quotebank)[0];
    assert_eq!(quote["quotation"], "The bridge will open,\nand soon,");
    assert_eq!((&quote["speaker"], &quote["probas"][0][0]), (&Value::from("Ada Cole"), &Value::from("Ada Cole")));
    let mut fields: Vec<_> = quote.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["date", "numOccurrences", "phase", "probas", "qids", "quotation", "quoteID", "speaker", "urls"]
    );
}

#[test]
fn conll_has_the_name_last_and_every_role_in_its_column() {
    let mut lines = Vec::new();
    conll(&document(), &mut lines);
    let text = String::from_utf8(lines).unwrap();
    assert!(
        text.contains("\nAda\tO\tO\tB-SOURCE\tB-PER\nCole\tO\tO\tI-SOURCE\tI-PER\nsaid\tO\tB-CUE\tO\tO\n"),
        "{text}"
    );
    assert!(text.contains("\n“\tB-CONTENT\tO\tO\tO\n"), "{text}");
    assert!(text.lines().filter(|line| !line.is_empty()).skip(1).all(|line| line.split('\t').count() == 5));
}

#[test]
fn brat_has_a_fragment_for_each_line_and_leads_from_content_to_source() {
    let files = brat(&document());
    let (text, ann) = (file(&files, "txt"), file(&files, "ann"));
    let content = ann.lines().find(|line| line.contains("\tContent ")).unwrap();
    let places = content.split('\t').nth(1).unwrap().strip_prefix("Content ").unwrap();
    let pieces: Vec<String> = places
        .split(';')
        .map(|place| {
            let (start, end) = place.split_once(' ').unwrap();
            let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
            text.chars().skip(start).take(end - start).collect()
        })
        .collect();
    assert_eq!(pieces, ["“The bridge will open,", "and soon,”"]);
    assert!(ann.contains("HasSource Arg1:T3 Arg2:T") && ann.contains("speaker: Ada Cole"), "{ann}");
}

#[test]
fn booknlp_has_inclusive_tokens_and_the_people() {
    let files = booknlp(&document());
    let (tokens, quotes) = (file(&files, "tokens"), file(&files, "quotes"));
    let row: Vec<_> = quotes.lines().nth(1).unwrap().split('\t').collect();
    let word =
        |id: &str| tokens.lines().nth(1 + id.parse::<usize>().unwrap()).unwrap().split('\t').nth(4).unwrap().to_owned();
    assert_eq!((word(row[0]), word(row[1]), word(row[3])), ("“".to_owned(), "”".to_owned(), "Cole".to_owned()));
    assert_eq!((row[4], row[6]), ("Ada Cole", "“The bridge will open, and soon,”"));
    assert!(file(&files, "entities").contains("\tPROP\tPER\tAda Cole\n"));
    let book: Value = serde_json::from_str(&file(&files, "book")).unwrap();
    assert_eq!(book["characters"][0]["mentions"]["proper"][0]["n"], "Ada Cole");
}
