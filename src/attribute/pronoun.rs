//! Whom a personal pronoun means: the people and bodies named before it.
//!
//! The pronouns of an article are read in text order. Each one weighs the entities that were named, or meant by a pronoun,
//! in the sentences before it, by what a reader goes by: how near, how prominent, whose gender, who was speaking. What it
//! is taken to mean counts as a mention for the next, so that a chain of "she" goes on (after the mention-ranking models
//! of Denis & Baldridge 2008). A tagger that has arcs says as well where it would look for the referent. Gender rules
//! people out where a title or a given name shows it; where nothing shows it, it rules out nobody. Where the name may follow
//! in the same sentence, a rule looks ahead instead (`ahead`). The weights are learned
//! (`models/pronouns`), and shares are probabilities: what is left of them is that the pronoun means somebody else.

mod ahead;
mod features;
mod ranker;

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::entity::{Entities, Entity, gender_before};
use crate::layer::{EntityId, Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Gender, Role};
use crate::mention::{Mentions, mention_at};
use crate::quote::Quotes;
use crate::segment::Segmented;
use crate::tag::{ArcKind, Arcs, Label};

pub use features::FEATURES;
use features::{Called, Candidate, Features, Setting};
pub(crate) use ranker::Ranker;

/// How many sentences back a pronoun may reach.
const REACH: usize = 6;
/// How many mentions back it may reach, in a text without sentences.
const FARTHEST: usize = 60;

/// What a pronoun means, and how likely that is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Antecedent {
    pub(crate) entity: EntityId,
    /// The probability, from 0 to 1.
    pub(crate) share: f32,
}

/// Somebody whom a pronoun may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct PronounCandidate {
    /// Who.
    pub entity: EntityId,
    /// What speaks for it, each from 0 to about 1; in the order in which the weights were trained.
    pub features: [f32; FEATURES],
    /// How likely it is meant.
    pub probability: f32,
}

/// A pronoun of the article, or a role by which somebody is called again, with everybody whom it may mean.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPronoun {
    /// Where it stands.
    pub token: TokenId,
    /// Those named or meant before it, in the order of their ids.
    pub candidates: Vec<PronounCandidate>,
    /// Somebody named after it in its sentence, who is meant more likely than any of those.
    pub ahead: Option<EntityId>,
}

impl ReadPronoun {
    fn best(&self) -> Option<Antecedent> {
        if let Some(entity) = self.ahead {
            return Some(Antecedent { entity, share: ahead::LIKELY });
        }
        let best = self.candidates.iter().reduce(|a, b| if b.probability > a.probability { b } else { a })?;
        Some(Antecedent { entity: best.entity, share: best.probability })
    }
}

/// The pronouns of an article, in text order, and what is known of the gender of each entity.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pronouns {
    read: Vec<ReadPronoun>,
    genders: Vec<Option<Gender>>,
}

impl Pronouns {
    /// Reads the third-person singular pronouns of an article; "it", and roles that call somebody again, only in sources.
    pub(crate) fn read(
        doc: Segmented<'_>,
        arcs: &Arcs,
        mentions: &Mentions,
        entities: &Entities,
        quotes: &Quotes,
        ranker: &Ranker,
    ) -> Self {
        let setting = Setting::of(doc, mentions, entities, quotes);
        let genders: Vec<_> =
            entities.layer().iter().map(|(_, entity)| gender_of_entity(doc, mentions, entity)).collect();
        let mut reader = Reader {
            setting: &setting,
            arcs,
            genders: &genders,
            ranker,
            events: VecDeque::new(),
            times_named: vec![0; entities.layer().len()],
            genders_called: HashMap::new(),
            meant: HashMap::new(),
            read: Vec::new(),
        };
        let mut next = mentions.iter().peekable();
        let mut name: Option<TokenRange> = None;
        for id in doc.tokens().ids() {
            if let Some((mention, m)) = next.next_if(|(_, m)| m.tokens.first() == id) {
                reader.name(mention, m.tokens);
                name = Some(m.tokens);
            } else if name.is_some_and(|name| name.has(id)) {
                // The pronoun of a title ("Call Her Home") means nobody, and no name stands before itself.
            } else if let Some(wanted) = Wanted::of(doc.token(id)) {
                if wanted != Wanted::Body || setting.is_source(id) {
                    reader.pronoun(id, wanted);
                }
            } else if setting.is_source(id) && is_called_again(doc, id) {
                reader.pronoun(id, Wanted::called(doc.token(id)));
            }
        }
        Self { read: reader.read, genders }
    }

    /// All of them, in text order.
    pub(crate) fn into_inner(self) -> Vec<ReadPronoun> {
        self.read
    }

    /// What is known of a person's gender.
    pub(crate) fn gender(&self, entity: EntityId) -> Option<Gender> {
        self.genders.get(entity.index()).copied().flatten()
    }

    /// Whom the last pronoun of a gender before a token was taken to mean: with long quotations between them, nobody may have
    /// been named within reach.
    pub(crate) fn last_meant(&self, doc: Segmented<'_>, at: TokenId, gender: Gender) -> Option<EntityId> {
        let before = self.read.partition_point(|p| p.token < at);
        let same = |p: &&ReadPronoun| gender_of(doc.token(p.token)) == Some(gender) && !doc.is_in_marks(p.token);
        let last = self.read[..before].iter().rev().take(FARTHEST).filter(same).find_map(ReadPronoun::best)?;
        (last.share >= 0.5).then_some(last.entity)
    }

    /// What the pronoun at a token most likely means.
    pub(crate) fn antecedent(&self, at: TokenId) -> Option<Antecedent> {
        let i = self.read.binary_search_by_key(&at, |p| p.token).ok()?;
        self.read[i].best()
    }
}

/// The gender of a personal pronoun of the third person.
pub(super) fn gender_of(word: &str) -> Option<Gender> {
    Wanted::of(word).and_then(Wanted::gender)
}

/// Whether a noun calls somebody again who was named: "the senator", "the Republican presidential nominee", but not "the
/// president of the club", who is brought in by it.
fn is_called_again(doc: Segmented<'_>, at: TokenId) -> bool {
    const MODIFIERS: usize = 4;
    let word = doc.token(at);
    let whole = doc.next(at).is_none_or(|next| !matches!(doc.token(next), "of" | "for" | "," | "-"));
    let sentence = doc.sentences()[doc.sentence_of(at)].tokens;
    let before = (sentence.first().index()..at.index()).rev().take(MODIFIERS + 1).map(TokenId::from_index);
    let article = before.into_iter().find_map(|id| match doc.token(id).to_lowercase().as_str() {
        "the" => Some(true),
        "," | "." | "of" | "a" | "an" | "'s" | "’s" => Some(false),
        _ => None,
    });
    whole && article == Some(true) && lexicon::role(&word.to_lowercase()).is_some()
}

/// How much of the arc from a pronoun or noun leads to each entity: where it is named, or where a pronoun means it, which
/// `meant` knows. `None` if the tagger does not say where the arc leads.
pub(crate) fn led_to(
    arcs: &Arcs,
    mentions: &Mentions,
    entities: &Entities,
    meant: impl Fn(TokenId) -> Option<EntityId>,
    at: TokenId,
) -> Option<BTreeMap<EntityId, f32>> {
    let mut weights: BTreeMap<EntityId, f32> = BTreeMap::new();
    for lead in arcs.of(ArcKind::Refers, at)? {
        let named = || mention_at(mentions, lead.to).map(|(mention, _)| entities.of(mention));
        if let Some(entity) = meant(lead.to).or_else(named) {
            *weights.entry(entity).or_default() += lead.weight;
        }
    }
    Some(weights)
}

/// What sort of referent a pronoun asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Person(Gender),
    /// By a role ("the senator"), whose gender may show. Who bears an office as a title is called by that one.
    Called {
        gender: Option<Gender>,
        office: bool,
    },
    Body,
}

impl Wanted {
    fn called(noun: &str) -> Self {
        let noun = noun.to_lowercase();
        let office = lexicon::role(&noun) == Some(Role::Office);
        Self::Called { gender: lexicon::gender_of_title(&noun), office }
    }

    fn gender(self) -> Option<Gender> {
        match self {
            Self::Person(gender) => Some(gender),
            Self::Called { gender, .. } => gender,
            Self::Body => None,
        }
    }

    fn of(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "he" | "him" | "his" | "himself" => Self::Person(Gender::Male),
            "she" | "her" | "hers" | "herself" => Self::Person(Gender::Female),
            "it" | "its" | "itself" => Self::Body,
            _ => return None,
        })
    }
}

/// What is known of a person's gender: by a title or noun before the name, by the given name, by what the person is.
fn gender_of_entity(doc: Segmented<'_>, mentions: &Mentions, entity: &Entity) -> Option<Gender> {
    let by_title = || entity.mentions.iter().find_map(|&m| gender_before(doc, mentions[m].tokens));
    let by_role = || lexicon::gender_of_title(&doc.token(entity.title?.last()).to_lowercase());
    let first = doc.token(mentions[entity.name].tokens.first()).to_lowercase();
    // A title may be part of the name: "Queen Mathilde".
    let by_name = || lexicon::gender_of_name(&first).or_else(|| lexicon::gender_of_title(&first));
    (entity.label == Label::Per).then(|| by_title().or_else(by_name).or_else(by_role)).flatten()
}

/// Somebody was named, or meant by a pronoun.
#[derive(Debug, Clone, Copy)]
struct Event {
    tokens: TokenRange,
    entity: EntityId,
    is_pronoun: bool,
}

/// Goes through the article; the events are those within reach.
struct Reader<'a> {
    setting: &'a Setting<'a>,
    arcs: &'a Arcs,
    genders: &'a [Option<Gender>],
    ranker: &'a Ranker,
    events: VecDeque<Event>,
    times_named: Vec<u32>,
    /// The gender of the last pronoun that was taken to mean somebody.
    genders_called: HashMap<EntityId, Gender>,
    /// Whom the pronouns so far mean.
    meant: HashMap<TokenId, EntityId>,
    read: Vec<ReadPronoun>,
}

impl Reader<'_> {
    fn name(&mut self, mention: MentionId, tokens: TokenRange) {
        let entity = self.setting.entities.of(mention);
        if matches!(self.setting.entities[entity].label, Label::Per | Label::Org) {
            self.happen(Event { tokens, entity, is_pronoun: false });
        }
    }

    fn happen(&mut self, event: Event) {
        self.times_named[event.entity.index()] += 1;
        self.events.push_back(event);
        if self.events.len() > FARTHEST {
            self.events.pop_front();
        }
    }

    fn bears_office(&self, entity: EntityId) -> bool {
        let doc = self.setting.doc;
        let title = self.setting.entities[entity].title;
        let is_office = |id| lexicon::role(lexicon::full_title(&doc.token(id).to_lowercase())) == Some(Role::Office);
        title.is_some_and(|title| title.iter().any(is_office))
    }

    /// How the last pronoun for somebody agrees with what is wanted.
    fn called(&self, entity: EntityId, wanted: Wanted) -> Option<Called> {
        let alike = *self.genders_called.get(&entity)? == wanted.gender()?;
        Some(if alike { Called::Alike } else { Called::Otherwise })
    }

    fn pronoun(&mut self, at: TokenId, wanted: Wanted) {
        let here = self.setting.doc.sentence_of(at).index();
        let sentence = |e: &Event| self.setting.doc.sentence_of(e.tokens.first()).index();
        while self.events.front().is_some_and(|e| sentence(e) + REACH < here) {
            self.events.pop_front();
        }
        let possible = |entity: EntityId| {
            let gender = self.genders[entity.index()];
            match (wanted, &self.setting.entities[entity].label) {
                (Wanted::Person(wanted), Label::Per) => gender.is_none_or(|known| known == wanted),
                (Wanted::Called { gender: wanted, office }, Label::Per) => {
                    gender.zip(wanted).is_none_or(|(known, wanted)| known == wanted)
                        && !(office && self.bears_office(entity))
                }
                (Wanted::Body, Label::Org) => true,
                _ => false,
            }
        };
        let events: Vec<Event> = self.events.iter().filter(|e| possible(e.entity)).copied().collect();
        let ahead = matches!(wanted, Wanted::Person(_))
            .then(|| ahead::named_ahead(self.setting.doc, self.setting.mentions, at))
            .flatten()
            .map(|mention| self.setting.entities.of(mention))
            .filter(|&entity| possible(entity));
        let meant = |token: TokenId| self.meant.get(&token).copied();
        let led_to = led_to(self.arcs, self.setting.mentions, self.setting.entities, meant, at);
        let mut candidates: BTreeMap<EntityId, Candidate> = BTreeMap::new();
        for event in &events {
            let candidate = candidates.entry(event.entity).or_insert_with(|| Candidate {
                nearest: event.tokens,
                nearest_is_pronoun: event.is_pronoun,
                events: 0,
                rank: 0,
                times_named: self.times_named[event.entity.index()],
                gender_is_known: self.genders[event.entity.index()].is_some(),
                another_gender_is_known: false,
                called: self.called(event.entity, wanted),
                led_to: led_to.as_ref().map(|weights| weights.get(&event.entity).copied().unwrap_or(0.0)),
            });
            candidate.nearest = event.tokens;
            candidate.nearest_is_pronoun = event.is_pronoun;
            candidate.events += 1;
        }
        let nearest: Vec<TokenRange> = candidates.values().map(|c| c.nearest).collect();
        let any_known = candidates.values().any(|c| c.gender_is_known);
        for candidate in candidates.values_mut() {
            candidate.another_gender_is_known = any_known && !candidate.gender_is_known;
            candidate.rank = nearest.iter().filter(|&&other| other > candidate.nearest).count();
        }
        let features: Vec<(EntityId, Features)> = candidates
            .iter()
            .map(|(&entity, candidate)| (entity, self.setting.features(at, entity, candidate, events.len())))
            .collect();
        let chances = self.ranker.chances(features.iter().map(|(_, f)| f));
        let candidates = features.into_iter().zip(chances);
        let candidates =
            candidates.map(|((entity, features), probability)| PronounCandidate { entity, features, probability });
        let read = ReadPronoun { token: at, candidates: candidates.collect(), ahead };
        if let Some(Antecedent { entity, share }) = read.best()
            && share >= 0.5
        {
            self.meant.insert(at, entity);
            if let Some(gender) = wanted.gender() {
                self.genders_called.insert(entity, gender);
            }
            self.happen(Event { tokens: TokenRange::new(at, at), entity, is_pronoun: true });
        }
        self.read.push(read);
    }
}
