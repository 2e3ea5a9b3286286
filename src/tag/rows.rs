//! The head for paragraphs: how each stands to a block quotation.
//!
//! Whether a paragraph is quoted shows in how it differs from the others, so all paragraphs of an article are read as a
//! row, forwards and backwards, by gated recurrent units. Each is seen by the encoder's state at its first piece, the mean
//! of the states of all of its pieces, and its form.

use crate::engine::{self, Gru, Linear, Room};
use crate::model::{ModelError, Tensors, unexpected};

/// The head with its weights.
pub(super) struct RowHead {
    input: Linear,
    forwards: Gru,
    backwards: Gru,
    output: Linear,
}

/// How a paragraph may stand to a block quotation: it is the author's, opens one, goes on with one.
pub(super) const STATES: usize = 3;
pub(super) const AUTHORS: usize = 0;
pub(super) const OPENS: usize = 1;
pub(super) const GOES_ON: usize = 2;
/// The probabilities of a paragraph of which nothing is seen.
const UNSEEN: [f32; STATES] = [1.0, 0.0, 0.0];
/// How many numbers say what form a paragraph has.
const FORM: usize = 7;
/// The piece of a colon.
pub(super) const COLON: u32 = 1024;
/// Pieces that a paragraph may begin and end with: quotation marks, and stops.
const QUOTES: [u32; 6] = [1000, 1005, 1520, 1521, 1523, 1524];
const STOPS: [u32; 3] = [1012, 1029, 999];

/// A paragraph as the encoder sees it, gathered piece by piece.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    first: Vec<f32>,
    sum: Vec<f32>,
    pieces: usize,
    opens_with: u32,
    ends_with: u32,
}

impl Row {
    /// Adds the next piece of the paragraph with its state.
    pub(super) fn add(&mut self, piece: u32, state: &[f32]) {
        if self.pieces == 0 {
            self.first = state.to_vec();
            self.sum = vec![0.0; state.len()];
            self.opens_with = piece;
        }
        self.sum.iter_mut().zip(state).for_each(|(sum, value)| *sum += value);
        self.pieces += 1;
        self.ends_with = piece;
    }

    /// Whether it ends with a colon.
    pub(super) fn announces(&self) -> bool {
        self.ends_with == COLON
    }

    /// The form of the paragraph that is the `place`th of `count`.
    fn form(&self, place: usize, count: usize) -> [f32; FORM] {
        let flag = |is: bool| f32::from(u8::from(is));
        let closed = QUOTES.contains(&self.ends_with);
        [
            flag(self.announces()),
            flag(QUOTES.contains(&self.opens_with)),
            flag(closed),
            (self.pieces as f32).ln_1p() / 6.0,
            flag(place == 0),
            flag(place + 1 == count),
            flag(closed || STOPS.contains(&self.ends_with)),
        ]
    }
}

impl RowHead {
    /// Reads the head of an encoder whose states have `width` values.
    pub(super) fn read(tensors: &Tensors<'_>, width: usize) -> Result<Self, ModelError> {
        let input = Linear::read(tensors, "rows.input", 2 * width + FORM)?;
        let forwards = Gru::read(tensors, "rows.forwards", input.outputs())?;
        let backwards = Gru::read(tensors, "rows.backwards", input.outputs())?;
        let output = Linear::read(tensors, "rows.output", forwards.units() + backwards.units() + input.outputs())?;
        if output.outputs() != STATES {
            let found = format!("{} rows", output.outputs());
            return Err(unexpected("rows.output.weight", found, format!("{STATES} rows")));
        }
        Ok(Self { input, forwards, backwards, output })
    }

    /// What the head sees of each paragraph that has pieces, with the number of the paragraph.
    pub(super) fn inputs(rows: &[Row]) -> Vec<(usize, Vec<f32>)> {
        let seen: Vec<usize> = (0..rows.len()).filter(|&i| rows[i].pieces > 0).collect();
        let input = |place: usize, i: usize| {
            let row = &rows[i];
            let mean = row.sum.iter().map(|sum| sum / row.pieces as f32);
            (i, row.first.iter().copied().chain(mean).chain(row.form(place, seen.len())).collect())
        };
        seen.iter().enumerate().map(|(place, &i)| input(place, i)).collect()
    }

    /// The probabilities of the states of each paragraph. One without pieces is the author's.
    pub(super) fn chances(&self, rows: &[Row]) -> Vec<[f32; STATES]> {
        let seen = Self::inputs(rows);
        let given: Vec<f32> = seen.iter().flat_map(|(_, input)| input).copied().collect();
        let (mut room, mut x, mut scores) = (Room::default(), Vec::new(), Vec::new());
        self.input.apply(&given, &mut room, &mut x);
        for value in &mut x {
            *value = value.tanh();
        }
        let ahead = self.forwards.run(&x, 0..seen.len(), &mut room);
        let back = self.backwards.run(&x, (0..seen.len()).rev(), &mut room);
        let parts = [(&ahead, self.forwards.units()), (&back, self.backwards.units()), (&x, self.input.outputs())];
        let joined: Vec<f32> = (0..seen.len())
            .flat_map(|i| parts.iter().flat_map(move |(values, width)| &values[i * width..(i + 1) * width]))
            .copied()
            .collect();
        self.output.apply(&joined, &mut room, &mut scores);
        let mut chances = vec![UNSEEN; rows.len()];
        for (&(i, _), scores) in seen.iter().zip(scores.as_chunks().0) {
            chances[i] = softmax(scores);
        }
        chances
    }
}

/// The likeliest state.
pub(super) fn likeliest(chances: &[f32; STATES]) -> usize {
    (0..STATES).fold(AUTHORS, |best, state| if chances[state] > chances[best] { state } else { best })
}

/// The probabilities that go with scores.
pub(super) fn softmax(scores: &[f32; STATES]) -> [f32; STATES] {
    let mut chances = *scores;
    engine::softmax(&mut chances);
    chances
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_seen_by_its_first_piece_the_mean_of_all_and_its_form() {
        let mut row = Row::default();
        row.add(QUOTES[4], &[1.0, 2.0]);
        row.add(COLON, &[3.0, -2.0]);
        let inputs = RowHead::inputs(&[Row::default(), row]);
        let form = [1.0, 1.0, 0.0, 2.0_f32.ln_1p() / 6.0, 1.0, 1.0, 0.0];
        let wanted: Vec<f32> = [1.0, 2.0, 2.0, 0.0].into_iter().chain(form).collect();
        assert_eq!(inputs, [(1, wanted)]);
    }
}
