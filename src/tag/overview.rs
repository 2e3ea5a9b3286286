//! A second look at the paragraphs of an article that may hold a block quotation: many of them in one window, each abridged.
//!
//! Where a quotation ends shows in how what follows stands to it, and paragraphs that are read in windows of their own are
//! compared by their summaries only. Here they see each other, word by word; and a window that begins within a quotation is
//! shown what opened it. The layers are others than the encoder's, and twice as many: they have learned from whole articles,
//! into which stretches of others were set, whose words they are (`scripts/training/documents.py`), and are fitted to block
//! quotations (`overview.py` beside it). The embeddings serve both readings.

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
        look(&lengths, possible, |Window { context, seen, answered }| {
            let shown: Vec<&[Piece]> = context.clone().chain(seen.clone()).map(|i| &abridged[i][..]).collect();
            let own = |i: usize| context.len() + i - seen.start;
            self.chances_of(encoder, &shown)[own(answered.start)..own(answered.end)].to_vec()
        })
    }

    fn chances_of(&self, encoder: &Encoder, paragraphs: &[&[Piece]]) -> Vec<[f32; STATES]> {
        let width = encoder.width();
        let marked = |pieces: &&[Piece]| std::iter::once(CLOSES).chain(pieces.iter().copied()).collect::<Vec<_>>();
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

/// Has windows read, where it is worth while, by whoever can tell the probabilities of what they answer.
fn look(
    lengths: &[usize],
    possible: &[bool],
    mut read: impl FnMut(&Window) -> Vec<[f32; STATES]>,
) -> Vec<Option<[f32; STATES]>> {
    let mut chances: Vec<Option<[f32; STATES]>> = Vec::with_capacity(lengths.len());
    let mut before: Option<Window> = None;
    while chances.len() < lengths.len() {
        let window = Window::after(before.as_ref(), |start| opening_of(&chances, start), lengths);
        let goes_on = matches!(chances.last(), Some(Some(before)) if before[rows::AUTHORS] < 0.5);
        if goes_on || possible[window.answered.clone()].contains(&true) {
            chances.extend(read(&window).into_iter().map(Some));
        } else {
            chances.resize(window.answered.end, None);
        }
        before = Some(window);
    }
    chances
}

/// The lead-in and the first paragraph of the block quotation that goes on at `start`; none if it begins there, or there is
/// none.
fn opening_of(chances: &[Option<[f32; STATES]>], start: usize) -> Range<usize> {
    let state = |i: usize| chances.get(i).copied().flatten().map_or(rows::AUTHORS, |of| rows::likeliest(&of));
    if state(start) != rows::GOES_ON {
        return 0..0;
    }
    // What goes on after the author's words opens there, whatever it is called.
    let before = (0..start).rev().find(|&i| state(i) != rows::GOES_ON);
    let first = before.map_or(0, |i| if state(i) == rows::OPENS { i } else { i + 1 });
    if first < start { first.saturating_sub(1)..first + 1 } else { 0..0 }
}

/// Paragraphs that are read together, and those of them whose answers count.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Window {
    /// What opened the quotation within which the window begins: shown before the rest, as if nothing stood between.
    context: Range<usize>,
    seen: Range<usize>,
    answered: Range<usize>,
}

impl Window {
    /// The window after another one, or the first, with the context that its start calls for. Windows overlap by half, so
    /// that every paragraph is answered where it has others on both sides.
    fn after(before: Option<&Self>, context: impl Fn(usize) -> Range<usize>, lengths: &[usize]) -> Self {
        let start = before.map_or(0, |before| starts_after(&before.seen));
        let room = |context: &Range<usize>| WINDOW - 1 - lengths[context.clone()].iter().map(|l| 1 + l).sum::<usize>();
        let end = |context: &Range<usize>| start + fitting(&lengths[start..], room(context));
        // A context that leaves no room to get ahead of the window before is left out.
        let context = Some(context(start)).filter(|c| before.is_none_or(|before| end(c) > before.seen.end));
        let context = context.unwrap_or(0..0);
        let seen = start..end(&context);
        // What two windows see is answered by the one that sees more of what stands around it.
        let next = starts_after(&seen);
        let answered_to = if seen.end == lengths.len() { seen.end } else { next + (seen.end - next) / 2 };
        Self { context, seen, answered: before.map_or(0, |before| before.answered.end)..answered_to }
    }
}

/// How many paragraphs, of these lengths, fit into a room; one at least.
fn fitting(lengths: &[usize], mut room: usize) -> usize {
    let fit = lengths.iter().take_while(|&&length| {
        let fits = length < room;
        room = room.saturating_sub(1 + length);
        fits
    });
    fit.count().max(1)
}

/// Where a window starts that follows one that sees so much.
fn starts_after(seen: &Range<usize>) -> usize {
    const LEAST_SHARED: usize = 2;
    seen.end.saturating_sub(LEAST_SHARED.max(seen.len() / 2)).max(seen.start + 1)
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

    fn certain(state: usize) -> [f32; STATES] {
        std::array::from_fn(|i| f32::from(u8::from(i == state)))
    }

    /// The windows that are read where paragraphs turn out to be in these states.
    fn read(lengths: &[usize], possible: &[bool], states: &[usize]) -> Vec<Window> {
        let mut found = Vec::new();
        let chances = look(lengths, possible, |window| {
            found.push(window.clone());
            states[window.answered.clone()].iter().copied().map(certain).collect()
        });
        assert_eq!(chances.len(), lengths.len());
        found
    }

    #[test]
    fn what_two_windows_see_is_answered_half_by_each() {
        let found = read(&[63; 12], &[true; 12], &[rows::AUTHORS; 12]);
        let wanted = [(0..7, 0..5), (4..11, 5..9), (8..12, 9..12)];
        assert_eq!(found, wanted.map(|(seen, answered)| Window { context: 0..0, seen, answered }));
    }

    #[test]
    fn only_windows_are_read_that_answer_for_a_possible_block_or_where_one_goes_on() {
        let (mut states, mut possible) = ([rows::AUTHORS; 30], [false; 30]);
        assert_eq!(read(&[63; 30], &possible, &states), []);
        possible[10] = true;
        let answered = |states: &[usize]| read(&[63; 30], &possible, states).into_iter().flat_map(|w| w.answered);
        assert!(answered(&states).eq(9..13));
        (states[10], states[11], states[12]) = (rows::OPENS, rows::GOES_ON, rows::GOES_ON);
        assert!(answered(&states).eq(9..16));
    }

    #[test]
    fn a_window_that_begins_within_a_block_is_shown_what_opened_it() {
        let mut states = [rows::GOES_ON; 14];
        (states[0], states[1], states[2]) = (rows::AUTHORS, rows::AUTHORS, rows::OPENS);
        let found = read(&[63; 14], &[true; 14], &states);
        assert_eq!(found[1], Window { context: 1..3, seen: 4..9, answered: 5..8 });
        assert_eq!(opening_of(&states.map(|state| Some(certain(state))), 2), 0..0, "it begins there");
        let without_opening = [rows::AUTHORS, rows::GOES_ON, rows::GOES_ON].map(|state| Some(certain(state)));
        assert_eq!(opening_of(&without_opening, 2), 0..2);
        assert_eq!(opening_of(&[None, Some(certain(rows::GOES_ON))], 1), 0..0);
    }

    proptest! {
        #[test]
        fn every_paragraph_is_answered_once_and_no_window_is_too_long(
            paragraphs in proptest::collection::vec((1_usize..=BEGINNING + END, 0..STATES), 0..60)
        ) {
            let (lengths, states): (Vec<usize>, Vec<usize>) = paragraphs.into_iter().unzip();
            let found = read(&lengths, &vec![true; lengths.len()], &states);
            let answered: Vec<usize> = found.iter().flat_map(|window| window.answered.clone()).collect();
            prop_assert_eq!(answered, (0..lengths.len()).collect::<Vec<_>>());
            for Window { context, seen, answered } in found {
                prop_assert!(context.end <= seen.start && seen.start <= answered.start && answered.end <= seen.end);
                let shown = lengths[context].iter().chain(&lengths[seen]);
                prop_assert!(shown.map(|length| 1 + length).sum::<usize>() < WINDOW);
            }
        }
    }
}
