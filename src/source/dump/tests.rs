//! Whole files of every format and packing, read as a run reads them. All of it is invented.

mod inputs;
mod lines;
mod packing;
mod web;

use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::source::MarkKind;

/// What came out, as a reader of the output would tell it: id, and text or error.
type Told = Vec<(String, Result<String, String>)>;

fn told(items: &[Item]) -> Told {
    let told = |item: &Item| {
        let article = item.article.as_ref();
        (item.id.clone(), article.map(|article| article.text.clone()).map_err(ToString::to_string))
    };
    items.iter().map(told).collect()
}

fn items_of(arguments: &[PathBuf], options: Options) -> Vec<Item> {
    Inputs::resolve(arguments, options).unwrap().raws().map(Raw::read).collect()
}

/// The items of one file of this name, which ids are given without the folder.
fn items_as(name: &str, bytes: &[u8], options: Options) -> Vec<Item> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let mut items = items_of(&[path], options);
    let before = format!("{}/", folder.path().display());
    for item in &mut items {
        item.id = item.id.replace(&before, "");
        item.place.file = item.place.file.replace(&before, "").into();
    }
    items
}

fn items(name: &str, bytes: &[u8]) -> Vec<Item> {
    items_as(name, bytes, Options::default())
}

fn ok(id: &str, text: &str) -> (String, Result<String, String>) {
    (id.to_owned(), Ok(text.to_owned()))
}

fn error(item: &Item) -> String {
    item.article.as_ref().unwrap_err().to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = ::tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, ::zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const LINES: &[u8] = b"{\"id\": \"a\", \"text\": \"Ada said no.\"}\n{\"id\": \"b\", \"text\": \"Bo agreed.\"}\n";

fn both() -> Told {
    vec![ok("a", "Ada said no."), ok("b", "Bo agreed.")]
}

/// Bytes that no compressor makes shorter, so that a cut falls into them.
fn noise(length: usize) -> String {
    let mut state = 7_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + (state >> 24) as u8 % 26)
    };
    (0..length).map(|_| next()).collect()
}

fn noisy_lines(count: usize) -> Vec<u8> {
    let line = |n| format!("{{\"id\": \"{n}\", \"text\": \"{}\"}}\n", noise(500 + n));
    (0..count).map(line).collect::<String>().into_bytes()
}

#[test]
fn a_file_is_one_article_with_its_name_for_an_id() {
    assert_eq!(told(&items("a.txt", b"Ada said no.")), [ok("a.txt", "Ada said no.")]);
    assert_eq!(told(&items("a.txt", b"")), [ok("a.txt", "")]);
    let page = items("a.html", b"<title>Storm</title><blockquote><p>We lost the roof.</p></blockquote>");
    let article = page[0].article.as_ref().unwrap();
    assert_eq!(article.marks[0].kind, MarkKind::BlockQuote { block: 0 });
    assert!(error(&items("a.txt", b"caf\xE9")[0]).contains("must be UTF-8"));
}
