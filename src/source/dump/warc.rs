//! Web archives (WARC), as Common Crawl and others write them: the pages they hold are articles.
//!
//! Of the records only responses are read, of those only the ones that a server sent with a status of 2xx, and of those
//! only HTML and plain text; the others are passed over. A page is known by the id of its record, since one address is
//! often fetched more than once; the address is its `url`. Its `date` is what the page says of itself, or else when it
//! was fetched, and when it was fetched is in any case in its `meta`, as `warc_date`.
//!
//! The crates that read this format (`warc`, `rust_warc`) take a record into memory however long it says it is, and do
//! not tell where it stands; the format itself is a page long. A record that does not begin as one ends the file: what
//! follows cannot be trusted to be cut where it should be.

use std::io::{self, BufRead, Read};

use serde_json::Value;

use super::http;
use super::kind::Name;
use super::raws::Cut;
use super::reader::{Cutting, Halt, Reader};
use super::{At, Item, ItemError, Place};
use crate::source;

/// How long the header of a record may be, in bytes, and a line of it.
const MOST_HEADER: usize = 256 << 10;

/// How much of a response that is too long is read to know whether it is a page at all.
const PEEK: u64 = 64 << 10;

const WHAT: &str = "WARC file";

/// A page as it was fetched.
#[derive(Debug)]
pub(super) struct Page {
    id: String,
    url: Option<String>,
    date: Option<String>,
    head: http::Head,
    /// The body of the response, as it was sent.
    body: Vec<u8>,
}

impl Page {
    pub(super) fn len(&self) -> usize {
        self.body.len()
    }
}

/// What the header of a record says, as far as it matters.
#[derive(Debug, Default)]
struct Header {
    kind: Option<String>,
    id: Option<String>,
    url: Option<String>,
    date: Option<String>,
    content_type: Option<String>,
    length: Option<u64>,
}

/// Cuts the records of `stream`.
pub(super) fn cut(reader: &mut Reader<'_>, name: &Name, stream: &mut dyn BufRead) -> Cutting {
    let mut records = Records { stream, offset: 0 };
    while let Some(offset) = records.next_start()? {
        let at = At::Offset(offset);
        let header = records.header(at)?;
        let Some(length) = header.length else {
            return Err(broken(at, "a record has no Content-Length"));
        };
        let is_response = header.kind.as_deref() == Some("response")
            && header.content_type.as_deref().is_some_and(|kind| kind.trim_start().starts_with("application/http"));
        let kept = match length {
            _ if !is_response => 0,
            length if length > reader.options.max_article_bytes => PEEK.min(reader.options.max_article_bytes),
            length => length,
        };
        let message = records.body(at, length, kept)?;
        if !is_response {
            reader.out.passed_over();
            continue;
        }
        let Header { id, url, date, .. } = header;
        let id = id.unwrap_or_else(|| Place { file: name.told.clone(), at }.id());
        let fail = |error| Cut::Failed { id: Some(id.clone()), error };
        let cut = match http::head(&message) {
            Ok(head) if !head.is_page(&message) => {
                reader.out.passed_over();
                continue;
            }
            Ok(_) if kept < length => fail(reader.too_long("record")),
            Ok(head) => {
                let mut body = message;
                body.drain(..head.length.min(body.len()));
                Cut::Page(Box::new(Page { id, url, date, head, body }))
            }
            Err(error) => fail(error),
        };
        reader.cut(name, at, cut)?;
    }
    Ok(())
}

fn broken(at: At, why: impl Into<String>) -> Halt {
    Halt::broken(at, ItemError::damaged(WHAT, why.into()))
}

struct Records<'s> {
    stream: &'s mut dyn BufRead,
    offset: u64,
}

impl Records<'_> {
    /// Where the next record begins: behind the empty lines that end the last one.
    fn next_start(&mut self) -> Result<Option<u64>, Halt> {
        loop {
            let at = At::Offset(self.offset);
            let buffer = match self.stream.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                buffer => buffer.map_err(|error| Halt::reading(at, error))?,
            };
            if buffer.is_empty() {
                return Ok(None);
            }
            let empty = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let is_start = empty < buffer.len();
            self.stream.consume(empty);
            self.offset += empty as u64;
            if is_start {
                return Ok(Some(self.offset));
            }
        }
    }

    /// The next line, without its end.
    fn line(&mut self, at: At) -> Result<Vec<u8>, Halt> {
        let mut line = Vec::new();
        let count = self
            .stream
            .take(MOST_HEADER as u64)
            .read_until(b'\n', &mut line)
            .map_err(|error| Halt::reading(at, error))?;
        self.offset += count as u64;
        if line.pop() != Some(b'\n') {
            let why = if count < MOST_HEADER { "it ends within the header of a record" } else { "a line has no end" };
            return Err(broken(at, why));
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(line)
    }

    /// The header of the record that begins here.
    fn header(&mut self, at: At) -> Result<Header, Halt> {
        let version = self.line(at)?;
        if !version.starts_with(b"WARC/") {
            let met = String::from_utf8_lossy(version.get(..40).unwrap_or(&version)).into_owned();
            return Err(broken(at, format!("a record begins with {met:?}; wanted WARC/ and its version")));
        }
        let mut header = Header::default();
        let mut length = version.len();
        loop {
            let line = self.line(at)?;
            length += line.len();
            if line.is_empty() {
                return Ok(header);
            }
            if length > MOST_HEADER {
                return Err(broken(at, format!("the header of a record is longer than {MOST_HEADER} bytes")));
            }
            let line = String::from_utf8_lossy(&line);
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            let field = match key.trim().to_ascii_lowercase().as_str() {
                "content-length" => {
                    let number = value.parse().map_err(|_| broken(at, format!("Content-Length is {value:?}")))?;
                    header.length = Some(number);
                    continue;
                }
                "warc-type" => &mut header.kind,
                "warc-record-id" => &mut header.id,
                "warc-target-uri" => &mut header.url,
                "warc-date" => &mut header.date,
                "content-type" => &mut header.content_type,
                _ => continue,
            };
            // Some writers put ids and addresses between these.
            let value = value.strip_prefix('<').and_then(|value| value.strip_suffix('>')).unwrap_or(value);
            *field = (!value.is_empty()).then(|| value.to_owned());
        }
    }

    /// The first `kept` bytes of a body of `length`, all of which is read.
    fn body(&mut self, at: At, length: u64, kept: u64) -> Result<Vec<u8>, Halt> {
        let mut body = Vec::new();
        let mut count =
            self.stream.take(kept.min(length)).read_to_end(&mut body).map_err(|error| Halt::reading(at, error))? as u64;
        let mut rest = self.stream.take(length - count);
        count += io::copy(&mut rest, &mut io::sink()).map_err(|error| Halt::reading(at, error))?;
        self.offset += count;
        if count < length {
            return Err(broken(at, format!("it ends {} bytes before the record does", length - count)));
        }
        Ok(body)
    }
}

/// Reads a page.
pub(super) fn read(place: Place, page: Page, limit: u64) -> Item {
    let Page { id, url, date, head, body } = page;
    let article = http::content(&head, &body, limit).and_then(|content| {
        let mut article = source::read_labelled(&id, head.format(&content), &content, head.charset.as_deref())?;
        if let Some(fetched) = &date {
            article.about.meta.insert("warc_date".to_owned(), Value::String(fetched.clone()));
        }
        article.about.date = article.about.date.or(date);
        article.about.url = url.or(article.about.url);
        Ok(article)
    });
    Item { place, id, article }
}
