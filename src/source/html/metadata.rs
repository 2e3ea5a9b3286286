//! What a page says of itself: headline, date and address.
//!
//! Publishers say it several times over, for search engines and for social
//! networks, and those sayings are more dependable than anything printed on
//! the page. Where they differ, the one made for the article alone goes before
//! the one that templates fill in.

use html5ever::LocalName;
use html5ever::tokenizer::Tag;
use serde_json::Value;

use crate::source::markup::tokens::{self, Visitor};
use crate::source::tidy;

/// `<meta>` names of the date of publication, other than Open Graph's.
const DATE_NAMES: [&str; 8] = [
    "datepublished",
    "date",
    "pubdate",
    "publish-date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "parsely-pub-date",
];

/// The metadata of one page.
#[derive(Default)]
pub(super) struct Metadata {
    /// The content of `<title>`: the headline, often with the site's name.
    pub(super) title: Option<String>,
    /// `og:title`: the headline alone.
    pub(super) social_title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) url: Option<String>,
}

impl Metadata {
    pub(super) fn of(html: &str) -> Self {
        let found = tokens::visit(html, Collector::default());
        Self {
            title: found.title,
            social_title: found.social_title,
            date: found.social_date.or(found.linked_date).or(found.named_date),
            url: found.canonical_url.or(found.social_url),
        }
    }
}

/// An element whose text is collected.
enum Collected {
    Title,
    LinkedData,
}

#[derive(Default)]
struct Collector {
    title: Option<String>,
    social_title: Option<String>,
    social_date: Option<String>,
    linked_date: Option<String>,
    named_date: Option<String>,
    canonical_url: Option<String>,
    social_url: Option<String>,
    collecting: Option<Collected>,
    collected: String,
}

impl Visitor for Collector {
    fn open(&mut self, tag: &Tag) {
        match &*tag.name {
            "meta" => self.meta(tag),
            "link" => self.link(tag),
            "title" if self.title.is_none() && !tag.self_closing => {
                self.collecting = Some(Collected::Title);
            }
            "script" if has_word(tag, "type", "application/ld+json") => {
                self.collecting = Some(Collected::LinkedData);
            }
            _ => {}
        }
    }

    fn close(&mut self, _: &LocalName) {
        // Both collected elements are raw text: the first end tag is theirs.
        match self.collecting.take() {
            Some(Collected::Title) => self.title = tidy(&self.collected),
            Some(Collected::LinkedData) if self.linked_date.is_none() => {
                self.linked_date = date_published(&self.collected);
            }
            Some(Collected::LinkedData) | None => {}
        }
        self.collected.clear();
    }

    fn text(&mut self, text: &str) {
        if self.collecting.is_some() {
            self.collected.push_str(text);
        }
    }
}

impl Collector {
    fn meta(&mut self, tag: &Tag) {
        let Some(content) = tokens::attribute(tag, "content").and_then(tidy) else { return };
        for key in ["property", "name", "itemprop"] {
            let Some(name) = tokens::attribute(tag, key) else { continue };
            let name = name.trim().to_ascii_lowercase();
            let slot = match name.as_str() {
                "og:title" => &mut self.social_title,
                "og:url" => &mut self.social_url,
                "article:published_time" | "og:article:published_time" => &mut self.social_date,
                name if DATE_NAMES.contains(&name) => &mut self.named_date,
                _ => continue,
            };
            slot.get_or_insert(content);
            return;
        }
    }

    fn link(&mut self, tag: &Tag) {
        if self.canonical_url.is_none() && has_word(tag, "rel", "canonical") {
            self.canonical_url = tokens::attribute(tag, "href").and_then(tidy);
        }
    }
}

/// Whether `word` is among the words of an attribute, in any case.
fn has_word(tag: &Tag, attribute: &str, word: &str) -> bool {
    tokens::attribute(tag, attribute)
        .is_some_and(|value| value.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word)))
}

/// The first `datePublished` of a JSON-LD document, nearest to its root.
///
/// Publishers nest the article in `@graph`, in arrays, in `mainEntity`, and
/// write `@type` as a string or a list; going breadth-first for the one key
/// makes all of these the same, and an article's own date comes before that of
/// a comment inside it.
fn date_published(json: &str) -> Option<String> {
    let root: Value = serde_json::from_str(json.trim()).ok()?;
    let mut level = vec![&root];
    while !level.is_empty() {
        let date = |value: &&Value| value.get("datePublished").and_then(Value::as_str).and_then(tidy);
        if let Some(date) = level.iter().find_map(date) {
            return Some(date);
        }
        level = level.into_iter().flat_map(children).collect();
    }
    None
}

fn children(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_made_for_sharing_is_kept_apart_from_the_title() {
        let page = Metadata::of(
            "<title> Bridge  closes | The Otter Post</title>\
             <meta property='og:title' content='Bridge closes &amp; reopens'>\
             <svg><title>logo</title></svg>",
        );
        assert_eq!(page.title.as_deref(), Some("Bridge closes | The Otter Post"));
        assert_eq!(page.social_title.as_deref(), Some("Bridge closes & reopens"));
    }

    #[test]
    fn a_canonical_link_outranks_the_shared_address() {
        let page = Metadata::of(
            "<meta property=og:url content=https://otter.example/share>\
             <link rel='alternate canonical' href=https://otter.example/bridge>",
        );
        assert_eq!(page.url.as_deref(), Some("https://otter.example/bridge"));
    }

    #[test]
    fn dates_are_taken_from_the_most_dependable_saying() {
        let named = "<meta name=date content=2024-01-01>";
        let linked = r#"<script type="application/ld+json">
            {"@graph": [{"@type": ["WebPage"]}, {"comment": {"datePublished": "2024-03-09"},
             "datePublished": "2024-03-02"}]}</script>"#;
        let social = "<meta property=article:published_time content=2024-03-03T08:00Z>";

        let date = |html: &str| Metadata::of(html).date;
        assert_eq!(date(named).as_deref(), Some("2024-01-01"));
        assert_eq!(date(&format!("{named}{linked}")).as_deref(), Some("2024-03-02"));
        assert_eq!(date(&format!("{named}{linked}{social}")).as_deref(), Some("2024-03-03T08:00Z"));
        assert_eq!(date("<script type=application/ld+json>{broken</script>"), None);
    }
}
