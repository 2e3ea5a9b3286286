//! Markdown: front matter, then `CommonMark` rendered by way of HTML.
//!
//! `CommonMark` is defined by the HTML it stands for, and that HTML is what
//! [`markup`] already reads. Going through it costs a string and buys that
//! raw HTML in Markdown, a `<blockquote>` in a blog post say, is neither a
//! special case nor lost. As in a browser, a raw `<script>` or `<title>` that
//! is never closed takes the rest of the document with it.
//!
//! Tables and strikethrough are read because writers use them; smart
//! punctuation is not, because it would put quotation marks into the text
//! that its author did not write.

mod front_matter;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::markup::{self, Chrome, depth};
use super::{About, Article, ReadError, charset, tidy};
use front_matter::FrontMatter;

pub(super) fn read(bytes: &[u8]) -> Result<Article, ReadError> {
    let (front, markdown) = FrontMatter::split(charset::utf8(bytes)?);

    let mut headline = Headline::default();
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).inspect(|event| headline.see(event));
    let mut page = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut page, events);
    depth::check(&page)?;

    // Who writes `<aside>` in Markdown means it to be read.
    let (text, marks) = markup::render(&page, Chrome::Keep);
    let title = front.title.or_else(|| tidy(&headline.text));
    let about = About { title, date: front.date, url: front.url, ..About::default() };
    Ok(Article { about, text, marks })
}

/// Collects the text of the first heading of level 1.
#[derive(Default)]
struct Headline {
    state: HeadlineState,
    text: String,
}

#[derive(Default, PartialEq, Eq)]
enum HeadlineState {
    #[default]
    Awaited,
    Open,
    Done,
}

impl Headline {
    fn see(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if self.state == HeadlineState::Awaited => {
                self.state = HeadlineState::Open;
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1)) if self.state == HeadlineState::Open => {
                self.state = HeadlineState::Done;
            }
            Event::Text(text) | Event::Code(text) if self.state == HeadlineState::Open => {
                self.text.push_str(text);
            }
            Event::SoftBreak | Event::HardBreak if self.state == HeadlineState::Open => {
                self.text.push(' ');
            }
            _ => {}
        }
    }
}
