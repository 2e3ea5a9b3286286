//! The head for arcs: which word leads to which.
//!
//! From the first word of a content an arc leads to the first word of its cue, from the first word of a cue to that of its
//! source, and from a pronoun or a noun to the words that mean the same. An arc's end is chosen among all words of the
//! window and of the one before, or none, by one head of attention for each kind (Vaswani et al. 2017); so the weights of
//! all ends of an arc add up to at most 1, and what a stretch of words gets is the sum of theirs.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::engine::{Linear, Room};
use crate::layer::{TokenId, TokenRange};
use crate::model::{ModelError, Tensors, unexpected};

/// What an arc says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ArcKind {
    /// Its end means the same as its beginning, a pronoun or a noun.
    Refers,
    /// Its end begins the cue of the content that its beginning opens.
    Cue,
    /// Its end begins the source of the cue that its beginning opens.
    Source,
}

/// One end of an arc.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lead {
    /// Where it leads.
    pub to: TokenId,
    /// How likely, from 0 to 1.
    pub weight: f32,
}

/// The arcs of an article. Only words that a pronoun, a content, a cue or a source may begin with are asked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Arcs(BTreeMap<(ArcKind, TokenId), Vec<Lead>>);

impl Arcs {
    /// Where the arc of a kind from a token leads, the ends in text order; `None` if it was not asked.
    #[must_use]
    pub fn of(&self, kind: ArcKind, from: TokenId) -> Option<&[Lead]> {
        self.0.get(&(kind, from)).map(Vec::as_slice)
    }

    /// How likely the arc of a stretch of tokens, that of the first of them which was asked, leads into another;
    /// `None` if none was.
    #[must_use]
    pub fn weight(&self, kind: ArcKind, from: TokenRange, to: TokenRange) -> Option<f32> {
        Some(self.within(kind, from)?.iter().filter(|lead| to.has(lead.to)).map(|lead| lead.weight).sum())
    }

    /// Whether a stretch of tokens was asked where it leads.
    #[must_use]
    pub fn asks(&self, kind: ArcKind, from: TokenRange) -> bool {
        self.within(kind, from).is_some()
    }

    /// How likely the arc of a stretch of tokens leads anywhere; 0 if it was not asked.
    #[must_use]
    pub fn total(&self, kind: ArcKind, from: TokenRange) -> f32 {
        self.within(kind, from).unwrap_or_default().iter().map(|lead| lead.weight).sum()
    }

    fn within(&self, kind: ArcKind, from: TokenRange) -> Option<&[Lead]> {
        Some(self.0.range((kind, from.first())..=(kind, from.last())).next()?.1)
    }

    /// Adds an arc. Ends that are called by the same token are one.
    pub(crate) fn insert(&mut self, kind: ArcKind, from: TokenId, leads: impl IntoIterator<Item = Lead>) {
        let mut ends: BTreeMap<TokenId, f32> = BTreeMap::new();
        for Lead { to, weight } in leads {
            *ends.entry(to).or_default() += weight;
        }
        self.0.insert((kind, from), ends.into_iter().map(|(to, weight)| Lead { to, weight }).collect());
    }
}

const KINDS: usize = 3;
/// The ends of an arc that are less likely are left out.
const LEAST: f32 = 0.01;

/// The head with its weights.
pub(super) struct ArcHead {
    query: Linear,
    key: Linear,
    back: Vec<f32>,
    each: usize,
}

/// Where an arc leads: pieces of the article with their weights.
pub(super) type Ends = Vec<(usize, f32)>;

/// A piece that is asked where it leads: its row in the window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) row: usize,
    pub(super) kind: ArcKind,
}

/// A window that arcs may lead into.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// Its first piece, of those of the article.
    first: usize,
    /// The key of what opens it: arcs that lead there lead nowhere.
    nowhere: Vec<f32>,
    /// The pieces that begin words, in order.
    words: Vec<usize>,
    /// For each word its keys of all kinds.
    keys: Vec<f32>,
}

impl ArcHead {
    /// Reads the head of an encoder whose states have `width` values.
    pub(super) fn read(tensors: &Tensors<'_>, width: usize) -> Result<Self, ModelError> {
        let [query, key] = ["arcs.query", "arcs.key"].map(|name| Linear::read(tensors, name, width));
        let (query, key) = (query?, key?);
        let outputs = query.outputs();
        if outputs == 0 || !outputs.is_multiple_of(KINDS) || key.outputs() != outputs {
            let found = format!("{outputs} rows for {} of the key", key.outputs());
            return Err(unexpected("arcs.query.weight", found, format!("as many, a multiple of {KINDS}")));
        }
        Ok(Self { each: outputs / KINDS, query, key, back: tensors.vector("arcs.back", KINDS)? })
    }

    /// A window of the pieces `pieces` of the article, whose `states` stand after that of what opens it. `is_word` says which
    /// pieces begin words.
    pub(super) fn window(&self, states: &[f32], pieces: Range<usize>, is_word: impl Fn(usize) -> bool) -> Window {
        let mut all = Vec::new();
        self.key.apply(states, &mut Room::default(), &mut all);
        let row = |i: usize| &all[i * self.key.outputs()..(i + 1) * self.key.outputs()];
        let words: Vec<usize> = pieces.clone().filter(|&piece| is_word(piece)).collect();
        let keys = words.iter().flat_map(|piece| row(1 + piece - pieces.start)).copied().collect();
        Window { first: pieces.start, nowhere: row(0).to_vec(), words, keys }
    }

    /// Where each of the pieces of a window that are asked leads: into it, or into the one before.
    pub(super) fn leads(&self, states: &[f32], asked: &[Asked], own: &Window, before: &Window) -> Vec<Ends> {
        let (width, outputs) = (self.query.inputs(), self.query.outputs());
        let given: Vec<f32> = asked.iter().flat_map(|a| &states[a.row * width..(a.row + 1) * width]).copied().collect();
        let mut queries = Vec::new();
        self.query.apply(&given, &mut Room::default(), &mut queries);
        // What both windows hold is the later one's.
        let earlier = before.words.partition_point(|&piece| piece < own.first);
        let scale = (self.each as f32).sqrt().recip();
        asked
            .iter()
            .zip(queries.chunks_exact(outputs))
            .map(|(asked, query)| {
                let part = asked.kind as usize * self.each..(asked.kind as usize + 1) * self.each;
                let query = &query[part.clone()];
                let score = |key: &[f32]| scale * query.iter().zip(&key[part.clone()]).map(|(q, k)| q * k).sum::<f32>();
                let nowhere = score(&own.nowhere);
                let itself = own.first + asked.row - 1;
                let back = self.back[asked.kind as usize];
                let far = before.words[..earlier].iter().zip(before.keys.chunks_exact(outputs));
                let far = far.map(|(&piece, key)| (piece, score(key) + back));
                let near = own.words.iter().zip(own.keys.chunks_exact(outputs));
                let near = near.filter(|&(&piece, _)| piece != itself).map(|(&piece, key)| (piece, score(key)));
                let ends: Vec<(usize, f32)> = far.chain(near).collect();
                let greatest = ends.iter().map(|end| end.1).fold(nowhere, f32::max);
                let weight = |score: f32| (score - greatest).exp();
                let total: f32 = ends.iter().map(|end| weight(end.1)).sum::<f32>() + weight(nowhere);
                ends.into_iter()
                    .map(|(piece, score)| (piece, weight(score) / total))
                    .filter(|end| end.1 >= LEAST)
                    .collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Id;
    use crate::model::stored;

    #[test]
    fn an_arcs_weight_is_the_sum_over_the_words_it_leads_to() {
        let [a, b, c, d] = [0, 1, 2, 3].map(TokenId::from_index);
        let mut arcs = Arcs::default();
        let lead = |to, weight| Lead { to, weight };
        arcs.insert(ArcKind::Refers, d, [lead(a, 0.25), lead(b, 0.5), lead(a, 0.125)]);
        assert_eq!(arcs.of(ArcKind::Refers, d), Some([lead(a, 0.375), lead(b, 0.5)].as_slice()));
        let weight = |from, to| arcs.weight(ArcKind::Refers, from, to);
        assert_eq!(weight(TokenRange::new(d, d), TokenRange::new(a, b)), Some(0.875));
        assert_eq!(weight(TokenRange::new(c, d), TokenRange::new(b, c)), Some(0.5));
        assert_eq!(weight(TokenRange::new(a, c), TokenRange::new(a, c)), None);
        assert_eq!(arcs.weight(ArcKind::Cue, TokenRange::new(d, d), TokenRange::new(a, b)), None);
    }

    /// A head whose queries and keys are the states themselves, a number for each kind.
    fn head(back: f32) -> ArcHead {
        let same = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
        let file = stored(&[
            ("arcs.query.weight", &[3, 3], &same),
            ("arcs.query.bias", &[3], &[0.0; 3]),
            ("arcs.key.weight", &[3, 3], &same),
            ("arcs.key.bias", &[3], &[0.0; 3]),
            ("arcs.back", &[3], &[back; 3]),
        ]);
        ArcHead::read(&Tensors::read(&file).unwrap(), 3).unwrap()
    }

    #[test]
    fn an_arc_leads_to_words_of_its_window_and_of_the_one_before_but_not_to_itself() {
        // What opens the window, then its pieces; only the number of the first kind is not 0.
        let states = |numbers: &[f32]| numbers.iter().flat_map(|&n| [n, 0.0, 0.0]).collect::<Vec<f32>>();
        let head = head(0.0);
        let (first, second) = (states(&[0.0, 2.0, 0.0]), states(&[0.0, 0.0, 1.0, 2.0]));
        let before = head.window(&first, 0..2, |_| true);
        let own = head.window(&second, 1..4, |piece| piece != 2);
        let asked = [Asked { row: 3, kind: ArcKind::Refers }, Asked { row: 3, kind: ArcKind::Cue }];
        let ends = head.leads(&second, &asked, &own, &before);
        // Piece 0 of the window before, piece 1 that both hold, and nowhere; piece 2 begins no word, 3 asks.
        let total = 4.0_f32.exp() + 1.0 + 1.0;
        assert_eq!(ends[0].iter().map(|end| end.0).collect::<Vec<_>>(), [0, 1]);
        assert!((ends[0][0].1 - 4.0_f32.exp() / total).abs() < 1e-5 && (ends[0][1].1 - 1.0 / total).abs() < 1e-5);
        // Of another kind all are alike: two words, and nowhere.
        assert!(ends[1].iter().all(|end| (end.1 - 1.0 / 3.0).abs() < 1e-5));
    }

    #[test]
    fn the_window_before_may_be_farther_away() {
        let states = vec![0.0; 9];
        let head = head(-100.0);
        let (before, own) = (head.window(&states, 0..2, |_| true), head.window(&states, 2..4, |_| true));
        let ends = head.leads(&states, &[Asked { row: 2, kind: ArcKind::Source }], &own, &before);
        assert_eq!(ends, [vec![(2, 0.5)]]);
    }
}
