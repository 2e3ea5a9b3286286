//! Entities: the mentions of one article that name the same person, organisation or place.

mod context;
mod grouper;
pub(crate) mod names;

use crate::layer::{EntityId, Id, Layer, MentionId, TokenRange};
use crate::mention::Mentions;
use crate::segment::Segmented;
use crate::tag::Label;

pub(crate) use context::{closes, ends_complement, gender_before, is_possessive};
pub use grouper::RuleGrouper;

/// One referent with all its names in the article.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// What kind of thing.
    pub label: Label,
    /// The mention with the fullest name.
    pub name: MentionId,
    /// All its mentions, in text order; never empty.
    pub mentions: Vec<MentionId>,
    /// A title or role that stands at one of its mentions: "Sen.", "Russian Foreign Minister".
    pub title: Option<TokenRange>,
    /// Where the person belongs to, as it is said beside one of the mentions: "the University of Dalby".
    pub affiliation: Option<TokenRange>,
}

/// All entities of an article, in the order of their first mentions. Every mention belongs to exactly one.
#[derive(Debug, Clone, PartialEq)]
pub struct Entities {
    entities: Layer<EntityId, Entity>,
    of_mention: Layer<MentionId, EntityId>,
}

/// The role of the fourth stage: from mentions to entities.
pub trait GroupEntities: Send + Sync {
    /// Groups the mentions of an article.
    fn group(&self, doc: Segmented<'_>, mentions: &Mentions) -> Entities;
}

impl Entities {
    /// Entities in any order, which between them have each of the article's mentions once.
    pub(crate) fn new(mut entities: Vec<Entity>, mentions: usize) -> Self {
        entities.sort_by_key(|e| e.mentions[0]);
        let mut of_mention = vec![EntityId::from_index(0); mentions];
        for (i, entity) in entities.iter().enumerate() {
            for mention in &entity.mentions {
                of_mention[mention.index()] = EntityId::from_index(i);
            }
        }
        Self { entities: Layer::from(entities), of_mention: Layer::from(of_mention) }
    }

    /// The entities themselves.
    #[must_use]
    pub fn layer(&self) -> &Layer<EntityId, Entity> {
        &self.entities
    }

    /// The entity that a mention belongs to.
    #[must_use]
    pub fn of(&self, mention: MentionId) -> EntityId {
        self.of_mention[mention]
    }
}

impl std::ops::Index<EntityId> for Entities {
    type Output = Entity;

    fn index(&self, id: EntityId) -> &Entity {
        &self.entities[id]
    }
}

#[cfg(test)]
mod tests;
