//! A checkpoint as a tagger: its names beside the quotations that a model of ours finds.

use super::Checkpoint;
use super::aggregate::Group;
use crate::layer::{Id, TokenId, TokenRange};
use crate::segment::Segmented;
use crate::tag::{Score, Tag, TagError, Tagged, TaggedName, Tags};

/// Names by a checkpoint, everything else by another tagger.
pub struct CheckpointTagger {
    checkpoint: Checkpoint,
    roles: Box<dyn Tag>,
}

impl CheckpointTagger {
    /// Puts a checkpoint in the place of the names of `roles`.
    #[must_use]
    pub fn new(checkpoint: Checkpoint, roles: Box<dyn Tag>) -> Self {
        Self { checkpoint, roles }
    }
}

impl Tag for CheckpointTagger {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        let tags = self.roles.tag(doc)?;
        Ok(Tags { names: self.checkpoint.names(doc)?, ..tags })
    }
}

impl std::fmt::Debug for CheckpointTagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckpointTagger").field("checkpoint", &self.checkpoint).finish_non_exhaustive()
    }
}

impl Checkpoint {
    /// The names of an article, in text order; none crosses a sentence.
    ///
    /// # Errors
    /// [`TagError`] if the tokenizer or the engine fails.
    pub fn names(&self, doc: Segmented<'_>) -> Result<Vec<TaggedName>, TagError> {
        let paragraphs = doc.paragraphs().iter();
        let paragraphs = paragraphs.map(|(_, p)| (doc.span(p.tokens).start(), doc.text_of(p.tokens)));
        let mut names: Vec<TaggedName> = Vec::new();
        for group in self.groups(paragraphs)? {
            let Some(label) = self.meanings[group.label].label.clone() else { continue };
            let Some(tokens) = tokens_of(doc, &group) else { continue };
            if names.last().is_none_or(|before| before.place.tokens.last() < tokens.first()) {
                names.push(TaggedName { place: Tagged { tokens, score: Score::new(group.score) }, label });
            }
        }
        Ok(names)
    }
}

/// The tokens that a stretch touches, as far as its first sentence goes, without punctuation and genitives around them: a
/// vocabulary that does not mark words leaves them attached.
fn tokens_of(doc: Segmented<'_>, group: &Group) -> Option<TokenRange> {
    let tokens = doc.tokens().as_slice();
    let first = tokens.partition_point(|token| token.span.end() <= group.start);
    let end = tokens.partition_point(|token| token.span.start() < group.end);
    let sentence = tokens.get(first)?.sentence;
    let of_name = |i: &usize| {
        let text = doc.token(TokenId::from_index(*i));
        tokens[*i].sentence == sentence && text.chars().any(char::is_alphanumeric) && !matches!(text, "'s" | "’s")
    };
    let (first, last) = ((first..end).find(of_name)?, (first..end).rfind(of_name)?);
    TokenRange::of_indexes(first..last + 1)
}
