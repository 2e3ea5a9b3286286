//! People who are called by their age: "Ada Cole, 43, left", and then "the 43-year-old".

use crate::entity::Entities;
use crate::layer::{EntityId, Id, MentionId, TokenId, TokenRange};
use crate::mention::Mentions;
use crate::segment::Segmented;
use crate::tag::Label;

/// How many mentions back an age, or whoever was named last, is looked for.
const REACH: usize = 60;

/// The tokens of "43-year-old".
const YEAR_OLD: [&str; 4] = ["-", "year", "-", "old"];

/// The age that begins at a token, if "-year-old" follows it.
pub(super) fn age_at(doc: Segmented<'_>, number: TokenId) -> Option<u8> {
    let last = doc.tokens().len().min(number.index() + 1 + YEAR_OLD.len());
    let after = (number.index() + 1..last).map(|i| doc.token(TokenId::from_index(i)));
    after.eq(YEAR_OLD).then(|| doc.token(number).parse().ok()).flatten()
}

/// Who is meant by the age at `at`: whoever is said to be so old; or else, if nobody is, the only person named in the last
/// sentence that names one, two sentences before it at most, unless that one's age is another.
pub(super) fn meant(doc: Segmented<'_>, mentions: &Mentions, entities: &Entities, at: TokenId) -> Option<EntityId> {
    let age = age_at(doc, at)?;
    let is_person = |id: &EntityId| entities[*id].label == Label::Per;
    let before = mentions.as_slice().partition_point(|m| m.tokens.last() < at);
    let near = (before.saturating_sub(REACH)..before).rev().map(|i| (mentions.as_slice()[i].tokens, i));
    let mut people =
        near.map(|(name, i)| (name, entities.of(MentionId::from_index(i)))).filter(|(_, id)| is_person(id));
    let as_old = people.clone().find(|&(name, _)| said_age(doc, name) == Some(age));
    if let Some((_, entity)) = as_old {
        return Some(entity);
    }
    let (last, entity) = people.next()?;
    let (here, there) = (doc.sentence_of(at), doc.sentence_of(last.first()));
    let paragraphs = doc.paragraph_of(at).index() - doc.paragraph_of(last.first()).index();
    let only = people.take_while(|&(name, _)| doc.sentence_of(name.first()) == there).all(|(_, other)| other == entity);
    let another = entities[entity]
        .mentions
        .iter()
        .take(REACH)
        .filter_map(|&m| said_age(doc, mentions[m].tokens))
        .any(|of| of != age);
    (only && !another && paragraphs <= 1 && here.index() <= there.index() + 2).then_some(entity)
}

/// The age that stands after a name: "Ada Cole, 43,", "Ada Cole (43)", "Ada Cole, aged 43"; or before it: "43-year-old Ada
/// Cole".
fn said_age(doc: Segmented<'_>, name: TokenRange) -> Option<u8> {
    let number = name.first().index().checked_sub(1 + YEAR_OLD.len()).map(TokenId::from_index);
    let before = number.and_then(|id| age_at(doc, id));
    before.or_else(|| {
        let opens = doc.next(name.last()).filter(|&id| matches!(doc.token(id), "," | "("))?;
        let first = doc.next(opens)?;
        let number = if matches!(doc.token(first), "aged" | "now") { doc.next(first)? } else { first };
        let closes = doc.next(number).is_none_or(|id| matches!(doc.token(id), "," | ")" | "." | ";"));
        doc.token(number).parse().ok().filter(|_| closes)
    })
}
