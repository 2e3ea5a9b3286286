//! Keeps the `<footer>` of a block quotation.
//!
//! Many themes, Bootstrap's first, name the speaker of a pull quote in a
//! `<footer>` inside its `<blockquote>`. Readability deletes every footer, and
//! every element whose class speaks of one, which is right for the foot of a
//! page and here would lose the very thing this crate looks for. So before it
//! sees the page, such a footer becomes a bare `<div>`.

use std::borrow::Cow;

/// `html` with the footers inside its block quotations made into `<div>`s.
///
/// Tags are found by text search, for the result is parsed anew; what looks
/// like one in a script or a comment is changed too, and is dropped later.
pub(super) fn keep(html: &str) -> Cow<'_, str> {
    let mut kept = String::new();
    let mut copied = 0;
    let mut open_quotes = 0_usize;
    for (at, _) in html.match_indices('<') {
        if at < copied {
            continue;
        }
        let tag = &html[at + 1..];
        let replacement = if is_named(tag, "blockquote") {
            open_quotes += 1;
            continue;
        } else if is_named(tag, "/blockquote") {
            open_quotes = open_quotes.saturating_sub(1);
            continue;
        } else if open_quotes > 0 && is_named(tag, "footer") {
            "<div>"
        } else if open_quotes > 0 && is_named(tag, "/footer") {
            "</div>"
        } else {
            continue;
        };
        let Some(length) = tag.find('>') else { break };
        kept.push_str(&html[copied..at]);
        kept.push_str(replacement);
        copied = at + 1 + length + 1;
    }
    if copied == 0 {
        return Cow::Borrowed(html);
    }
    kept.push_str(&html[copied..]);
    Cow::Owned(kept)
}

/// Whether the tag that begins with `tag` has this name, in any case.
fn is_named(tag: &str, name: &str) -> bool {
    let (tag, name) = (tag.as_bytes(), name.as_bytes());
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
        && tag.get(name.len()).is_none_or(|&next| !next.is_ascii_alphanumeric() && next != b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_footer_of_a_block_quotation_is_changed() {
        assert_eq!(
            keep(
                "<BLOCKQUOTE cite=x>No.<Footer class='blockquote-footer'>Mo</Footer></BLOCKQUOTE>\
                 <footer-nav></footer-nav><footer>© Post</footer>"
            ),
            "<BLOCKQUOTE cite=x>No.<div>Mo</div></BLOCKQUOTE>\
             <footer-nav></footer-nav><footer>© Post</footer>"
        );
    }

    #[test]
    fn a_page_without_one_is_not_copied() {
        assert!(matches!(keep("<blockquote>é<foot"), Cow::Borrowed(_)));
        assert!(matches!(keep("<blockquote><footer"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_tag_inside_a_tag_does_not_derail_the_copy() {
        assert_eq!(keep("<blockquote><footer <footer>x</footer>"), "<blockquote><div>x</div>");
    }
}
