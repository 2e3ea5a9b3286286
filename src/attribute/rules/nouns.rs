//! Sources that are noun phrases: whom "the senator", "the company", "her letter" mean.

use super::{Answer, Reader, found, kind_of};
use crate::attribute::head::Definite;
use crate::attribute::maker::{self, Maker};
use crate::attribute::pronoun::{self, Antecedent};
use crate::attribute::{Evidence, Kind, Speaker};
use crate::attribute::{apposition, unnamed};
use crate::entity::Entity;
use crate::layer::{EntityId, Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{mention_at, mentions_in};
use crate::quote::Quote;
use crate::tag::Label;

/// How many mentions back a noun looks for the one it means.
const REACH: usize = 60;

/// A role whose likeliest bearer is less likely than this is an unnamed one's.
const CALLED_AGAIN: f32 = 0.5;

impl Reader<'_> {
    /// "the senator" means one who was named before, if somebody was; "officials" mean nobody in particular.
    /// A document is whose it is: "a Northmere University poll", and "the poll" after that.
    pub(super) fn noun(&self, noun: Noun, at: TokenId, definite: Definite) -> Answer {
        let called = || {
            let antecedent = self.pronouns.antecedent(at)?;
            (antecedent.share >= CALLED_AGAIN && !self.is_in_phrase(at, antecedent.entity)).then_some(antecedent)
        };
        let body = |name| found(Speaker::Called(name, Kind::Organisation), Evidence::Nominal);
        let one = |entity| found(self.speaker(entity), Evidence::Nominal);
        // "The spokesman" after "a spokesman for the mayor" is nobody who has a name, unless one was named since.
        let is_one = matches!(noun, Noun::Individual(_)) && definite == Definite::Yes;
        let unnamed = is_one.then(|| unnamed::introduction(self.doc, self.mentions, at)).flatten();
        let named = match (noun, definite) {
            (Noun::Individual(_), Definite::Yes) => self.with_title(at, unnamed).map(one).or_else(|| {
                let antecedent = called().filter(|_| unnamed.is_none())?;
                Some(self.resolved(antecedent, Evidence::Nominal))
            }),
            (Noun::Organisation, _) => maker::called(self.doc, self.mentions, at)
                .map(body)
                .or_else(|| self.with_noun(at).filter(|_| definite == Definite::Yes).map(one)),
            (Noun::Document, _) => self.owned(at).or_else(|| {
                maker::of(self.doc, self.mentions, at).map(|maker| match maker {
                    Maker::One(name) => one(self.entities.of(name)),
                    Maker::Several(names) => body(names),
                })
            }),
            _ => None,
        };
        let led_to = || match (noun, definite) {
            (Noun::Individual(_), Definite::Yes) if unnamed.is_none() => self.led_to(at, &Label::Per),
            (Noun::Organisation, Definite::Yes) => self.led_to(at, &Label::Org),
            _ => None,
        };
        let company = || match (noun, definite) {
            (Noun::Organisation, Definite::Yes) if lexicon::is_any_company(&self.doc.token(at).to_lowercase()) => {
                self.only_company(at).map(one)
            }
            _ => None,
        };
        named.or_else(led_to).or_else(company).unwrap_or_else(|| self.unnamed(noun, at))
    }

    /// Whom the arc of a noun or of "they" leads to, if it does so more likely than not, and that is of such a kind.
    pub(super) fn led_to(&self, at: TokenId, label: &Label) -> Option<Answer> {
        let meant = |token| self.pronouns.antecedent(token).filter(|a| a.share >= CALLED_AGAIN).map(|a| a.entity);
        let weights = pronoun::led_to(self.arcs, self.mentions, self.entities, meant, at)?;
        let (entity, share) = weights.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let fits = share >= CALLED_AGAIN
            && self.entities[entity].label == *label
            && !self.is_in_phrase(at, entity)
            && !self.is_another_body(at, entity);
        fits.then(|| self.resolved(Antecedent { entity, share }, Evidence::Nominal))
    }

    fn unnamed(&self, noun: Noun, at: TokenId) -> Answer {
        let several = noun == Noun::Organisation && lexicon::is_several(&self.doc.token(at).to_lowercase());
        found(Speaker::Unnamed(if several { Kind::Group } else { kind_of(noun) }), Evidence::Description)
    }

    /// The person named before, but after `since`, who bears the noun at `at` as a title: "Sen. Cole" is the senator, "Deputy
    /// Mayor Ruiz" not the mayor.
    fn with_title(&self, at: TokenId, since: Option<TokenId>) -> Option<EntityId> {
        let noun = self.doc.token(at).to_lowercase();
        let of = self.name_in_phrase(at).map(|mention| self.entities.of(mention));
        let kind = self.kind_of_office(at);
        self.named_last(at, since, |entity| {
            let titled = || entity.title.is_some_and(|title| self.is_titled(title, &noun, kind.as_deref()));
            (titled() || self.is_said_to_be(entity, &noun, at)) && of.is_none_or(|of| !self.is_of_another(entity, of))
        })
    }

    /// Whether what is said of a person names another body or place than this: "the Northmere manager" does not manage Dalby.
    fn is_of_another(&self, person: &Entity, body: EntityId) -> bool {
        if !matches!(self.entities[body].label, Label::Org | Label::Loc) {
            return false;
        }
        let said = [person.title, person.affiliation].into_iter().flatten();
        let named = said
            .flat_map(|words| mentions_in(self.mentions, words))
            .filter_map(|name| mention_at(self.mentions, name.first()));
        let mut bodies =
            named.map(|(id, _)| self.entities.of(id)).filter(|&id| self.entities[id].label != Label::Misc).peekable();
        bodies.peek().is_some() && !bodies.any(|id| id == body)
    }

    /// The entity named last before `at`, but after `since`, of which something holds.
    fn named_last(&self, at: TokenId, since: Option<TokenId>, holds: impl Fn(&Entity) -> bool) -> Option<EntityId> {
        let before = self.mentions.as_slice().partition_point(|m| m.tokens.last() < at);
        let mut named = (before.saturating_sub(REACH)..before)
            .rev()
            .map(MentionId::from_index)
            .take_while(|&id| since.is_none_or(|since| self.mentions[id].tokens.first() > since))
            .map(|id| self.entities.of(id));
        // Who has been asked about once need not be again.
        let mut asked: Vec<EntityId> = Vec::new();
        named.find(|&id| {
            let is_new = !asked.contains(&id);
            asked.push(id);
            is_new && holds(&self.entities[id])
        })
    }

    /// The first person of the article who bears a headline's noun as a title: "Police chief" is no fire chief.
    pub(super) fn in_headline(&self, at: TokenId) -> Answer {
        let noun = self.doc.token(at).to_lowercase();
        let before = self.doc.previous(at).filter(|&id| self.doc.sentence_of(id) == self.doc.sentence_of(at));
        let kind = before.map(|id| self.doc.token(id).to_lowercase());
        let titled =
            |(_, e): &(EntityId, &Entity)| e.title.is_some_and(|title| self.is_titled(title, &noun, kind.as_deref()));
        match self.entities.layer().iter().find(titled) {
            Some((id, _)) => found(self.speaker(id), Evidence::Nominal),
            None => {
                found(Speaker::Unnamed(lexicon::noun(&noun).map_or(Kind::Anonymous, kind_of)), Evidence::Description)
            }
        }
    }

    /// The organisation named last before whose name has the noun at `at`, or that is said to be one: "the ministry" is the
    /// Ministry of Health, "the union" the Freight Alliance after "the teachers' union, the Freight Alliance,".
    fn with_noun(&self, at: TokenId) -> Option<EntityId> {
        let noun = self.doc.token(at).to_lowercase();
        let bears = |name: TokenRange| name.iter().any(|id| self.doc.token(id).to_lowercase() == noun);
        self.named_last(at, None, |entity| {
            let named_so = || bears(self.mentions[entity.name].tokens);
            entity.label == Label::Org && (named_so() || self.is_said_to_be(entity, &noun, at))
        })
    }

    /// Whether one of the first names of an entity before `at` stands in apposition to a noun.
    fn is_said_to_be(&self, entity: &Entity, noun: &str, at: TokenId) -> bool {
        const MENTIONS: usize = 8;
        let names = entity.mentions.iter().take(MENTIONS).map(|&m| self.mentions[m].tokens);
        names.take_while(|name| name.last() < at).any(|name| apposition::is_beside(self.doc, name, noun))
    }

    /// Whose a document is where the words before its noun say so by a pronoun: "her letter".
    fn owned(&self, at: TokenId) -> Option<Answer> {
        const MODIFIERS: usize = 3;
        let sentence = self.doc.sentence_of(at);
        let back = (at.index().saturating_sub(MODIFIERS + 1)..at.index()).rev().map(TokenId::from_index);
        let mut back = back.take_while(|&id| {
            let word = self.doc.token(id);
            let is_modifier =
                word.starts_with(char::is_alphanumeric) && !matches!(word, "a" | "an" | "the" | "this" | "that");
            self.doc.sentence_of(id) == sentence && is_modifier
        });
        let owner = back.find(|&id| matches!(self.doc.token(id).to_lowercase().as_str(), "his" | "her"))?;
        let antecedent = self.pronouns.antecedent(owner).filter(|a| a.share >= CALLED_AGAIN)?;
        Some(self.resolved(antecedent, Evidence::Nominal))
    }

    /// Whether somebody is named in the phrase of a noun, who thus is not whom it means: "the Northmere manager".
    fn is_in_phrase(&self, at: TokenId, entity: EntityId) -> bool {
        self.name_in_phrase(at).is_some_and(|mention| self.entities.of(mention) == entity)
    }

    /// The name before a noun in its phrase: "Northmere" of "the Northmere manager".
    pub(super) fn name_in_phrase(&self, at: TokenId) -> Option<MentionId> {
        const MODIFIERS: usize = 4;
        let i = self.mentions.as_slice().partition_point(|m| m.tokens.last() < at).checked_sub(1)?;
        let name = self.mentions.as_slice()[i].tokens;
        let mut between = (name.indexes().end..at.index()).map(TokenId::from_index);
        let is_word = |id: TokenId| {
            let word = self.doc.token(id);
            word.starts_with(|c: char| c.is_lowercase() || "'’".contains(c)) && !matches!(word, "the" | "this" | "that")
        };
        let is_near = name.indexes().end + MODIFIERS >= at.index();
        let here = self.doc.sentence_of(name.first()) == self.doc.sentence_of(at);
        (is_near && here && between.all(is_word)).then(|| MentionId::from_index(i))
    }

    /// Whether an organisation's name says that it is none of the kind of a noun: "the company" is no union or ministry.
    fn is_another_body(&self, at: TokenId, entity: EntityId) -> bool {
        let word = |id: TokenId| self.doc.token(id).to_lowercase();
        let is_public = |id: TokenId| lexicon::is_public_body(&word(id));
        lexicon::is_company(&word(at)) && self.mentions[self.entities[entity].name].tokens.iter().any(is_public)
    }

    /// "The agency" that no name is known for goes on with the organisation that spoke before; "the court" or "the lender"
    /// may be another one.
    pub(super) fn goes_on(&self, at: TokenId, quote: &Quote) -> Option<Answer> {
        let noun = self.doc.token(at).to_lowercase();
        let is_special =
            lexicon::is_public_body(&noun) || (lexicon::is_company(&noun) && !lexicon::is_any_company(&noun));
        match self.running(quote)?.speaker {
            Speaker::Named(entity, Kind::Organisation) if !is_special && !self.is_another_body(at, entity) => {
                self.name_in_phrase(at).is_none().then(|| found(self.speaker(entity), Evidence::Nominal))
            }
            _ => None,
        }
    }

    /// The only company of those named before whose name ends with its legal form.
    fn only_company(&self, at: TokenId) -> Option<EntityId> {
        let is_one = |entity: &Entity| {
            let last = self.doc.token(self.mentions[entity.name].tokens.last());
            entity.label == Label::Org && lexicon::is_legal_form(&last.to_lowercase())
        };
        let company = self.named_last(at, None, is_one)?;
        let other = |entity: &Entity| is_one(entity) && entity.name != self.entities[company].name;
        self.named_last(at, None, other).is_none().then_some(company)
    }

    /// Of which kind an office is by the word before its noun, where it comes in kinds: "the prime minister" is no other.
    fn kind_of_office(&self, at: TokenId) -> Option<String> {
        let comes_in_kinds =
            matches!(self.doc.token(at).to_lowercase().as_str(), "minister" | "secretary" | "commissioner");
        let before = self.doc.previous(at).filter(|_| comes_in_kinds).map(|id| self.doc.token(id).to_lowercase())?;
        let is_kind = !matches!(
            before.as_str(),
            "the" | "former" | "new" | "outgoing" | "incoming" | "ousted" | "senior" | "junior" | "late"
        );
        is_kind.then_some(before)
    }

    /// Whether the head of a title is a noun, and of that kind if it is of any ("police" of "Police Chief").
    fn is_titled(&self, title: TokenRange, noun: &str, kind: Option<&str>) -> bool {
        let words: Vec<String> = title.iter().map(|id| self.doc.token(id).to_lowercase()).collect();
        let end =
            words.iter().position(|w| matches!(w.as_str(), "of" | "to" | "for" | "at" | ",")).unwrap_or(words.len());
        let Some((head, modifiers)) = words[..end].split_last() else { return false };
        let lesser = |w: &String| matches!(w.as_str(), "deputy" | "vice" | "former" | "assistant" | "ex");
        let other = kind.is_some_and(|kind| !modifiers.is_empty() && !modifiers.iter().any(|m| m == kind));
        lexicon::full_title(head) == noun && !modifiers.iter().any(lesser) && !other
    }
}
