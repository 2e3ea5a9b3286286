//! The YAML block that static site generators put before Markdown.
//!
//! Only `key: value` on one line is read, for three keys; a YAML parser for
//! that would be the largest dependency of the crate. The rest of the block is
//! dropped unread, being data for a template and not text.

use crate::source::tidy;

/// What the front matter of a document says of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
}

impl FrontMatter {
    /// Splits a document into its front matter and the Markdown after it.
    ///
    /// Three dashes are also a thematic break, and a document may begin with
    /// one. Front matter is therefore only what starts with a key on the very
    /// next line and is closed by `---` or `...`; anything else is Markdown.
    pub(super) fn split(document: &str) -> (Self, &str) {
        let none = (Self::default(), document);
        let mut lines = document.split_inclusive('\n');
        let Some(opening) = lines.next().filter(|line| line.trim_end() == "---") else {
            return none;
        };
        let mut front = Self::default();
        let mut end = opening.len();
        for line in lines {
            let pair = key_and_value(line);
            if end == opening.len() && pair.is_none() {
                return none;
            }
            end += line.len();
            if matches!(line.trim_end(), "---" | "...") {
                return (front, &document[end..]);
            }
            if let Some((key, value)) = pair {
                front.set(key, value);
            }
        }
        none
    }

    fn set(&mut self, key: &str, value: &str) {
        let slot = match key.to_ascii_lowercase().as_str() {
            "title" => &mut self.title,
            "date" => &mut self.date,
            "url" | "canonical_url" => &mut self.url,
            _ => return,
        };
        if slot.is_none() {
            *slot = tidy(&scalar(value));
        }
    }
}

/// The two sides of an unindented `key: value`.
fn key_and_value(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let is_apart = value.is_empty() || value.starts_with(char::is_whitespace);
    (is_key && is_apart).then(|| (key, value.trim()))
}

/// A YAML scalar of one line without its quotation marks or comment.
fn scalar(value: &str) -> String {
    let quoted = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    if let Some(double) = quoted('"') {
        return double.replace("\\\"", "\"").replace("\\\\", "\\");
    }
    if let Some(single) = quoted('\'') {
        return single.replace("''", "'");
    }
    value.split_once(" #").map_or(value, |(value, _)| value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_keys_are_taken_and_the_block_is_dropped() {
        let (front, rest) = FrontMatter::split(
            "---\r\ntitle: \"The \\\"Otter\\\" bridge\"\r\ntags:\r\n  - date: no\r\n\
             Date: 2024-03-02 # Saturday\r\nurl: 'https://otter.example/a'\r\n---\r\nText",
        );
        assert_eq!(front.title.as_deref(), Some("The \"Otter\" bridge"));
        assert_eq!(front.date.as_deref(), Some("2024-03-02"));
        assert_eq!(front.url.as_deref(), Some("https://otter.example/a"));
        assert_eq!(rest, "Text");
    }

    #[test]
    fn a_thematic_break_is_not_front_matter() {
        for document in ["---\n\nHe said: no.\n\n---\n", "---\nProse here.\n---\n", "---", "---\n---\n"] {
            assert_eq!(FrontMatter::split(document), (FrontMatter::default(), document));
        }
    }

    #[test]
    fn a_block_that_is_never_closed_is_text() {
        let document = "---\ntitle: x\n\nText";
        assert_eq!(FrontMatter::split(document), (FrontMatter::default(), document));
    }
}
