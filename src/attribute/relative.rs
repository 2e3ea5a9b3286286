//! What a relative pronoun stands for: the name or noun before its clause.
//!
//! Mostly that is the word before it, or before its comma ("Ada Cole, who said"). A noun may stand in apposition to a name
//! ("Ada Cole, a former minister who said") and is she then; and words may stand between people and their "who" ("officials in
//! the capital, who said").

use crate::layer::{Id, MentionId, TokenId};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at};
use crate::segment::Segmented;
use crate::tag::Label;
use crate::words;

/// What a relative pronoun stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Referent {
    /// Somebody, or an organisation, by name.
    Name(MentionId),
    /// Unnamed ones.
    Noun(Noun),
}

/// What the relative pronoun at a token stands for, if the words before it show it.
pub(super) fn antecedent(doc: Segmented<'_>, mentions: &Mentions, at: TokenId) -> Option<Referent> {
    const NEAR: usize = 4;
    let parts = |id: &TokenId| {
        let mark = doc.token(*id);
        (matches!(mark, "," | "of" | "in" | "(" | ")") || words::is_dash_or_hyphen(mark))
            && at.index() - id.index() < NEAR
    };
    let mut before = doc.previous(at)?;
    while parts(&before) {
        before = doc.previous(before)?;
    }
    if let Some(name) = person_or_body_at(mentions, before) {
        return Some(Referent::Name(name));
    }
    let is_who = doc.token(at).eq_ignore_ascii_case("who");
    let directly = lexicon::noun(&doc.token(before).to_lowercase()).map(|noun| (noun, before));
    let (noun, noun_at) = directly.or_else(|| people_before(doc, mentions, before).filter(|_| is_who))?;
    let apposed = matches!(noun, Noun::Individual(_)).then(|| name_apposed_to(doc, mentions, noun_at)).flatten();
    Some(apposed.map_or(Referent::Noun(noun), Referent::Name))
}

/// The nearest noun for people up to a token, in the same clause: "officials", or "Democrats", which is a name.
fn people_before(doc: Segmented<'_>, mentions: &Mentions, last: TokenId) -> Option<(Noun, TokenId)> {
    const REACH: usize = 8;
    let sentence = doc.sentences()[doc.sentence_of(last)].tokens.first().index();
    let ends_clause =
        |word: &str| matches!(word, "," | ";" | ":" | "“" | "”" | "\"") || lexicon::reporting_verb(word).is_some();
    let back = (sentence..=last.index()).rev().take(REACH).map(TokenId::from_index);
    back.take_while(|&id| !ends_clause(doc.token(id))).find_map(|id| {
        let word = doc.token(id);
        let is_plural_name = |(mention, _)| mentions[mention].label == Label::Misc && word.ends_with('s');
        match lexicon::noun(&word.to_lowercase()) {
            Some(noun @ (Noun::Individual(_) | Noun::Group)) => Some((noun, id)),
            _ => mention_at(mentions, id).is_some_and(is_plural_name).then_some((Noun::Group, id)),
        }
    })
}

/// The name to which the phrase around a noun stands in apposition: "Ada Cole, a former minister of trade".
fn name_apposed_to(doc: Segmented<'_>, mentions: &Mentions, noun: TokenId) -> Option<MentionId> {
    const LONGEST: usize = 6;
    let sentence = doc.sentences()[doc.sentence_of(noun)].tokens.first().index();
    let mut back = (sentence..noun.index()).rev().take(LONGEST).map(TokenId::from_index);
    let comma = back.find(|&id| doc.token(id) == ",")?;
    let opens = matches!(doc.token(doc.next(comma)?), "a" | "an" | "the" | "now" | "then" | "once" | "one");
    let name = doc.previous(comma).filter(|_| opens)?;
    person_or_body_at(mentions, name)
}

fn person_or_body_at(mentions: &Mentions, id: TokenId) -> Option<MentionId> {
    let (mention, _) = mention_at(mentions, id)?;
    matches!(mentions[mention].label, Label::Per | Label::Org).then_some(mention)
}
