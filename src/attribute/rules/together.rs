//! Sources that are several: an answer for each of them, as one.

use super::{Answer, Reader, unknown};
use crate::attribute::{Kind, Reason, Speaker, several};
use crate::layer::TokenRange;
use crate::quote::Quote;

impl Reader<'_> {
    /// Whom the words of a source mean, and who else where they are several. Whoever is known comes before those who are not.
    pub(super) fn all_meant_by(&self, source: TokenRange, quote: &Quote) -> Answer {
        let phrases = several::phrases(self.doc, self.mentions, source);
        let several = together(phrases.into_iter().map(|phrase| self.with_examples(phrase, quote)));
        several.unwrap_or_else(|| unknown(Reason::NoCue))
    }

    /// Whom a phrase means; those of a plurality who are named speak for it ("candidates, including Ada Cole").
    fn with_examples(&self, phrase: TokenRange, quote: &Quote) -> Answer {
        let answer = self.meant_by(phrase, quote);
        if answer.speaker != Speaker::Unnamed(Kind::Group) {
            return answer;
        }
        let examples = several::examples(self.doc, self.mentions, phrase);
        match together(examples.into_iter().map(|example| self.meant_by(example, quote))) {
            Some(named @ Answer { speaker: Speaker::Named(id, _), .. }) => {
                Answer { speaker: Speaker::Named(id, Kind::Group), ..named }
            }
            _ => answer,
        }
    }
}

/// The answers for phrases, each of which is somebody else, as one.
fn together(answers: impl Iterator<Item = Answer>) -> Option<Answer> {
    answers.reduce(|so_far, next| {
        let is_same = |other: &Speaker| so_far.speaker == *other || so_far.co_speakers.contains(other);
        match (so_far.speaker, next.speaker) {
            (_, Speaker::Unknown(_)) => so_far,
            (Speaker::Unknown(_), _) => next,
            _ => {
                let others = std::iter::once(next.speaker).chain(next.co_speakers).filter(|other| !is_same(other));
                let co_speakers = so_far.co_speakers.iter().copied().chain(others).collect();
                Answer { co_speakers, ..so_far }
            }
        }
    })
}
