//! Articles with the tagger's answer written into them, for testing the stages after it without a model.
//!
//! `{PER Ada Cole} {cue said} {content that it rains}`: braces enclose what a tagger would pick out, and may nest. Labels
//! are those of names, or `content`, `cue`, `source`. A label that ends with `#1` gives what it encloses a number, and one
//! that ends with `>1` has an arc from its first token to that of number 1 (`>0`: to nowhere): `{cue#1 said} {content>1 that
//! it rains}`. Without a label (`{>2 she}`) it is an arc from a pronoun. Of what is marked `?` (`{ORG? COLE}`) the tagger is
//! not sure.

use std::collections::BTreeMap;

use crate::attribute::{Attribute, RuleAttributer};
use crate::document::{Document, SpeakerView};
use crate::entity::{GroupEntities, RuleGrouper};
use crate::mention::{FindMentions, MentionFinder};
use crate::quote::{FindQuotes, QuoteFinder};
use crate::segment::{RuleSegmenter, Segment, Segmented};
use crate::source::{About, Mark};
use crate::tag::{ArcKind, Label, Lead, Score, Tagged, TaggedName, Tags};
use crate::text::Text;

/// Runs all stages but the tagger over a text with the tags written into it.
pub(crate) fn annotate(marked: &str) -> Document {
    annotate_with(marked, |_| Vec::new())
}

/// The same for a text with markup, which is made from the plain text.
pub(crate) fn annotate_with(marked: &str, marks: impl Fn(&str) -> Vec<Mark>) -> Document {
    let (plain, labelled) = parse(marked);
    let marks = marks(&plain);
    let text = Text::new(plain).expect("a short text");
    let layout = RuleSegmenter.segment(&text, &marks);
    let segments = layout.tokenized(&text);
    let doc = Segmented { text: &text, segments: &segments };
    let tags = tags(doc, &labelled);
    let mentions = MentionFinder.find(doc, &tags);
    let entities = RuleGrouper.group(doc, &mentions);
    let quotes = QuoteFinder.find(doc, &tags, &mentions);
    let attributions = RuleAttributer.attribute(doc, &tags.arcs, &mentions, &entities, &quotes);
    let (about, segments, arcs) = (About::default(), segments.into(), tags.arcs);
    Document { about, text, layout, segments, arcs, mentions, entities, quotes, attributions }
}

/// The text without its braces, and each label with the bytes it stands for.
fn parse(marked: &str) -> (String, Vec<(String, std::ops::Range<usize>)>) {
    let (mut plain, mut open, mut labelled) = (String::new(), Vec::new(), Vec::new());
    let mut rest = marked;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        if rest[at..].starts_with('{') {
            let (label, after) = rest[at + 1..].split_once(' ').expect("a label and a space after a brace");
            open.push((label.to_owned(), plain.len()));
            rest = after;
        } else {
            let (label, start) = open.pop().expect("a brace to close");
            labelled.push((label, start..plain.len()));
            rest = &rest[at + 1..];
        }
    }
    plain.push_str(rest);
    (plain, labelled)
}

fn tags(doc: Segmented<'_>, labelled: &[(String, std::ops::Range<usize>)]) -> Tags {
    const LIKELY: f32 = 0.9;
    const UNSURE: f32 = 0.5;
    let mut tags = Tags::default();
    let (mut numbered, mut arcs) = (BTreeMap::new(), Vec::new());
    for (label, range) in labelled {
        let tokens = doc.tokens_in(doc.text.span(range.clone()).expect("a span")).expect("whole tokens");
        let (label, leads_to) = label.split_once('>').unwrap_or((label, ""));
        let (label, number) = label.split_once('#').unwrap_or((label, ""));
        let (label, score) = label.strip_suffix('?').map_or((label, Score::ONE), |sure| (sure, Score::new(UNSURE)));
        let place = Tagged { tokens, score };
        if !number.is_empty() {
            numbered.insert(number, tokens.first());
        }
        let kind = match label {
            "content" => ArcKind::Cue,
            "cue" => ArcKind::Source,
            _ => ArcKind::Refers,
        };
        if !leads_to.is_empty() {
            arcs.push((kind, tokens.first(), leads_to));
        }
        match label {
            "" => {}
            "content" => tags.contents.push(place),
            "cue" => tags.cues.push(place),
            "source" => tags.sources.push(place),
            name => tags.names.push(TaggedName { place, label: Label::from(name) }),
        }
    }
    for (kind, from, leads_to) in arcs {
        tags.arcs.insert(kind, from, numbered.get(leads_to).map(|&to| Lead { to, weight: LIKELY }));
    }
    tags.names.sort_by_key(|n| n.place.tokens);
    for roles in [&mut tags.contents, &mut tags.cues, &mut tags.sources] {
        roles.sort_by_key(|r| r.tokens);
    }
    tags
}

/// Each quotation on a line: kind, parts, cue, source.
pub(crate) fn quotes(doc: &Document) -> Vec<String> {
    let or_dash = |span: Option<crate::text::Span>| span.map_or("-".to_owned(), |s| doc.text()[s].to_owned());
    doc.quotes()
        .map(|q| {
            let parts: Vec<_> = q.parts().map(|p| &doc.text()[p]).collect();
            format!("{} [{}] {} / {}", q.kind().as_str(), parts.join("] ["), or_dash(q.cue()), or_dash(q.source()))
        })
        .collect()
}

/// Each quotation's speakers: kind and name, or the reason why there is none.
pub(crate) fn speakers(doc: &Document) -> Vec<String> {
    let said = |speaker: SpeakerView<'_>| match (speaker.kind(), speaker.name()) {
        (Ok(kind), Some(name)) => format!("{} {name}", kind.as_str()),
        (Ok(kind), None) => kind.as_str().to_owned(),
        (Err(reason), _) => format!("unknown: {}", reason.as_str()),
    };
    doc.quotes().map(|quote| quote.speakers().map(said).collect::<Vec<_>>().join(" & ")).collect()
}

/// Each entity on a line: label, name, aliases, title, affiliation.
pub(crate) fn entities(doc: &Document) -> Vec<String> {
    doc.entities()
        .map(|e| {
            let aliases = e.aliases().iter().map(|alias| format!(" = {alias}")).collect::<Vec<_>>().concat();
            let title = e.title().map_or(String::new(), |title| format!(", {title}"));
            let affiliation = e.affiliation().map_or(String::new(), |of| format!(" ({of})"));
            format!("{} {}{aliases}{title}{affiliation}", e.label().as_str(), e.name())
        })
        .collect()
}
