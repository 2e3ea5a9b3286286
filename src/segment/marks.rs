//! What stands inside quotation marks.
//!
//! Marks are paired within a paragraph, not a document: news reopens a long quotation at each paragraph and closes only
//! the last, so a mark left open is ordinary there, and a stray one spoils a single paragraph. A straight mark opens
//! where a curly one could, before a word and after a space, and closes elsewhere. Single marks count only where they
//! cannot be apostrophes, and an opening single mark without a closing one is an apostrophe ("’90s").

use crate::layer::{Id, Layer, ParagraphId, TokenId, TokenRange};
use crate::segment::{Paragraph, Token};
use crate::text::Text;

/// Which marks enclose a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkStyle {
    /// “…”, "…", «…», „…”, and TeX's doubled single marks.
    Double,
    /// ‘…’, '…'.
    Single,
}

/// A stretch inside quotation marks, within one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InMarks {
    /// From the opening mark to the closing mark, both included; to the paragraph's end if it is not closed.
    pub tokens: TokenRange,
    /// Whether the closing mark was found.
    pub closed: bool,
    /// Which marks.
    pub style: MarkStyle,
}

/// All stretches of a text inside quotation marks, each list in text order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    /// The outermost stretches: none overlaps another.
    pub outer: Vec<InMarks>,
    /// The stretches inside others.
    pub inner: Vec<InMarks>,
}

impl InMarks {
    /// The tokens between the marks, or `None` if there are none.
    #[must_use]
    pub fn inside(&self) -> Option<TokenRange> {
        let range = self.tokens.indexes();
        TokenRange::of_indexes(range.start + 1..range.end - usize::from(self.closed))
    }
}

/// How a mark may be used, from its own form and its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Opens,
    Closes,
    /// A straight double mark between two words or two spaces: opens if nothing is open, closes otherwise.
    Either,
    /// A single mark after an "s": closes, unless a mark that certainly closes follows ("the workers’ rights,’").
    ClosesOrPossessive,
}

#[derive(Debug, Clone, Copy)]
struct QuotationMark {
    token: TokenId,
    style: MarkStyle,
    usage: Use,
}

/// Pairs the marks of every paragraph.
pub(crate) fn find(text: &Text, paragraphs: &Layer<ParagraphId, Paragraph>, tokens: &Layer<TokenId, Token>) -> Marks {
    let mut found = Vec::new();
    let single_opens = |paragraph: &Paragraph| {
        let mark = classify(text, tokens, paragraph.tokens.first());
        mark.is_some_and(|m| m.style == MarkStyle::Single && m.usage == Use::Opens)
    };
    let mut following = paragraphs.iter().map(|(_, paragraph)| paragraph).skip(1);
    for (_, paragraph) in paragraphs.iter() {
        let marks: Vec<_> = paragraph.tokens.iter().filter_map(|token| classify(text, tokens, token)).collect();
        // One that opens a paragraph and is left open, where the next paragraph opens with one, too, is no apostrophe.
        let goes_on = following.next().is_some_and(single_opens) && single_opens(paragraph);
        pair(&marks, paragraph.tokens, goes_on, &mut found);
    }
    found.sort_by_key(|m| (m.tokens.first(), std::cmp::Reverse(m.tokens.last())));
    // An opening single mark that was never closed is no mark, so what encloses what is known only now.
    let mut marks = Marks::default();
    for mark in found {
        let inside = marks.outer.last().is_some_and(|outer| outer.tokens.contains(mark.tokens));
        if inside { &mut marks.inner } else { &mut marks.outer }.push(mark);
    }
    marks
}

/// Nesting deeper than this is no quotation any more.
const MAX_DEPTH: usize = 4;

/// Pairs the marks of a paragraph; whether a single mark that opens it may be left open is given.
fn pair(marks: &[QuotationMark], paragraph: TokenRange, goes_on: bool, found: &mut Vec<InMarks>) {
    let last = paragraph.last();
    let mut open: Vec<(TokenId, MarkStyle)> = Vec::new();
    for (&QuotationMark { token, style, usage }, is_possessive) in marks.iter().zip(possessives(marks)) {
        // A single mark is too easily an apostrophe to end what double marks opened.
        let reach = if style == MarkStyle::Single {
            open.iter().rposition(|&(_, s)| s != style).map_or(0, |at| at + 1)
        } else {
            0
        };
        let enclosing = open[reach..].iter().rposition(|&(_, s)| s == style).map(|at| reach + at);
        match (usage, enclosing) {
            _ if is_possessive => {}
            (Use::Closes | Use::Either | Use::ClosesOrPossessive, Some(at)) => {
                // Inner marks that were never closed were no marks (single) or were forgotten (double).
                let (first, style) = open[at];
                open.truncate(at);
                found.push(InMarks { tokens: TokenRange::new(first, token), closed: true, style });
            }
            (Use::Opens, Some(at)) if style == MarkStyle::Double => {
                // “… “… : the first was never closed. It ends before this one, which keeps it apart from the next
                // speaker's words.
                let (first, _) = open[at];
                open.truncate(at);
                if first.index() + 1 < token.index() {
                    let tokens = TokenRange::new(first, TokenId::from_index(token.index() - 1));
                    found.push(InMarks { tokens, closed: false, style });
                }
                open.push((token, style));
            }
            (Use::Opens | Use::Either, _) => {
                // So many marks left open: the oldest single one was an apostrophe.
                if open.len() >= MAX_DEPTH {
                    open.remove(open.iter().position(|&(_, s)| s == MarkStyle::Single).unwrap_or(0));
                }
                open.push((token, style));
            }
            _ => {}
        }
    }
    for &(first, style) in &open {
        let may_stay_open = style == MarkStyle::Double || (goes_on && first == paragraph.first());
        if may_stay_open && first < last {
            found.push(InMarks { tokens: TokenRange::new(first, last), closed: false, style });
        }
    }
}

/// For every mark whether it is the apostrophe of a possessive: it could be, and a single mark that closes follows.
fn possessives(marks: &[QuotationMark]) -> Vec<bool> {
    let mut next_single = None;
    let mut found: Vec<bool> = Vec::with_capacity(marks.len());
    for mark in marks.iter().rev() {
        found.push(mark.usage == Use::ClosesOrPossessive && next_single.is_some_and(|usage| usage != Use::Opens));
        if mark.style == MarkStyle::Single {
            next_single = Some(mark.usage);
        }
    }
    found.reverse();
    found
}

/// Reads a token as a quotation mark, if it is one.
fn classify(text: &Text, tokens: &Layer<TokenId, Token>, token: TokenId) -> Option<QuotationMark> {
    let span = tokens[token].span;
    let mark = &text[span];
    let (before, after) = (&text.as_str()[..span.start()], &text.as_str()[span.end()..]);
    let previous = before.chars().next_back().unwrap_or(' ');
    let next = after.chars().next().unwrap_or(' ');
    let (style, usage) = match mark {
        "“" | "«" | "„" | "``" => (MarkStyle::Double, Use::Opens),
        // TeX's closing mark, which some type for both.
        "''" if !ends_word(previous) && next.is_alphanumeric() => (MarkStyle::Double, Use::Opens),
        "”" | "»" | "''" => (MarkStyle::Double, Use::Closes),
        "\"" if is_inches(before) => return None,
        "\"" => {
            let opens = !ends_word(previous) && !next.is_whitespace();
            let closes = !previous.is_whitespace() && !is_opening(previous) && !next.is_alphanumeric();
            let usage = if closes {
                Use::Closes
            } else if opens {
                Use::Opens
            } else {
                Use::Either
            };
            (MarkStyle::Double, usage)
        }
        "‘" | "’" | "'" if is_elision(after) => return None,
        "‘" => (MarkStyle::Single, Use::Opens),
        "'" if !ends_word(previous) && next.is_alphanumeric() => (MarkStyle::Single, Use::Opens),
        "’" | "'" if !previous.is_whitespace() && !next.is_alphanumeric() => {
            let usage = if matches!(previous, 's' | 'S') && next.is_whitespace() {
                Use::ClosesOrPossessive
            } else {
                Use::Closes
            };
            (MarkStyle::Single, usage)
        }
        _ => return None,
    };
    Some(QuotationMark { token, style, usage })
}

/// Whether a straight mark after `before` means inches, as in 5'10".
fn is_inches(before: &str) -> bool {
    let feet = before.trim_end_matches(|c: char| c.is_ascii_digit());
    feet.len() < before.len() && feet.ends_with(['\'', '’', '′'])
}

/// Whether an apostrophe before `after` stands for letters left out: "'60s", "’til".
fn is_elision(after: &str) -> bool {
    let word = after.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let decade = word.strip_suffix('s').is_some_and(|d| d.len() == 2 && d.bytes().all(|b| b.is_ascii_digit()));
    decade || ["em", "til", "tis", "twas", "cause", "n", "bout", "round"].iter().any(|e| word.eq_ignore_ascii_case(e))
}

fn ends_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | ',' | '!' | '?' | ';' | '…' | ')')
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '[' | '{' | '—' | '–' | '“' | '‘' | '\'' | '-')
}

#[cfg(test)]
mod tests {
    use crate::segment::{RuleSegmenter, Segment, Segmented};
    use crate::text::Text;

    fn in_marks(s: &str) -> Vec<String> {
        let text = Text::new(s).unwrap();
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let doc = Segmented { text: &text, segments: &segments };
        let marks = segments.marks.outer.iter().chain(&segments.marks.inner);
        marks.map(|m| doc.text_of(m.tokens).to_owned()).collect()
    }

    #[test]
    fn straight_and_curly_marks_pair_alike() {
        assert_eq!(in_marks("\"Yes,\" said Ada. \"No.\""), ["\"Yes,\"", "\"No.\""]);
        assert_eq!(in_marks("“Yes,” said Ada. “No.”"), ["“Yes,”", "“No.”"]);
    }

    #[test]
    fn single_marks_nest_and_apostrophes_are_none() {
        assert_eq!(
            in_marks("“She said ‘it’s the workers’ turn’ in the ’90s,” he said."),
            ["“She said ‘it’s the workers’ turn’ in the ’90s,”", "‘it’s the workers’ turn’"]
        );
    }

    #[test]
    fn decades_and_possessives_open_and_close_nothing() {
        let decades = "Hits of the '60s. \"I loved it,\" Cole said. \"We danced at my parents' house.\"";
        assert_eq!(in_marks(decades), ["\"I loved it,\"", "\"We danced at my parents' house.\""]);
        assert_eq!(in_marks("‘Twas the ‘60s, ‘em all. ‘A ‘b ‘c ‘d ‘e “Yes,” he said."), ["“Yes,”"]);
    }

    #[test]
    fn an_apostrophe_that_looks_like_an_opening_mark_encloses_nothing() {
        let text = Text::new("‘Morning. “Go home,” she said.").unwrap();
        let marks = RuleSegmenter.segment(&text, &[]).tokenized(&text).marks;
        assert_eq!((marks.outer.len(), marks.inner.len()), (1, 0));
    }

    #[test]
    fn a_mark_left_open_reaches_the_end_of_its_paragraph_only() {
        assert_eq!(
            in_marks("“One long thought.\n\n“And another,” she said."),
            ["“One long thought.", "“And another,”"]
        );
    }

    #[test]
    fn a_single_mark_stays_open_only_where_the_next_paragraph_opens_with_one() {
        let speech = "‘One long thought that I had.\n\n‘And another,’ she said.";
        assert_eq!(in_marks(speech), ["‘One long thought that I had.", "‘And another,’"]);
        assert_eq!(in_marks("‘Morning all.\n\nIt rained."), Vec::<String>::new());
    }

    #[test]
    fn two_single_marks_are_a_double_one_on_either_side() {
        assert_eq!(in_marks("''It is late,'' she said."), ["''It is late,''"]);
        assert_eq!(in_marks("``It is late,'' she said."), ["``It is late,''"]);
    }

    #[test]
    fn inches_and_a_stray_closing_mark_open_nothing() {
        assert_eq!(in_marks("The 5'10\" man carried a 12\" pipe. \"Heavy,\" he said."), ["\"Heavy,\""]);
    }

    #[test]
    fn single_marks_can_be_the_main_ones() {
        assert_eq!(in_marks("‘I don’t know,’ she said. 'Nor I,' he said."), ["‘I don’t know,’", "'Nor I,'"]);
    }
}
