//! Attribution: who a quotation comes from, or why that cannot be said.
//!
//! Every quotation gets exactly one [`Attribution`]. Silence has a name: where nobody can be named the speaker is
//! [`Speaker::Unknown`] with a reason, never an empty string.

mod aged;
mod apposition;
mod confidence;
mod head;
mod maker;
pub(crate) mod pronoun;
mod relative;
mod rules;
mod several;
mod subject;
mod unnamed;

use crate::entity::Entities;
use crate::layer::{EntityId, Layer, QuoteId, TokenRange};
use crate::mention::Mentions;
use crate::quote::Quotes;
use crate::segment::Segmented;
use crate::tag::{Arcs, Score};

pub use pronoun::{FEATURES, PronounCandidate, ReadPronoun};
pub use rules::RuleAttributer;

/// Who a quotation comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// Somebody named in the article.
    Named(EntityId, Kind),
    /// A body called by the name of others ("the Cole campaign"): these words are its name.
    Called(TokenRange, Kind),
    /// Somebody not named.
    Unnamed(Kind),
    /// It cannot be said who.
    Unknown(Reason),
}

/// What sort of speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A named person.
    Person,
    /// An organisation, a medium, a government.
    Organisation,
    /// A plurality: officials, critics. It is called by the one of them whom the source names, if it names any ("officials,
    /// including Ada Cole").
    Group,
    /// An unnamed individual or unnamed sources.
    Anonymous,
    /// A report, a poll, a law.
    Document,
    /// The writer of the article.
    Author,
}

/// Why no speaker is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing introduces the quotation, or what introduces it names no source.
    NoCue,
    /// A pronoun whose referent is not found.
    PronounUnresolved,
    /// Several referents are as likely.
    Ambiguous,
    /// There is an answer, but it is less likely right than was asked for.
    LowConfidence,
}

/// How the speaker was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// The source is a name.
    Name,
    /// The source is a pronoun, resolved to a person or organisation named before it, or after it in its sentence.
    Pronoun,
    /// The source is a noun phrase that refers to somebody named ("the senator").
    Nominal,
    /// The source is a noun phrase that names nobody ("officials").
    Description,
    /// The paragraph that introduces a block quotation names the source.
    LeadIn,
    /// The paragraph before a block quotation is about the source, without saying that they are quoted.
    Introduced,
    /// The source stands in or after the quotation's last line ("— Jane Doe").
    Signature,
    /// The label of a turn in an interview or transcript.
    Turn,
    /// The speaker of the quotation before this one goes on.
    Continued,
    /// The writer speaks of themself.
    FirstPerson,
    /// Nothing was found.
    None,
}

/// The answer for one quotation.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// Who.
    pub speaker: Speaker,
    /// Who else, where several say the same ("Cole and Dorn said"), in the order of the source; none of them is unknown.
    pub co_speakers: Vec<Speaker>,
    /// How likely the speaker is right, if the quotation is one: a calibrated probability.
    pub confidence: Score,
    /// How likely the source means whom it is taken to mean; `None` where it names them, or nobody is named.
    pub referent: Option<Score>,
    /// How it was found.
    pub evidence: Evidence,
}

impl Attribution {
    /// The answer if it is so likely right at least, and otherwise none, for that reason.
    #[must_use]
    pub fn at_least(self, confidence: f32) -> Self {
        match self.speaker {
            Speaker::Unknown(_) => self,
            _ if self.confidence.get() >= confidence => self,
            _ => Self { speaker: Speaker::Unknown(Reason::LowConfidence), co_speakers: Vec::new(), ..self },
        }
    }
}

/// One answer for every quotation.
pub type Attributions = Layer<QuoteId, Attribution>;

/// The role of the last stage: from quotations and entities to speakers.
pub trait Attribute: Send + Sync {
    /// Attributes every quotation of an article. `arcs` is what the tagger says of who means whom, if it says anything.
    fn attribute(
        &self,
        doc: Segmented<'_>,
        arcs: &Arcs,
        mentions: &Mentions,
        entities: &Entities,
        quotes: &Quotes,
    ) -> Attributions;
}

macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        impl $name {
            /// The stable word for this in records.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

words!(Kind { Person => "person", Organisation => "organisation", Group => "group", Anonymous => "anonymous", Document => "document", Author => "author" });
words!(Reason { NoCue => "no_cue", PronounUnresolved => "pronoun_unresolved", Ambiguous => "ambiguous", LowConfidence => "low_confidence" });
words!(Evidence {
    Name => "name", Pronoun => "pronoun", Nominal => "nominal", Description => "description", LeadIn => "lead_in", Introduced => "introduced",
    Signature => "signature", Turn => "turn", Continued => "continued", FirstPerson => "first_person", None => "none",
});

#[cfg(test)]
mod tests;
