//! Grouping by names: long forms first, short forms to the long form they can stand for.
//!
//! Forms, not mentions, are compared, and candidates come from an index of first words, last words and initials, so a
//! name is compared with the few that share one of them. A short form that could stand for several
//! ("Clinton") is decided at each mention: by a title that shows a gender, then by who was named last before it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::entity::names::{Name, is_expansion, is_nickname, is_spelt_out, same_body, same_person};
use crate::entity::{Entities, Entity, GroupEntities, context};
use crate::layer::{Id, MentionId};
use crate::lexicon::{self, Gender};
use crate::mention::Mentions;
use crate::segment::Segmented;
use crate::tag::Label;

/// Groups mentions by rules on their names.
#[derive(Debug, Clone, Copy, Default)]
pub struct RuleGrouper;

impl GroupEntities for RuleGrouper {
    fn group(&self, doc: Segmented<'_>, mentions: &Mentions) -> Entities {
        let mut groups = Groups::default();
        for form in forms(doc, mentions) {
            groups.place(doc, mentions, form);
        }
        let entities = groups.groups.into_iter().filter_map(|group| group.into_entity(doc, mentions)).collect();
        Entities::new(entities, mentions.len())
    }
}

/// What can be compared with what: people with people, all other names with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    Person,
    Body,
}

impl Class {
    fn of(label: &Label) -> Self {
        if *label == Label::Per { Self::Person } else { Self::Body }
    }
}

/// A name with all the places where it stands.
#[derive(Clone)]
struct Form {
    class: Class,
    label: Label,
    name: Name,
    /// The name that stands beside this one where brackets give it as its acronym.
    spelt_out: Option<Name>,
    mentions: Vec<MentionId>,
}

/// The different names of an article, long ones first, then by first appearance.
fn forms(doc: Segmented<'_>, mentions: &Mentions) -> Vec<Form> {
    let mut forms: BTreeMap<(Class, Vec<String>), Form> = BTreeMap::new();
    for (id, mention) in mentions.iter() {
        let (class, name) = (Class::of(&mention.label), Name::new(doc.text_of(mention.tokens)));
        let form = forms.entry((class, name.words.clone())).or_insert_with(|| Form {
            class,
            label: mention.label.clone(),
            name,
            spelt_out: None,
            mentions: Vec::new(),
        });
        form.spelt_out = form.spelt_out.take().or_else(|| spelt_out(doc, mentions, id, &form.name));
        form.mentions.push(id);
    }
    let mut forms: Vec<_> = forms.into_values().collect();
    forms.sort_by_key(|f| (std::cmp::Reverse(f.name.words.len()), f.mentions[0]));
    forms
}

/// What the acronym of an organisation stands for by the brackets it stands in: "the Congress of Southern Unions (Cosu)".
fn spelt_out(doc: Segmented<'_>, mentions: &Mentions, id: MentionId, acronym: &Name) -> Option<Name> {
    let full = &mentions[MentionId::from_index(id.index().checked_sub(1)?)];
    let bracket = doc.next(full.tokens.last()).filter(|&token| doc.token(token) == "(")?;
    let in_brackets = doc.next(bracket) == Some(mentions[id].tokens.first());
    let full = (in_brackets && full.label == Label::Org).then(|| Name::new(doc.text_of(full.tokens)))?;
    is_spelt_out(&full, acronym).then_some(full)
}

/// Whether a form's own mentions show both genders, so that it is more than one person's.
fn shows_both(form: &Form, titled: impl Fn(&MentionId) -> Option<Gender>) -> bool {
    let mut shown = form.mentions.iter().filter_map(titled);
    shown.next().is_some_and(|first| shown.any(|other| other != first))
}

struct Group {
    class: Class,
    label: Label,
    /// The fullest name, by which others are compared.
    name: Name,
    mentions: BTreeSet<MentionId>,
    gender: Option<Gender>,
    /// Whether the full name stands only where somebody's relative is brought in. The surname alone is then hardly theirs.
    is_relative: bool,
}

#[derive(Default)]
struct Groups {
    groups: Vec<Group>,
    /// Where a group can be found: by its first word, last word, initials.
    index: HashMap<(Class, String), Vec<usize>>,
}

impl Groups {
    fn place(&mut self, doc: Segmented<'_>, mentions: &Mentions, form: Form) {
        let titled = |m: &MentionId| context::gender_before(doc, mentions[*m].tokens);
        let shown = form.mentions.iter().find_map(titled);
        let both = shows_both(&form, titled);
        let candidates = self.candidates(doc, mentions, &form);
        // "Mr. Obama" is not Michelle Obama, and if she is the only full name, somebody else bears the surname alone.
        let fits =
            |&i: &usize| shown.is_none() || self.groups[i].gender.is_none() || both || self.groups[i].gender == shown;
        let (fitting, others): (Vec<usize>, Vec<usize>) = candidates.iter().partition(|i| fits(i));
        if others.is_empty() || form.mentions.iter().all(|m| titled(m).is_some()) {
            return self.place_among(doc, mentions, &fitting, form);
        }
        // "Mr. Clinton" is Bill, but "Clinton" may be Hillary. Whose name stood alone before a title told the other one apart
        // goes on to be called so.
        let stood_alone = titled(&form.mentions[0]).is_none();
        let (with, alone): (Vec<_>, Vec<_>) = form.mentions.iter().partition(|m| titled(m).is_some());
        let first_new = self.groups.len();
        self.place_among(doc, mentions, &fitting, Form { mentions: with, ..form.clone() });
        let mut among = candidates;
        if !stood_alone {
            among.extend(first_new..self.groups.len());
        }
        self.place_among(doc, mentions, &among, Form { mentions: alone, ..form });
    }

    /// Places a form with one of some groups, or, if there are none, opens one for it.
    fn place_among(&mut self, doc: Segmented<'_>, mentions: &Mentions, among: &[usize], form: Form) {
        let titled = |m: &MentionId| context::gender_before(doc, mentions[*m].tokens);
        match *among {
            [] => self.open(doc, mentions, form),
            // "Cole was born in Dalby, the daughter of Ben Cole."
            [only] if !form.mentions.iter().any(|m| titled(m).is_some()) && self.is_later_relative(only, &form) => {
                self.open(doc, mentions, form);
            }
            [only] => {
                let own = self.groups[only].gender;
                let others = |m: &MentionId| own.is_some() && titled(m).is_some_and(|shown| Some(shown) != own);
                let (others, same): (Vec<_>, Vec<_>) = form.mentions.iter().partition(|m| others(m));
                self.groups[only].mentions.extend(same);
                if !others.is_empty() {
                    self.open(doc, mentions, Form { mentions: others, ..form });
                }
            }
            ref several => {
                for mention in form.mentions {
                    let chosen = self.nearest(several, mention, titled(&mention));
                    self.groups[chosen].mentions.insert(mention);
                }
            }
        }
    }

    fn candidates(&self, doc: Segmented<'_>, mentions: &Mentions, form: &Form) -> Vec<usize> {
        let mut found: Vec<usize> = keys(&form.name)
            .into_iter()
            .chain(form.spelt_out.iter().flat_map(keys))
            .filter_map(|key| self.index.get(&(form.class, key)))
            .flatten()
            .copied()
            .collect();
        found.sort_unstable();
        found.dedup();
        // "Bob" is Robert Cole only where nobody's name has it as it stands, and where it is not "her son Bob".
        let by_nickname = |&i: &usize| form.class == Class::Person && is_nickname(&self.groups[i].name, &form.name);
        let nicknamed: Vec<usize> = found.iter().copied().filter(by_nickname).collect();
        found.retain(|&i| {
            let group = &self.groups[i];
            match form.class {
                Class::Person => same_person(&group.name, &form.name),
                // A part of a name stands for it only among names of one label: "Washington" is not its Post.
                Class::Body => {
                    is_expansion(&group.name, &form.name)
                        || (group.label == form.label && same_body(&form.label, &group.name, &form.name))
                        || form.spelt_out.as_ref().is_some_and(|full| same_body(&Label::Org, &group.name, full))
                }
            }
        });
        // A title before it shows a surname: "President Kim" is not Kimberly.
        let introduced = |&m: &MentionId| {
            let before = doc.previous(mentions[m].tokens.first()).map(|id| doc.token(id).to_lowercase());
            context::is_somebodys_relative(doc, mentions[m].tokens)
                || before.is_some_and(|word| lexicon::is_title(&word))
        };
        if found.is_empty() && !nicknamed.is_empty() && !form.mentions.iter().any(introduced) {
            nicknamed
        } else {
            found
        }
    }

    /// Whether a group is somebody's relative who was brought in after a surname had stood alone.
    fn is_later_relative(&self, group: usize, form: &Form) -> bool {
        let group = &self.groups[group];
        group.is_relative && form.name.words.len() == 1 && group.mentions.first() > form.mentions.first()
    }

    /// Of several groups the one that a mention means: of the right gender if that is known, nobody's relative if it is not,
    /// with the shortest name if it is a body ("Norvane" is Norvane Air before it is the Norvane Flight Crew Association), and
    /// named last before it.
    fn nearest(&self, candidates: &[usize], mention: MentionId, gender: Option<Gender>) -> usize {
        let fits = |&&i: &&usize| match gender {
            None => !self.groups[i].is_relative,
            Some(_) => self.groups[i].gender.is_none() || self.groups[i].gender == gender,
        };
        let fitting: Vec<_> = candidates.iter().filter(fits).copied().collect();
        let among = if fitting.is_empty() { candidates } else { &fitting };
        // Before the mention the later is nearer; if nobody was named yet, the first to be named.
        let place = |i: usize| {
            let before = self.groups[i].mentions.range(..mention).next_back();
            let first = self.groups[i].mentions.first();
            let words = if self.groups[i].class == Class::Body { self.groups[i].name.words.len() } else { 0 };
            (words, before.is_none(), before.map(|m| std::cmp::Reverse(m.index())), first.map(|m| m.index()))
        };
        among.iter().copied().min_by_key(|&i| place(i)).unwrap_or(candidates[0])
    }

    fn open(&mut self, doc: Segmented<'_>, mentions: &Mentions, form: Form) {
        for key in keys(&form.name) {
            self.index.entry((form.class, key)).or_default().push(self.groups.len());
        }
        let by_title = || form.mentions.iter().find_map(|&m| context::gender_before(doc, mentions[m].tokens));
        let gender = (form.class == Class::Person)
            .then(|| by_title().or_else(|| lexicon::gender_of_name(form.name.words.first()?)))
            .flatten();
        let is_introduced = |&m: &MentionId| context::is_somebodys_relative(doc, mentions[m].tokens);
        let is_relative = form.class == Class::Person && form.mentions.iter().all(is_introduced);
        self.groups.push(Group {
            is_relative,
            class: form.class,
            label: form.label,
            name: form.name,
            mentions: form.mentions.into_iter().collect(),
            gender,
        });
    }
}

impl Group {
    fn into_entity(self, doc: Segmented<'_>, mentions: &Mentions) -> Option<Entity> {
        let label = self.weightiest_label(mentions);
        let places: Vec<MentionId> = self.mentions.into_iter().collect();
        let form = |id: MentionId| doc.text_of(mentions[id].tokens);
        let fullness = |&id: &MentionId| {
            let words = Name::new(form(id)).words.len();
            (words, form(id).chars().count(), std::cmp::Reverse(id))
        };
        let name = places.iter().copied().max_by_key(fullness)?;
        let (title, affiliation) =
            if self.class == Class::Person { context::about_person(doc, mentions, &places) } else { (None, None) };
        Some(Entity { label, name, mentions: places, title, affiliation })
    }

    fn weightiest_label(&self, mentions: &Mentions) -> Label {
        let mut weights: BTreeMap<&Label, f32> = BTreeMap::new();
        for &id in &self.mentions {
            *weights.entry(&mentions[id].label).or_default() += mentions[id].score.get();
        }
        weights
            .into_iter()
            .reduce(|a, b| if b.1 > a.1 { b } else { a })
            .map_or(self.label.clone(), |(label, _)| label.clone())
    }
}

/// Where a name is looked up and found: two names that can be the same share a key.
fn keys(name: &Name) -> Vec<String> {
    let mut keys: Vec<String> = [name.words.first(), name.words.last()].into_iter().flatten().cloned().collect();
    keys.extend(
        name.words.first().into_iter().flat_map(|first| lexicon::full_given_names(first)).map(|&full| full.to_owned()),
    );
    // A surname before "Jr.".
    keys.extend(name.words.iter().rev().nth(1).cloned());
    let letters: String = name.form.chars().filter(|c| c.is_alphanumeric()).collect();
    if letters.chars().count() <= 7 && letters.chars().all(|c| c.is_uppercase() || c.is_ascii_digit()) {
        keys.push(letters.to_lowercase());
        let full = [name.form.as_str(), &letters].into_iter().flat_map(lexicon::expansions).map(|full| Name::new(full));
        keys.extend(full.filter_map(|full| full.words.first().cloned()));
    }
    let initials = |small: bool| -> String {
        let words = name
            .words
            .iter()
            .filter(|w| small || !matches!(w.as_str(), "of" | "the" | "and" | "for" | "in" | "on" | "to"));
        words.filter_map(|w| w.chars().next()).collect()
    };
    if name.words.len() > 1 {
        keys.extend([initials(true), initials(false)]);
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
