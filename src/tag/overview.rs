//! A second look at the paragraphs of an article that may hold a block quotation: many of them in one window, each abridged.
//!
//! Where a quotation ends shows in how what follows stands to it, and paragraphs that are read in windows of their own are
//! compared by their summaries only. Here they see each other, word by word. The last layers of the encoder are fitted for
//! this (`scripts/training/overview.py`); those below and the embeddings serve both readings.

use std::ops::Range;

use crate::engine::{Encoder, Layer, Linear, Piece, Room};
use crate::model::{ModelError, Tensors, unexpected};
use crate::tag::encoder::{CLOSES, OPENS};
use crate::tag::rows::{self, STATES};

/// The layers and the head of the second look.
pub(super) struct Overview {
    layers: Vec<Layer>,
    turn: Linear,
    output: Linear,
}

/// The pieces of a window at most, the longest sequence that the encoder has places for.
pub(super) const WINDOW: usize = 512;
/// How many pieces of a paragraph stand for it if it is longer: from its beginning and from its end.
const BEGINNING: usize = 48;
const END: usize = 16;

impl Overview {
    /// Reads what replaces the last layers of an encoder, and the head.
    pub(super) fn read(tensors: &Tensors<'_>, encoder: &Encoder) -> Result<Self, ModelError> {
        let width = encoder.width();
        // Layers are named by their place in the encoder.
        let name = |i: usize| format!("overview.{i}");
        let layers: Vec<Layer> =
            (0..encoder.depth()).filter_map(|i| Layer::stored(tensors, &name(i), width)).collect::<Result<_, _>>()?;
        let first = encoder.depth() - layers.len();
        if let Some(gap) = (first..encoder.depth()).find(|&i| !tensors.has(&format!("{}.qkv.bias", name(i)))) {
            return Err(unexpected(&name(gap), "no layer".to_owned(), format!("one for each place from {first} on")));
        }
        let turn = Linear::read(tensors, "overview.turn", 2 * width)?;
        let output = Linear::read(tensors, "overview.output", turn.outputs())?.of_outputs("overview.output", STATES)?;
        Ok(Self { layers, turn, output })
    }

    /// The probabilities of the states of paragraphs, each given by its pieces. To be called [`alone`](crate::engine::alone).
    pub(super) fn chances(&self, encoder: &Encoder, paragraphs: &[Vec<Piece>]) -> Vec<[f32; STATES]> {
        let abridged: Vec<Vec<Piece>> = paragraphs.iter().map(|pieces| abridged(pieces)).collect();
        let lengths: Vec<usize> = abridged.iter().map(Vec::len).collect();
        let mut chances = Vec::with_capacity(paragraphs.len());
        for Window { seen, answered } in windows(&lengths) {
            let of_window = self.chances_of(encoder, &abridged[seen.clone()]);
            chances.extend_from_slice(&of_window[answered.start - seen.start..answered.end - seen.start]);
        }
        chances
    }

    fn chances_of(&self, encoder: &Encoder, paragraphs: &[Vec<Piece>]) -> Vec<[f32; STATES]> {
        let width = encoder.width();
        let marked = |pieces: &Vec<Piece>| std::iter::once(CLOSES).chain(pieces.iter().copied()).collect::<Vec<_>>();
        let window: Vec<Piece> = std::iter::once(OPENS).chain(paragraphs.iter().flat_map(marked)).collect();
        let states = encoder.states_by(&window, &self.layers);
        // A paragraph is seen by the state of the mark before it and the mean of all of its states.
        let mut given = Vec::with_capacity(paragraphs.len() * 2 * width);
        let mut at = width;
        for paragraph in paragraphs {
            let length = 1 + paragraph.len();
            let own = &states[at..at + length * width];
            given.extend_from_slice(&own[..width]);
            let mean = (0..width).map(|i| own[i..].iter().step_by(width).sum::<f32>() / length as f32);
            given.extend(mean);
            at += own.len();
        }
        let (mut room, mut turned, mut scores) = (Room::default(), Vec::new(), Vec::new());
        self.turn.apply(&given, &mut room, &mut turned);
        for value in &mut turned {
            *value = value.tanh();
        }
        self.output.apply(&turned, &mut room, &mut scores);
        scores.as_chunks::<STATES>().0.iter().map(rows::softmax).collect()
    }
}

/// The pieces that stand for a paragraph.
fn abridged(pieces: &[Piece]) -> Vec<Piece> {
    if pieces.len() <= BEGINNING + END {
        return pieces.to_vec();
    }
    [&pieces[..BEGINNING], &pieces[pieces.len() - END..]].concat()
}

/// Paragraphs that are read together, and those of them whose answers count.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    seen: Range<usize>,
    answered: Range<usize>,
}

/// Windows that overlap by half, so that every paragraph is answered where it has others on both sides.
fn windows(lengths: &[usize]) -> Vec<Window> {
    const LEAST_SHARED: usize = 2;
    let mut found: Vec<Window> = Vec::new();
    let mut first = 0;
    while first < lengths.len() {
        let mut room = WINDOW - 1;
        let fitting = lengths[first..].iter().take_while(|&&length| {
            let fits = length < room;
            room = room.saturating_sub(1 + length);
            fits
        });
        let end = first + fitting.count().max(1);
        let mut answered = first..end;
        if let Some(before) = found.last_mut() {
            // What both see is answered by the one that sees more of what stands around it.
            let middle = first + (before.seen.end - first) / 2;
            (before.answered.end, answered.start) = (middle, middle);
        }
        found.push(Window { seen: first..end, answered });
        if end == lengths.len() {
            break;
        }
        let shared = LEAST_SHARED.max((end - first) / 2);
        first = end.saturating_sub(shared).max(first + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_long_paragraph_is_seen_by_its_beginning_and_its_end() {
        let pieces: Vec<Piece> = (0..100).map(|id| Piece { id, shape: 1 }).collect();
        let ids: Vec<u32> = abridged(&pieces).iter().map(|piece| piece.id).collect();
        assert_eq!(ids, (0..48).chain(84..100).collect::<Vec<_>>());
        assert_eq!(abridged(&pieces[..64]).len(), 64);
    }

    #[test]
    fn what_two_windows_see_is_answered_half_by_each() {
        let found = windows(&[63; 12]);
        let wanted = [(0..7, 0..5), (4..11, 5..9), (8..12, 9..12)].map(|(seen, answered)| Window { seen, answered });
        assert_eq!(found, wanted);
    }

    proptest! {
        #[test]
        fn every_paragraph_is_answered_once_and_no_window_is_too_long(
            lengths in proptest::collection::vec(1_usize..=BEGINNING + END, 0..60)
        ) {
            let found = windows(&lengths);
            let answered: Vec<usize> = found.iter().flat_map(|window| window.answered.clone()).collect();
            prop_assert_eq!(answered, (0..lengths.len()).collect::<Vec<_>>());
            for Window { seen, answered } in found {
                prop_assert!(seen.start <= answered.start && answered.end <= seen.end);
                prop_assert!(lengths[seen].iter().map(|length| 1 + length).sum::<usize>() < WINDOW);
            }
        }
    }
}
