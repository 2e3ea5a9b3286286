//! A document made by hand, so that tests of records do not depend on what the stages find.

use crate::attribute::{Attribution, Evidence, Kind, Reason, Speaker};
use crate::document::Document;
use crate::entity::{Entities, Entity};
use crate::layer::{EntityId, Id, MentionId, QuoteId, TokenRange};
use crate::mention::Mention;
use crate::quote::{Finding, Parts, Quote, QuoteKind};
use crate::segment::{RuleSegmenter, Segment, Segmented};
use crate::source::About;
use crate::tag::{Arcs, Label, Score};
use crate::text::Text;

const TEXT: &str = "🎉 Opening day\n\n“Açık 😀,” said the mayor Zoë Öz, “happy.”\n\n“I hear ‘never | again’ from Öz every year,” a 世界 paper wrote.";

/// An article of three paragraphs with characters of one to four bytes: a quotation of two parts by a named person, and
/// one by a document, and by that person too, in which is one by nobody knows whom.
pub(crate) fn document() -> Document {
    let text = Text::new(TEXT).unwrap();
    let layout = RuleSegmenter.segment(&text, &[]);
    let segments = layout.tokenized(&text);
    let doc = Segmented { text: &text, segments: &segments };
    let find = |part: &str| -> TokenRange {
        let start = TEXT.find(part).unwrap();
        doc.tokens_in(text.span(start..start + part.len()).unwrap()).unwrap()
    };
    let mention = |tokens| Mention { tokens, label: Label::Per, score: Score::new(0.987_654) };
    let second = {
        let start = TEXT.rfind("Öz").unwrap();
        doc.tokens_in(text.span(start..start + "Öz".len()).unwrap()).unwrap()
    };
    let ids = [0, 1].map(MentionId::from_index);
    let entity = Entity {
        label: Label::Per,
        name: ids[0],
        mentions: ids.to_vec(),
        title: Some(find("mayor")),
        affiliation: None,
    };
    let quote = |kind, parts, cue, source, within| Quote {
        kind,
        parts: Parts::new(parts).unwrap(),
        cue,
        source,
        lead_in: None,
        within,
        score: Score::ONE,
        found_by: Finding::Cue,
    };
    let quotes = vec![
        quote(
            QuoteKind::Direct,
            vec![find("“Açık 😀,”"), find("“happy.”")],
            Some(find("said")),
            Some(find("the mayor Zoë Öz")),
            None,
        ),
        quote(
            QuoteKind::Direct,
            vec![find("“I hear ‘never | again’ from Öz every year,”")],
            Some(find("wrote")),
            Some(find("a 世界 paper")),
            None,
        ),
        quote(QuoteKind::Direct, vec![find("‘never | again’")], None, None, Some(QuoteId::from_index(1))),
    ];
    let attribution = |speaker, confidence, evidence| Attribution {
        speaker,
        co_speakers: Vec::new(),
        confidence: Score::new(confidence),
        referent: None,
        evidence,
    };
    let attributions = vec![
        attribution(Speaker::Named(EntityId::from_index(0), Kind::Person), 0.912_345, Evidence::Name),
        Attribution {
            co_speakers: vec![Speaker::Named(EntityId::from_index(0), Kind::Person)],
            ..attribution(Speaker::Unnamed(Kind::Document), 1.0, Evidence::Description)
        },
        attribution(Speaker::Unknown(Reason::NoCue), 0.0, Evidence::None),
    ];
    Document {
        about: About { id: "open.txt".to_owned(), title: Some("Opening, day \"1\"".to_owned()), ..About::default() },
        mentions: vec![mention(find("Zoë Öz")), mention(second)].into(),
        entities: Entities::new(vec![entity], 2),
        quotes: quotes.into(),
        attributions: attributions.into(),
        layout,
        segments: segments.into(),
        arcs: Arcs::default(),
        text,
    }
}
