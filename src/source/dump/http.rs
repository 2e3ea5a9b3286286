//! HTTP responses as they stand in web archives.
//!
//! Archives keep the header as the server sent it, but many (Common Crawl among them) keep the body as the client saw it.
//! A body is therefore decoded only if it is what its header says, and otherwise taken as it is.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use httparse::{ParserConfig, Response, Status};

use super::ItemError;
use crate::source::Format;

/// The most fields of a header.
const MOST_FIELDS: usize = 512;

/// What the header of a response says.
#[derive(Debug, Default)]
pub(super) struct Head {
    status: u16,
    /// `text/html`, in lower case, without parameters.
    media: Option<String>,
    /// The character encoding that the server claims.
    pub(super) charset: Option<String>,
    is_chunked: bool,
    coding: Option<String>,
    /// Where the body begins.
    pub(super) length: usize,
}

fn wrong(what: impl Into<String>) -> ItemError {
    ItemError::Http { what: what.into() }
}

/// Reads the header of the response `message`.
pub(super) fn head(message: &[u8]) -> Result<Head, ItemError> {
    let parsed = parse(message);
    // Clients of later versions of HTTP write a header that there never was, and say so.
    if let (Err(_), Some(b"HTTP/2" | b"HTTP/3")) = (&parsed, message.get(..6)) {
        let end = message.iter().position(u8::is_ascii_whitespace).unwrap_or(message.len());
        let older = [b"HTTP/1.1", message.get(end..).unwrap_or_default()].concat();
        let mut head = parse(&older)?;
        head.length = (head.length + end).saturating_sub(b"HTTP/1.1".len());
        return Ok(head);
    }
    parsed
}

fn parse(message: &[u8]) -> Result<Head, ItemError> {
    let mut fields = vec![httparse::EMPTY_HEADER; MOST_FIELDS];
    let mut response = Response::new(&mut fields);
    let parsed = ParserConfig::default()
        .allow_multiple_spaces_in_response_status_delimiters(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .parse_response(&mut response, message);
    let length = match parsed {
        Ok(Status::Complete(length)) => length,
        Ok(Status::Partial) => return Err(wrong("ends within its header")),
        Err(error) => return Err(wrong(format!("has a header that is not one: {error}"))),
    };
    let mut head = Head { status: response.code.unwrap_or_default(), length, ..Head::default() };
    for field in response.headers.iter() {
        let value = String::from_utf8_lossy(field.value).trim().to_ascii_lowercase();
        match field.name.to_ascii_lowercase().as_str() {
            "content-type" => {
                let mut parts = value.split(';').map(str::trim);
                head.media = parts.next().filter(|media| !media.is_empty()).map(str::to_owned);
                head.charset = parts.find_map(|part| {
                    let (key, value) = part.split_once('=')?;
                    (key.trim() == "charset").then(|| value.trim().trim_matches(['"', '\'']).to_owned())
                });
            }
            "transfer-encoding" => head.is_chunked |= value.contains("chunked"),
            "content-encoding" if value != "identity" && !value.is_empty() => head.coding = Some(value),
            _ => {}
        }
    }
    Ok(head)
}

impl Head {
    /// Whether the response is a page that somebody may read. One that does not say what it is, is what it looks like.
    pub(super) fn is_page(&self, message: &[u8]) -> bool {
        let looks_like_html =
            || message.get(self.length..).is_some_and(|body| body.trim_ascii_start().starts_with(b"<"));
        (200..300).contains(&self.status)
            && match self.media.as_deref() {
                Some("text/html" | "application/xhtml+xml" | "text/plain") => true,
                Some(_) => false,
                None => looks_like_html(),
            }
    }

    /// What the content of the response is. A page that is called plain text is a page all the same.
    pub(super) fn format(&self, content: &[u8]) -> Format {
        match self.media.as_deref() {
            Some("text/plain") if super::DumpFormat::of_bytes(content) != super::DumpFormat::Html => Format::Text,
            _ => Format::Html,
        }
    }
}

/// What the body of a response holds, at most `limit` bytes.
pub(super) fn content<'b>(head: &Head, body: &'b [u8], limit: u64) -> Result<Cow<'b, [u8]>, ItemError> {
    let body = match head.is_chunked.then(|| dechunked(body)).flatten() {
        Some(whole) => Cow::Owned(whole),
        None => Cow::Borrowed(body),
    };
    match head.coding.as_deref() {
        Some("gzip" | "x-gzip") if body.starts_with(b"\x1F\x8B") => inflated(MultiGzDecoder::new(&*body), limit),
        // Of deflate there are two kinds, and the one that names itself is the one in use.
        Some("deflate") if body.first() == Some(&0x78) => inflated(ZlibDecoder::new(&*body), limit),
        Some("gzip" | "x-gzip" | "deflate") | None => Ok(body),
        Some(_) if std::str::from_utf8(&body).is_ok() => Ok(body),
        Some(coding) => Err(wrong(format!("is encoded as {coding:?}; wanted gzip, deflate or nothing"))),
    }
}

fn inflated(decoder: impl Read, limit: u64) -> Result<Cow<'static, [u8]>, ItemError> {
    let mut content = Vec::new();
    decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut content)
        .map_err(|error| wrong(format!("is encoded, and damaged or cut short: {error}")))?;
    if content.len() as u64 > limit {
        return Err(ItemError::TooLong { what: "record", limit });
    }
    Ok(Cow::Owned(content))
}

/// The chunks of a body put together; nothing if it does not consist of chunks.
fn dechunked(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    let mut rest = body;
    loop {
        let Ok(Status::Complete((start, length))) = httparse::parse_chunk_size(rest) else { return None };
        if length == 0 {
            return Some(whole);
        }
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        whole.extend_from_slice(rest.get(start..end)?);
        rest = rest.get(end..)?.strip_prefix(b"\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content_of(message: &[u8]) -> Result<String, String> {
        let head = head(message).map_err(|error| error.to_string())?;
        let content = content(&head, &message[head.length..], 99).map_err(|error| error.to_string())?;
        Ok(String::from_utf8_lossy(&content).into_owned())
    }

    #[test]
    fn chunks_are_put_together_unless_that_was_done() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let body = |body: &str| content_of(format!("{head}{body}").as_bytes()).unwrap();
        assert_eq!(body("3\r\nAda\r\n6;x=1\r\n said.\r\n0\r\n\r\n"), "Ada said.");
        assert_eq!(body("Ada said."), "Ada said.");
        assert_eq!(body("3\r\nAda\r\n"), "3\r\nAda\r\n");
    }

    #[test]
    fn compressed_content_is_unpacked_unless_that_was_done() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(b"Ada said.").unwrap();
        let packed = encoder.finish().unwrap();
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice();
        assert_eq!(content_of(&[head, &packed].concat()).unwrap(), "Ada said.");
        assert_eq!(content_of(&[head, b"Ada said."].concat()).unwrap(), "Ada said.");
        assert!(content_of(&[head, &packed[..12]].concat()).unwrap_err().contains("cut short"));
        let brotli = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\xFF\xFE\x00";
        assert!(content_of(brotli).unwrap_err().contains("is encoded as \"br\""));
    }

    #[test]
    fn content_that_unpacks_beyond_all_measure_is_an_error() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&vec![b'a'; 100_000]).unwrap();
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".as_slice();
        let error = content_of(&[head, &encoder.finish().unwrap()].concat()).unwrap_err();
        assert_eq!(error, "the record is longer than 99 bytes, the most that is read");
    }

    #[test]
    fn a_header_says_what_the_body_is() {
        let message = b"HTTP/2 200\r\nContent-Type: Text/HTML ; Charset=\"KOI8-R\"\r\n\r\n<p>";
        let head = head(message).unwrap();
        assert!(head.is_page(message));
        assert_eq!((head.charset.as_deref(), &message[head.length..]), (Some("koi8-r"), b"<p>".as_slice()));
    }

    #[test]
    fn what_is_no_page_is_none() {
        let is_page = |message: &[u8]| head(message).unwrap().is_page(message);
        assert!(!is_page(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>"));
        assert!(!is_page(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n<p>"));
        assert!(is_page(b"HTTP/1.0 200 \r\n\r\n \n<p>"));
        assert!(!is_page(b"HTTP/1.0 200 OK\r\n\r\n{}"));
    }

    #[test]
    fn a_header_cut_anywhere_is_an_error_and_never_a_panic() {
        let message = b"HTTP/2.0 200 OK\r\nContent-Type: text/html\r\n\r\n";
        for end in 0..message.len() {
            assert!(head(&message[..end]).is_err(), "cut at {end}");
        }
    }
}
