//! JSON Lines: an object a line.
//!
//! Writers of JSON in other languages write what JSON does not have. Half of a surrogate pair (`"\ud83d"` alone) comes
//! from texts that were cut by length or decoded badly; like any character that is not one, it becomes U+FFFD. `NaN` and
//! `Infinity` come from tables with empty cells and become null. A line that is not JSON for any other reason is an
//! error.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::columns::{self, Chosen, Shape};
use super::error::utf8;
use super::fields;
use super::kind::Name;
use super::lines::{self, Line};
use super::raws::Cut;
use super::reader::{Cutting, Halt, Reader};
use super::{At, Item, ItemError, Place};

/// Cuts the lines of `stream`.
pub(super) fn cut(reader: &mut Reader<'_>, name: &Name, stream: &mut dyn BufRead) -> Cutting {
    let mut chosen: Option<Arc<Chosen>> = None;
    let limit = reader.options.limit();
    let broken = |line, error| Halt::reading(At::Line(line), error);
    lines::cut(stream, limit, broken, |number, line| {
        let at = At::Line(number);
        let bytes = match line {
            Line::Read(bytes) => bytes,
            Line::TooLong => return reader.failed(name, at, reader.too_long("line")),
        };
        // Until a record has shown where the text is, each is looked into; what cannot show it is its own error.
        let chosen = match &chosen {
            Some(chosen) => chosen,
            None => match first(reader, name, &bytes) {
                Ok(first) => chosen.insert(Arc::new(first)),
                Err(error) => return reader.failed(name, at, error),
            },
        };
        reader.cut(name, at, Cut::Line { bytes, chosen: Arc::clone(chosen) })
    })
}

/// What the columns of the record `line` tell of the file.
fn first(reader: &mut Reader<'_>, name: &Name, line: &[u8]) -> Result<Chosen, ItemError> {
    let columns = parse(line)?.into_iter().map(|(column, _)| column).collect();
    let (chosen, mapping) = columns::choose(&name.told, &reader.options.columns, columns, Shape::Records)?;
    reader.out.mapping(mapping);
    Ok(chosen)
}

/// Reads a line.
pub(super) fn read(place: Place, line: &[u8], chosen: &Chosen) -> Item {
    match parse(line) {
        Ok(record) => fields::article(place, record, chosen),
        Err(error) => Item { id: place.id(), place, article: Err(error) },
    }
}

fn parse(line: &[u8]) -> Result<Map<String, Value>, ItemError> {
    let line = utf8(line, || "line".to_owned())?;
    let value = serde_json::from_str(line).or_else(|error| match mended(line) {
        Cow::Owned(mended) => serde_json::from_str(&mended),
        Cow::Borrowed(_) => Err(error),
    });
    match value.map_err(ItemError::NotJson)? {
        Value::Object(record) => Ok(record),
        other => Err(ItemError::NotAnObject { met: fields::kind(&other) }),
    }
}

/// The line with U+FFFD for each half of a surrogate pair, and null for each number that is none.
fn mended(line: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut rest = line.char_indices();
    let mut is_string = false;
    while let Some((at, c)) = rest.next() {
        let after = line.get(at..).unwrap_or_default();
        let (length, instead) = match c {
            '"' => {
                is_string = !is_string;
                continue;
            }
            '\\' if is_string => match surrogate(after) {
                Some(Half::High) if surrogate(after.get(6..).unwrap_or_default()) == Some(Half::Low) => {
                    rest.nth(10);
                    continue;
                }
                Some(Half::High | Half::Low) => (6, "\\ufffd"),
                None => {
                    rest.next();
                    continue;
                }
            },
            'N' if !is_string && after.starts_with("NaN") => (3, "null"),
            'I' if !is_string && after.starts_with("Infinity") => (8, "null"),
            '-' if !is_string && after.starts_with("-Infinity") => (9, "null"),
            _ => continue,
        };
        mended.push_str(line.get(copied..at).unwrap_or_default());
        mended.push_str(instead);
        copied = at + length;
        rest.nth(length - 2);
    }
    if copied == 0 {
        return Cow::Borrowed(line);
    }
    mended.push_str(line.get(copied..).unwrap_or_default());
    Cow::Owned(mended)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// Which half of a surrogate pair the escape is that `text` begins with.
fn surrogate(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::High),
        0xDC00..=0xDFFF => Some(Half::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &str) -> Result<String, String> {
        parse(line.as_bytes()).map(|record| record["text"].to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_lone_surrogate_is_a_character_that_is_not_one() {
        assert_eq!(text(r#"{"text": "a\ud83db\\ud83d \ude00\n"}"#).unwrap(), r#""a�b\\ud83d �\n""#);
        assert_eq!(text(r#"{"text": "\ud83d\ude00 \ud83d"}"#).unwrap(), r#""😀 �""#);
        assert_eq!(text(r#"{"text": "\ud83d\ud83d\ude00"}"#).unwrap(), r#""�😀""#);
    }

    #[test]
    fn numbers_that_are_none_are_null() {
        assert_eq!(text(r#"{"a": NaN, "b": [-Infinity, Infinity], "text": "NaN"}"#).unwrap(), r#""NaN""#);
    }

    #[test]
    fn a_line_that_is_not_an_object_says_what_it_is() {
        assert!(text("[1]").unwrap_err().starts_with("the line holds a list"));
        assert!(text("{\"text\": \"a").unwrap_err().starts_with("not a line of JSON: EOF"));
        assert!(text("{\"text\": \"a\0b\"}").unwrap_err().starts_with("not a line of JSON: control character"));
        assert!(parse(b"{\"text\": \"\xFF\"}").unwrap_err().to_string().starts_with("byte 0xff at offset 10"));
        let deep = "[".repeat(100_000);
        assert!(text(&deep).unwrap_err().starts_with("not a line of JSON: recursion"));
    }

    #[test]
    fn every_cut_of_a_line_is_met_without_panic() {
        let line = r#"{"text": "\ud83d\ude00 \ud83d é", "n": NaN, "m": -Infinity}"#;
        for end in 0..line.len() {
            let _ = parse(&line.as_bytes()[..end]);
        }
    }
}
