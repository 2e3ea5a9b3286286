//! The rows of the five tables, each a struct whose fields are the columns.

use super::{Cell, Column, ColumnType};
use crate::record::{ArticleRecord, Offsets, QuoteRecord};

/// A row of a table.
pub(super) trait Row {
    /// The columns, in order.
    const COLUMNS: &'static [Column];

    /// A cell for each column.
    fn cells(&self) -> impl AsRef<[Cell<'_>]>;
}

/// What can be the field of a row.
trait Field {
    const HOLDS: ColumnType;
    const OPTIONAL: bool = false;
    fn cell(&self) -> Cell<'_>;
}

impl Field for &str {
    const HOLDS: ColumnType = ColumnType::Text;
    fn cell(&self) -> Cell<'_> {
        Cell::Text(self)
    }
}

impl Field for u32 {
    const HOLDS: ColumnType = ColumnType::Integer;
    fn cell(&self) -> Cell<'_> {
        Cell::Integer(*self)
    }
}

impl Field for f64 {
    const HOLDS: ColumnType = ColumnType::Real;
    fn cell(&self) -> Cell<'_> {
        Cell::Real(*self)
    }
}

impl Field for Vec<String> {
    const HOLDS: ColumnType = ColumnType::TextList;
    fn cell(&self) -> Cell<'_> {
        Cell::TextList(self)
    }
}

impl Field for &[String] {
    const HOLDS: ColumnType = ColumnType::TextList;
    fn cell(&self) -> Cell<'_> {
        Cell::TextList(self)
    }
}

impl<T: Field> Field for Option<T> {
    const HOLDS: ColumnType = T::HOLDS;
    const OPTIONAL: bool = true;
    fn cell(&self) -> Cell<'_> {
        self.as_ref().map_or(Cell::Absent, Field::cell)
    }
}

macro_rules! rows {
    ($($(#[$doc:meta])* $row:ident { $($column:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        pub(super) struct $row<'a> {
            $($column: $type,)*
        }

        impl<'a> Row for $row<'a> {
            const COLUMNS: &'static [Column] = &[$(
                Column {
                    name: stringify!($column),
                    holds: <$type as Field>::HOLDS,
                    optional: <$type as Field>::OPTIONAL,
                },
            )*];

            fn cells(&self) -> impl AsRef<[Cell<'_>]> {
                [$(self.$column.cell()),*]
            }
        }
    )*};
}

rows! {
    /// A row of `Table::Documents`. Of an article that failed nothing was counted, and of one in another
    /// language only its characters.
    DocumentRow {
        doc_id: &'a str,
        title: Option<&'a str>,
        date: Option<&'a str>,
        url: Option<&'a str>,
        n_chars: Option<u32>,
        n_sentences: Option<u32>,
        n_mentions: Option<u32>,
        n_quotes: Option<u32>,
        status: &'a str,
        error: Option<&'a str>,
    }

    /// A row of `Table::Sentences`.
    SentenceRow {
        doc_id: &'a str,
        sentence_id: u32,
        start: u32,
        end: u32,
        text: &'a str,
    }

    /// A row of `Table::Entities`.
    EntityRow {
        doc_id: &'a str,
        entity_id: u32,
        label: &'a str,
        name: &'a str,
        aliases: &'a [String],
        title: Option<&'a str>,
        affiliation: Option<&'a str>,
        kb_id: Option<&'a str>,
        n_mentions: u32,
        n_quotes: u32,
    }

    /// A row of `Table::Mentions`.
    MentionRow {
        doc_id: &'a str,
        mention_id: u32,
        entity_id: u32,
        sentence_id: u32,
        start: u32,
        end: u32,
        text: &'a str,
        label: &'a str,
        score: f64,
    }

    /// A row of `Table::Quotes`.
    QuoteRow {
        doc_id: &'a str,
        quote_id: u32,
        kind: &'a str,
        start: u32,
        end: u32,
        text: &'a str,
        cue: Option<&'a str>,
        cue_start: Option<u32>,
        cue_end: Option<u32>,
        source: Option<&'a str>,
        source_start: Option<u32>,
        source_end: Option<u32>,
        speaker_kind: &'a str,
        speaker: Option<&'a str>,
        entity_id: Option<u32>,
        speaker_title: Option<&'a str>,
        speaker_affiliation: Option<&'a str>,
        co_speakers: Vec<String>,
        confidence: f64,
        evidence: &'a str,
        reason: Option<&'a str>,
        paragraph_id: u32,
        sentence_id: u32,
        within: Option<u32>,
        quote_key: &'a str,
    }
}

/// The row of an article.
pub(super) fn document(record: &ArticleRecord) -> DocumentRow<'_> {
    let counted = |n: usize| record.status.is_ok().then_some(n as u32);
    DocumentRow {
        doc_id: &record.id,
        title: record.title.as_deref(),
        date: record.date.as_deref(),
        url: record.url.as_deref(),
        n_chars: record.error.is_none().then(|| record.text.chars().count() as u32),
        n_sentences: counted(record.sentences.len()),
        n_mentions: counted(record.mentions.len()),
        n_quotes: counted(record.quotes.len()),
        status: record.status.as_str(),
        error: record.error.as_deref(),
    }
}

/// The rows of an article's sentences. The text of one whose offsets do not fit the record's text is empty.
pub(super) fn sentences(record: &ArticleRecord) -> impl Iterator<Item = SentenceRow<'_>> {
    let offsets = Offsets::new(&record.text, record.offset_unit);
    record.sentences.iter().zip(0..).map(move |(sentence, sentence_id)| SentenceRow {
        doc_id: &record.id,
        sentence_id,
        start: sentence.start,
        end: sentence.end,
        text: offsets.slice(sentence.start, sentence.end).unwrap_or_default(),
    })
}

/// The rows of an article's entities.
pub(super) fn entities(record: &ArticleRecord) -> impl Iterator<Item = EntityRow<'_>> {
    let mut quotes = vec![0; record.entities.len()];
    for entity in record.quotes.iter().flat_map(QuoteRecord::speakers).filter_map(|speaker| speaker.entity) {
        if let Some(count) = quotes.get_mut(entity as usize) {
            *count += 1;
        }
    }
    record.entities.iter().zip(quotes).map(|(entity, n_quotes)| EntityRow {
        doc_id: &record.id,
        entity_id: entity.id,
        label: &entity.label,
        name: &entity.name,
        aliases: &entity.aliases,
        title: entity.title.as_deref(),
        affiliation: entity.affiliation.as_deref(),
        kb_id: entity.kb_id.as_deref(),
        n_mentions: entity.mentions.len() as u32,
        n_quotes,
    })
}

/// The rows of an article's mentions.
pub(super) fn mentions(record: &ArticleRecord) -> impl Iterator<Item = MentionRow<'_>> {
    record.mentions.iter().map(|mention| MentionRow {
        doc_id: &record.id,
        mention_id: mention.id,
        entity_id: mention.entity,
        // Every character that is not white space is in a sentence, so the last one that has begun is the one.
        sentence_id: record.sentences.partition_point(|s| s.start <= mention.start).saturating_sub(1) as u32,
        start: mention.start,
        end: mention.end,
        text: &mention.text,
        label: &mention.label,
        score: mention.score,
    })
}

/// The rows of an article's quotations.
pub(super) fn quotes(record: &ArticleRecord) -> impl Iterator<Item = QuoteRow<'_>> {
    record.quotes.iter().map(|quote| {
        let (cue, source, speaker) = (quote.cue.as_ref(), quote.source.as_ref(), &quote.speaker);
        QuoteRow {
            doc_id: &record.id,
            quote_id: quote.id,
            kind: quote.kind.as_str(),
            start: quote.start,
            end: quote.end,
            text: &quote.text,
            cue: cue.map(|cue| cue.text.as_str()),
            cue_start: cue.map(|cue| cue.start),
            cue_end: cue.map(|cue| cue.end),
            source: source.map(|source| source.text.as_str()),
            source_start: source.map(|source| source.start),
            source_end: source.map(|source| source.end),
            speaker_kind: speaker.kind.as_str(),
            speaker: speaker.name.as_deref(),
            entity_id: speaker.entity,
            speaker_title: speaker.title.as_deref(),
            speaker_affiliation: speaker.affiliation.as_deref(),
            co_speakers: quote.co_speakers.iter().filter_map(|speaker| speaker.name.clone()).collect(),
            confidence: quote.confidence,
            evidence: &quote.evidence,
            reason: speaker.reason.as_deref(),
            paragraph_id: quote.paragraph,
            sentence_id: quote.sentence,
            within: quote.within,
            quote_key: &quote.quote_key,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{OffsetUnit, fixture};

    #[test]
    fn rows_do_not_depend_on_the_unit_but_for_their_offsets() {
        let by_unit =
            [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16].map(|unit| fixture::document().record(unit));
        let [sentences_by_char, by_byte, by_utf16] =
            by_unit.each_ref().map(|record| sentences(record).map(|s| s.text.to_owned()).collect::<Vec<_>>());
        assert_eq!(sentences_by_char[0], "🎉 Opening day");
        assert_eq!(sentences_by_char, by_byte);
        assert_eq!(sentences_by_char, by_utf16);
        for record in &by_unit {
            assert_eq!(mentions(record).map(|m| m.sentence_id).collect::<Vec<_>>(), [1, 2]);
            assert_eq!(document(record).n_chars, Some(record.text.chars().count() as u32));
        }
    }

    #[test]
    fn an_entity_counts_the_quotations_it_speaks() {
        let record = fixture::document().record(OffsetUnit::Char);
        assert_eq!(entities(&record).map(|e| (e.n_mentions, e.n_quotes)).collect::<Vec<_>>(), [(2, 2)]);
    }

    #[test]
    fn the_names_of_those_who_say_it_too_are_a_list() {
        let record = fixture::document().record(OffsetUnit::Char);
        let names: Vec<_> = quotes(&record).map(|quote| (quote.speaker, quote.co_speakers)).collect();
        assert_eq!(names, [(Some("Zoë Öz"), vec![]), (None, vec!["Zoë Öz".to_owned()]), (None, vec![])]);
    }
}
