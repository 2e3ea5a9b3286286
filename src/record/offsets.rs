//! Offsets in the units that readers of records count in.
//!
//! The library counts bytes. Python, R and SQL slice strings by code points, JavaScript and Java by UTF-16 units.
//! A table made once for a text holds how many units begin before every 256th byte; an offset is then looked up by
//! counting the units of fewer than 256 bytes. A full table would make a lookup no faster that anybody could notice,
//! and would be four times the size of the text.
//!
//! A unit is counted at the first byte of its character. The blocks of the table may therefore begin inside a
//! character: the bytes that continue it count nothing.

use serde::{Deserialize, Serialize};

/// What an offset counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetUnit {
    /// Unicode code points, as in Python, R and SQL.
    #[default]
    Char,
    /// Bytes of UTF-8, as in Rust and Go.
    Byte,
    /// Units of UTF-16, as in JavaScript, Java and C#.
    Utf16,
}

impl OffsetUnit {
    /// The stable word for this in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Char => "char",
            Self::Byte => "byte",
            Self::Utf16 => "utf16",
        }
    }

    /// How many units are counted at a byte: all of a character's at its first.
    fn at(self, byte: u8) -> u32 {
        let begins = u32::from(byte & 0b1100_0000 != 0b1000_0000);
        match self {
            Self::Char => begins,
            Self::Byte => 1,
            // Characters of four bytes are those outside the basic plane, which take a pair of surrogates.
            Self::Utf16 => begins + u32::from(byte >= 0b1111_0000),
        }
    }

    fn count(self, bytes: &[u8]) -> u32 {
        bytes.iter().map(|&byte| self.at(byte)).sum()
    }
}

/// Bytes between two entries of the table.
const BLOCK: usize = 256;

/// A text with what it takes to change byte offsets into another unit's, and back.
///
/// ```
/// use whosaid::record::{OffsetUnit, Offsets};
///
/// let offsets = Offsets::new("né 😀!", OffsetUnit::Utf16);
/// assert_eq!(offsets.of_byte(8), 5);
/// assert_eq!(offsets.to_byte(5), Some(8));
/// assert_eq!(offsets.slice(3, 5), Some("😀"));
/// assert_eq!(offsets.slice(3, 4), None);
/// ```
#[derive(Debug, Clone)]
pub struct Offsets<'a> {
    text: &'a str,
    unit: OffsetUnit,
    /// How many units begin before each block; empty where every byte is a unit.
    before: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// The offsets of a text in a unit.
    #[must_use]
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let before = if unit == OffsetUnit::Byte || text.is_ascii() {
            Vec::new()
        } else {
            let blocks = text.as_bytes().chunks(BLOCK);
            let counts = blocks.scan(0, |sum, block| Some(std::mem::replace(sum, *sum + unit.count(block))));
            counts.collect()
        };
        Self { text, unit, before }
    }

    /// The offset of the character that begins at `byte`, or of the end of the text. Inside a character it is the
    /// offset after it; past the end, that of the end.
    #[must_use]
    pub fn of_byte(&self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        // A text that ends with a block has no entry for what comes after it.
        let block = (byte / BLOCK).min(self.before.len().saturating_sub(1));
        match self.before.get(block) {
            Some(before) => before + self.unit.count(&self.text.as_bytes()[block * BLOCK..byte]),
            None => byte as u32,
        }
    }

    /// The byte at which the character at `offset` begins, or `None` if no character does and the text does not end
    /// there: the offset is too great or halves a pair of surrogates.
    #[must_use]
    pub fn to_byte(&self, offset: u32) -> Option<usize> {
        // The last block that begins before the offset: the character that begins at the offset begins in it, or at the
        // very end of it.
        let block = self.before.partition_point(|&before| before <= offset).saturating_sub(1);
        let byte = match self.before.get(block) {
            None => offset as usize,
            Some(&before) => {
                let mut count = before;
                let bytes = self.text.as_bytes()[block * BLOCK..].iter();
                let within = bytes.take_while(|&&byte| {
                    let units = self.unit.at(byte);
                    let precedes = units == 0 || count < offset;
                    count += if precedes { units } else { 0 };
                    precedes
                });
                let byte = block * BLOCK + within.count();
                if count != offset {
                    return None;
                }
                byte
            }
        };
        self.text.is_char_boundary(byte).then_some(byte)
    }

    /// The text between two offsets, or `None` if they do not fall between characters of the text.
    #[must_use]
    pub fn slice(&self, start: u32, end: u32) -> Option<&'a str> {
        self.text.get(self.to_byte(start)?..self.to_byte(end)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, by which the table is judged.
    fn counted(text: &str, unit: OffsetUnit, byte: usize) -> usize {
        match unit {
            OffsetUnit::Char => text[..byte].chars().count(),
            OffsetUnit::Byte => byte,
            OffsetUnit::Utf16 => text[..byte].encode_utf16().count(),
        }
    }

    #[test]
    fn every_character_has_the_same_offset_as_by_counting_and_leads_back() {
        let scripts = "She said “naïve 😀 café” — Привет, 世界! 👩‍👩‍👧 ".repeat(40);
        let ends_with_a_block = "é".repeat(BLOCK);
        for text in ["", "plain", "é", "😀", &"a".repeat(3 * BLOCK), &ends_with_a_block, &scripts, &scripts[1..]] {
            for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
                let offsets = Offsets::new(text, unit);
                for byte in text.char_indices().map(|(byte, _)| byte).chain([text.len()]) {
                    assert_eq!(offsets.of_byte(byte) as usize, counted(text, unit, byte), "{unit:?} of byte {byte}");
                    assert_eq!(offsets.to_byte(offsets.of_byte(byte)), Some(byte), "{unit:?} back to byte {byte}");
                }
                assert_eq!(offsets.to_byte(offsets.of_byte(text.len()) + 1), None);
            }
        }
    }

    #[test]
    fn an_offset_inside_a_character_leads_nowhere() {
        assert_eq!(Offsets::new("😀", OffsetUnit::Utf16).to_byte(1), None);
        assert_eq!(Offsets::new("😀", OffsetUnit::Byte).to_byte(2), None);
        assert_eq!(Offsets::new("a", OffsetUnit::Char).slice(1, 0), None);
    }
}
