//! Gated recurrent units (Cho et al. 2014), in the form in which `PyTorch` has them, for sequences of a few hundred rows.

use super::{Linear, Room};
use crate::model::{ModelError, Tensors, unexpected};

/// A layer of gated recurrent units.
pub(crate) struct Gru {
    /// What a row adds to the reset gate, the update gate and the new state.
    input: Linear,
    /// What the state before adds to each: a row of weights for each of their units.
    hidden: Vec<f32>,
    hidden_bias: Vec<f32>,
    units: usize,
}

impl Gru {
    /// Reads `NAME.input` and `NAME.hidden`.
    pub(crate) fn read(tensors: &Tensors<'_>, name: &str, inputs: usize) -> Result<Self, ModelError> {
        let input = Linear::read(tensors, &format!("{name}.input"), inputs)?;
        let weight = format!("{name}.hidden.weight");
        let (hidden, [rows, units]) = tensors.floats(&weight)?;
        if rows != 3 * units || input.outputs() != rows {
            let found = format!("{rows} rows of {units} for {} of the input", input.outputs());
            return Err(unexpected(&weight, found, "three rows for each unit, as the input has"));
        }
        let hidden_bias = tensors.vector(&format!("{name}.hidden.bias"), rows)?;
        Ok(Self { input, hidden, hidden_bias, units })
    }

    /// How many values a state has.
    pub(crate) fn units(&self) -> usize {
        self.units
    }

    /// The state after each row, where `order` says in which order the rows are read.
    pub(crate) fn run(&self, rows: &[f32], order: impl Iterator<Item = usize>, room: &mut Room) -> Vec<f32> {
        let units = self.units;
        let mut from_input = Vec::new();
        self.input.apply(rows, room, &mut from_input);
        let mut states = vec![0.0; rows.len() / self.input.inputs() * units];
        let mut state = vec![0.0; units];
        for row in order {
            let input = &from_input[row * 3 * units..(row + 1) * 3 * units];
            let from_state = |gate: usize, unit: usize| {
                let weights = &self.hidden[(gate * units + unit) * units..(gate * units + unit + 1) * units];
                let sum: f32 = weights.iter().zip(&state).map(|(w, s)| w * s).sum();
                sum + self.hidden_bias[gate * units + unit]
            };
            let next: Vec<f32> = (0..units)
                .map(|unit| {
                    let reset = sigmoid(input[unit] + from_state(0, unit));
                    let update = sigmoid(input[units + unit] + from_state(1, unit));
                    let new = (input[2 * units + unit] + reset * from_state(2, unit)).tanh();
                    (1.0 - update) * new + update * state[unit]
                })
                .collect();
            states[row * units..(row + 1) * units].copy_from_slice(&next);
            state = next;
        }
        states
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::stored;

    /// A unit that sees one number: weights for the reset gate, the update gate and the new state.
    fn unit(input: [f32; 3], hidden: [f32; 3], bias: [f32; 3]) -> Gru {
        let file = stored(&[
            ("unit.input.weight", &[3, 1], &input),
            ("unit.input.bias", &[3], &bias),
            ("unit.hidden.weight", &[3, 1], &hidden),
            ("unit.hidden.bias", &[3], &[0.0; 3]),
        ]);
        Gru::read(&Tensors::read(&file).unwrap(), "unit", 1).unwrap()
    }

    #[test]
    fn an_open_update_gate_keeps_the_state_and_a_closed_one_takes_the_new() {
        let mut room = Room::default();
        let takes = unit([0.0, 0.0, 1.0], [0.0; 3], [0.0, -50.0, 0.0]);
        let states = takes.run(&[0.5, -0.25], 0..2, &mut room);
        assert!((states[0] - 0.5_f32.tanh()).abs() < 1e-6 && (states[1] + 0.25_f32.tanh()).abs() < 1e-6);
        let keeps = unit([0.0, 0.0, 1.0], [0.0; 3], [0.0, 50.0, 0.0]);
        assert_eq!(keeps.run(&[0.5, -0.25], 0..2, &mut room), [0.0, 0.0]);
    }

    #[test]
    fn rows_are_read_in_the_order_that_is_asked_for_and_answered_in_their_own() {
        let mut room = Room::default();
        let half = unit([0.0, 0.0, 1.0], [0.0; 3], [0.0; 3]);
        let back = half.run(&[0.5, 2.0], (0..2).rev(), &mut room);
        let last = 0.5 * 2.0_f32.tanh();
        assert!((back[1] - last).abs() < 1e-6);
        assert!((back[0] - (0.5 * 0.5_f32.tanh() + 0.5 * last)).abs() < 1e-6);
    }
}
