//! What a name is called elsewhere in its article decides what is doubtful here.

use std::collections::{HashMap, HashSet};

use crate::layer::{TokenId, TokenRange};
use crate::lexicon;
use crate::mention::Mention;
use crate::segment::Segmented;
use crate::tag::Label;

/// The forms of the names that were found, each with its labels' weights.
#[derive(Default)]
pub(super) struct Forms<'a> {
    weights: HashMap<&'a str, Weights>,
    /// The same as headlines write them ("COLE", "ADA COLE"), without what the article itself has in capitals.
    capitals: HashMap<String, Weights>,
    /// The first words of longer names of organisations.
    first_of_bodies: HashSet<&'a str>,
    /// The words of people's longer names.
    of_people: HashSet<&'a str>,
}

/// Labels with how much speaks for each, and how often.
#[derive(Default)]
struct Weights(Vec<(Label, f32, u32)>);

impl Weights {
    fn add(&mut self, mention: &Mention) {
        match self.0.iter_mut().find(|(label, ..)| *label == mention.label) {
            Some((_, weight, times)) => {
                *weight += mention.score.get();
                *times += 1;
            }
            None => self.0.push((mention.label.clone(), mention.score.get(), 1)),
        }
    }

    /// The weightiest label, with the share of the weight that is its.
    fn label(&self) -> Option<(&Label, f32)> {
        let total: f32 = self.0.iter().map(|(_, w, _)| w).sum();
        let (label, weight, _) = self.0.iter().reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        Some((label, weight / total))
    }

    /// How sure the tagger was of a label where it had it.
    fn mean(&self, label: &Label) -> f32 {
        self.0.iter().find(|(of, ..)| of == label).map_or(0.0, |&(_, weight, times)| weight / times as f32)
    }
}

impl<'a> Forms<'a> {
    pub(super) fn of(doc: Segmented<'a>, mentions: &[Mention]) -> Self {
        let mut forms = Self::default();
        for mention in mentions {
            let form = doc.text_of(mention.tokens);
            match mention.label {
                Label::Org if mention.tokens.len() > 1 => {
                    forms.first_of_bodies.insert(doc.token(mention.tokens.first()));
                }
                Label::Per if mention.tokens.len() > 1 => {
                    forms.of_people.extend(mention.tokens.iter().map(|id| doc.token(id)));
                }
                _ => {}
            }
            forms.weights.entry(form).or_default().add(mention);
            let surname = surname(doc, mention).map(|tokens| doc.text_of(tokens));
            for form in [Some(form), surname].into_iter().flatten().filter(|form| form.chars().any(char::is_lowercase))
            {
                forms.capitals.entry(form.to_uppercase()).or_default().add(mention);
            }
        }
        forms
    }

    /// A name that is a person nine times is a person the tenth time too, and one that the tagger is unsure of is what it is
    /// surer of elsewhere. What a listed acronym or its full name is does not depend on the article.
    pub(super) fn make_consistent(&self, doc: Segmented<'_>, mentions: &mut [Mention]) {
        const CLEAR: f32 = 0.7;
        const UNSURE: f32 = 0.8;
        for mention in mentions {
            let form = doc.text_of(mention.tokens);
            // A person may be called Una, but hardly UNA.
            let is_acronym = form.chars().count() > 2 && form.chars().all(char::is_uppercase);
            let may_differ = mention.label != Label::Per || is_acronym;
            let is_unsure = mention.score.get() < UNSURE;
            let as_in_text =
                || self.capitals.get(form).filter(|_| is_unsure)?.label().filter(|(_, share)| *share >= CLEAR);
            let as_elsewhere = || self.weights.get(form)?.label().filter(|(_, share)| *share >= CLEAR || is_unsure);
            let listed = lexicon::listed_label(form).filter(|_| may_differ);
            if let Some(label) = listed.or_else(|| Some(as_in_text().or_else(as_elsewhere)?.0)) {
                mention.label = label.clone();
            }
            if mention.label == Label::Per && self.is_short_for_body(form) {
                mention.label = Label::Org;
            }
        }
    }

    /// Whether what was taken for a person's name, never surely and nowhere with a given name, is short for a body's: "Norvane"
    /// of "Norvane Air".
    fn is_short_for_body(&self, form: &str) -> bool {
        const SURE: f32 = 0.92;
        let is_sure = || self.weights.get(form).is_some_and(|weights| weights.mean(&Label::Per) >= SURE);
        self.first_of_bodies.contains(form)
            && !self.of_people.contains(form)
            && lexicon::gender_of_name(&form.to_lowercase()).is_none()
            && !is_sure()
    }
}

/// The word of a person's full name that may stand for it alone, unless it is as easily something else's ("May").
pub(super) fn surname(doc: Segmented<'_>, mention: &Mention) -> Option<TokenRange> {
    let is_suffix = |id: TokenId| matches!(doc.token(id), "Jr" | "Jr." | "Sr" | "Sr." | "II" | "III" | "IV" | ",");
    let last = mention.tokens.iter().rev().find(|&id| !is_suffix(id)).filter(|&id| id != mention.tokens.first())?;
    let word = doc.token(last).to_lowercase();
    let is_date = matches!(
        word.as_str(),
        "january" | "february" | "march" | "april" | "may" | "june" | "july" | "august" | "september" | "october"
    ) || matches!(word.as_str(), "november" | "december")
        || word.ends_with("day");
    (mention.label == Label::Per && !is_date && !lexicon::is_title(&word)).then_some(TokenRange::new(last, last))
}
