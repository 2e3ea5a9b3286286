//! Embedding tables.

use crate::model::{ModelError, Tensors, unexpected};

/// An embedding table, in 8-bit integers with a scale for each row or in floats.
#[derive(Debug)]
pub(crate) struct Table {
    values: Values,
    rows: usize,
    width: usize,
}

#[derive(Debug)]
enum Values {
    Integers { levels: Vec<i8>, scales: Vec<f32> },
    Floats(Vec<f32>),
}

impl Table {
    /// Reads `NAME.q` with `NAME.scale`, or else `NAME.weight`, which stays in floats.
    pub(crate) fn read(tensors: &Tensors<'_>, name: &str) -> Result<Self, ModelError> {
        let stored = format!("{name}.q");
        let (values, [rows, width]) = if tensors.has(&stored) {
            let (levels, shape) = tensors.bytes(&stored)?;
            (Values::Integers { levels, scales: tensors.vector(&format!("{name}.scale"), shape[0])? }, shape)
        } else {
            let (values, shape) = tensors.floats(&format!("{name}.weight"))?;
            (Values::Floats(values), shape)
        };
        if rows == 0 || width == 0 {
            return Err(unexpected(name, format!("shape [{rows}, {width}]"), "at least one value"));
        }
        Ok(Self { values, rows, width })
    }

    /// How many rows it has: at least 1.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// How many values a row has: at least 1.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Adds a row to a vector; a number past the last begins again at the first.
    pub(crate) fn add(&self, row: usize, into: &mut [f32]) {
        let row = row % self.rows;
        let place = row * self.width..(row + 1) * self.width;
        match &self.values {
            Values::Integers { levels, scales } => {
                let scale = scales[row];
                for (sum, &level) in into.iter_mut().zip(&levels[place]) {
                    *sum += scale * f32::from(level);
                }
            }
            Values::Floats(values) => into.iter_mut().zip(&values[place]).for_each(|(sum, value)| *sum += value),
        }
    }
}
