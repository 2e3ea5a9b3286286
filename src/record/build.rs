//! From a document to its record.

use std::borrow::Cow;

use crate::document::{Document, EntityView, QuoteView, SpeakerView};
use crate::layer::{Id, MentionId};
use crate::mention::Mention;
use crate::tag::Score;
use crate::text::Span;

use super::{
    ArticleRecord, EntityRecord, MentionRecord, OffsetUnit, Offsets, ParagraphRecord, QuoteRecord, SentenceRecord,
    SpanRecord, SpeakerKind, SpeakerRecord, quote_key,
};

impl Document {
    /// The document as it is written, its offsets in `unit`.
    ///
    /// ```
    /// use whosaid::record::OffsetUnit;
    ///
    /// let doc = whosaid::Pipeline::default().annotate("“The bridge will open in May,” Ada Cole said on Monday.")?;
    /// let record = doc.record(OffsetUnit::Char);
    /// assert_eq!(record.quotes[0].speaker.name.as_deref(), Some("Ada Cole"));
    /// assert_eq!((record.quotes[0].start, record.quotes[0].end), (0, 30));
    /// # Ok::<(), whosaid::AnnotateError>(())
    /// ```
    #[must_use]
    pub fn record(&self, unit: OffsetUnit) -> ArticleRecord {
        let writer = Writer { doc: self, at: Offsets::new(self.text().as_str(), unit) };
        let paragraphs = self.layout().paragraphs().zip(self.paragraph_kinds());
        ArticleRecord {
            text: self.text().shared(),
            paragraphs: paragraphs.map(|((span, _), kind)| writer.paragraph(span, kind)).collect(),
            sentences: self.layout().sentences().iter().map(|&span| writer.sentence(span)).collect(),
            mentions: self.mentions().iter().map(|(id, m)| writer.mention(id, m)).collect(),
            entities: self.entities().map(entity).collect(),
            quotes: self.quotes().map(|quote| writer.quote(quote)).collect(),
            ..ArticleRecord::empty(self.about().clone(), unit)
        }
    }
}

/// A document with the table of its offsets.
struct Writer<'a> {
    doc: &'a Document,
    at: Offsets<'a>,
}

impl Writer<'_> {
    fn paragraph(&self, span: Span, kind: super::ParagraphKind) -> ParagraphRecord {
        let (start, end) = self.ends(span);
        ParagraphRecord { start, end, kind }
    }

    fn sentence(&self, span: Span) -> SentenceRecord {
        let (start, end) = self.ends(span);
        SentenceRecord { start, end }
    }

    fn mention(&self, id: MentionId, mention: &Mention) -> MentionRecord {
        let SpanRecord { start, end, text } = self.span(self.doc.segmented().span(mention.tokens));
        let entity = number(self.doc.entity_of(id).id());
        MentionRecord {
            id: number(id),
            start,
            end,
            text,
            label: mention.label.as_str().to_owned(),
            score: rounded(mention.score),
            entity,
        }
    }

    fn quote(&self, quote: QuoteView<'_>) -> QuoteRecord {
        let doc = self.doc.segmented();
        let SpanRecord { start, end, text } = self.span(quote.span());
        let first = quote.raw().parts.hull().first();
        let parts: Vec<_> = quote.parts().map(|part| self.span(part)).collect();
        QuoteRecord {
            id: number(quote.id()),
            kind: quote.kind(),
            start,
            end,
            text,
            quote_key: quote_key(parts.iter().map(|part| part.text.as_str())),
            parts,
            cue: quote.cue().map(|cue| self.span(cue)),
            source: quote.source().map(|source| self.span(source)),
            speaker: speaker(quote.speaker()),
            co_speakers: quote.co_speakers().map(speaker).collect(),
            confidence: rounded(quote.attribution().confidence),
            evidence: quote.attribution().evidence.as_str().into(),
            paragraph: number(doc.paragraph_of(first)),
            sentence: number(doc.sentence_of(first)),
            within: quote.raw().within.map(number),
        }
    }

    fn span(&self, span: Span) -> SpanRecord {
        let (start, end) = self.ends(span);
        SpanRecord { start, end, text: self.doc.text()[span].to_owned() }
    }

    fn ends(&self, span: Span) -> (u32, u32) {
        (self.at.of_byte(span.start()), self.at.of_byte(span.end()))
    }
}

fn entity(entity: EntityView<'_>) -> EntityRecord {
    EntityRecord {
        id: number(entity.id()),
        label: entity.label().as_str().to_owned(),
        name: entity.name().into_owned(),
        aliases: entity.aliases().into_iter().map(Cow::into_owned).collect(),
        title: entity.title().map(Cow::into_owned),
        affiliation: entity.affiliation().map(Cow::into_owned),
        kb_id: None,
        mentions: entity.mentions().map(|(id, _)| number(id)).collect(),
    }
}

fn speaker(speaker: SpeakerView<'_>) -> SpeakerRecord {
    let named = speaker.entity();
    let (kind, reason) = match speaker.kind() {
        Ok(kind) => (kind.into(), None),
        Err(reason) => (SpeakerKind::Unknown, Some(reason.as_str().into())),
    };
    SpeakerRecord {
        kind,
        name: speaker.name().map(Cow::into_owned),
        entity: named.map(|entity| number(entity.id())),
        title: named.and_then(EntityView::title).map(Cow::into_owned),
        affiliation: named.and_then(EntityView::affiliation).map(Cow::into_owned),
        reason,
    }
}

fn number(id: impl Id) -> u32 {
    id.index() as u32
}

/// A probability to four decimals. The last bits of a network's scores differ between processors; records should not.
fn rounded(score: Score) -> f64 {
    (f64::from(score.get()) * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::fixture;

    /// Slices as the languages do that count in each unit.
    fn sliced(text: &str, unit: OffsetUnit, start: u32, end: u32) -> String {
        let range = start as usize..end as usize;
        match unit {
            OffsetUnit::Char => text.chars().skip(range.start).take(range.len()).collect(),
            OffsetUnit::Byte => text[range].to_owned(),
            OffsetUnit::Utf16 => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[range]).unwrap(),
        }
    }

    #[test]
    fn every_span_is_found_again_by_slicing_in_every_unit() {
        for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
            let record = fixture::document().record(unit);
            assert_eq!(record.offset_unit, unit);
            let mentions = record.mentions.iter().map(|m| (m.start, m.end, &m.text));
            let quotes = record.quotes.iter().map(|q| (q.start, q.end, &q.text));
            let spans = record
                .quotes
                .iter()
                .flat_map(|q| q.parts.iter().chain(&q.cue).chain(&q.source))
                .map(|s| (s.start, s.end, &s.text));
            let all: Vec<_> = mentions.chain(quotes).chain(spans).collect();
            assert!(all.len() > 8, "{all:?}");
            for (start, end, text) in all {
                assert_eq!(sliced(&record.text, unit, start, end), *text);
            }
        }
    }

    #[test]
    fn a_record_says_who_said_what_and_how_that_was_found() {
        let record = fixture::document().record(OffsetUnit::Char);
        let quote = &record.quotes[0];
        assert_eq!(quote.parts.iter().map(|p| p.text.as_str()).collect::<Vec<_>>(), ["“Açık 😀,”", "“happy.”"]);
        assert_eq!(quote.text, "“Açık 😀,” said the mayor Zoë Öz, “happy.”");
        assert_eq!(quote.cue.as_ref().unwrap().text, "said");
        assert_eq!(quote.source.as_ref().unwrap().text, "the mayor Zoë Öz");
        let SpeakerRecord { kind, name, entity, title, affiliation, reason } = &quote.speaker;
        assert_eq!((*kind, name.as_deref(), *entity), (SpeakerKind::Person, Some("Zoë Öz"), Some(0)));
        assert_eq!((title.as_deref(), affiliation.as_deref(), reason), (Some("mayor"), None, &None));
        assert_eq!((quote.confidence, &*quote.evidence), (0.9123, "name"));
        assert_eq!((quote.paragraph, quote.sentence), (1, 1));
        assert_eq!(quote.co_speakers, []);
        assert_eq!(record.quotes[1].co_speakers, std::slice::from_ref(&quote.speaker));
        assert_eq!(record.quotes[1].within, None);
        assert_eq!(record.quotes[2].within, Some(1));
        assert_eq!(record.quotes[2].speaker.reason.as_deref(), Some("no_cue"));
        assert_eq!(record.entities[0].aliases, ["Öz"]);
        assert_eq!(record.entities[0].mentions, [0, 1]);
    }

    #[test]
    fn a_record_that_is_written_and_read_is_the_same() {
        for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
            let record = fixture::document().record(unit);
            let json = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<ArticleRecord>(&json).unwrap(), record);
        }
    }
}
