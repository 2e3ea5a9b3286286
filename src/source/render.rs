//! Paragraphs to text and marks.
//!
//! The one place where text is written and offsets are taken, so that the
//! promises of [`Article`](super::Article) hold by construction:
//!
//! * a mark is made where its paragraph ends, out of the offset where the
//!   paragraph began, so marks are in order, do not overlap and slice the text
//!   at character boundaries;
//! * white space is held back as a [`Gap`] until a character follows it, so no
//!   paragraph is empty, begins or ends with white space that markup would
//!   collapse, or holds `"\n\n"`, which is thereby free to separate paragraphs.

use super::{Mark, MarkKind};

/// A stretch of markup that says what its paragraphs are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    Heading,
    List,
    BlockQuote,
    Caption,
    /// Preformatted: spaces and line breaks are text.
    Code,
    Table,
}

/// White space that was met and waits for a character to stand before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Cell,
    Line,
}

impl Gap {
    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Space => " ",
            Self::Cell => "\t",
            Self::Line => "\n",
        }
    }
}

/// An open region and what it makes of the paragraphs in it. Both are settled
/// when the region opens, so that asking costs the same at any depth.
struct Frame {
    region: Region,
    kind: MarkKind,
    verbatim: bool,
}

/// Writes an article's text and marks, one paragraph after the other.
pub(super) struct Renderer {
    text: String,
    marks: Vec<Mark>,
    open: Vec<Frame>,
    /// Where the current paragraph begins, once it has a character.
    start: Option<usize>,
    gap: Gap,
    block_quotes: u32,
}

impl Renderer {
    pub(super) const fn new() -> Self {
        Self { text: String::new(), marks: Vec::new(), open: Vec::new(), start: None, gap: Gap::None, block_quotes: 0 }
    }

    /// Ends the paragraph and enters `region`.
    pub(super) fn open(&mut self, region: Region) {
        self.end_paragraph();
        let outer = self.kind();
        let own = match region {
            Region::Heading => MarkKind::Heading,
            Region::Caption => MarkKind::Caption,
            Region::BlockQuote => {
                let block = self.block_quotes;
                self.block_quotes += 1;
                MarkKind::BlockQuote { block }
            }
            Region::List => MarkKind::List,
            Region::Code => MarkKind::Code,
            Region::Table => MarkKind::Table,
        };
        let is_outranked = matches!(own, MarkKind::List | MarkKind::Code | MarkKind::Table)
            && matches!(outer, MarkKind::BlockQuote { .. });
        let kind = if is_outranked { outer } else { own };
        let verbatim = region == Region::Code || self.is_verbatim();
        self.open.push(Frame { region, kind, verbatim });
    }

    /// Ends the paragraph and leaves the innermost open `region`, with all
    /// that is open inside it; nothing more if there is none.
    pub(super) fn close(&mut self, region: Region) {
        self.end_paragraph();
        if let Some(at) = self.open.iter().rposition(|frame| frame.region == region) {
            self.open.truncate(at);
        }
    }

    /// Whether the innermost open region is `region`.
    pub(super) fn is_in(&self, region: Region) -> bool {
        self.open.last().is_some_and(|frame| frame.region == region)
    }

    /// Adds text to the paragraph. HTML's white space collapses to one space,
    /// other white space is text; in code only line breaks are collapsed, so
    /// that no blank line is left.
    pub(super) fn text(&mut self, text: &str) {
        let verbatim = self.is_verbatim();
        for c in text.chars() {
            match c {
                '\n' | '\r' if verbatim => self.gap = Gap::Line,
                ' ' | '\t' | '\n' | '\r' | '\x0C' if !verbatim => self.widen(Gap::Space),
                _ => self.put(c),
            }
        }
    }

    /// Breaks the line inside the paragraph. A second break with only white
    /// space between is how many pages write the end of a paragraph.
    pub(super) fn break_line(&mut self) {
        if self.gap == Gap::Line {
            self.end_paragraph();
        } else {
            self.gap = Gap::Line;
        }
    }

    /// Moves to the next cell of a table's row.
    pub(super) fn next_cell(&mut self) {
        self.widen(Gap::Cell);
    }

    /// Ends the paragraph, if there is one, and marks it.
    pub(super) fn end_paragraph(&mut self) {
        self.gap = Gap::None;
        let Some(start) = self.start.take() else { return };
        if self.text[start..].trim().is_empty() {
            // `<p>&nbsp;</p>` is how editors write vertical space.
            self.text.truncate(self.marks.last().map_or(0, |mark| mark.range.end));
        } else {
            self.marks.push(Mark { range: start..self.text.len(), kind: self.kind() });
        }
    }

    /// The finished text and its marks.
    pub(super) fn finish(mut self) -> (String, Vec<Mark>) {
        self.end_paragraph();
        (self.text, self.marks)
    }

    fn kind(&self) -> MarkKind {
        self.open.last().map_or(MarkKind::Body, |frame| frame.kind)
    }

    fn is_verbatim(&self) -> bool {
        self.open.last().is_some_and(|frame| frame.verbatim)
    }

    fn widen(&mut self, gap: Gap) {
        self.gap = self.gap.max(gap);
    }

    fn put(&mut self, c: char) {
        if self.start.is_some() {
            self.text.push_str(self.gap.as_str());
        } else {
            if !self.text.is_empty() {
                self.text.push_str("\n\n");
            }
            self.start = Some(self.text.len());
        }
        self.gap = Gap::None;
        self.text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(write: impl FnOnce(&mut Renderer)) -> Vec<(String, MarkKind)> {
        let mut renderer = Renderer::new();
        write(&mut renderer);
        let (text, marks) = renderer.finish();
        marks.into_iter().map(|mark| (text[mark.range].to_owned(), mark.kind)).collect()
    }

    fn body(text: &str) -> (String, MarkKind) {
        (text.to_owned(), MarkKind::Body)
    }

    #[test]
    fn white_space_collapses_but_a_no_break_space_is_text() {
        let paragraphs = rendered(|r| {
            r.text("\n  Mayor\t");
            r.text("\n Ada\u{a0}Quill ");
        });
        assert_eq!(paragraphs, [body("Mayor Ada\u{a0}Quill")]);
    }

    #[test]
    fn one_break_is_a_line_and_two_are_a_paragraph() {
        let paragraphs = rendered(|r| {
            r.text("one ");
            r.break_line();
            r.text(" two");
            r.break_line();
            r.text("\n");
            r.break_line();
            r.text("three");
        });
        assert_eq!(paragraphs, [body("one\ntwo"), body("three")]);
    }

    #[test]
    fn a_paragraph_of_nothing_but_white_space_leaves_no_trace() {
        let paragraphs = rendered(|r| {
            r.text("one");
            r.end_paragraph();
            r.text(" \u{a0} ");
            r.end_paragraph();
            r.text("two");
        });
        assert_eq!(paragraphs, [body("one"), body("two")]);
    }

    #[test]
    fn a_block_quotation_outranks_a_list_in_it_but_not_a_caption() {
        let paragraphs = rendered(|r| {
            r.open(Region::List);
            r.text("list");
            r.open(Region::BlockQuote);
            r.text("quote");
            r.open(Region::List);
            r.text("still quoted");
            r.open(Region::Caption);
            r.text("caption");
        });
        let quote = MarkKind::BlockQuote { block: 0 };
        assert_eq!(
            paragraphs.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(),
            [MarkKind::List, quote, quote, MarkKind::Caption]
        );
    }

    #[test]
    fn closing_what_is_not_open_only_ends_the_paragraph() {
        let paragraphs = rendered(|r| {
            r.text("one");
            r.close(Region::BlockQuote);
            r.text("two");
        });
        assert_eq!(paragraphs, [body("one"), body("two")]);
    }

    #[test]
    fn code_keeps_its_lines_and_indents_but_no_blank_line() {
        let paragraphs = rendered(|r| {
            r.open(Region::Code);
            r.text("\nif said:\r\n\r\n  quote()\n");
        });
        assert_eq!(paragraphs, [("if said:\n  quote()".to_owned(), MarkKind::Code)]);
    }
}
