//! A paragraph with its names coloured and its quotations in numbered brackets.
//!
//! Names stand inside quotations and quotations inside each other, and nothing promises that they nest. So styles are
//! not wrapped around spans: the text is cut wherever any span begins or ends, and each piece gets the style of all the
//! spans that are open over it.

use anstyle::Style;
use whosaid::record::{ArticleRecord, ParagraphRecord, QuoteRecord};

use super::{bracket_style, name_style, painted, paragraph_style, quote_style};

/// A place at which the style changes.
#[derive(Debug, Clone, Copy)]
struct Edge<'a> {
    at: usize,
    side: Side,
    of: Marked<'a>,
}

/// What ends at a place comes before what begins there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    End,
    Begin,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Marked<'a> {
    Name(&'a str),
    Quote(&'a QuoteRecord),
}

/// The text of a paragraph, marked.
pub(super) fn paragraph(record: &ArticleRecord, paragraph: &ParagraphRecord) -> String {
    let mut shown = String::new();
    let mut open: Vec<Marked<'_>> = Vec::new();
    let base = paragraph_style(paragraph.kind);
    let mut at = paragraph.start as usize;
    for edge in edges(record, paragraph) {
        shown.push_str(&painted(style(base, &open), &record.text[at..edge.at]));
        at = edge.at;
        match (edge.side, edge.of) {
            (Side::Begin, of) => {
                if let Marked::Quote(quote) = of {
                    shown.push_str(&painted(bracket_style(quote.kind), &format!("[{} ", quote.id)));
                }
                open.push(of);
            }
            (Side::End, of) => {
                if let Some(last) = open.iter().rposition(|&other| other == of) {
                    open.remove(last);
                }
                if let Marked::Quote(quote) = of {
                    shown.push_str(&painted(bracket_style(quote.kind), "]"));
                }
            }
        }
    }
    shown.push_str(&painted(base, &record.text[at..paragraph.end as usize]));
    shown
}

/// All edges in a paragraph, in the order in which they are to be shown. A span that goes on outside ends at its edge.
fn edges<'a>(record: &'a ArticleRecord, paragraph: &ParagraphRecord) -> Vec<Edge<'a>> {
    let names = record.mentions.iter().map(|mention| (mention.start, mention.end, Marked::Name(&mention.label)));
    let parts = record
        .quotes
        .iter()
        .flat_map(|quote| quote.parts.iter().map(move |part| (part.start, part.end, Marked::Quote(quote))));
    let mut spans: Vec<_> =
        parts.chain(names).map(|(start, end, of)| (start.max(paragraph.start), end.min(paragraph.end), of)).collect();
    spans.retain(|(start, end, _)| start < end);
    // Of those that begin together the longest is outside, and so is the quotation of a name; of those that end
    // together the one that began last is inside, so it ends first. Sorting is stable.
    spans.sort_by_key(|&(start, end, _)| (start, std::cmp::Reverse(end)));
    let begins = spans.iter().map(|&(start, _, of)| Edge { at: start as usize, side: Side::Begin, of });
    let ends = spans.iter().rev().map(|&(_, end, of)| Edge { at: end as usize, side: Side::End, of });
    let mut edges: Vec<_> = ends.chain(begins).collect();
    edges.sort_by_key(|edge| (edge.at, edge.side));
    edges
}

/// The style under open spans: the colour of the name, and how the innermost quotation stands out.
fn style(base: Style, open: &[Marked<'_>]) -> Style {
    open.iter().fold(base, |style, marked| match marked {
        Marked::Name(label) => style.fg_color(name_style(label).get_fg_color()),
        Marked::Quote(quote) => style.effects(base.get_effects() | quote_style(quote.kind).get_effects()),
    })
}
