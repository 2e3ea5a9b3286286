//! The way of one article through the stages.

use std::path::Path;
use std::sync::OnceLock;

use crate::attribute::{Attribute, RuleAttributer};
use crate::document::Document;
use crate::entity::{Entities, GroupEntities, RuleGrouper};
use crate::mention::{FindMentions, MentionFinder};
use crate::model::ModelError;
use crate::quote::{FindQuotes, QuoteFinder};
use crate::segment::{RuleSegmenter, Segment, Segmented};
use crate::source::Article;
use crate::tag::{self, Arcs, ConvTagger, Embedded, Tag, TagError, Tags};
use crate::text::{Text, TextTooLong};

/// Annotates articles. Immutable and shareable between threads; an answer depends on the article alone.
///
/// ```
/// let pipeline = whosaid::Pipeline::default();
/// let doc = pipeline.annotate("“The bridge will open in May,” Ada Cole said on Monday.")?;
/// let quote = doc.quotes().next().expect("a quotation");
/// assert_eq!(quote.text(), "“The bridge will open in May,”");
/// assert_eq!(quote.speaker().name().as_deref(), Some("Ada Cole"));
/// # Ok::<(), whosaid::AnnotateError>(())
/// ```
pub struct Pipeline {
    segment: Box<dyn Segment>,
    tag: Box<dyn Tag>,
    mention: Box<dyn FindMentions>,
    entity: Box<dyn GroupEntities>,
    quote: Box<dyn FindQuotes>,
    attribute: Box<dyn Attribute>,
    stages: Stages,
    least: Least,
}

/// What is asked for at least: what is less sure is left out, or left open.
#[derive(Debug, Clone, Copy, Default)]
struct Least {
    score: f32,
    confidence: f32,
}

/// How far an article goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stages {
    /// To paragraphs and sentences: nothing is tagged, so nothing is found.
    Segment,
    /// All the way.
    #[default]
    All,
}

/// Why an article could not be annotated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnnotateError {
    /// The text is too long to address.
    #[error(transparent)]
    Text(#[from] TextTooLong),
    /// The tagger failed.
    #[error(transparent)]
    Tag(#[from] TagError),
}

impl Pipeline {
    /// A pipeline whose segmenter or tagger is another one.
    #[must_use]
    pub fn builder() -> PipelineBuilder {
        PipelineBuilder::default()
    }

    /// Whether there is a model in it.
    pub(crate) fn tags(&self) -> bool {
        self.stages != Stages::Segment
    }

    /// Annotates one article: a text, or an [`Article`] with what is known about it and its markup.
    ///
    /// # Errors
    /// [`AnnotateError`] if the text is 4 GiB or longer, or the tagger's engine fails.
    pub fn annotate(&self, article: impl Into<Article>) -> Result<Document, AnnotateError> {
        let Article { about, text, marks } = article.into();
        let text = Text::new(text)?;
        let layout = self.segment.segment(&text, &marks);
        if !self.tags() {
            let (mentions, entities) = (Vec::new().into(), Entities::new(Vec::new(), 0));
            let (quotes, attributions) = (Vec::new().into(), Vec::new().into());
            let arcs = Arcs::default();
            let segments = OnceLock::new();
            return Ok(Document { about, text, layout, segments, arcs, mentions, entities, quotes, attributions });
        }
        let segments = layout.tokenized(&text);
        let doc = Segmented { text: &text, segments: &segments };
        let mut tags = self.tag.tag(doc)?;
        tags.names.retain(|name| name.place.score.get() >= self.least.score);
        tags.contents.retain(|content| content.score.get() >= self.least.score);
        let mentions = self.mention.find(doc, &tags);
        let entities = self.entity.group(doc, &mentions);
        let quotes = self.quote.find(doc, &tags, &mentions);
        let attributions = self.attribute.attribute(doc, &tags.arcs, &mentions, &entities, &quotes);
        let attributions = attributions.iter().map(|(_, a)| a.clone().at_least(self.least.confidence)).collect();
        let (segments, arcs) = (segments.into(), tags.arcs);
        Ok(Document { about, text, layout, segments, arcs, mentions, entities, quotes, attributions })
    }
}

impl Default for Pipeline {
    /// The pipeline with the most accurate embedded model.
    fn default() -> Self {
        Self::builder().build()
    }
}

impl std::fmt::Debug for Pipeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pipeline").finish_non_exhaustive()
    }
}

/// Chooses the stages of a [`Pipeline`]. What is not chosen is the most accurate embedded model and the rules for English.
#[derive(Default)]
pub struct PipelineBuilder {
    tag: Option<Box<dyn Tag>>,
    segment: Option<Box<dyn Segment>>,
    stages: Stages,
    least: Least,
}

impl PipelineBuilder {
    /// Uses another tagger; of the embedded ones, [`Embedded::tagger`].
    #[must_use]
    pub fn tagger(mut self, tagger: impl Tag + 'static) -> Self {
        self.tag = Some(Box::new(tagger));
        self
    }

    /// Uses the model of a folder: one of ours, or a token-classification checkpoint for the names ([`tag::tagger_in`]).
    ///
    /// # Errors
    /// [`ModelError`] if the folder holds neither, or it cannot be used.
    pub fn model(self, folder: impl AsRef<Path>) -> Result<Self, ModelError> {
        Ok(self.tagger(tag::tagger_in(folder.as_ref(), None)?))
    }

    /// Uses another segmenter.
    #[must_use]
    pub fn segmenter(mut self, segmenter: impl Segment + 'static) -> Self {
        self.segment = Some(Box::new(segmenter));
        self
    }

    /// Ends after some of the stages. A pipeline that does not tag loads no model.
    #[must_use]
    pub fn stages(mut self, stages: Stages) -> Self {
        self.stages = stages;
        self
    }

    /// Leaves out names and tagged quotations whose probability is less (0 to 1). Words in quotation marks, lines of a
    /// transcript and the like are found by their form as well, and stay.
    #[must_use]
    pub fn min_score(mut self, least: f32) -> Self {
        self.least.score = least;
        self
    }

    /// Leaves a speaker open, with the reason `low_confidence`, where the answer is less likely right (0 to 1).
    #[must_use]
    pub fn min_confidence(mut self, least: f32) -> Self {
        self.least.confidence = least;
        self
    }

    /// The pipeline.
    #[must_use]
    pub fn build(self) -> Pipeline {
        let tag = self.tag.or_else(|| match self.stages {
            Stages::Segment => Some(Box::new(TagNothing)),
            Stages::All => Embedded::best().tagger(),
        });
        Pipeline {
            segment: self.segment.unwrap_or_else(|| Box::new(RuleSegmenter)),
            tag: tag.unwrap_or_else(|| Box::new(ConvTagger::embedded())),
            mention: Box::new(MentionFinder),
            entity: Box::new(RuleGrouper),
            quote: Box::new(QuoteFinder),
            attribute: Box::new(RuleAttributer),
            stages: self.stages,
            least: self.least,
        }
    }
}

/// Stands where nothing is tagged.
struct TagNothing;

impl Tag for TagNothing {
    fn tag(&self, _: Segmented<'_>) -> Result<Tags, TagError> {
        Ok(Tags::default())
    }
}

impl std::fmt::Debug for PipelineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PipelineBuilder").finish_non_exhaustive()
    }
}
