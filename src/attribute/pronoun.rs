//! Whom a pronoun or a definite noun means: the people and bodies named before it.
//!
//! A walk back through the mentions before the pronoun, nearest sentence first, that prefers who the sentence begins with
//! (its subject, mostly) and who was speaking. Gender rules people out where a title or a given name shows it; where nothing shows it, it rules out nobody.

use std::collections::BTreeMap;

use crate::entity::{Entities, gender_before};
use crate::layer::{EntityId, Id, TokenId};
use crate::lexicon::{self, Gender};
use crate::mention::Mentions;
use crate::segment::Segmented;
use crate::tag::Label;

/// How many sentences back a pronoun may reach.
const REACH: usize = 6;
/// How many mentions back it may reach, in a text without sentences.
const FARTHEST: usize = 200;

/// A candidate for what a pronoun means, with how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Antecedent {
    pub(crate) entity: EntityId,
    /// The share of all candidates' weight that is this one's, from 0 to 1.
    pub(crate) share: f32,
}

/// What is known of each entity's gender.
pub(crate) fn genders(doc: Segmented<'_>, entities: &Entities, mentions: &Mentions) -> Vec<Option<Gender>> {
    entities
        .layer()
        .iter()
        .map(|(_, entity)| {
            let by_title = || entity.mentions.iter().find_map(|&m| gender_before(doc, mentions[m].tokens));
            let by_role = || lexicon::gender_of_title(&doc.token(entity.title?.last()).to_lowercase());
            let name = mentions[entity.name].tokens;
            let by_name = || lexicon::gender_of_name(&doc.token(name.first()).to_lowercase());
            (entity.label == Label::Per).then(|| by_title().or_else(by_name).or_else(by_role)).flatten()
        })
        .collect()
}

/// What a search looks for.
pub(crate) struct Wanted<'a> {
    pub(crate) labels: &'a [Label],
    pub(crate) gender: Option<Gender>,
    /// Who spoke last, who goes on more often than not.
    pub(crate) running: Option<EntityId>,
}

/// The best antecedent before `at`, if there is one.
pub(crate) fn resolve(
    doc: Segmented<'_>,
    mentions: &Mentions,
    entities: &Entities,
    genders: &[Option<Gender>],
    at: TokenId,
    wanted: &Wanted<'_>,
) -> Option<Antecedent> {
    let here = doc.sentence_of(at).index();
    let before = mentions.as_slice().partition_point(|m| m.tokens.last() < at);
    let mut weights: BTreeMap<EntityId, f32> = BTreeMap::new();
    for (i, mention) in mentions.as_slice()[..before].iter().enumerate().rev().take(FARTHEST) {
        let sentence = doc.sentence_of(mention.tokens.first());
        let distance = here - sentence.index();
        if distance > REACH {
            break;
        }
        let entity = entities.of(Id::from_index(i));
        let gender = genders[entity.index()];
        let fits = wanted.labels.contains(&entities[entity].label)
            && (wanted.gender.is_none() || gender.is_none() || gender == wanted.gender);
        // A name that only modifies ("Clinton's campaign") is seldom meant.
        let possessive = doc.next(mention.tokens.last()).is_some_and(|id| lexicon::is_genitive(doc.token(id)));
        if !fits {
            continue;
        }
        let opening = mention.tokens.first().index() - doc.sentences()[sentence].tokens.first().index();
        let subject = if opening <= 4 { 2.0 } else { 1.0 };
        let shown = if wanted.gender.is_some() && gender == wanted.gender { 2.0 } else { 1.0 };
        let quoted = if doc.is_in_marks(mention.tokens.first()) { 0.3 } else { 1.0 };
        let near = 0.5_f32.powf(distance as f32);
        let weight = subject * shown * quoted * if possessive { 0.5 } else { 1.0 } * near;
        *weights.entry(entity).or_default() += weight;
    }
    if let Some(running) = wanted.running
        && let Some(weight) = weights.get_mut(&running)
    {
        *weight *= 2.0;
    }
    let total: f32 = weights.values().sum();
    let (entity, weight) = weights.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    Some(Antecedent { entity, share: weight / total })
}
