//! The places at which a sentence may end, found many bytes at a time.
//!
//! Few bytes of a text can end a sentence, but every byte has to be looked at: a block of them at once.

use crate::scan::{BLOCK, block};

/// The first byte of `…` in UTF-8, which many other marks share.
pub(super) const ELLIPSIS_LEAD: u8 = 0xE2;

/// Walks through the candidates of a text.
#[derive(Debug)]
pub(super) struct Candidates<'a> {
    bytes: &'a [u8],
    /// Where the current block begins.
    base: usize,
    /// A bit for each of its bytes.
    found: u64,
    /// Whether there may have been a web address up to the end of the current block.
    pub(super) address_seen: bool,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut candidates = Self { bytes: text.as_bytes(), base: 0, found: 0, address_seen: false };
        candidates.read(0);
        candidates
    }

    /// The first candidate from `at` on. Asked in order: `at` never decreases.
    pub(super) fn next_from(&mut self, at: usize) -> Option<usize> {
        let base = at / BLOCK * BLOCK;
        // An address in a block that is passed over would stand before a sentence that has ended.
        if base != self.base {
            self.read(base);
        }
        let mut found = self.found & (u64::MAX << (at - base));
        while found == 0 {
            if self.base + BLOCK >= self.bytes.len() {
                return None;
            }
            self.read(self.base + BLOCK);
            found = self.found;
        }
        Some(self.base + found.trailing_zeros() as usize)
    }

    fn read(&mut self, base: usize) {
        self.base = base;
        let [found, addresses] = block(self.bytes, base, |here, next| {
            // "://", "www."
            let scheme = u8::from(here == b':') & u8::from(next == b'/');
            let host = u8::from(here == b'w') & u8::from(next == b'w');
            is_terminal(here) | u8::from(here == b' ') & may_begin_unmarked(next) | scheme | (scheme | host) << 1
        });
        self.found = found;
        self.address_seen |= addresses != 0;
    }
}

/// Full stops and what else is written at the end of a sentence, and line breaks.
fn is_terminal(byte: u8) -> u8 {
    u8::from(byte == b'.')
        | u8::from(byte == b'!')
        | u8::from(byte == b'?')
        | u8::from(byte == b'\n')
        | u8::from(byte == ELLIPSIS_LEAD)
}

/// The first bytes of a sentence that no punctuation announces.
fn may_begin_unmarked(byte: u8) -> u8 {
    u8::from(byte.wrapping_sub(b'A') < 26)
        | u8::from(byte.wrapping_sub(b'0') < 10)
        | u8::from(byte == b'-')
        | u8::from(byte == b'*')
        | u8::from(byte == b'=')
        | u8::from(byte == b'~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_space_is_a_candidate_before_a_capital_or_a_figure_and_a_colon_before_a_slash() {
        let text = format!("{} A b c 3.:/", "x".repeat(60));
        let mut candidates = Candidates::of(&text);
        let (mut at, mut found) = (0, Vec::new());
        while let Some(candidate) = candidates.next_from(at) {
            found.push(candidate);
            at = candidate + 1;
        }
        assert_eq!(found, [60, 66, 68, 69]);
    }

    proptest! {
        #[test]
        fn blocks_find_what_a_look_at_each_byte_finds(text in "[ .!?\n…aAhw:/*0é]{0,300}", step in 1_usize..90) {
            let bytes = text.as_bytes();
            let is = |i: usize| {
                let next = bytes.get(i + 1).copied().unwrap_or(0);
                is_terminal(bytes[i]) != 0
                    || bytes[i] == b' ' && may_begin_unmarked(next) != 0
                    || bytes[i..].starts_with(b":/")
            };
            let mut candidates = Candidates::of(&text);
            for at in (0..bytes.len()).step_by(step) {
                prop_assert_eq!(candidates.next_from(at), (at..bytes.len()).find(|&i| is(i)));
            }
        }
    }
}
