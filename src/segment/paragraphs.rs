//! Paragraphs and what their form says of them.
//!
//! Where the source has markup, its blocks are the paragraphs. In plain text a paragraph is a run of lines without an
//! empty one between them; if a line of such a run is too long to be a hard-wrapped one, each line is a paragraph of its
//! own, as in dumps that keep one paragraph a line.

use memchr::memchr_iter;

use crate::lexicon;
use crate::source::{Mark, MarkKind};
use crate::text::{Span, Text};

/// What markup or layout shows of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Structure {
    /// Running text.
    Body,
    /// A headline or sub-heading.
    Heading,
    /// A list item.
    List,
    /// A part of the block quotation with this number, set off by markup.
    BlockQuote(u32),
    /// The page's own words: navigation, sharing, advertisements, rights.
    Boilerplate,
}

/// Nobody wraps lines by hand at this width, in bytes: a longer line is a paragraph.
const WIDEST_WRAP: usize = 160;

/// The paragraphs of a text in order, trimmed, none empty.
pub(crate) fn find(text: &Text, marks: &[Mark]) -> Vec<(Span, Structure)> {
    const USUAL: usize = 16;
    let mut found = Vec::with_capacity(USUAL);
    let mut at = 0;
    // Marks are in text order by their contract; one that is not would put tokens out of order.
    for mark in marks.iter().filter(|mark| mark.range.start <= mark.range.end) {
        if mark.range.start < at {
            continue;
        }
        layout(text, at..mark.range.start, &mut found);
        found.extend(text.trimmed(mark.range.clone()).map(|span| (span, structure(&text[span], mark.kind))));
        at = mark.range.end;
    }
    layout(text, at..text.as_str().len(), &mut found);
    found
}

fn structure(paragraph: &str, kind: MarkKind) -> Structure {
    match kind {
        MarkKind::BlockQuote { block } => Structure::BlockQuote(block),
        _ if lexicon::is_boilerplate(paragraph) => Structure::Boilerplate,
        MarkKind::Heading => Structure::Heading,
        MarkKind::List => Structure::List,
        _ => Structure::Body,
    }
}

/// Reads paragraphs from the lines of a text without markup.
fn layout(text: &Text, range: std::ops::Range<usize>, found: &mut Vec<(Span, Structure)>) {
    let Some(part) = text.as_str().get(range.clone()) else { return };
    let mut run: Vec<Span> = Vec::new();
    let mut at = range.start;
    for end in memchr_iter(b'\n', part.as_bytes()).map(|end| range.start + end).chain([range.end]) {
        match text.trimmed(at..end) {
            Some(span) => run.push(span),
            None => end_run(text, &mut run, found),
        }
        at = end + 1;
    }
    end_run(text, &mut run, found);
}

fn end_run(text: &Text, run: &mut Vec<Span>, found: &mut Vec<(Span, Structure)>) {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else { return };
    if run.iter().any(|line| line.range().len() > WIDEST_WRAP) || run.iter().all(|&line| is_item(&text[line])) {
        found.extend(run.iter().map(|&line| (line, guess(&text[line]))));
    } else {
        let span = first.hull(last);
        found.push((span, guess(&text[span])));
    }
    run.clear();
}

/// The structure of a paragraph without markup.
fn guess(paragraph: &str) -> Structure {
    if lexicon::is_boilerplate(paragraph) {
        Structure::Boilerplate
    } else if is_item(paragraph) {
        Structure::List
    } else if is_heading(paragraph) {
        Structure::Heading
    } else {
        Structure::Body
    }
}

fn is_item(paragraph: &str) -> bool {
    let bullet = ["- ", "* ", "• ", "– ", "· "].iter().any(|b| paragraph.starts_with(b));
    let digits = paragraph.len() - paragraph.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    bullet || (1..=2).contains(&digits) && [". ", ") "].iter().any(|stop| paragraph[digits..].starts_with(stop))
}

/// A headline is one short line that does not end as a sentence or a lead-in does.
fn is_heading(paragraph: &str) -> bool {
    const MOST_WORDS: usize = 16;
    let inside = paragraph.trim_end_matches(['\'', '’', '”', '"', ')']);
    let ends_open = inside.ends_with(|c: char| c.is_alphanumeric() || c == '%');
    let begins = paragraph
        .chars()
        .next()
        .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || matches!(c, '“' | '‘' | '"' | '\''));
    ends_open
        && begins
        && paragraph.split_whitespace().nth(MOST_WORDS).is_none()
        && !paragraph.contains('\n')
        && !(paragraph.starts_with(['“', '"']) && paragraph.ends_with(['”', '"']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraphs(s: &str) -> Vec<(String, Structure)> {
        let text = Text::new(s).unwrap();
        find(&text, &[]).into_iter().map(|(span, structure)| (text[span].to_owned(), structure)).collect()
    }

    #[test]
    fn empty_lines_end_paragraphs_and_short_lines_do_not() {
        let found = paragraphs("A line that\nwas wrapped by hand.\n \t\r\nAnother.\r\n");
        assert_eq!(
            found,
            [
                ("A line that\nwas wrapped by hand.".to_owned(), Structure::Body),
                ("Another.".to_owned(), Structure::Body)
            ]
        );
    }

    #[test]
    fn a_line_too_long_to_be_wrapped_is_a_paragraph() {
        let long = "word ".repeat(40);
        let found = paragraphs(&format!("{long}.\nShort one.\n"));
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn form_tells_headings_lists_and_boilerplate() {
        let kinds: Vec<_> =
            paragraphs("Skip to main content\n\nMayor Wins Third Term\n\nShe won.\n\n- One thing\n- Another")
                .into_iter()
                .map(|(_, k)| k)
                .collect();
        assert_eq!(
            kinds,
            [Structure::Boilerplate, Structure::Heading, Structure::Body, Structure::List, Structure::List]
        );
    }

    #[test]
    fn a_short_sentence_of_speech_is_no_heading() {
        assert_eq!(paragraphs("Mr. Cole added: “It is over.”")[0].1, Structure::Body);
        assert_eq!(paragraphs("Mayor: “We will rebuild”")[0].1, Structure::Heading);
    }

    #[test]
    fn markup_decides_where_there_is_markup() {
        let text = Text::new("He wrote:\n\nWe rise.").unwrap();
        let marks = [
            Mark { range: 0..9, kind: MarkKind::Body },
            Mark { range: 11..19, kind: MarkKind::BlockQuote { block: 0 } },
        ];
        assert_eq!(
            find(&text, &marks).into_iter().map(|(_, k)| k).collect::<Vec<_>>(),
            [Structure::Body, Structure::BlockQuote(0)]
        );
    }
}
