//! Records: what is written of an article, in the words of the output contract "whosaid/1".
//!
//! Layers point at the text; a record repeats it. Whoever reads a record has no layers to ask, so every span carries
//! its words and every quotation its speaker's name. For the same reason a record says in which unit it counts, and
//! every record has every field: what is absent is `null`, so that a column is there even in a file where nothing fills
//! it.
//!
//! An article that could not be annotated is a record too ([`ArticleRecord::failed`]), with `error` set and nothing
//! found. One bad article is then one line to filter by, not a run that stopped and not a line that went missing.
//!
//! Words of closed sets are enums. `reason` and `evidence` are text, because later versions may give answers that this
//! one does not know and their records should still be read.

mod build;
#[cfg(test)]
pub(crate) mod fixture;
mod key;
mod offsets;
mod status;
pub mod tables;

use std::borrow::Cow;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::attribute::Kind;
pub use crate::document::ParagraphKind;
pub use crate::quote::QuoteKind;
use crate::source::{About, Article};

pub use key::quote_key;
pub use offsets::{OffsetUnit, Offsets};
pub use status::Status;

/// The version of the contract. Reading a record of another version is an error that names both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Schema {
    /// "whosaid/1".
    #[default]
    #[serde(rename = "whosaid/1")]
    V1,
}

impl Schema {
    /// The version as records show it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "whosaid/1",
        }
    }
}

/// An article with everything that is said of it: one line of JSON Lines.
///
/// Made by [`Document::record`](crate::Document::record), and by reading one back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleRecord {
    /// The contract.
    pub schema: Schema,
    /// What the caller named the article.
    pub id: String,
    /// The headline, where the source states one.
    pub title: Option<String>,
    /// When it was published, as the source writes it.
    pub date: Option<String>,
    /// The address that the source gives for itself.
    pub url: Option<String>,
    /// What the caller wanted to find again, as given in [`About`].
    pub meta: Map<String, Value>,
    /// What every offset of this record counts.
    pub offset_unit: OffsetUnit,
    /// The text that offsets point into; empty if it could not be read.
    pub text: Arc<str>,
    /// Paragraphs in text order.
    pub paragraphs: Vec<ParagraphRecord>,
    /// Sentences in text order.
    pub sentences: Vec<SentenceRecord>,
    /// Names in text order.
    pub mentions: Vec<MentionRecord>,
    /// People, organisations and places, in the order of their first mentions.
    pub entities: Vec<EntityRecord>,
    /// Quotations, in the order of their beginnings.
    pub quotes: Vec<QuoteRecord>,
    /// Why the article could not be annotated; `null` if it was.
    pub error: Option<String>,
    /// What became of the article.
    #[serde(default)]
    pub status: Status,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParagraphRecord {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// What it is in the article.
    pub kind: ParagraphKind,
}

/// A sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceRecord {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// A place in the text, with the words that stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The words.
    pub text: String,
}

/// A name in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MentionRecord {
    /// Its number, from 0.
    pub id: u32,
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// The name as it stands.
    pub text: String,
    /// What kind of name: `PER`, `ORG`, `LOC`, `MISC`, or another model's label.
    pub label: String,
    /// How sure the tagger is, from 0 to 1, to four decimals.
    pub score: f64,
    /// The entity that it names.
    pub entity: u32,
}

/// A person, an organisation, a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntityRecord {
    /// Its number, from 0.
    pub id: u32,
    /// What kind of thing.
    pub label: String,
    /// Its fullest name in the article, without title.
    pub name: String,
    /// Its other names, in the order of first appearance.
    pub aliases: Vec<String>,
    /// Its title or role, as it stands.
    pub title: Option<String>,
    /// Where it belongs to, as it stands.
    pub affiliation: Option<String>,
    /// Its id in a knowledge base.
    pub kb_id: Option<String>,
    /// Its mentions, in text order.
    pub mentions: Vec<u32>,
}

/// A quotation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuoteRecord {
    /// Its number, from 0.
    pub id: u32,
    /// How it is marked off.
    pub kind: QuoteKind,
    /// Where its first part begins.
    pub start: u32,
    /// Where its last part ends.
    pub end: u32,
    /// Everything between, with the words that stand between its parts.
    pub text: String,
    /// The stretches of content, in text order.
    pub parts: Vec<SpanRecord>,
    /// The words that introduce it.
    pub cue: Option<SpanRecord>,
    /// The words that name who it comes from.
    pub source: Option<SpanRecord>,
    /// Who it comes from.
    pub speaker: SpeakerRecord,
    /// Who else says it, where the source is several; mostly nobody.
    #[serde(default)]
    pub co_speakers: Vec<SpeakerRecord>,
    /// How likely that is right, from 0 to 1, to four decimals.
    pub confidence: f64,
    /// How the speaker was found, in a stable word.
    pub evidence: Cow<'static, str>,
    /// The paragraph in which it begins.
    pub paragraph: u32,
    /// The sentence in which it begins.
    pub sentence: u32,
    /// The quotation that contains it.
    pub within: Option<u32>,
    /// The same for the same words: see [`quote_key`].
    #[serde(default)]
    pub quote_key: String,
}

impl QuoteRecord {
    /// All who say it: [`QuoteRecord::speaker`], then [`QuoteRecord::co_speakers`].
    pub fn speakers(&self) -> impl Iterator<Item = &SpeakerRecord> {
        std::iter::once(&self.speaker).chain(&self.co_speakers)
    }
}

/// Who a quotation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeakerRecord {
    /// What sort of speaker.
    pub kind: SpeakerKind,
    /// The fullest name in the article, if there is a name.
    pub name: Option<String>,
    /// The entity, if there is a name.
    pub entity: Option<u32>,
    /// The entity's title.
    pub title: Option<String>,
    /// The entity's affiliation.
    pub affiliation: Option<String>,
    /// Why it cannot be said who, in a stable word.
    pub reason: Option<Cow<'static, str>>,
}

/// What sort of speaker: a [`Kind`], or that it cannot be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpeakerKind {
    /// A named person.
    Person,
    /// An organisation, a medium, a government.
    Organisation,
    /// A plurality, named by one of them at most.
    Group,
    /// An unnamed individual or unnamed sources.
    Anonymous,
    /// A report, a poll, a law.
    Document,
    /// The writer of the article.
    Author,
    /// It cannot be said.
    Unknown,
}

impl SpeakerKind {
    /// The stable word for this in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => Kind::Person.as_str(),
            Self::Organisation => Kind::Organisation.as_str(),
            Self::Group => Kind::Group.as_str(),
            Self::Anonymous => Kind::Anonymous.as_str(),
            Self::Document => Kind::Document.as_str(),
            Self::Author => Kind::Author.as_str(),
            Self::Unknown => "unknown",
        }
    }
}

impl From<Kind> for SpeakerKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Person => Self::Person,
            Kind::Organisation => Self::Organisation,
            Kind::Group => Self::Group,
            Kind::Anonymous => Self::Anonymous,
            Kind::Document => Self::Document,
            Kind::Author => Self::Author,
        }
    }
}

impl ArticleRecord {
    /// The record of an article that could not be read or annotated: what is known about it, and why.
    #[must_use]
    pub fn failed(about: About, offset_unit: OffsetUnit, error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), status: Status::ERROR, ..Self::empty(about, offset_unit) }
    }

    /// The record of an article that was left alone because it is in another language: its text, and which language.
    #[must_use]
    pub fn foreign(article: Article, language: &str, offset_unit: OffsetUnit) -> Self {
        let Article { about, text, .. } = article;
        Self { text: text.into(), status: Status::language(language), ..Self::empty(about, offset_unit) }
    }

    /// The record of an article of which nothing is said yet.
    fn empty(about: About, offset_unit: OffsetUnit) -> Self {
        let About { id, title, date, url, meta } = about;
        Self {
            schema: Schema::V1,
            id,
            title,
            date,
            url,
            meta,
            offset_unit,
            text: Arc::default(),
            paragraphs: Vec::new(),
            sentences: Vec::new(),
            mentions: Vec::new(),
            entities: Vec::new(),
            quotes: Vec::new(),
            error: None,
            status: Status::OK,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ParagraphKind as P;
    use super::*;

    fn word(value: impl Serialize) -> String {
        serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
    }

    #[test]
    fn a_word_is_the_same_in_json_and_in_tables() {
        assert_eq!(word(Schema::V1), Schema::V1.as_str());
        for kind in [QuoteKind::Direct, QuoteKind::Indirect, QuoteKind::Mixed, QuoteKind::Block] {
            assert_eq!(word(kind), kind.as_str());
        }
        for kind in [Kind::Person, Kind::Organisation, Kind::Group, Kind::Anonymous, Kind::Document, Kind::Author] {
            assert_eq!(word(SpeakerKind::from(kind)), kind.as_str());
        }
        assert_eq!(word(SpeakerKind::Unknown), SpeakerKind::Unknown.as_str());
        for kind in [P::Body, P::Heading, P::List, P::LeadIn, P::BlockQuote, P::Boilerplate] {
            assert_eq!(word(kind), kind.as_str());
        }
    }

    #[test]
    fn a_record_of_another_version_is_refused_by_name() {
        let record = ArticleRecord::failed(About::default(), OffsetUnit::Char, "no");
        let json = serde_json::to_string(&record).unwrap().replace("whosaid/1", "whosaid/9");
        let error = serde_json::from_str::<ArticleRecord>(&json).unwrap_err().to_string();
        assert!(error.contains("whosaid/9") && error.contains("whosaid/1"), "{error}");
    }

    #[test]
    fn a_failed_article_has_every_field() {
        let about = About { id: "a".to_owned(), ..About::default() };
        let json = serde_json::to_string(&ArticleRecord::failed(about, OffsetUnit::Char, "cannot be read")).unwrap();
        assert_eq!(
            json,
            r#"{"schema":"whosaid/1","id":"a","title":null,"date":null,"url":null,"meta":{},"offset_unit":"char","text":"","paragraphs":[],"sentences":[],"mentions":[],"entities":[],"quotes":[],"error":"cannot be read","status":"error"}"#
        );
    }
}
