//! Attribution by rules on the source's head, the entities, and who spoke before.

use std::collections::BTreeMap;

use crate::attribute::confidence;
use crate::attribute::head::{self, Definite, Head, Pronoun};
use crate::attribute::maker::{self, Maker};
use crate::attribute::pronoun::{self, Antecedent, Pronouns, Ranker};
use crate::attribute::relative::{self, Referent};
use crate::attribute::unnamed;
use crate::attribute::{Attribute, Attribution, Attributions, Evidence, Kind, Reason, Speaker};
use crate::entity::{Entities, Entity};
use crate::layer::{EntityId, Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::Mentions;
use crate::quote::{Finding, Quote, QuoteKind, Quotes, turn};
use crate::segment::{Segmented, Structure};
use crate::tag::{Arcs, Label, Score};

/// Attributes by rules.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleAttributer;

impl Attribute for RuleAttributer {
    fn attribute(
        &self,
        doc: Segmented<'_>,
        arcs: &Arcs,
        mentions: &Mentions,
        entities: &Entities,
        quotes: &Quotes,
    ) -> Attributions {
        let pronouns = Pronouns::read(doc, arcs, mentions, entities, quotes, Ranker::embedded());
        let interviewee = interviewee(mentions, entities, quotes);
        let answers = Vec::with_capacity(quotes.len());
        let mut reader = Reader { doc, arcs, mentions, entities, pronouns, interviewee, quotes, answers };
        for (_, quote) in quotes.iter() {
            let Answer { speaker, evidence, referent } = reader.answer(quote);
            let confidence = confidence::of(evidence, quote.score, referent);
            reader.answers.push(Attribution { speaker, confidence, referent, evidence });
        }
        Attributions::from(reader.answers)
    }
}

/// Goes through the quotations in order; the answers so far tell who has been speaking.
struct Reader<'a> {
    doc: Segmented<'a>,
    arcs: &'a Arcs,
    mentions: &'a Mentions,
    entities: &'a Entities,
    pronouns: Pronouns,
    /// Whom the answers of an interview without names come from.
    interviewee: Option<Antecedent>,
    quotes: &'a Quotes,
    answers: Vec<Attribution>,
}

/// How many mentions back a noun looks for the one it means.
const REACH: usize = 60;
/// A pronoun whose likeliest referent is less likely than this is left open.
const AMBIGUOUS: f32 = 0.34;

/// A role whose likeliest bearer is less likely than this is an unnamed one's.
const CALLED_AGAIN: f32 = 0.5;

/// An answer, before it is weighed.
#[derive(Debug, Clone, Copy)]
struct Answer {
    speaker: Speaker,
    evidence: Evidence,
    referent: Option<Score>,
}

fn found(speaker: Speaker, evidence: Evidence) -> Answer {
    Answer { speaker, evidence, referent: None }
}

fn unknown(reason: Reason) -> Answer {
    found(Speaker::Unknown(reason), Evidence::None)
}

impl Reader<'_> {
    fn answer(&self, quote: &Quote) -> Answer {
        let Some(source) = quote.source else { return self.without_source(quote) };
        let interviewee = self
            .interviewee
            .filter(|_| quote.found_by == Finding::Turn && turn::is_answer_label(self.doc.text_of(source)));
        let answer = match (interviewee, head::read(self.doc, self.mentions, source)) {
            (Some(person), _) => self.resolved(person, Evidence::Turn),
            (None, Head::Name(mention)) => self.named(mention),
            (None, Head::Pronoun(pronoun, at)) => self.pronoun(pronoun, at, quote),
            // A headline leaves articles out and names people later.
            (None, Head::Noun(_, at, _)) if quote.found_by == Finding::Headline => self.in_headline(at),
            (None, Head::Noun(noun, at, definite)) => self.noun(noun, at, definite),
            (None, Head::Other) => self.other(quote),
        };
        let evidence = match quote.found_by {
            Finding::LeadIn | Finding::Markup if answer.evidence == Evidence::Name => Evidence::LeadIn,
            Finding::Turn => Evidence::Turn,
            Finding::Signature => Evidence::Signature,
            _ => answer.evidence,
        };
        Answer { evidence, ..answer }
    }

    fn named(&self, mention: MentionId) -> Answer {
        let id = self.entities.of(mention);
        // "Many Americans" and other names that are nobody's own.
        if self.entities[id].label == Label::Misc {
            return found(Speaker::Unnamed(Kind::Group), Evidence::Description);
        }
        found(self.speaker(id), Evidence::Name)
    }

    fn speaker(&self, id: EntityId) -> Speaker {
        let kind = if self.entities[id].label == Label::Per { Kind::Person } else { Kind::Organisation };
        Speaker::Named(id, kind)
    }

    /// Words in marks without a cue: the speaker before them goes on, if near enough. So it does where whole paragraphs in
    /// marks are set off and nothing introduces them.
    fn without_source(&self, quote: &Quote) -> Answer {
        let in_marks = || quote.parts.iter().flat_map(TokenRange::iter).all(|token| self.doc.is_in_marks(token));
        let is_set_off = quote.kind == QuoteKind::Block && (quote.lead_in.is_some() || !in_marks());
        if quote.cue.is_some() || is_set_off {
            return unknown(Reason::NoCue);
        }
        match self.running(quote) {
            Some(speaker) => found(speaker, Evidence::Continued),
            None => self.said_again(quote).unwrap_or_else(|| unknown(Reason::NoCue)),
        }
    }

    /// A headline often begins with words that the article quotes later ("‘They saved my life’: Hiker thanks rescuers"):
    /// whoever says them there.
    fn said_again(&self, quote: &Quote) -> Option<Answer> {
        const HEADINGS: usize = 3;
        const SHORTEST: usize = 10;
        let first = quote.parts.hull().first();
        let paragraph = self.doc.paragraph_of(first);
        let heading = &self.doc.paragraphs()[paragraph];
        if paragraph.index() >= HEADINGS || heading.structure != Structure::Heading || heading.tokens.first() != first {
            return None;
        }
        let letters = |quote: &Quote| -> String {
            let tokens = quote.parts.iter().flat_map(TokenRange::iter).map(|id| self.doc.token(id));
            tokens.flat_map(str::chars).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
        };
        let words = letters(quote);
        if words.len() < SHORTEST {
            return None;
        }
        let mut later = self.quotes.iter().skip(self.answers.len() + 1).map(|(_, q)| q);
        let again = later.find(|q| q.source.is_some() && letters(q).contains(&words))?;
        Some(self.answer(again))
    }

    /// The speaker of the last quotation before this one that is not inside another, at most a paragraph back.
    fn running(&self, quote: &Quote) -> Option<Speaker> {
        let paragraph = |q: &Quote| self.doc.paragraph_of(q.parts.hull().last()).index();
        let here = self.doc.paragraph_of(quote.parts.hull().first()).index();
        let (id, before) = self.quotes.iter().take(self.answers.len()).rev().find(|(_, q)| q.within == quote.within)?;
        let near = paragraph(before) + 1 >= here;
        let speaker = self.answers[id.index()].speaker;
        (near && !matches!(speaker, Speaker::Unknown(_))).then_some(speaker)
    }

    fn pronoun(&self, pronoun: Pronoun, at: TokenId, quote: &Quote) -> Answer {
        match pronoun {
            Pronoun::Singular | Pronoun::It => match self.pronouns.antecedent(at) {
                Some(antecedent) if antecedent.share < AMBIGUOUS => unknown(Reason::Ambiguous),
                Some(antecedent) => self.resolved(antecedent, Evidence::Pronoun),
                None => unknown(Reason::PronounUnresolved),
            },
            Pronoun::They => match self.led_to(at, &Label::Org) {
                Some(answer) => Answer { evidence: Evidence::Pronoun, ..answer },
                None => self.they(quote),
            },
            Pronoun::Relative => self.relative(at),
            Pronoun::First => self.first_person(at, quote),
            Pronoun::Somebody => found(Speaker::Unnamed(Kind::Anonymous), Evidence::Description),
            Pronoun::Several => found(Speaker::Unnamed(Kind::Group), Evidence::Description),
        }
    }

    fn resolved(&self, antecedent: Antecedent, evidence: Evidence) -> Answer {
        Answer { referent: Some(Score::new(antecedent.share)), ..found(self.speaker(antecedent.entity), evidence) }
    }

    /// "they" goes on with the plurality that spoke before, and is an unnamed one otherwise.
    fn they(&self, quote: &Quote) -> Answer {
        match self.running(quote) {
            Some(speaker @ (Speaker::Named(_, Kind::Organisation) | Speaker::Called(..))) => {
                found(speaker, Evidence::Pronoun)
            }
            _ => found(Speaker::Unnamed(Kind::Group), Evidence::Description),
        }
    }

    /// "who" means the name or noun that it stands after.
    fn relative(&self, at: TokenId) -> Answer {
        match relative::antecedent(self.doc, self.mentions, at) {
            Some(Referent::Name(mention)) => Answer { evidence: Evidence::Pronoun, ..self.named(mention) },
            Some(Referent::Noun(noun)) => found(Speaker::Unnamed(kind_of(noun)), Evidence::Description),
            None => unknown(Reason::PronounUnresolved),
        }
    }

    /// "I" is the writer in the writer's own text, and the speaker inside a quotation.
    fn first_person(&self, at: TokenId, quote: &Quote) -> Answer {
        let around = quote.within.map(|id| self.answers[id.index()].speaker);
        match around {
            Some(Speaker::Unknown(_)) => unknown(Reason::PronounUnresolved),
            Some(speaker) => found(speaker, Evidence::FirstPerson),
            None if self.doc.is_in_marks(at) => match self.running(quote) {
                Some(speaker) => found(speaker, Evidence::FirstPerson),
                None => unknown(Reason::PronounUnresolved),
            },
            None => found(Speaker::Unnamed(Kind::Author), Evidence::FirstPerson),
        }
    }

    /// "the senator" means one who was named before, if somebody was; "officials" mean nobody in particular.
    /// A document is whose it is: "a Northmere University poll", and "the poll" after that.
    fn noun(&self, noun: Noun, at: TokenId, definite: Definite) -> Answer {
        let called = || self.pronouns.antecedent(at).filter(|antecedent| antecedent.share >= CALLED_AGAIN);
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
            (Noun::Document, _) => maker::of(self.doc, self.mentions, at).map(|maker| match maker {
                Maker::One(name) => one(self.entities.of(name)),
                Maker::Several(names) => body(names),
            }),
            _ => None,
        };
        let led_to = || match (noun, definite) {
            (Noun::Individual(_), Definite::Yes) if unnamed.is_none() => self.led_to(at, &Label::Per),
            (Noun::Organisation, Definite::Yes) => self.led_to(at, &Label::Org),
            _ => None,
        };
        named.or_else(led_to).unwrap_or_else(|| self.unnamed(noun, at))
    }

    /// Whom the arc of a noun or of "they" leads to, if it does so more likely than not, and that is of such a kind.
    fn led_to(&self, at: TokenId, label: &Label) -> Option<Answer> {
        let meant = |token| self.pronouns.antecedent(token).filter(|a| a.share >= CALLED_AGAIN).map(|a| a.entity);
        let weights = pronoun::led_to(self.arcs, self.mentions, self.entities, meant, at)?;
        let (entity, share) = weights.into_iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let fits = share >= CALLED_AGAIN && self.entities[entity].label == *label;
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
        self.named_last(at, since, |entity| entity.title.is_some_and(|title| self.is_titled(title, &noun, None)))
    }

    /// The entity named last before `at`, but after `since`, of which something holds.
    fn named_last(&self, at: TokenId, since: Option<TokenId>, holds: impl Fn(&Entity) -> bool) -> Option<EntityId> {
        let before = self.mentions.as_slice().partition_point(|m| m.tokens.last() < at);
        let mut named = (before.saturating_sub(REACH)..before)
            .rev()
            .map(MentionId::from_index)
            .take_while(|&id| since.is_none_or(|since| self.mentions[id].tokens.first() > since))
            .map(|id| self.entities.of(id));
        named.find(|&id| holds(&self.entities[id]))
    }

    /// The first person of the article who bears a headline's noun as a title: "Police chief" is no fire chief.
    fn in_headline(&self, at: TokenId) -> Answer {
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

    /// The organisation named last before whose name has the noun at `at`: "the ministry" is the Ministry of Health.
    fn with_noun(&self, at: TokenId) -> Option<EntityId> {
        let noun = self.doc.token(at).to_lowercase();
        let bears = |name: TokenRange| name.iter().any(|id| self.doc.token(id).to_lowercase() == noun);
        self.named_last(at, None, |entity| entity.label == Label::Org && bears(self.mentions[entity.name].tokens))
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

    /// A source of words that are neither name nor known noun.
    fn other(&self, quote: &Quote) -> Answer {
        let plural = quote.source.is_some_and(|source| {
            let last = self.doc.token(source.last());
            last.ends_with('s') && last.starts_with(char::is_lowercase)
        });
        found(Speaker::Unnamed(if plural { Kind::Group } else { Kind::Anonymous }), Evidence::Description)
    }
}

/// The person whom the words before an interview introduce: the one named there more often than any other.
fn interviewee(mentions: &Mentions, entities: &Entities, quotes: &Quotes) -> Option<Antecedent> {
    let begins = quotes.iter().find(|(_, q)| q.found_by == Finding::Turn)?.1.source?.first();
    let introduced = mentions.as_slice().partition_point(|m| m.tokens.last() < begins);
    let named = (0..introduced).map(|i| entities.of(MentionId::from_index(i)));
    let mut times: BTreeMap<EntityId, usize> = BTreeMap::new();
    for id in named.filter(|&id| entities[id].label == Label::Per) {
        *times.entry(id).or_default() += 1;
    }
    let (&entity, &most) = times.iter().max_by_key(|(_, times)| **times)?;
    let as_often = times.values().filter(|&&times| times == most).count();
    (as_often == 1).then(|| Antecedent { entity, share: most as f32 / times.values().sum::<usize>() as f32 })
}

fn kind_of(noun: Noun) -> Kind {
    match noun {
        Noun::Individual(_) => Kind::Anonymous,
        Noun::Group => Kind::Group,
        Noun::Document => Kind::Document,
        Noun::Organisation => Kind::Organisation,
    }
}
