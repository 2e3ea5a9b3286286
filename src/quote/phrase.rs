//! Cues and sources from the words themselves, where the tagger saw none: "said Ada Cole", "she told reporters".

use crate::layer::{Id, TokenId, TokenRange};
use crate::lexicon::{self, Noun, VerbClass};
use crate::mention::{Mentions, mention_at};
use crate::segment::Segmented;
use crate::words;

/// How far from the closing mark the verb of speech may stand, in tokens: `”, the mayor of Eastport said`.
const REACH: usize = 12;

/// The verb of speech that follows a closing mark within its clause: `“…,” said X` or `“…,” X said`.
pub(crate) fn speech_verb_after(doc: Segmented<'_>, closing: TokenId) -> Option<TokenId> {
    let mut id = doc.next(closing)?;
    let sentence = doc.sentence_of(closing);
    for step in 0..REACH {
        let word = doc.token(id);
        let ends = matches!(word, "." | ";" | ":" | "!" | "?" | "“" | "\"" | "‘")
            || (step > 0 && matches!(word, "and" | "but" | "that"));
        if ends || doc.sentence_of(id) != sentence {
            return None;
        }
        if is_speech_verb(doc, id) {
            return Some(id);
        }
        // Only a subject may stand between the mark and the verb: a name, a pronoun, a noun phrase.
        id = doc.next(id)?;
    }
    None
}

/// Phrases before a name that bring in somebody's words as a verb would.
const WORDS_OF: [&[&str]; 2] = [&["in", "the", "words", "of"], &["to", "quote"]];

/// "In the words of" or "to quote" before words in marks, in their sentence.
pub(crate) fn words_of(doc: Segmented<'_>, opening: TokenId) -> Option<TokenRange> {
    let start = doc.sentences()[doc.sentence_of(opening)].tokens.first().index();
    let from = start.max(opening.index().saturating_sub(REACH));
    let phrases = |at: usize| WORDS_OF.iter().filter_map(move |words| TokenRange::of_indexes(at..at + words.len()));
    let before = |tokens: &TokenRange| tokens.last() < opening && is_words_of(doc, *tokens);
    (from..opening.index()).rev().find_map(|at| phrases(at).find(before))
}

/// Whether a cue is such a phrase, whose source is named after it.
pub(crate) fn is_words_of(doc: Segmented<'_>, cue: TokenRange) -> bool {
    let is = |words: &&&[&str]| {
        words.len() == cue.len()
            && cue.iter().zip(words.iter()).all(|(id, word)| doc.token(id).eq_ignore_ascii_case(word))
    };
    WORDS_OF.iter().any(|words| is(&words))
}

/// Whether a token is a finite verb that introduces direct speech.
pub(crate) fn is_speech_verb(doc: Segmented<'_>, id: TokenId) -> bool {
    let word = doc.token(id).to_lowercase();
    let before = doc.previous(id).map(|id| doc.token(id).to_lowercase());
    let noun_like = before.is_some_and(|word| {
        words::is_article(&word) || words::is_possessive_pronoun(&word) || matches!(word.as_str(), "of" | "to")
    });
    lexicon::reporting_verb(&word) == Some(VerbClass::Say) && !noun_like && !word.ends_with("ing")
}

/// The words that name who a cue's quotation comes from, if they stand directly beside it.
pub(crate) fn source_beside(doc: Segmented<'_>, mentions: &Mentions, cue: TokenRange) -> Option<TokenRange> {
    before(doc, mentions, cue).or_else(|| after(doc, mentions, cue))
}

fn before(doc: Segmented<'_>, mentions: &Mentions, cue: TokenRange) -> Option<TokenRange> {
    let last = doc.previous(cue.first()).filter(|&id| doc.sentence_of(id) == doc.sentence_of(cue.first()))?;
    if is_subject_pronoun(doc.token(last)) {
        return Some(TokenRange::new(last, last));
    }
    if let Some((_, mention)) = mention_at(mentions, last) {
        return Some(mention);
    }
    noun_phrase_ending_at(doc, last)
}

/// The words that name who a cue's quotation comes from, directly after it.
pub(crate) fn after(doc: Segmented<'_>, mentions: &Mentions, cue: TokenRange) -> Option<TokenRange> {
    let inside = |id: &TokenId| doc.sentence_of(*id) == doc.sentence_of(cue.last());
    let first = doc.next(cue.last()).filter(inside)?;
    // "written by Ada Cole"
    let first = if doc.token(first) == "by" { doc.next(first).filter(inside)? } else { first };
    // "Ada Cole remembered it" is of what she remembered.
    if is_subject_pronoun(doc.token(first)) && doc.token(first) != "it" {
        return Some(TokenRange::new(first, first));
    }
    if let Some((_, mention)) = mention_at(mentions, first) {
        return Some(mention);
    }
    // "said Mayor Ada Cole", "said the mayor"
    let sentence_end = doc.sentences()[doc.sentence_of(first)].tokens.indexes().end;
    let mut end = first.index();
    while end < sentence_end.min(first.index() + 6) {
        let id = TokenId::from_index(end);
        if let Some((_, mention)) = mention_at(mentions, id).filter(|_| end > first.index()) {
            return Some(TokenRange::new(first, mention.last()));
        }
        let word = doc.token(id).to_lowercase();
        if lexicon::noun(&word).is_some() && !continues_noun(doc, mentions, id) {
            return Some(TokenRange::new(first, id));
        }
        if !word.chars().all(|c| c.is_alphabetic() || c == '.')
            || matches!(
                word.as_str(),
                "that" | "in" | "on" | "at" | "to" | "into" | "by" | "with" | "from" | "over" | "as" | "for" | "was"
            )
        {
            return None;
        }
        end += 1;
    }
    None
}

/// "government" in "government officials", "economist" in "economist Jonah Pell": the head comes after it.
fn continues_noun(doc: Segmented<'_>, mentions: &Mentions, id: TokenId) -> bool {
    doc.next(id).is_some_and(|next| {
        lexicon::noun(&doc.token(next).to_lowercase()).is_some() || mention_at(mentions, next).is_some()
    })
}

/// "a senior official": determiner, modifiers, and a noun that can be a source.
fn noun_phrase_ending_at(doc: Segmented<'_>, last: TokenId) -> Option<TokenRange> {
    lexicon::noun(&doc.token(last).to_lowercase())?;
    let start = doc.sentences()[doc.sentence_of(last)].tokens.first();
    let mut first = last;
    while let Some(id) = doc.previous(first).filter(|&id| id >= start && last.index() - id.index() < 6) {
        let word = doc.token(id).to_lowercase();
        if matches!(
            word.as_str(),
            "the"
                | "a"
                | "an"
                | "one"
                | "some"
                | "many"
                | "several"
                | "two"
                | "three"
                | "his"
                | "her"
                | "their"
                | "its"
                | "my"
                | "our"
        ) {
            return Some(TokenRange::new(id, last));
        }
        if !word.chars().all(|c| c.is_alphabetic() || c == '.')
            || matches!(word.as_str(), "and" | "or" | "but" | "that" | "as" | "when" | "while")
        {
            break;
        }
        first = id;
    }
    matches!(lexicon::noun(&doc.token(last).to_lowercase()), Some(Noun::Group)).then_some(TokenRange::new(last, last))
}

/// Whether a word is a pronoun that can say something.
pub(crate) fn is_subject_pronoun(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "he" | "she" | "they" | "i" | "we" | "it" | "who" | "you")
}
