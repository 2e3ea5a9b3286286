//! A bound on nesting.
//!
//! Building a tree out of nested tags and scoring it for readability takes a
//! time that grows with the square of the depth: 16,000 `<div>`s cost seconds,
//! and a page of half a megabyte could hold a reader for minutes. Blink and
//! `WebKit` stop nesting at 512 and flatten what follows; a page that goes
//! there is not an article, and here it is refused.
//!
//! The count is by tags, before any tree is built, and so an estimate. It
//! leaves out elements whose end tag HTML lets an author omit: an old page
//! with a thousand unclosed `<p>` is long, not deep.

use html5ever::LocalName;
use html5ever::tokenizer::Tag;

use super::tokens::{self, Visitor};
use crate::source::ReadError;

/// How many elements may be open at once, those with an optional end tag
/// aside.
const LIMIT: usize = 512;

/// Refuses `html` that nests deeper than [`LIMIT`].
pub(in crate::source) fn check(html: &str) -> Result<(), ReadError> {
    let nesting = tokens::visit(html, Nesting::default());
    if nesting.is_too_deep { Err(ReadError::TooDeep { limit: LIMIT }) } else { Ok(()) }
}

#[derive(Default)]
struct Nesting {
    open: Vec<LocalName>,
    is_too_deep: bool,
}

impl Visitor for Nesting {
    fn open(&mut self, tag: &Tag) {
        if self.is_too_deep || tag.self_closing || !is_counted(&tag.name) {
            return;
        }
        if is_cell(&tag.name) {
            // A cell ends the cell before it, and is nothing outside a table.
            let Some(table) = self.open.iter().rposition(|open| &**open == "table") else { return };
            self.open.truncate(table + 1);
        }
        self.is_too_deep = self.open.len() == LIMIT;
        self.open.push(tag.name.clone());
    }

    fn close(&mut self, name: &LocalName) {
        // What is open outside a cell is not closed from within it, except with the whole table.
        let ends_table = matches!(&**name, "table" | "tr" | "tbody" | "thead" | "tfoot") || is_cell(name);
        let from = self.open.iter().rposition(|open| is_cell(open)).filter(|_| !ends_table).unwrap_or(0);
        if let Some(at) = self.open[from..].iter().rposition(|open| open == name) {
            self.open.truncate(from + at);
        }
    }

    fn text(&mut self, _: &str) {}
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th" | "caption")
}

/// Whether an element stays open until its end tag, or the end of what is around it.
fn is_counted(name: &str) -> bool {
    let is_void = matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    );
    let closes_itself = matches!(
        name,
        "a" | "body"
            | "button"
            | "colgroup"
            | "dd"
            | "dt"
            | "head"
            | "html"
            | "li"
            | "nobr"
            | "option"
            | "p"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
    );
    !is_void && !closes_itself
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_refused_one_past_the_limit() {
        assert_eq!(check(&"<div>".repeat(LIMIT)), Ok(()));
        assert_eq!(check(&"<div>".repeat(LIMIT + 1)), Err(ReadError::TooDeep { limit: LIMIT }));
    }

    #[test]
    fn length_is_not_depth() {
        assert_eq!(check(&"<div><p>x<br></div>".repeat(1000)), Ok(()));
        assert_eq!(check(&"<p>x<li>y<td>z".repeat(1000)), Ok(()));
    }

    #[test]
    fn stray_end_tags_do_not_hide_depth() {
        assert!(check(&"<div></i>".repeat(LIMIT + 1)).is_err());
    }

    #[test]
    fn an_end_tag_in_a_cell_does_not_hide_the_depth_around_it() {
        assert!(check(&"<div><table><tr><td></div>x".repeat(LIMIT)).is_err());
        assert_eq!(check(&"<table><tr><td>x<tr><td>y</table>".repeat(1000)), Ok(()));
        assert_eq!(check(&format!("<table>{}</table>", "<tr><td><div>x</div><td>y".repeat(1000))), Ok(()));
    }

    #[test]
    fn tags_in_a_script_are_not_nesting() {
        assert_eq!(check(&format!("<script>'{}'</script>", "<b>".repeat(1000))), Ok(()));
    }
}
