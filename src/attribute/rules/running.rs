//! Who has been speaking: what goes on without a name of its own.

use super::{Answer, Reader, found};
use crate::attribute::pronoun::gender_of;
use crate::attribute::{Attribution, Evidence, Kind, Speaker};
use crate::layer::{Id, TokenId};
use crate::lexicon::{self, Role};
use crate::mention::person_at;
use crate::quote::{Quote, QuoteKind};

impl Reader<'_> {
    /// The speaker of the last quotation before this one that is not inside another, at most a paragraph back. Whoever somebody
    /// is "asked by" has asked and is silent.
    pub(super) fn running(&self, quote: &Quote) -> Option<&Attribution> {
        let paragraph = |q: &Quote| self.doc.paragraph_of(q.parts.hull().last()).index();
        let here = self.doc.paragraph_of(quote.parts.hull().first()).index();
        let (before, answer) = self.last(quote)?;
        let near = paragraph(before) + 1 >= here;
        (near && !matches!(answer.speaker, Speaker::Unknown(_))).then_some(answer)
    }

    /// The last quotation before this one that is not inside another, with its answer.
    fn last(&self, quote: &Quote) -> Option<(&Quote, &Attribution)> {
        let mut before = self.quotes.iter().take(self.answers.len()).rev();
        let (id, before) = before.find(|(_, q)| q.within == quote.within && !self.is_question_put(q))?;
        Some((before, &self.answers[id.index()]))
    }

    /// Whether a quotation is what somebody is asked: "Asked by reporters whether the match was lost".
    fn is_question_put(&self, quote: &Quote) -> bool {
        let (Some(cue), Some(source)) = (quote.cue, quote.source) else { return false };
        let by = self.doc.previous(source.first());
        cue < source
            && self.doc.token(cue.last()).eq_ignore_ascii_case("asked")
            && by.is_some_and(|id| self.doc.token(id) == "by")
    }

    /// The speaker of the block before this one, if this one's lead-in only says that it goes on: "More:", "Later in the same
    /// piece:".
    pub(super) fn block_before(&self, quote: &Quote) -> Option<&Attribution> {
        const SHORT: usize = 6;
        const BETWEEN: usize = 4;
        let lead_in = &self.doc.paragraphs()[quote.lead_in?];
        let (id, before) =
            self.quotes.iter().take(self.answers.len()).rev().find(|(_, q)| q.kind == QuoteKind::Block)?;
        let near = self.doc.paragraph_of(before.parts.hull().last()).index() + BETWEEN >= quote.lead_in?.index();
        let answer = &self.answers[id.index()];
        let says_so = lead_in.tokens.len() <= SHORT && before.within == quote.within;
        (says_so && near && !matches!(answer.speaker, Speaker::Unknown(_))).then_some(answer)
    }

    /// Who spoke in the sentence before a pronoun, in its paragraph, without a name: "One of them, a baker, said so. “I did,”
    /// she said." So nobody may be named since whom the pronoun can mean.
    pub(super) fn unnamed_before(&self, at: TokenId, quote: &Quote) -> Option<Answer> {
        let gender = gender_of(self.doc.token(at))?;
        let (before, &Attribution { speaker, .. }) = self.last(quote)?;
        let (cue, source) = (before.cue?, before.source?);
        let spoke = cue.last().max(source.last());
        let follows = spoke < at
            && self.doc.paragraph_of(spoke) == self.doc.paragraph_of(at)
            && self.doc.sentence_of(spoke).index() + 1 == self.doc.sentence_of(at).index();
        let gender_of_word = |id: TokenId| gender_of(self.doc.token(id));
        let shown = source
            .iter()
            .find_map(|id| gender_of_word(id).or_else(|| lexicon::gender_of_title(&self.doc.token(id).to_lowercase())));
        // After "her surgeon said" she is not the surgeon.
        let brings_owner = |id: TokenId| gender_of_word(id).is_some() || person_at(self.mentions, id).is_some();
        let is_new = source.len() == 1 || !source.iter().any(brings_owner);
        let possible = |id: TokenId| {
            let named = person_at(self.mentions, id).filter(|_| !self.doc.is_in_marks(id));
            named.is_some_and(|(mention, _)| {
                self.pronouns.gender(self.entities.of(mention)).is_none_or(|of| of == gender)
            })
        };
        let mut since = (spoke.index() + 1..at.index()).map(TokenId::from_index);
        let goes_on = speaker == Speaker::Unnamed(Kind::Anonymous)
            && follows
            && is_new
            && shown.is_none_or(|of| of == gender)
            && !since.any(possible);
        goes_on.then(|| found(speaker, Evidence::Description))
    }

    /// "The surgeon said" goes on with whoever spoke by name before, of whom nothing else is said. "The man" may be anybody, and
    /// "the mayor" another one.
    pub(super) fn person_goes_on(&self, at: TokenId, quote: &Quote) -> Option<Answer> {
        let word = self.doc.token(at).to_lowercase();
        let Speaker::Named(entity, Kind::Person) = self.running(quote)?.speaker else { return None };
        let agrees = lexicon::gender_of_title(&word).zip(self.pronouns.gender(entity)).is_none_or(|(a, b)| a == b);
        let is_vague = lexicon::is_anybody(&word) || lexicon::role(&word) == Some(Role::Office);
        let is_noun = |id: TokenId| lexicon::noun(&self.doc.token(id).to_lowercase()).is_some();
        let is_known = self.entities[entity].title.is_some_and(|title| title.iter().any(is_noun));
        let goes_on = agrees && !is_vague && !is_known && self.name_in_phrase(at).is_none();
        goes_on.then(|| found(self.speaker(entity), Evidence::Nominal))
    }
}
