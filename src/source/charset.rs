//! Bytes to characters.
//!
//! Plain text and Markdown must be UTF-8: a guess that is wrong would shift
//! every offset that the user sees, without a word. Web pages are older than
//! that rule and carry a label of their own, but one that outlives its truth:
//! whoever downloads a page in GBK and saves it as UTF-8 seldom edits its
//! `<meta>`. Bytes beyond ASCII that are valid UTF-8 throughout are UTF-8, for
//! no text of any length in another encoding happens to be; so the order here
//! is byte-order mark, UTF-8 where the bytes prove it, the label that a server
//! sent with the page, `<meta>`, and else windows-1252, the web's default.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ReadError;

/// How far into a page its `<meta charset>` may stand, in bytes. The standard
/// says 1024; publishers put scripts and preloads first, and browsers find the
/// label all the same.
const DECLARATION_WINDOW: usize = 8192;

/// `bytes` as UTF-8, less a byte-order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        ReadError::NotUtf8 { offset, byte: bytes[offset] }
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// `bytes` of plain text as UTF-8, less a byte-order mark; in the encoding of
/// `label`, what a server said of them, if they are not UTF-8.
pub(super) fn text<'a>(bytes: &'a [u8], label: Option<&str>) -> Result<Cow<'a, str>, ReadError> {
    let labelled = label.and_then(|label| Encoding::for_label(label.as_bytes())).filter(|encoding| *encoding != UTF_8);
    match (utf8(bytes), labelled) {
        (Err(_), Some(encoding)) => Ok(encoding.decode(bytes).0),
        (read, _) => read.map(Cow::Borrowed),
    }
}

/// The characters of an HTML page of which a server said, with the label `sent`, what
/// its encoding is. What the encoding does not define becomes U+FFFD.
pub(super) fn html<'a>(bytes: &'a [u8], sent: Option<&str>) -> Cow<'a, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    // Text that is ASCII to the eye may yet be ISO-2022-JP, and proves nothing.
    if !bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Cow::Borrowed(text);
    }
    let head = &bytes[..bytes.len().min(DECLARATION_WINDOW)];
    let sent = sent.and_then(|label| Encoding::for_label(label.as_bytes()));
    let encoding = sent.or_else(|| declared(head)).unwrap_or(WINDOWS_1252);
    encoding.decode_without_bom_handling(bytes).0
}

/// The encoding that the first usable `<meta>` of `head` names, in either of
/// its forms: `charset="…"` or `content="text/html; charset=…"`.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let mut rest = head;
    while let Some(at) = rest.iter().position(|&byte| byte == b'<') {
        rest = &rest[at..];
        if rest.starts_with(b"<!--") {
            rest = &rest[find(rest, b"-->")?..];
        } else if starts_with_ignoring_case(rest, b"<meta") {
            let end = rest.iter().position(|&byte| byte == b'>').unwrap_or(rest.len());
            if let Some(encoding) = label(&rest[..end]).and_then(Encoding::for_label) {
                // A label that could be read as ASCII cannot be in UTF-16.
                let is_utf16 = encoding == UTF_16LE || encoding == UTF_16BE;
                return Some(if is_utf16 { UTF_8 } else { encoding });
            }
            rest = &rest[end..];
        } else {
            rest = &rest[1..];
        }
    }
    None
}

/// The value after `charset=` in a tag.
fn label(tag: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"charset";
    let after = find(tag, KEY)? + KEY.len();
    let value = tag[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    let ends = |byte: &u8| matches!(byte, b'"' | b'\'' | b';' | b'/') || byte.is_ascii_whitespace();
    Some(&value[..value.iter().position(ends).unwrap_or(value.len())])
}

/// Where `needle`, in ASCII of any case, first stands in `haystack`.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle))
}

fn starts_with_ignoring_case(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_outranks_a_declaration() {
        assert_eq!(html(b"\xEF\xBB\xBF<meta charset=iso-8859-1>\xC3\xA9", None), "<meta charset=iso-8859-1>é");
        assert_eq!(html(b"\xFF\xFEh\0i\0", None), "hi");
    }

    #[test]
    fn both_forms_of_meta_declare_an_encoding() {
        assert!(html(b"<META CHARSET = 'windows-1252' >\x93Hi\x94", None).ends_with("“Hi”"));
        assert!(
            html(b"<meta http-equiv=content-type content=\"text/html; charset=koi8-r\">\xC4\xC1", None).ends_with("да")
        );
    }

    #[test]
    fn a_declaration_in_a_comment_is_no_declaration() {
        assert!(html(b"<!-- <meta charset=koi8-r> -->\xE9", None).ends_with('é'));
    }

    #[test]
    fn a_label_of_no_encoding_is_passed_over() {
        assert!(html(b"<meta charset=bogus><meta charset=koi8-r>\xC4", None).ends_with('д'));
    }

    #[test]
    fn what_a_server_said_outranks_a_declaration_but_not_the_bytes() {
        assert!(html(b"<meta charset=windows-1252>\xC4\xC1", Some("koi8-r")).ends_with("да"));
        assert!(html(b"<meta charset=koi8-r>\xC4", Some("bogus")).ends_with('д'));
        assert!(html("“é”".as_bytes(), Some("koi8-r")).ends_with("“é”"));
    }

    #[test]
    fn plain_text_is_in_another_encoding_only_if_a_server_said_so() {
        assert_eq!(text(b"\x93No\x94", Some("windows-1252")).as_deref(), Ok("“No”"));
        assert_eq!(text("“No”".as_bytes(), Some("windows-1252")).as_deref(), Ok("“No”"));
        assert!(text(b"\x93No\x94", Some("utf-8")).is_err());
        assert!(text(b"\x93No\x94", None).is_err());
    }

    #[test]
    fn undeclared_bytes_are_windows_1252_unless_they_are_utf8() {
        assert_eq!(html("“é”".as_bytes(), None), "“é”");
        assert_eq!(html(b"\x93\xE9\x94", None), "“é”");
    }

    #[test]
    fn a_page_saved_as_utf8_is_utf8_whatever_it_declares() {
        assert!(html("<meta charset=gbk>“é”".as_bytes(), None).ends_with("“é”"));
        assert!(html(b"<meta charset=iso-2022-jp>\x1B$B$\"\x1B(B", None).ends_with('あ'));
    }

    #[test]
    fn a_page_that_declares_utf8_and_is_not_loses_only_the_bad_bytes() {
        assert!(html(b"<meta charset=utf-8>\xC3\xA9\x93", None).ends_with("é\u{fffd}"));
    }

    #[test]
    fn a_bad_byte_is_reported_where_it_stands() {
        let error = utf8(b"\xEF\xBB\xBFsaid \x93No").unwrap_err();
        assert_eq!(error, ReadError::NotUtf8 { offset: 8, byte: 0x93 });
        assert_eq!(
            error.to_string(),
            "byte 0x93 at offset 8 does not begin a whole UTF-8 character; \
             plain text and Markdown must be UTF-8"
        );
        assert_eq!(utf8(b"caf\xC3"), Err(ReadError::NotUtf8 { offset: 3, byte: 0xC3 }));
    }
}
