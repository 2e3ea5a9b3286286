//! Web archives.

use super::*;

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
