//! Embedding tables.

use crate::model::{ModelError, Tensors, unexpected};

/// An embedding table of 8-bit integers with a scale for each row.
#[derive(Debug)]
pub(crate) struct Table {
    levels: Vec<i8>,
    scales: Vec<f32>,
    width: usize,
}

impl Table {
    /// Reads `NAME.q` and `NAME.scale`.
    pub(crate) fn read(tensors: &Tensors<'_>, name: &str) -> Result<Self, ModelError> {
        let (levels, [rows, width]) = tensors.bytes(&format!("{name}.q"))?;
        let scales = tensors.vector(&format!("{name}.scale"), rows)?;
        if rows == 0 || width == 0 {
            return Err(unexpected(&format!("{name}.q"), format!("shape [{rows}, {width}]"), "at least one value"));
        }
        Ok(Self { levels, scales, width })
    }

    /// How many rows it has: at least 1.
    pub(crate) fn rows(&self) -> usize {
        self.scales.len()
    }

    /// How many values a row has: at least 1.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Adds a row to a vector; a number past the last begins again at the first.
    pub(crate) fn add(&self, row: usize, into: &mut [f32]) {
        let row = row % self.rows();
        let scale = self.scales[row];
        for (sum, &level) in into.iter_mut().zip(&self.levels[row * self.width..]) {
            *sum += scale * f32::from(level);
        }
    }
}
