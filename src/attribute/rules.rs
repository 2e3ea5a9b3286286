//! Attribution by rules on the source's head, the entities, and who spoke before.

mod nouns;
mod running;
mod together;

use std::collections::BTreeMap;

use crate::attribute::head::{self, Definite, Head, Pronoun};
use crate::attribute::pronoun::{self, Antecedent, Pronouns, Ranker};
use crate::attribute::relative::{self, Referent};
use crate::attribute::{Attribute, Attribution, Attributions, Evidence, Kind, Reason, Speaker};
use crate::attribute::{aged, confidence, subject};
use crate::entity::Entities;
use crate::layer::{EntityId, Id, MentionId, ParagraphId, TokenId, TokenRange};
use crate::lexicon::Noun;
use crate::mention::Mentions;
use crate::quote::{self, Finding, Quote, QuoteKind, Quotes, turn};
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
        let interviewee = interviewee(doc, mentions, entities, quotes);
        let answers = Vec::with_capacity(quotes.len());
        let mut reader = Reader { doc, arcs, mentions, entities, pronouns, interviewee, quotes, answers };
        for (_, quote) in quotes.iter() {
            let Answer { speaker, co_speakers, evidence, referent } = reader.answer(quote);
            let confidence = confidence::of(evidence, quote.score, referent);
            reader.answers.push(Attribution { speaker, co_speakers, confidence, referent, evidence });
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

/// A pronoun whose likeliest referent is less likely than this is left open.
const AMBIGUOUS: f32 = 0.34;

/// How likely a pronoun with nobody named within reach goes on with whom the last one meant.
const CHAIN: f32 = 0.6;

/// An answer, before it is weighed.
#[derive(Debug, Clone)]
struct Answer {
    speaker: Speaker,
    co_speakers: Vec<Speaker>,
    evidence: Evidence,
    referent: Option<Score>,
}

fn found(speaker: Speaker, evidence: Evidence) -> Answer {
    Answer { speaker, co_speakers: Vec::new(), evidence, referent: None }
}

/// Whoever spoke before goes on.
fn again(before: &Attribution, evidence: Evidence) -> Answer {
    Answer { co_speakers: before.co_speakers.clone(), ..found(before.speaker, evidence) }
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
        let answer = match interviewee {
            Some(person) => self.resolved(person, Evidence::Turn),
            None => self.all_meant_by(source, quote),
        };
        // "‘We were the last to know’: Parents protest": one of them is named below.
        let answer = match answer.speaker {
            Speaker::Unnamed(_) => {
                self.said_again(quote).filter(|a| matches!(a.speaker, Speaker::Named(..))).unwrap_or(answer)
            }
            _ => answer,
        };
        let evidence = match quote.found_by {
            _ if matches!(answer.speaker, Speaker::Unknown(_)) => Evidence::None,
            Finding::LeadIn | Finding::Markup if answer.evidence == Evidence::Name => Evidence::LeadIn,
            Finding::Introduced => Evidence::Introduced,
            Finding::Turn => Evidence::Turn,
            Finding::Signature => Evidence::Signature,
            _ => answer.evidence,
        };
        Answer { evidence, ..answer }
    }

    /// Whom the words of a source mean.
    fn meant_by(&self, source: TokenRange, quote: &Quote) -> Answer {
        match head::read(self.doc, self.mentions, source) {
            Head::Name(mention) => self.named(mention),
            Head::Pronoun(pronoun, at) => self.pronoun(pronoun, at, quote),
            Head::Aged(at) => self.aged(at, quote),
            // A headline leaves articles out and names people later.
            Head::Noun(_, at, _) if quote.found_by == Finding::Headline => self.in_headline(at),
            Head::Noun(noun, at, definite) => match self.noun(noun, at, definite) {
                answer @ Answer { speaker: Speaker::Unnamed(Kind::Organisation), .. } if definite == Definite::Yes => {
                    self.goes_on(at, quote).unwrap_or(answer)
                }
                answer @ Answer { speaker: Speaker::Unnamed(Kind::Anonymous), .. } if definite == Definite::Yes => {
                    self.person_goes_on(at, quote).unwrap_or(answer)
                }
                answer => answer,
            },
            Head::Other => self.other(source),
        }
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
            let goes_on = self.block_before(quote).map(|before| again(before, Evidence::Continued));
            return goes_on.unwrap_or_else(|| unknown(Reason::NoCue));
        }
        let goes_on = self.running(quote).map(|before| again(before, Evidence::Continued));
        let answer = goes_on.or_else(|| self.said_again(quote)).or_else(|| self.brought_in(quote));
        answer.unwrap_or_else(|| unknown(Reason::NoCue))
    }

    /// Whom the paragraph before one that words in marks begin brings in: "Asked about it, Cole shrugged."
    fn brought_in(&self, quote: &Quote) -> Option<Answer> {
        let first = quote.parts.hull().first();
        let paragraph = self.doc.paragraph_of(first);
        let before = paragraph.index().checked_sub(1).map(ParagraphId::from_index)?;
        let opens = self.doc.paragraphs()[paragraph].tokens.first() == first;
        if !opens || quote.within.is_some() || self.doc.paragraphs()[before].structure != Structure::Body {
            return None;
        }
        let answer = self.meant_by(quote::introduced(self.doc, self.mentions, before)?, quote);
        let is_somebody = matches!(answer.speaker, Speaker::Named(_, Kind::Person));
        is_somebody.then_some(Answer { evidence: Evidence::Introduced, ..answer })
    }

    /// A headline often has words that the article quotes later ("‘They saved my life’: Hiker thanks rescuers", "Minister
    /// quits over ‘error of judgment’"): whoever says them there.
    fn said_again(&self, quote: &Quote) -> Option<Answer> {
        const HEADINGS: usize = 3;
        const SHORTEST: usize = 10;
        let first = quote.parts.hull().first();
        let paragraph = self.doc.paragraph_of(first);
        let heading = &self.doc.paragraphs()[paragraph];
        if paragraph.index() >= HEADINGS || heading.structure != Structure::Heading {
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
        let is_below = |q: &Quote| q.parts.hull().first() > first;
        let again = later.find(|q| is_below(q) && q.source.is_some() && letters(q).contains(&words))?;
        Some(self.answer(again))
    }

    fn pronoun(&self, pronoun: Pronoun, at: TokenId, quote: &Quote) -> Answer {
        match pronoun {
            Pronoun::Singular => {
                let unnamed = self.subject_before(at).or_else(|| self.unnamed_before(at, quote));
                unnamed.unwrap_or_else(|| self.antecedent(at))
            }
            Pronoun::It => match self.antecedent(at) {
                Answer { speaker: Speaker::Unknown(reason), .. } => self.it(quote).unwrap_or_else(|| unknown(reason)),
                answer => answer,
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

    fn antecedent(&self, at: TokenId) -> Answer {
        match self.pronouns.antecedent(at) {
            Some(antecedent) if antecedent.share < AMBIGUOUS => unknown(Reason::Ambiguous),
            Some(antecedent) => self.resolved(antecedent, Evidence::Pronoun),
            None => {
                let gender = pronoun::gender_of(self.doc.token(at));
                let last = gender.and_then(|gender| self.pronouns.last_meant(self.doc, at, gender));
                let goes_on = |entity| self.resolved(Antecedent { entity, share: CHAIN }, Evidence::Pronoun);
                last.map_or_else(|| unknown(Reason::PronounUnresolved), goes_on)
            }
        }
    }

    /// Whom a sentence before "he" or "she" is about, where it names nobody: "the judge", who may be named elsewhere, or "a
    /// woman who lives nearby".
    fn subject_before(&self, at: TokenId) -> Option<Answer> {
        let gender = pronoun::gender_of(self.doc.token(at))?;
        let (noun, subject, definite) = subject::before(self.doc, self.mentions, at, gender)?;
        match (definite, self.noun(noun, subject, definite)) {
            (Definite::No, _) => Some(found(Speaker::Unnamed(kind_of(noun)), Evidence::Description)),
            (Definite::Yes, answer @ Answer { speaker: Speaker::Named(..), .. }) => {
                Some(Answer { evidence: Evidence::Pronoun, ..answer })
            }
            (Definite::Yes, _) => None,
        }
    }

    /// "it" that no name is known for goes on with the body or the document that spoke before.
    fn it(&self, quote: &Quote) -> Option<Answer> {
        let speaker = self.running(quote)?.speaker;
        let (Speaker::Named(_, kind) | Speaker::Called(_, kind) | Speaker::Unnamed(kind)) = speaker else {
            return None;
        };
        matches!(kind, Kind::Organisation | Kind::Document).then(|| found(speaker, Evidence::Pronoun))
    }

    /// "The 43-year-old" is who is so old, or was named last, or goes on with who spoke before.
    fn aged(&self, at: TokenId, quote: &Quote) -> Answer {
        const LIKELY: f32 = 0.9;
        let running = self.running(quote).map(|before| before.speaker);
        match (aged::meant(self.doc, self.mentions, self.entities, at), running) {
            (Some(entity), _) => self.resolved(Antecedent { entity, share: LIKELY }, Evidence::Nominal),
            (None, Some(speaker @ (Speaker::Named(_, Kind::Person) | Speaker::Unnamed(Kind::Anonymous)))) => {
                found(speaker, Evidence::Nominal)
            }
            _ => found(Speaker::Unnamed(Kind::Anonymous), Evidence::Description),
        }
    }

    fn resolved(&self, antecedent: Antecedent, evidence: Evidence) -> Answer {
        Answer { referent: Some(Score::new(antecedent.share)), ..found(self.speaker(antecedent.entity), evidence) }
    }

    /// "they" goes on with the plurality that spoke before, and is an unnamed one otherwise.
    fn they(&self, quote: &Quote) -> Answer {
        match self.running(quote) {
            Some(before) if !before.co_speakers.is_empty() => again(before, Evidence::Pronoun),
            Some(&Attribution {
                speaker: speaker @ (Speaker::Named(_, Kind::Organisation) | Speaker::Called(..)),
                ..
            }) => found(speaker, Evidence::Pronoun),
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
        // What contains it may not have been answered yet, where a headline asks for it.
        let around = quote.within.map(|id| self.answers.get(id.index()));
        match around {
            Some(None | Some(Attribution { speaker: Speaker::Unknown(_), .. })) => unknown(Reason::PronounUnresolved),
            Some(Some(speaker)) => again(speaker, Evidence::FirstPerson),
            None if self.doc.is_in_marks(at) => match self.running(quote) {
                Some(speaker) => again(speaker, Evidence::FirstPerson),
                None => unknown(Reason::PronounUnresolved),
            },
            None => found(Speaker::Unnamed(Kind::Author), Evidence::FirstPerson),
        }
    }

    /// A source of words that are neither name nor known noun.
    fn other(&self, source: TokenRange) -> Answer {
        let plural = head::is_plural(self.doc.token(head::phrase(self.doc, self.mentions, source).last()));
        found(Speaker::Unnamed(if plural { Kind::Group } else { Kind::Anonymous }), Evidence::Description)
    }
}

/// The person whom the words before an interview introduce: the only one named in the paragraph before it, or else the one
/// named before it more often than any other.
fn interviewee(doc: Segmented<'_>, mentions: &Mentions, entities: &Entities, quotes: &Quotes) -> Option<Antecedent> {
    const INTRODUCED: f32 = 0.9;
    // A question may stand between the introduction and the first answer.
    const BETWEEN: usize = 2;
    let begins = quotes.iter().find(|(_, q)| q.found_by == Finding::Turn)?.1.source?.first();
    let introduced = mentions.as_slice().partition_point(|m| m.tokens.last() < begins);
    let paragraph_of = |i: usize| doc.paragraph_of(mentions.as_slice()[i].tokens.first());
    let paragraph = |i: usize| paragraph_of(i).index();
    let is_person = |&i: &usize| mentions.as_slice()[i].label == Label::Per && !turn::is_question(doc, paragraph_of(i));
    let people = |from: usize| {
        let mut times: BTreeMap<EntityId, usize> = BTreeMap::new();
        for id in (from..introduced).filter(is_person).map(|i| entities.of(MentionId::from_index(i))) {
            *times.entry(id).or_default() += 1;
        }
        times
    };
    let last = (0..introduced).rev().find(is_person).map(paragraph)?;
    let is_near = last + BETWEEN >= doc.paragraph_of(begins).index();
    let nearest = people(mentions.as_slice().partition_point(|m| doc.paragraph_of(m.tokens.first()).index() < last));
    if let (true, 1, Some((&entity, _))) = (is_near, nearest.len(), nearest.first_key_value()) {
        return Some(Antecedent { entity, share: INTRODUCED });
    }
    let times = people(0);
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

#[cfg(test)]
mod tests;
