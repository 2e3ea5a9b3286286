//! Sources that are several: "Ada Cole, the mayor, and Ben Dorn", "the clerk and Ada Cole", "Sens. Cole (Dalby), Dorn and Hale".
//!
//! "and" joins much that is no second source: callings of one person ("the chair and treasurer, Ada Cole"), what stands in
//! apposition ("Ada Cole, a nurse and a friend of Ben Dorn"), the complement of a preposition ("a friend of Dorn and Hale").
//! A name goes with the nearest one of its kind before it, so it is a source if that one is. Other phrases are sources
//! only directly behind a source, where they cannot be a calling: "Cole and her lawyers", "Cole and critics".

use crate::attribute::head::{self, Head};
use crate::attribute::maker::{self, Maker};
use crate::layer::{Id, MentionId, TokenId, TokenRange};
use crate::lexicon::{self, Noun};
use crate::mention::{Mentions, mention_at, mentions_in, person_at, person_at_start};
use crate::segment::Segmented;
use crate::tag::Label;
use crate::words;

/// How many words may stand before a name in its phrase: titles, a trade, a party.
const BEFORE_NAME: usize = 8;

/// The phrases of a source, each of which means somebody else. The first is the whole source, whose head says who it is, but
/// where names stand in apposition to a noun ("two drivers, Ada Cole and Ben Dorn").
pub(super) fn phrases(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> Vec<TokenRange> {
    let source = head::without_genitive(doc, source);
    let walk = Walk { doc, mentions, source };
    let head = head::read(doc, mentions, source);
    let apposed = match head {
        Head::Noun(Noun::Group, ..) | Head::Other => walk.listed_behind_noun(),
        _ => Vec::new(),
    };
    if apposed.len() > 1 {
        return apposed;
    }
    let joined = match head {
        Head::Name(id) => walk.behind_name(id),
        // "a study by Ada Cole and Ben Dorn"
        Head::Noun(Noun::Document, noun, _) => match maker::of(doc, mentions, noun) {
            Some(Maker::One(id)) if source.contains(mentions[id].tokens) => walk.behind_name(id),
            _ => Vec::new(),
        },
        // "The clerk and the mayor, Ada Cole," are two, "her friend and colleague Ada Cole" is one.
        Head::Noun(Noun::Individual(_) | Noun::Organisation, at, _) => {
            let has_own = |phrase: &TokenRange| words::is_determiner(&doc.token(phrase.first()).to_lowercase());
            let behind = walk.behind(at, Vec::new());
            // "Clinic and advocacy manager Ada Cole" is who she is.
            if !has_own(&source) && behind.len() == 1 {
                return behind;
            }
            behind.into_iter().filter(|phrase| has_own(&source) && has_own(phrase)).collect()
        }
        Head::Noun(Noun::Group, at, _) | Head::Aged(at) | Head::Pronoun(_, at) => walk.behind(at, Vec::new()),
        Head::Other => Vec::new(),
    };
    // "Dalby and county officials" are officials.
    if let (Head::Name(id), [only]) = (head, joined.as_slice())
        && mentions[id].label == Label::Loc
        && walk.is_bare_plural(*only)
    {
        return joined;
    }
    std::iter::once(source).chain(joined).collect()
}

/// Those of a plurality who are named: "candidates, including Ada Cole and Ben Dorn".
pub(super) fn examples(doc: Segmented<'_>, mentions: &Mentions, source: TokenRange) -> Vec<TokenRange> {
    let walk = Walk { doc, mentions, source };
    let opens = |id: TokenId| match doc.token(id) {
        "including" | "like" => doc.next(id),
        "such" => doc.next(id).filter(|&id| doc.token(id) == "as").and_then(|id| doc.next(id)),
        _ => None,
    };
    source.iter().find_map(opens).map_or_else(Vec::new, |start| walk.listed_from(start))
}

/// Goes through a source from its head to its end.
#[derive(Clone, Copy)]
struct Walk<'a> {
    doc: Segmented<'a>,
    mentions: &'a Mentions,
    source: TokenRange,
}

/// Where another source may begin.
#[derive(Debug, Clone, Copy)]
struct Joint {
    /// The comma, or the first word of the conjunction.
    mark: TokenId,
    /// The word behind it.
    start: TokenId,
    is_comma: bool,
}

impl Walk<'_> {
    /// The names of a list that stands behind a comma and a plural ("two drivers, Ada Cole and Ben Dorn").
    fn listed_behind_noun(self) -> Vec<TokenRange> {
        let mark = self.source.iter().find(|&id| matches!(self.doc.token(id), "," | ":"));
        let is_plural = |id: TokenId| {
            let word = self.doc.token(id);
            head::is_plural(word) || lexicon::noun(&word.to_lowercase()) == Some(Noun::Group)
        };
        let start =
            mark.filter(|&mark| self.doc.previous(mark).is_some_and(is_plural)).and_then(|id| self.doc.next(id));
        start.map_or_else(Vec::new, |start| self.listed_from(start))
    }

    /// The name that stands at a token, with those joined to it.
    fn listed_from(self, start: TokenId) -> Vec<TokenRange> {
        let rest = TokenRange::of_indexes(start.index()..self.source.indexes().end);
        let first = rest.and_then(|rest| titled_name(self.doc, self.mentions, rest));
        first.map_or_else(Vec::new, |(id, name)| std::iter::once(name).chain(self.behind_name(id)).collect())
    }

    fn behind_name(self, id: MentionId) -> Vec<TokenRange> {
        self.behind(self.mentions[id].tokens.last(), vec![id])
    }

    /// The phrases behind the head, which ends at a token, that are sources too; `names` are the sources that are names.
    fn behind(self, head: TokenId, mut names: Vec<MentionId>) -> Vec<TokenRange> {
        let mut joined: Vec<Joint> = Vec::new();
        // Names behind commas are a list only if "and" ends it.
        let mut listed = 0;
        let mut end = head;
        for joint in self.joints(head) {
            if joint.mark <= end {
                continue;
            }
            let Some(last) = self.source_behind(joint, end, &mut names) else { continue };
            joined.push(joint);
            listed = if joint.is_comma { listed + 1 } else { 0 };
            end = last;
        }
        joined.truncate(joined.len() - listed);
        let ends = joined.iter().skip(1).map(|joint| joint.mark.index()).chain([self.source.indexes().end]);
        let phrase = |(joint, end): (&Joint, usize)| TokenRange::of_indexes(joint.start.index()..end);
        joined.iter().zip(ends).filter_map(phrase).collect()
    }

    /// Conjunctions and commas behind the head, up to a clause of its own; what stands in parentheses is passed over.
    fn joints(self, head: TokenId) -> Vec<Joint> {
        let behind = (head.index() + 1..self.source.indexes().end).map(TokenId::from_index);
        let ends = |id: TokenId| {
            let word = self.doc.token(id).to_lowercase();
            words::is_relative_pronoun(&word) || lexicon::is_genitive(&word)
        };
        let mut joints = Vec::new();
        for mark in self.outside_parentheses(behind.take_while(|&id| !ends(id))) {
            let is_comma = self.doc.token(mark) == ",";
            let last = if is_comma { Some(mark) } else { self.conjunction(mark) };
            let start = last.and_then(|id| self.doc.next(id)).filter(|&id| self.source.has(id));
            // ", and" is one joint.
            let start = start.filter(|&id| !is_comma || self.conjunction(id).is_none());
            joints.extend(start.map(|start| Joint { mark, start, is_comma }));
        }
        joints
    }

    fn outside_parentheses(self, tokens: impl Iterator<Item = TokenId>) -> impl Iterator<Item = TokenId> {
        let mut depth = 0_usize;
        tokens.filter(move |&id| match self.doc.token(id) {
            "(" => {
                depth += 1;
                false
            }
            ")" => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
    }

    /// The last word of the conjunction that begins at a token, outside names.
    fn conjunction(self, at: TokenId) -> Option<TokenId> {
        let word = |id: TokenId| self.doc.token(id).to_lowercase();
        if mention_at(self.mentions, at).is_some() {
            return None;
        }
        let next = || self.doc.next(at);
        match word(at).as_str() {
            "and" | "&" => Some(at),
            "along" | "together" => next().filter(|&id| word(id) == "with"),
            "as" => {
                let last = next().filter(|&id| word(id) == "well").and_then(|id| self.doc.next(id));
                last.filter(|&id| word(id) == "as")
            }
            _ => None,
        }
    }

    /// The end of the head behind a joint, if it is a source; `end` is that of the last source before it.
    fn source_behind(self, joint: Joint, end: TokenId, names: &mut Vec<MentionId>) -> Option<TokenId> {
        let rest = TokenRange::of_indexes(joint.start.index()..self.source.indexes().end)?;
        let between: Vec<TokenId> = {
            let tokens = (end.index() + 1..joint.mark.index()).map(TokenId::from_index);
            self.outside_parentheses(tokens).collect()
        };
        let is_comma = |id: &TokenId| self.doc.token(*id) == ",";
        let directly = between.iter().all(is_comma);
        let Some((id, name)) = titled_name(self.doc, self.mentions, rest) else {
            let phrase = (directly && !joint.is_comma).then(|| head::phrase(self.doc, self.mentions, rest))?;
            return (!names.is_empty() && self.is_somebody(phrase)).then_some(phrase.last());
        };
        // An apposition is closed by the comma before "and", or goes on behind it, as does a calling: "Northmere Rail clerk and
        // treasurer Ada Cole".
        let is_calling = |id: &TokenId| head::is_calling(&self.doc.token(*id).to_lowercase());
        let closed = match between.last() {
            Some(last) => is_comma(last) || !(between.iter().any(is_comma) || is_calling(last)),
            None => true,
        };
        let goes_with = self.name_before(joint.start, self.mentions[id].label == Label::Per);
        let is_source = match goes_with {
            Some(before) => names.contains(&before) && if joint.is_comma { directly } else { closed },
            None => directly && !joint.is_comma,
        };
        is_source.then(|| {
            names.push(id);
            name.last()
        })
    }

    /// The last person before a token in the source, or the last body or place.
    fn name_before(self, at: TokenId, is_person: bool) -> Option<MentionId> {
        let before = self.mentions.as_slice().partition_point(|m| m.tokens.last() < at);
        let names = (0..before).rev().map(MentionId::from_index);
        let mut names = names.take_while(|&id| self.source.has(self.mentions[id].tokens.first()));
        names.find(|&id| match self.mentions[id].label {
            Label::Per => is_person,
            Label::Org | Label::Loc => !is_person,
            _ => false,
        })
    }

    /// Whether a phrase is a plural without a determiner, and no name: "county officials".
    fn is_bare_plural(self, phrase: TokenRange) -> bool {
        let word = |id: TokenId| self.doc.token(id).to_lowercase();
        let last = head::phrase(self.doc, self.mentions, phrase).last();
        let first = word(phrase.first());
        let is_plural = lexicon::noun(&word(last)) == Some(Noun::Group) && mention_at(self.mentions, last).is_none();
        is_plural && !words::is_determiner(&first) && !words::is_quantifier(&first)
    }

    /// Whether words behind a name and "and" are others: "her lawyers", "other critics", "Democrats".
    fn is_somebody(self, phrase: TokenRange) -> bool {
        let first = self.doc.token(phrase.first()).to_lowercase();
        let last = self.doc.token(phrase.last());
        let noun = lexicon::noun(&last.to_lowercase());
        let is_people = mention_at(self.mentions, phrase.last())
            .is_some_and(|(id, _)| self.mentions[id].label == Label::Misc && last.ends_with('s'));
        let is_owned = phrase.iter().any(|id| lexicon::is_genitive(self.doc.token(id)));
        let is_thing =
            || noun.is_some() || head::is_plural(last) || mentions_in(self.mentions, phrase).next().is_some();
        is_people
            || first == "others"
            || noun == Some(Noun::Group)
            || ((words::is_determiner(&first) || words::is_quantifier(&first) || is_owned) && is_thing())
    }
}

/// The name that is the head of the phrase with which some words begin: "Sen. Cole", "Dalby chief Ada Cole", but not "Dalby
/// drivers" or "Cole’s lawyer".
fn titled_name(doc: Segmented<'_>, mentions: &Mentions, words: TokenRange) -> Option<(MentionId, TokenRange)> {
    let ends = |id: TokenId| head::ends_phrase(&doc.token(id).to_lowercase());
    let mut behind_last = None;
    for at in words.iter().take(BEFORE_NAME) {
        if behind_last.is_some_and(|last| at <= last) {
            continue;
        }
        let Some((id, name)) = mention_at(mentions, at) else {
            if ends(at) {
                // "Director of Public Works Ada Cole"
                return person_at_start(doc, mentions, words).and_then(|name| person_at(mentions, name.first()));
            }
            continue;
        };
        let behind = doc.next(name.last()).filter(|&id| words.has(id));
        let is_last =
            behind.is_none_or(|id| ends(id) || matches!(doc.token(id), "both" | "each" | "himself" | "herself"));
        match mentions[id].label {
            _ if behind.is_some_and(|id| lexicon::is_genitive(doc.token(id))) => return None,
            Label::Per => return Some((id, name)),
            Label::Org | Label::Loc if is_last => return Some((id, name)),
            _ => behind_last = Some(name.last()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::testing::{annotate, speakers};

    fn said(source: &str) -> String {
        let doc = annotate(&format!("{{source {source}}} {{cue said}} {{content that it rained}}."));
        speakers(&doc).concat()
    }

    #[test]
    fn each_name_of_a_list_speaks() {
        let both = "person Ada Cole & person Ben Dorn";
        for source in [
            "{PER Ada Cole} and {PER Ben Dorn}",
            "Sens. {PER Ada Cole} ({LOC Dalby}) and {PER Ben Dorn} ({LOC Ostley})",
            "{PER Ada Cole} of {LOC Dalby} and Councillor {PER Ben Dorn}, who lost,",
            "{PER Ada Cole}, a surveyor at {ORG Northmere Rail}, and {PER Ben Dorn}, its clerk,",
            "Both {PER Ada Cole} and the mayor of {LOC Dalby}, {PER Ben Dorn},",
            "{PER Ada Cole} and Director of Public Works {PER Ben Dorn}",
            "{PER Ada Cole}, along with the baker {PER Ben Dorn},",
            "The company's spokeswoman, {PER Ada Cole}, and its chief executive, {PER Ben Dorn},",
            "Two drivers, {PER Ada Cole} and {PER Ben Dorn},",
            "{PER Ada Cole} and {PER Ben Dorn}'s",
        ] {
            assert_eq!(said(source), both, "{source}");
        }
        assert_eq!(
            said("{PER Ada Cole}, {ORG Northmere Rail} chief {PER Ben Dorn} and {PER Mira Hale}"),
            "person Ada Cole & person Ben Dorn & person Mira Hale"
        );
        assert_eq!(
            said("A study by the {ORG University of Dalby} and {ORG Ostley College}"),
            "organisation University of Dalby & organisation Ostley College"
        );
    }

    #[test]
    fn unnamed_others_speak_with_a_name() {
        for source in
            ["{PER Ada Cole} and her lawyers", "{PER Ada Cole} and other critics", "{PER Ada Cole} and {MISC Liberals}"]
        {
            assert_eq!(said(source), "person Ada Cole & group", "{source}");
        }
        assert_eq!(said("Police and Mayor {PER Ada Cole}"), "group & person Ada Cole");
        assert_eq!(said("{LOC Dalby} and county officials"), "group");
    }

    #[test]
    fn and_joins_much_that_is_no_second_speaker() {
        for source in [
            "{PER Ada Cole}, president and treasurer of {ORG Northmere Rail},",
            "{PER Ada Cole}, a nurse and a friend of {PER Ben Dorn},",
            "{PER Ada Cole}, who advised {PER Ben Dorn} and {PER Mira Hale},",
            "{PER Ada Cole}, a professor at {ORG Dalby College} and {ORG Ostley College}",
            "{PER Ada Cole} of the {ORG Centre for Tides and Weather}",
            "Party leader and Prime Minister {PER Ada Cole}",
            "Clinic and advocacy manager {PER Ada Cole},",
            "{ORG Northmere Rail} clerk and treasurer {PER Ada Cole}",
            "Her former colleague and rival {PER Ada Cole}",
        ] {
            assert_eq!(said(source), "person Ada Cole", "{source}");
        }
        assert_eq!(said("A friend of {PER Ada Cole} and {PER Ben Dorn}"), "anonymous");
    }

    #[test]
    fn those_who_are_named_of_a_plurality_speak_for_it() {
        assert_eq!(said("Critics, including {PER Ada Cole} and {PER Ben Dorn},"), "group Ada Cole & person Ben Dorn");
        assert_eq!(said("Companies such as {ORG Northmere Rail}"), "group Northmere Rail");
        assert_eq!(said("Critics like the mayor's aides"), "group");
        assert_eq!(
            said("{PER Ada Cole} and some {MISC Liberals}, such as {PER Ben Dorn},"),
            "person Ada Cole & group Ben Dorn"
        );
        assert_eq!(
            said("Firms including {ORG Northmere Rail}, {ORG Dalby Tar} and {ORG Ostley Air}"),
            "group Northmere Rail & organisation Dalby Tar & organisation Ostley Air"
        );
    }

    #[test]
    fn several_go_on_together() {
        let doc = annotate(
            "{source {PER Ada Cole} and {PER Ben Dorn}} {cue said} {content that it rained}. {content “We left,”} {source they} {cue \
             said}.",
        );
        assert_eq!(speakers(&doc), ["person Ada Cole & person Ben Dorn"; 2]);
    }
}
