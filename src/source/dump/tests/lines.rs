//! Lines, and rows of tables.

use super::*;

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

/// The crate that reads Parquet asserts what a footer says of itself.
#[test]
fn whatever_the_footer_of_a_parquet_file_says_it_is_described_and_read_without_panic() {
    let whole = parquet();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n.parquet");
    let footer = whole.len() - 8 - u32::from_le_bytes(whole[whole.len() - 8..][..4].try_into().unwrap()) as usize;
    for at in footer..whole.len() {
        for change in [0x01, 0x80, 0xFF] {
            let mut wrong = whole.clone();
            wrong[at] ^= change;
            std::fs::write(&path, &wrong).unwrap();
            let inputs = Inputs::resolve(std::slice::from_ref(&path), Options::default()).unwrap();
            let described = inputs.describe();
            let items: Vec<_> = inputs.raws().map(Raw::read).collect();
            let errors = described.iter().filter_map(|d| d.problem.as_ref());
            let mut errors = errors.chain(items.iter().filter_map(|item| item.article.as_ref().err()));
            assert!(!errors.any(|error| matches!(error, ItemError::Panicked)), "byte {at}");
        }
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
