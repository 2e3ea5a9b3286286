//! Web pages: the main content, and what the page says of itself.
//!
//! A news page is mostly not its article. The crate `legible`, a port of
//! Mozilla's Readability (the reader view of Firefox), finds the part that is;
//! it hands back clean HTML, which [`markup`] renders. It was chosen over
//! `dom_smoothie` and `trafilatura` because those bring in MPL-licensed CSS
//! crates, where everything below `legible` is permissively licensed. What it
//! would take from a block quotation, [`attribution`] puts out of its reach.
//!
//! Readability answers *which* text, and may find none, on a fragment or a
//! page of links. Text is never lost for that: the page is then rendered whole,
//! first without its navigation and, if even that is empty, with it.

mod attribution;
mod metadata;

use super::markup::{self, Chrome, depth};
use super::{About, Article, Mark, ReadError, charset, tidy};
use metadata::Metadata;

pub(super) fn read(bytes: &[u8], label: Option<&str>) -> Result<Article, ReadError> {
    let html = charset::html(bytes, label);
    depth::check(&html)?;

    // Its errors all say that there is no article to be found. Its options are
    // left alone: a lower `char_threshold`, meant for news briefs, makes it
    // content with the first scrap of many a long page.
    let extract = legible::parse(&attribution::keep(&html), None, None).ok();
    let (text, marks) = render(&html, extract.as_ref().map(|extract| extract.content.as_str()));

    let page = Metadata::of(&html);
    // Readability knows how to take the name of the site off a `<title>`.
    let headline = extract.and_then(|extract| tidy(&extract.title));
    let title = page.social_title.or(headline).or(page.title);
    let about = About { title, date: page.date, url: page.url, ..About::default() };
    Ok(Article { about, text, marks })
}

/// Renders the extracted content, or else more and more of the page until
/// there is text.
fn render(page: &str, extract: Option<&str>) -> (String, Vec<Mark>) {
    extract
        .map(|content| markup::render(content, Chrome::Drop))
        .filter(has_text)
        .or_else(|| Some(markup::render(page, Chrome::Drop)).filter(has_text))
        .unwrap_or_else(|| markup::render(page, Chrome::Keep))
}

fn has_text((text, _): &(String, Vec<Mark>)) -> bool {
    !text.is_empty()
}
