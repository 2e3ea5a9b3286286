//! A second look at the paragraphs of an article that may hold a block quotation: many of them in one window, each abridged.
//!
//! Where a quotation ends shows in how what follows stands to it, and paragraphs that are read in windows of their own are
//! compared by their summaries only. Here they see each other, word by word. The layers are others than the encoder's, and
//! twice as many: they have learned from whole articles, into which stretches of others were set, whose words they are
//! (`scripts/training/documents.py`), and are fitted to block quotations (`overview.py` beside it). The embeddings serve both
//! readings.

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
    /// Reads the layers and the head, made for the embeddings of an encoder.
    pub(super) fn read(tensors: &Tensors<'_>, encoder: &Encoder) -> Result<Self, ModelError> {
        let width = encoder.width();
        let name = |i: usize| format!("overview.{i}");
        let layers: Vec<Layer> =
            (0..).map_while(|i| Layer::stored(tensors, &name(i), width)).collect::<Result<_, _>>()?;
        if layers.is_empty() {
            return Err(unexpected(&name(0), "no layer".to_owned(), "at least one".to_owned()));
        }
        let turn = Linear::read(tensors, "overview.turn", 2 * width)?;
        let output = Linear::read(tensors, "overview.output", turn.outputs())?.of_outputs("overview.output", STATES)?;
        Ok(Self { layers, turn, output })
    }

    /// The probabilities of the states of paragraphs, each given by its pieces: where a window answers for one of which it
    /// is `possible` that it opens a block quotation, and where such a quotation goes on. To be called
    /// [`alone`](crate::engine::alone).
    pub(super) fn chances(
        &self,
        encoder: &Encoder,
        paragraphs: &[Vec<Piece>],
        possible: &[bool],
    ) -> Vec<Option<[f32; STATES]>> {
        let abridged: Vec<Vec<Piece>> = paragraphs.iter().map(|pieces| abridged(pieces)).collect();
        let lengths: Vec<usize> = abridged.iter().map(Vec::len).collect();
        let mut chances: Vec<Option<[f32; STATES]>> = Vec::with_capacity(paragraphs.len());
        for Window { seen, answered } in windows(&lengths) {
            let goes_on = matches!(chances.last(), Some(Some(before)) if before[rows::AUTHORS] < 0.5);
            if goes_on || possible[answered.clone()].contains(&true) {
                let of_window = self.chances_of(encoder, &abridged[seen.clone()]);
                let of_answered = &of_window[answered.start - seen.start..answered.end - seen.start];
                chances.extend(of_answered.iter().copied().map(Some));
            } else {
                chances.extend(answered.map(|_| None));
            }
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
