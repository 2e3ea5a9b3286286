//! HTML to paragraphs.
//!
//! Walks the tags of a document in the order they stand in and hands the text
//! between them to the [`Renderer`]. There is no tree: the order of the text
//! is the order of the tokens, an element that says what its text is
//! ([`Region`]) is a frame on the renderer's stack, and any other is either a
//! paragraph boundary or nothing at all. So nesting costs no recursion, tag
//! soup needs no repair, and whatever was written as HTML, be it a page, the
//! extract of a page or rendered Markdown, goes the same way.

pub(super) mod depth;
pub(super) mod tokens;

use html5ever::LocalName;
use html5ever::tokenizer::Tag;

use super::Mark;
use super::render::{Region, Renderer};
use tokens::Visitor;

/// What to do with the parts of a page that surround an article: navigation,
/// asides, forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chrome {
    Drop,
    Keep,
}

/// The text of `html` and its marks. Its nesting is to be checked by
/// [`depth::check`] before: this is not unsafe without, only slow.
pub(super) fn render(html: &str, chrome: Chrome) -> (String, Vec<Mark>) {
    let flow = Flow { renderer: Renderer::new(), chrome, dropped: None, open_quotes: 0 };
    tokens::visit(html, flow).renderer.finish()
}

struct Flow {
    renderer: Renderer,
    chrome: Chrome,
    /// The element whose content is being dropped, and how many of its name
    /// are open, for `<nav>` may hold a `<nav>`.
    dropped: Option<(LocalName, usize)>,
    /// How many `<q>` are open in this paragraph.
    open_quotes: usize,
}

impl Visitor for Flow {
    fn open(&mut self, tag: &Tag) {
        if let Some((name, open)) = &mut self.dropped {
            *open += usize::from(*name == tag.name);
            return;
        }
        let name = &*tag.name;
        if is_never_prose(name) || (self.chrome == Chrome::Drop && is_chrome(name)) {
            if !tag.self_closing {
                self.dropped = Some((tag.name.clone(), 1));
            }
            return;
        }
        match name {
            "br" => self.renderer.break_line(),
            "td" | "th" => self.renderer.next_cell(),
            "q" => self.open_inline_quote(),
            _ => {
                if let Some(region) = region(name) {
                    // A heading ends where the next begins, closed or not.
                    if region == Region::Heading && self.renderer.is_in(region) {
                        self.renderer.close(region);
                    }
                    self.end_paragraph();
                    self.renderer.open(region);
                } else if is_block(name) {
                    self.end_paragraph();
                }
            }
        }
    }

    fn close(&mut self, name: &LocalName) {
        if let Some((dropped, open)) = &mut self.dropped {
            *open -= usize::from(dropped == name);
            if *open == 0 {
                self.dropped = None;
            }
            return;
        }
        if &**name == "q" {
            self.close_inline_quote();
        } else if let Some(region) = region(name) {
            self.end_paragraph();
            self.renderer.close(region);
        } else if is_block(name) {
            self.end_paragraph();
        }
    }

    fn text(&mut self, text: &str) {
        if self.dropped.is_none() {
            self.renderer.text(text);
        }
    }
}

impl Flow {
    fn end_paragraph(&mut self) {
        self.open_quotes = 0;
        self.renderer.end_paragraph();
    }

    /// A `<q>` has its quotation marks from the browser's style sheet; without
    /// them the text would lose a quotation. The marks alternate as English
    /// nests them.
    fn open_inline_quote(&mut self) {
        let mark = if self.open_quotes.is_multiple_of(2) { "“" } else { "‘" };
        self.open_quotes += 1;
        self.renderer.text(mark);
    }

    fn close_inline_quote(&mut self) {
        if let Some(outer) = self.open_quotes.checked_sub(1) {
            self.open_quotes = outer;
            self.renderer.text(if outer.is_multiple_of(2) { "”" } else { "’" });
        }
    }
}

/// What an element says of its text.
fn region(name: &str) -> Option<Region> {
    Some(match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Region::Heading,
        "ul" | "ol" | "menu" => Region::List,
        "blockquote" => Region::BlockQuote,
        "figcaption" | "caption" => Region::Caption,
        "pre" => Region::Code,
        "table" => Region::Table,
        _ => return None,
    })
}

/// Elements that a browser lays out as a block, so that text on either side is
/// not one line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figure"
            | "footer"
            | "form"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "main"
            | "nav"
            | "option"
            | "p"
            | "search"
            | "section"
            | "summary"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
    )
}

/// Elements whose content is never text to be read.
fn is_never_prose(name: &str) -> bool {
    matches!(
        name,
        "audio"
            | "canvas"
            | "datalist"
            | "iframe"
            | "math"
            | "noembed"
            | "noframes"
            | "object"
            | "script"
            | "select"
            | "style"
            | "svg"
            | "template"
            | "textarea"
            | "title"
            | "video"
    )
}

/// Elements that hold what surrounds an article rather than the article.
fn is_chrome(name: &str) -> bool {
    matches!(name, "aside" | "button" | "dialog" | "form" | "nav" | "noscript")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MarkKind;

    fn paragraphs(html: &str, chrome: Chrome) -> Vec<(String, MarkKind)> {
        let (text, marks) = render(html, chrome);
        marks.into_iter().map(|mark| (text[mark.range].to_owned(), mark.kind)).collect()
    }

    fn texts(html: &str) -> Vec<String> {
        paragraphs(html, Chrome::Drop).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn inline_quotations_get_the_marks_a_browser_would_draw() {
        assert_eq!(
            texts("<p>She said <q>he told me <q>no</q> twice</q>.<p>So <q>what?"),
            ["She said “he told me ‘no’ twice”.", "So “what?"]
        );
    }

    #[test]
    fn an_unclosed_quotation_ends_with_its_paragraph() {
        assert_eq!(texts("<p><q>one<p><q>two</q></q>"), ["“one", "“two”"]);
    }

    #[test]
    fn entities_become_characters_and_a_no_break_space_stays() {
        assert_eq!(texts("&ldquo;S&iacute;&rdquo;,&nbsp;R&amp;D &#x2014;"), ["“Sí”,\u{a0}R&D —"]);
    }

    #[test]
    fn scripts_styles_and_navigation_are_dropped() {
        assert_eq!(texts("<style>p{}</style><nav>a<nav>b</nav>c</nav><p>x<script>'</p>'</script>y"), ["xy"]);
    }

    #[test]
    fn a_self_closed_drawing_does_not_swallow_the_page() {
        assert_eq!(texts("<svg/><p>x</p><script src='a'/><p>y</p>"), ["x", "y"]);
    }

    #[test]
    fn rows_are_paragraphs_and_cells_are_tabbed() {
        assert_eq!(
            paragraphs(
                "<table><caption>Vote</caption><tr><th>For<th>Against<tr><td>3</td> <td>4</table>",
                Chrome::Drop
            ),
            [
                ("Vote".to_owned(), MarkKind::Caption),
                ("For\tAgainst".to_owned(), MarkKind::Table),
                ("3\t4".to_owned(), MarkKind::Table),
            ]
        );
    }

    #[test]
    fn an_unclosed_heading_ends_where_the_next_begins() {
        assert_eq!(
            paragraphs("<h1>A<h2>B</h3>C", Chrome::Drop),
            [
                ("A".to_owned(), MarkKind::Heading),
                ("B".to_owned(), MarkKind::Heading),
                ("C".to_owned(), MarkKind::Body),
            ]
        );
    }
}
