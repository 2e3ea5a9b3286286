//! An annotated article: the layers that the stages wrote, and views that read like what they show.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::attribute::pronoun::{Pronouns, Ranker};
use crate::attribute::{Attribution, Attributions, Kind, ReadPronoun, Reason, Speaker};
use crate::entity::{Entities, Entity};
use crate::layer::{EntityId, Id, MentionId, ParagraphId, QuoteId, TokenRange};
use crate::mention::{Mention, Mentions};
use crate::quote::{Quote, QuoteKind, Quotes};
use crate::segment::{Layout, Segmented, Segments, Structure};
use crate::source::About;
use crate::tag::{Arcs, Label};
use crate::text::{Span, Text};

/// An article with everything that is said of it. Made by [`crate::Pipeline::annotate`].
#[derive(Debug, Clone)]
pub struct Document {
    pub(crate) about: About,
    pub(crate) text: Text,
    pub(crate) layout: Layout,
    /// Not made before somebody asks, if no stage did.
    pub(crate) segments: OnceLock<Segments>,
    pub(crate) arcs: Arcs,
    pub(crate) mentions: Mentions,
    pub(crate) entities: Entities,
    pub(crate) quotes: Quotes,
    pub(crate) attributions: Attributions,
}

/// What a paragraph is in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A headline or sub-heading.
    Heading,
    /// A list item.
    List,
    /// Introduces the block quotation after it.
    LeadIn,
    /// Part of a block quotation.
    BlockQuote,
    /// The page's own words.
    Boilerplate,
}

impl ParagraphKind {
    /// The stable word for this in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Heading => "heading",
            Self::List => "list",
            Self::LeadIn => "lead_in",
            Self::BlockQuote => "block_quote",
            Self::Boilerplate => "boilerplate",
        }
    }
}

impl Document {
    /// Where the article comes from.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The article's text, as given.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// The text with its paragraphs, sentences and tokens.
    #[must_use]
    pub fn segmented(&self) -> Segmented<'_> {
        let segments = self.segments.get_or_init(|| self.layout.tokenized(&self.text));
        Segmented { text: &self.text, segments }
    }

    /// Where its paragraphs and sentences are.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The names in the text.
    #[must_use]
    pub fn mentions(&self) -> &Mentions {
        &self.mentions
    }

    /// The people, organisations and places of the article, in the order of their first mentions.
    #[must_use]
    pub fn entities(&self) -> impl ExactSizeIterator<Item = EntityView<'_>> {
        self.entities.layer().ids().map(|id| self.entity(id))
    }

    /// The quotations of the article, in text order.
    #[must_use]
    pub fn quotes(&self) -> impl ExactSizeIterator<Item = QuoteView<'_>> {
        self.quotes.ids().map(|id| self.quote(id))
    }

    /// The third-person singular pronouns of the article with everybody whom each may mean, in text order; "it" only where
    /// it is a source.
    #[must_use]
    pub fn pronouns(&self) -> Vec<ReadPronoun> {
        Pronouns::read(self.segmented(), &self.arcs, &self.mentions, &self.entities, &self.quotes, Ranker::embedded())
            .into_inner()
    }

    /// An entity.
    #[must_use]
    pub fn entity(&self, id: EntityId) -> EntityView<'_> {
        EntityView { doc: self, id }
    }

    /// A quotation.
    #[must_use]
    pub fn quote(&self, id: QuoteId) -> QuoteView<'_> {
        QuoteView { doc: self, id }
    }

    /// The entity of a mention.
    #[must_use]
    pub fn entity_of(&self, mention: MentionId) -> EntityView<'_> {
        self.entity(self.entities.of(mention))
    }

    /// What each paragraph is, in text order.
    #[must_use]
    pub fn paragraph_kinds(&self) -> Vec<ParagraphKind> {
        let mut kinds: Vec<_> = self.layout.paragraphs().map(|(_, structure)| of_structure(structure)).collect();
        let mut set = |id: ParagraphId, kind| kinds[id.index()] = kind;
        for (_, quote) in self.quotes.iter().filter(|(_, q)| q.kind == QuoteKind::Block) {
            if let Some(id) = quote.lead_in {
                set(id, ParagraphKind::LeadIn);
            }
        }
        for (_, quote) in self.quotes.iter().filter(|(_, q)| q.kind == QuoteKind::Block) {
            let doc = self.segmented();
            quote.parts.iter().for_each(|part| set(doc.paragraph_of(part.first()), ParagraphKind::BlockQuote));
        }
        kinds
    }
}

fn of_structure(structure: Structure) -> ParagraphKind {
    match structure {
        Structure::Body => ParagraphKind::Body,
        Structure::Heading => ParagraphKind::Heading,
        Structure::List => ParagraphKind::List,
        Structure::BlockQuote(_) => ParagraphKind::BlockQuote,
        Structure::Boilerplate => ParagraphKind::Boilerplate,
    }
}

/// An entity of a document.
#[derive(Debug, Clone, Copy)]
pub struct EntityView<'a> {
    doc: &'a Document,
    id: EntityId,
}

impl<'a> EntityView<'a> {
    /// Its number, from 0.
    #[must_use]
    pub fn id(self) -> EntityId {
        self.id
    }

    /// What kind of thing it is.
    #[must_use]
    pub fn label(self) -> &'a Label {
        &self.raw().label
    }

    /// Its fullest name in the article, without title.
    #[must_use]
    pub fn name(self) -> Cow<'a, str> {
        let doc = self.doc;
        one_line(doc.segmented().text_of(doc.mentions[self.raw().name].tokens))
    }

    /// Its other names in the article, in the order of first appearance.
    #[must_use]
    pub fn aliases(self) -> Vec<Cow<'a, str>> {
        let name = self.name();
        let mut aliases: Vec<Cow<'a, str>> = Vec::new();
        for (_, mention) in self.mentions() {
            let form = one_line(self.doc.segmented().text_of(mention.tokens));
            if form != name && !aliases.contains(&form) {
                aliases.push(form);
            }
        }
        aliases
    }

    /// Its title, as it stands at one of the mentions.
    #[must_use]
    pub fn title(self) -> Option<Cow<'a, str>> {
        self.raw().title.map(|tokens| one_line(self.doc.segmented().text_of(tokens)))
    }

    /// Where it belongs to, as it stands beside one of the mentions.
    #[must_use]
    pub fn affiliation(self) -> Option<Cow<'a, str>> {
        self.raw().affiliation.map(|tokens| one_line(self.doc.segmented().text_of(tokens)))
    }

    /// Its mentions, in text order.
    #[must_use]
    pub fn mentions(self) -> impl ExactSizeIterator<Item = (MentionId, &'a Mention)> {
        let doc = self.doc;
        self.raw().mentions.iter().map(|&id| (id, &doc.mentions[id]))
    }

    fn raw(self) -> &'a Entity {
        &self.doc.entities[self.id]
    }
}

/// A quotation of a document.
#[derive(Debug, Clone, Copy)]
pub struct QuoteView<'a> {
    doc: &'a Document,
    id: QuoteId,
}

impl<'a> QuoteView<'a> {
    /// Its number, from 0.
    #[must_use]
    pub fn id(self) -> QuoteId {
        self.id
    }

    /// How it is marked off.
    #[must_use]
    pub fn kind(self) -> QuoteKind {
        self.raw().kind
    }

    /// From the beginning of its first part to the end of its last.
    #[must_use]
    pub fn span(self) -> Span {
        self.place(self.raw().parts.hull())
    }

    /// The text of that span, with what stands between the parts.
    #[must_use]
    pub fn text(self) -> &'a str {
        &self.doc.text[self.span()]
    }

    /// The stretches of content, in text order.
    pub fn parts(self) -> impl Iterator<Item = Span> {
        self.raw().parts.iter().map(move |tokens| self.place(tokens))
    }

    /// The words that introduce it.
    #[must_use]
    pub fn cue(self) -> Option<Span> {
        self.raw().cue.map(|tokens| self.place(tokens))
    }

    /// The words that name who it comes from.
    #[must_use]
    pub fn source(self) -> Option<Span> {
        self.raw().source.map(|tokens| self.place(tokens))
    }

    /// Who it comes from.
    #[must_use]
    pub fn speaker(self) -> SpeakerView<'a> {
        SpeakerView { doc: self.doc, speaker: self.attribution().speaker }
    }

    /// Who else says it, where its source is several ("Cole and Dorn said"): those after the first, none of them unknown.
    pub fn co_speakers(self) -> impl Iterator<Item = SpeakerView<'a>> {
        self.attribution().co_speakers.iter().map(move |&speaker| SpeakerView { doc: self.doc, speaker })
    }

    /// All who say it: the speaker, then the others.
    pub fn speakers(self) -> impl Iterator<Item = SpeakerView<'a>> {
        std::iter::once(self.speaker()).chain(self.co_speakers())
    }

    /// The whole answer for its speaker.
    #[must_use]
    pub fn attribution(self) -> &'a Attribution {
        &self.doc.attributions[self.id]
    }

    /// The quotation as the finder wrote it.
    #[must_use]
    pub fn raw(self) -> &'a Quote {
        &self.doc.quotes[self.id]
    }

    fn place(self, tokens: TokenRange) -> Span {
        self.doc.segmented().span(tokens)
    }
}

/// Who a quotation of a document comes from.
#[derive(Debug, Clone, Copy)]
pub struct SpeakerView<'a> {
    doc: &'a Document,
    speaker: Speaker,
}

impl<'a> SpeakerView<'a> {
    /// The named entity, if it is one.
    #[must_use]
    pub fn entity(self) -> Option<EntityView<'a>> {
        match self.speaker {
            Speaker::Named(id, _) => Some(self.doc.entity(id)),
            Speaker::Called(..) | Speaker::Unnamed(_) | Speaker::Unknown(_) => None,
        }
    }

    /// The name, if there is one: that of the entity, or the words by which a body is called.
    #[must_use]
    pub fn name(self) -> Option<Cow<'a, str>> {
        match self.speaker {
            Speaker::Named(id, _) => Some(self.doc.entity(id).name()),
            Speaker::Called(name, _) => Some(self.doc.segmented().text_of(name).into()),
            Speaker::Unnamed(_) | Speaker::Unknown(_) => None,
        }
    }

    /// What sort of speaker, or why none is given.
    ///
    /// # Errors
    /// The [`Reason`] of an unknown speaker.
    pub fn kind(self) -> Result<Kind, Reason> {
        match self.speaker {
            Speaker::Named(_, kind) | Speaker::Called(_, kind) | Speaker::Unnamed(kind) => Ok(kind),
            Speaker::Unknown(reason) => Err(reason),
        }
    }
}

/// A name that was wrapped over two lines, on one.
fn one_line(name: &str) -> Cow<'_, str> {
    if name.contains(['\n', '\r', '\t']) || name.contains("  ") {
        Cow::Owned(name.split_whitespace().collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(name)
    }
}
