//! Whole files of every format and packing, read as a run reads them. All of it is invented.

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
        item.place.file = item.place.file.replace(&before, "");
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

#[test]
fn lines_are_articles_however_they_are_packed() {
    assert_eq!(told(&items("n.jsonl", LINES)), both());
    assert_eq!(told(&items("n.ndjson.gz", &gzip(LINES))), both());
    assert_eq!(told(&items("n.jsonl.zst", &zstd(LINES))), both());
    assert_eq!(told(&items("n.tar", &tar(&[("d/n.jsonl", LINES), ("d/pic.png", b"\x89PNG")]))), both());
    assert_eq!(told(&items("n.tgz", &gzip(&tar(&[("n.jsonl.zst", &zstd(LINES))])))), both());
    assert_eq!(told(&items("n.zip", &zip(&[("n.jsonl.gz", &gzip(LINES)), ("README", b"x")]))), both());
    assert_eq!(told(&items("n.tar.zst", &zstd(&tar(&[("n.zip", &zip(&[("n.jsonl", LINES)]))])))), both());
}

#[test]
fn what_a_file_is_packed_in_is_seen_from_its_bytes() {
    assert_eq!(told(&items("n.jsonl", &gzip(LINES))), both());
    assert_eq!(told(&items("unnamed", &gzip(&zstd(LINES)))), both());
    assert!(error(&items("n.jsonl.gz", LINES)[0]).starts_with("named as a gzip stream, but"));
    assert!(error(&items("n.jsonl.gz", b"")[0]).starts_with("named as a gzip stream, but"));
    assert!(error(&items("n.jsonl.xz", b"\xFD7zXZ\0 and so on")[0]).starts_with("packed as xz"));
}

#[test]
fn compressed_files_in_a_row_are_one() {
    let half = LINES.len() / 3;
    let gzipped = [gzip(&LINES[..half]), gzip(b""), gzip(&LINES[half..])].concat();
    assert_eq!(told(&items("n.jsonl.gz", &gzipped)), both());
    let skipped = b"\x50\x2A\x4D\x18\x04\0\0\0skip".to_vec();
    let frames = [skipped.clone(), zstd(&LINES[..half]), skipped, zstd(&LINES[half..])].concat();
    assert_eq!(told(&items("n.jsonl.zst", &frames)), both());
}

#[test]
fn a_member_of_an_archive_is_known_by_both_names() {
    let archive = zip(&[("b/two.txt", b"Two."), ("a/one.md", b"# One\n"), (".hidden.txt", b"x"), ("b/", b"")]);
    assert_eq!(told(&items("n.zip", &archive)), [ok("n.zip!b/two.txt", "Two."), ok("n.zip!a/one.md", "One")]);
    let place = &items("n.zip", &archive)[0].place;
    assert_eq!((place.to_string().as_str(), place.at), ("n.zip!b/two.txt", At::Whole));
}

#[test]
fn a_stream_cut_short_keeps_what_was_read_and_is_one_error() {
    let lines = noisy_lines(400);
    for (name, packed) in [("n.jsonl.gz", gzip(&lines)), ("n.jsonl.zst", zstd(&lines))] {
        let items = items(name, &packed[..packed.len() * 2 / 3]);
        let (last, before) = items.split_last().unwrap();
        assert!(before.len() > 50 && before.iter().all(|item| item.article.is_ok()), "{name}: {}", items.len());
        assert!(error(last).contains("stream is damaged or cut short: "), "{}", error(last));
        assert_eq!(last.place, Place { file: name.to_owned(), at: At::Line(items.len() as u64) });
    }
}

#[test]
fn damage_ends_its_own_layer_and_no_other() {
    let bad = gzip(&noisy_lines(20));
    let cut = &bad[..bad.len() / 2];
    let archive = tar(&[("a.txt", b"A."), ("bad.txt.gz", cut), ("c.txt", b"C.")]);
    let met = told(&items("n.tar", &archive));
    assert_eq!((met.len(), &met[0], &met[2]), (3, &ok("n.tar!a.txt", "A."), &ok("n.tar!c.txt", "C.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the gzip stream is damaged"), "{met:?}");

    // The archive itself is cut, in its last member; then in the stream around it.
    let long = noisy_lines(100);
    let archive = tar(&[("a.txt", b"A."), ("long.txt", &long), ("c.txt", b"C.")]);
    let met = told(&items("n.tar", &archive[..archive.len() / 2]));
    assert_eq!((met.len(), &met[0]), (2, &ok("n.tar!a.txt", "A.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the tar archive is damaged"), "{met:?}");
    let packed = gzip(&archive);
    let met = told(&items("n.tar.gz", &packed[..packed.len() / 2]));
    assert_eq!((met.len(), &met[0]), (2, &ok("n.tar.gz!a.txt", "A.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the gzip stream is damaged"), "{met:?}");
}

#[test]
fn a_zip_archive_that_lost_its_table_keeps_what_stands_before() {
    let long = noisy_lines(50);
    let archive =
        zip(&[("a.txt", b"A."), ("x.png", b"x"), ("n.jsonl.gz", &gzip(LINES)), ("long.txt", &long), ("c.txt", b"C.")]);
    let wanted: Told = [vec![ok("n.zip!a.txt", "A.")], both()].concat();
    for (end, last) in [(archive.len() / 2, "n.zip!long.txt"), (archive.len() - 30, "n.zip")] {
        let met = told(&items("n.zip", &archive[..end]));
        assert_eq!(met[..3], wanted);
        let (id, told) = met.last().unwrap();
        assert_eq!((id.as_str(), met.iter().filter(|(_, told)| told.is_err()).count()), (last, 1), "{met:?}");
        assert!(told.as_ref().unwrap_err().starts_with("the zip archive is damaged"));
    }
}

#[test]
fn no_cut_and_no_wrong_byte_makes_an_archive_panic() {
    let archives = [
        ("n.tar", tar(&[("a.txt", b"A."), ("b.jsonl.gz", &gzip(LINES))])),
        ("n.zip", zip(&[("a.txt", b"A."), ("b.jsonl", LINES)])),
        ("n.jsonl.zst", zstd(LINES)),
        ("n.jsonl.gz", gzip(LINES)),
    ];
    for (name, archive) in archives {
        for at in (0..archive.len()).step_by(13) {
            let mut wrong = archive.clone();
            wrong[at] ^= 0x55;
            for bytes in [&archive[..at], &wrong] {
                let met = items(name, bytes);
                assert!(!met.iter().any(|item| matches!(item.article, Err(ItemError::Panicked))), "{name}, byte {at}");
            }
        }
    }
}

#[test]
fn archives_within_archives_have_an_end() {
    let mut archive = zip(&[("a.txt", b"A.")]);
    for _ in 0..6 {
        archive = zip(&[("n.zip", &archive)]);
    }
    assert!(error(&items("n.zip", &archive)[0]).starts_with("packed in more than 8 layers"));
}

#[test]
fn lines_of_every_kind_are_accounted_for() {
    let lines =
        b"\xEF\xBB\xBF{\"body\": \"One.\", \"n\": {\"a\": [1]}}\r\n\r\n{\"body\": 1}\n{\"body\": \"\xFF\"}\nnope\n[]\n\
        {\"id\": 7, \"body\": \"\\ud800\\u0000\"}\n{\"text\": \"no body\"}\n\0\0\0\n{\"body\": \"Last.\"}";
    let items = items("n.jsonl", lines);
    let lines: Vec<_> = items.iter().map(|item| (item.place.at, item.article.is_ok())).collect();
    let wanted =
        [(1, true), (3, false), (4, false), (5, false), (6, false), (7, true), (8, false), (9, false), (10, true)];
    assert_eq!(lines, wanted.map(|(line, is_ok)| (At::Line(line), is_ok)));
    assert_eq!((items[0].id.as_str(), items[5].id.as_str()), ("n.jsonl:1", "7"));
    assert_eq!(items[5].article.as_ref().unwrap().text, "\u{fffd}\0");
    assert_eq!(Value::Object(items[0].article.as_ref().unwrap().about.meta.clone()), json!({"n": {"a": [1]}}));
    assert_eq!(error(&items[1]), "column “body” holds a number; wanted the text");
}

#[test]
fn what_is_too_long_is_an_error_and_the_rest_is_read() {
    let options = || Options { max_article_bytes: 1000, ..Options::default() };
    let long = "x".repeat(5000);
    let lines = format!("{{\"text\": \"A.\"}}\n{{\"text\": \"{long}\"}}\n{{\"text\": \"B.\"}}\n");
    let rows = format!("text\nA.\n\"{long}\n\"\nB.\n");
    for (name, bytes) in [("n.jsonl", &lines), ("n.csv", &rows)] {
        let items = items_as(name, bytes.as_bytes(), options());
        let is_ok: Vec<_> = items.iter().map(|item| item.article.is_ok()).collect();
        assert_eq!(is_ok, [true, false, true], "{name}");
        assert!(error(&items[1]).ends_with("longer than 1000 bytes, the most that is read"), "{}", error(&items[1]));
    }
    assert!(error(&items_as("a.txt", long.as_bytes(), options())[0]).starts_with("the file is longer"));
    assert_eq!(items_as("n.zip", &zip(&[("a.txt", long.as_bytes()), ("b.txt", b"B.")]), options()).len(), 2);
}

#[test]
fn rows_are_articles_and_other_columns_are_carried_through() {
    let table =
        "\u{feff}Headline,Body,Section\r\nStorm,\"Ada said:\n\"\"No.\"\"\",news\r\nToo few,fields\r\n\nCalm,Yes.,\r\n";
    let items = items("n.csv", table.as_bytes());
    assert_eq!(told(&items)[0], ok("n.csv:1", "Ada said:\n\"No.\""));
    assert_eq!(error(&items[1]), "the row has 2 fields; wanted 3, as the header has");
    assert_eq!(items[2].place.at, At::Row(3));
    let about = &items[0].article.as_ref().unwrap().about;
    assert_eq!((about.title.as_deref(), &about.url), (Some("Storm"), &None));
    assert_eq!(Value::Object(about.meta.clone()), json!({"Section": "news"}));
}

#[test]
fn a_table_without_a_text_is_one_error_and_the_next_file_is_read() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("1.csv", "a,b\n1,2\n3,4\n");
    write("2.tsv", "id\ttext\nx\tOne, two.\n");
    write("3.csv", "");
    let items = items_of(&[folder.path().to_owned()], Options::default());
    assert_eq!(items.len(), 2);
    assert!(error(&items[0]).starts_with("no column that looks like the text"));
    assert_eq!(told(&items)[1], ok("x", "One, two."));
    let columns = Columns { text: Some("b".to_owned()), id: Some("no such".to_owned()), ..Columns::default() };
    let items = items_of(&[folder.path().join("1.csv")], Options { columns, ..Options::default() });
    assert_eq!(error(&items[0]), "no column “no such”, which was to hold the id; there are a, b");
}

/// A file of one column of texts, one of numbers and one of times in nanoseconds, in two row groups.
fn parquet() -> Vec<u8> {
    use ::parquet::column::writer::ColumnWriter;
    use ::parquet::data_type::ByteArray;
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;

    let schema = "message m { REQUIRED BYTE_ARRAY content (UTF8); OPTIONAL INT64 n; \
        REQUIRED INT64 published (TIMESTAMP(NANOS,true)); }";
    let schema = std::sync::Arc::new(::parquet::schema::parser::parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(::parquet::basic::Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties.into()).unwrap();
    for texts in [["Ada said no.", "Bo agreed."], ["“Never.”", ""]] {
        let mut group = writer.next_row_group().unwrap();
        while let Some(mut column) = group.next_column().unwrap() {
            match column.untyped() {
                ColumnWriter::ByteArrayColumnWriter(column) => {
                    column.write_batch(&texts.map(ByteArray::from), None, None).unwrap();
                }
                ColumnWriter::Int64ColumnWriter(column) if column.get_descriptor().name() == "n" => {
                    column.write_batch(&[5], Some(&[1, 0]), None).unwrap();
                }
                ColumnWriter::Int64ColumnWriter(column) => {
                    column.write_batch(&[1_500_000_000, 0], None, None).unwrap();
                }
                _ => unreachable!("no other type is in the schema"),
            }
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

#[test]
fn rows_of_parquet_are_articles_wherever_the_file_is() {
    for (name, bytes) in [
        ("n.parquet", parquet()),
        ("n.parquet.gz", gzip(&parquet())),
        ("n.tar.zst", zstd(&tar(&[("n.parquet", &parquet())]))),
        ("n", parquet()),
    ] {
        let items = items(name, &bytes);
        let texts: Vec<_> = items.iter().map(|item| item.article.as_ref().unwrap().text.as_str()).collect();
        assert_eq!(texts, ["Ada said no.", "Bo agreed.", "“Never.”", ""], "{name}");
        assert_eq!(items[2].place.at, At::Row(3));
        let about = &items[0].article.as_ref().unwrap().about;
        assert_eq!((about.date.as_deref(), &about.meta["n"]), (Some("1970-01-01T00:00:01.5"), &json!(5)));
        assert_eq!(items[1].article.as_ref().unwrap().about.meta["n"], Value::Null);
    }
}

#[test]
fn a_damaged_parquet_file_is_an_error_and_the_next_file_is_read() {
    let whole = parquet();
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("z.txt"), "Last.").unwrap();
    for at in (0..whole.len()).step_by(17) {
        let mut wrong = whole.clone();
        wrong[at] ^= 0xFF;
        for bytes in [&whole[..at], &wrong] {
            std::fs::write(folder.path().join("n.parquet"), bytes).unwrap();
            let items = items_of(&[folder.path().to_owned()], Options::default());
            let errors = items.iter().filter(|item| item.article.is_err()).count();
            assert!(errors <= 1 && items.len() <= 6, "byte {at}: {:?}", told(&items));
            assert_eq!(items.last().unwrap().article.as_ref().unwrap().text, "Last.");
        }
    }
}

fn record(kind: &str, id: u32, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{id}>\r\nWARC-Date: 2024-05-01T10:00:00Z\r\n\
         WARC-Target-URI: https://news.example/{id}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn response(id: u32, header: &str, body: &[u8]) -> Vec<u8> {
    let message = [b"HTTP/1.1 200 OK\r\n", header.as_bytes(), b"\r\n\r\n", body].concat();
    record("response", id, "application/http; msgtype=response", &message)
}

fn crawl() -> Vec<Vec<u8>> {
    vec![
        record("warcinfo", 0, "application/warc-fields", b"software: none\r\n"),
        response(
            1,
            "Content-Type: text/html; charset=windows-1252",
            b"<p>Ada said \x93no\x94.<blockquote>Never.</blockquote>",
        ),
        record("request", 2, "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        response(3, "Content-Type: image/png", b"\x89PNG"),
        response(4, "Content-Type: text/plain; charset=iso-8859-1", b"caf\xE9"),
        record("response", 5, "application/http", b"nonsense"),
        response(6, "Content-Type: text/html", b"<meta name=date content=2020-02-02><p>Bo.</p>"),
    ]
}

#[test]
fn pages_of_a_web_archive_are_articles() {
    let members: Vec<_> = crawl().iter().map(|record| gzip(record)).collect();
    for (name, bytes) in [("c.warc", crawl().concat()), ("c.warc.gz", members.concat())] {
        let items = items(name, &bytes);
        let ids: Vec<_> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["urn:uuid:1", "urn:uuid:4", "urn:uuid:5", "urn:uuid:6"]);
        let article = items[0].article.as_ref().unwrap();
        assert_eq!(article.text, "Ada said “no”.\n\nNever.");
        assert_eq!(article.marks[1].kind, MarkKind::BlockQuote { block: 0 });
        assert_eq!(article.about.url.as_deref(), Some("https://news.example/1"));
        assert_eq!(article.about.date.as_deref(), Some("2024-05-01T10:00:00Z"));
        assert_eq!(items[1].article.as_ref().unwrap().text, "café");
        assert!(error(&items[2]).starts_with("the HTTP response has a header that is not one"));
        let about = &items[3].article.as_ref().unwrap().about;
        assert_eq!(
            (about.date.as_deref(), &about.meta["warc_date"]),
            (Some("2020-02-02"), &json!("2024-05-01T10:00:00Z"))
        );
        assert_eq!(items[0].place.at, At::Offset(crawl()[0].len() as u64));
    }
}

#[test]
fn a_web_archive_that_is_damaged_keeps_what_was_read_and_is_one_error() {
    let whole = crawl().concat();
    for end in (0..whole.len()).step_by(5) {
        let items = items("c.warc", &whole[..end]);
        let errors = items.iter().filter(|item| matches!(item.article, Err(ItemError::Damaged { .. }))).count();
        assert!(errors <= 1 && items.len() <= 4 + errors, "cut at {end}");
    }
    let garbage = [crawl().concat().as_slice(), b"garbage"].concat();
    let items = items("c.warc", &garbage);
    assert_eq!(items.len(), 5);
    assert!(error(&items[4]).contains("a record begins with \"garbage\"") || error(&items[4]).contains("ends within"));
}

#[test]
fn a_page_too_long_is_an_error_and_a_picture_too_long_is_none() {
    let long = vec![b' '; 3000];
    let crawl = [
        response(1, "Content-Type: text/html", &long),
        response(2, "Content-Type: image/png", &long),
        response(3, "Content-Type: text/html", b"<p>Bo.</p>"),
    ];
    let items = items_as("c.warc", &crawl.concat(), Options { max_article_bytes: 1000, ..Options::default() });
    assert_eq!(items.len(), 2);
    assert!(error(&items[0]).starts_with("the record is longer than 1000 bytes"));
    assert_eq!((items[0].id.as_str(), items[1].id.as_str()), ("urn:uuid:1", "urn:uuid:3"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(32))]

    #[test]
    fn pages_survive_the_archive(bodies in proptest::collection::vec("[a-zé\r\n:]{0,80}", 0..6)) {
        let crawl: Vec<_> = bodies
            .iter()
            .zip(1..)
            .map(|(body, id)| response(id, "Content-Type: text/plain; charset=utf-8", body.as_bytes()))
            .collect();
        let met: Vec<_> = items("c.warc", &crawl.concat()).into_iter().map(|item| item.article.unwrap().text).collect();
        proptest::prop_assert_eq!(met, bodies);
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let warc = [b"WARC/1.0\r\n".as_slice(), &bytes].concat();
        for (name, bytes) in [("x.jsonl", &bytes), ("x.csv", &bytes), ("x", &bytes), ("x.warc", &warc), ("x.parquet", &bytes)] {
            for item in items(name, bytes) {
                proptest::prop_assert!(!matches!(item.article, Err(ItemError::Panicked)));
            }
        }
    }
}

#[test]
fn a_file_that_cannot_be_read_is_an_item() {
    let items = items_of(&["no/such.jsonl".into()], Options::default());
    assert_eq!(items[0].id, "no/such.jsonl");
    assert!(error(&items[0]).starts_with("cannot be read: "));
}

#[test]
fn folders_and_patterns_are_their_files_sorted() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("b/deep")).unwrap();
    for name in ["c.txt", "a.txt", "b/z.md", "b/deep/y.html", "b/notes.doc", ".hidden.txt"] {
        std::fs::write(root.join(name), "Ada.").unwrap();
    }
    let names = |argument: &Path| -> Vec<String> {
        let inputs = Inputs::resolve(&[argument.to_owned()], Options::default()).unwrap();
        let name = |input: &Input| input.name().strip_prefix(root.to_str().unwrap()).unwrap().to_owned();
        inputs.files().iter().map(name).collect()
    };
    assert_eq!(names(root), ["/a.txt", "/b/deep/y.html", "/b/z.md", "/c.txt"]);
    assert_eq!(names(&root.join("*.txt")), ["/a.txt", "/c.txt"]);
    assert_eq!(names(&root.join("*")), ["/a.txt", "/b/deep/y.html", "/b/z.md", "/c.txt"]);
    let refused = |argument: PathBuf| Inputs::resolve(&[argument], Options::default()).unwrap_err().to_string();
    assert!(refused(root.join("*.csv")).starts_with("no file is called "));
    std::fs::create_dir(root.join("empty")).unwrap();
    assert!(refused(root.join("empty")).contains("has no article or dump in it (0 files"));
    assert!(Inputs::resolve(&["-".into(), "-".into()], Options::default()).is_err());
}

#[test]
fn inputs_say_what_they_are_without_being_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n.tar.gz");
    std::fs::write(&path, gzip(&tar(&[("x.png", b""), ("n.csv", b"Title,Body,n\na,b,c\n")]))).unwrap();
    let inputs = Inputs::resolve(&[path.clone(), "-".into()], Options::default()).unwrap();
    assert_eq!(inputs.total_bytes(), None);
    let described = inputs.describe();
    assert_eq!(described[0].packings, [Packing::Gzip, Packing::Tar]);
    assert_eq!((described[0].format, described[1].format), (Some(DumpFormat::Csv), None));
    let mapping = described[0].mapping.as_ref().unwrap();
    assert_eq!(mapping.columns, ["Title", "Body", "n"]);
    assert_eq!(mapping.fields[0], Mapped { field: Field::Text, column: "Body".to_owned(), guessed: true });
    assert_eq!(mapping.file, format!("{}!n.csv", path.display()));
}

#[test]
fn progress_and_guesses_are_told_along_the_way() {
    let folder = TempDir::new().unwrap();
    for name in ["1.jsonl", "2.jsonl"] {
        std::fs::write(folder.path().join(name), LINES).unwrap();
    }
    std::fs::write(folder.path().join("3.jsonl.gz"), gzip(b"{\"content\": \"x\"}")).unwrap();
    let inputs = Inputs::resolve(&[folder.path().to_owned()], Options::default()).unwrap();
    let mut raws = inputs.raws();
    assert!(raws.next().is_some());
    assert!(!raws.mappings().is_empty());
    while raws.next().is_some() {}
    assert_eq!(raws.bytes_read(), inputs.total_bytes().unwrap());
    assert!(raws.mappings().len() <= 1);
}

#[test]
fn whoever_takes_only_the_first_stops_the_reading() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n.jsonl");
    std::fs::write(&path, noisy_lines(2000)).unwrap();
    let mut raws = Inputs::resolve(&[path], Options::default()).unwrap().raws();
    assert_eq!(raws.next().unwrap().place().at, At::Line(1));
}

#[test]
fn pieces_can_be_sent_to_other_threads() {
    fn is_sent<T: Send>(_: &T) {}
    let raws = Inputs::resolve(&["no/such.txt".into()], Options::default()).unwrap().raws();
    is_sent(&raws);
    for raw in raws {
        is_sent(&raw);
        is_sent(&raw.read());
    }
}
