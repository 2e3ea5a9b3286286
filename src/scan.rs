//! Bytes looked at a block at a time.
//!
//! Passes over the whole text ask the same small questions of every byte. Asked of a block, without a branch, they become a
//! few vector instructions, and the answers are a bit for each byte: what costs time then are only the places found. What is
//! asked must be inlined, or it is compiled for the oldest machine.

#![expect(clippy::inline_always, reason = "see above")]

use std::sync::LazyLock;

use pulp::{Arch, Simd, WithSimd};

/// Bytes of a block: the bits of a word.
pub(crate) const BLOCK: usize = 64;

/// The answers to two questions about each byte of the block that begins at `base`, in the bits of two words. `ask` is given
/// a byte and the one after it; bits 0 and 1 of what it returns are the answers. Past the end of `bytes` are zeros.
pub(crate) fn block(bytes: &[u8], base: usize, ask: impl Fn(u8, u8) -> u8) -> [u64; 2] {
    static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);
    let mut block = [0; BLOCK + 1];
    let rest = bytes.get(base..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => block = *whole,
        None => block[..rest.len()].copy_from_slice(rest),
    }
    ARCH.dispatch(Look { block: &block, ask })
}

struct Look<'a, F> {
    block: &'a [u8; BLOCK + 1],
    ask: F,
}

impl<F: Fn(u8, u8) -> u8> WithSimd for Look<'_, F> {
    type Output = [u64; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> [u64; 2] {
        let mut answers = [0; BLOCK];
        for (answer, pair) in answers.iter_mut().zip(self.block.windows(2)) {
            *answer = (self.ask)(pair[0], pair[1]);
        }
        let (words, _) = answers.as_chunks::<8>();
        [0, 1].map(|question| words.iter().rev().fold(0, |bits, word| bits << 8 | gathered(*word, question)))
    }
}

/// One bit of each of eight bytes, as the bits of one.
#[inline(always)]
fn gathered(bytes: [u8; 8], bit: u32) -> u64 {
    // The product moves each of the bits into the highest byte, to its own place there.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let lowest = u64::from_le_bytes(bytes) >> bit & 0x0101_0101_0101_0101;
    lowest.wrapping_mul(GATHER) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_bits_and_knows_its_neighbour() {
        let bytes: Vec<u8> = (0..150).map(|i| if i % 7 == 0 { b'a' } else { b'b' }).collect();
        for base in [0, 64, 128, 192] {
            let is = |i: usize, byte| bytes.get(i) == Some(&byte);
            let wanted =
                |test: &dyn Fn(usize) -> bool| (0..BLOCK).filter(|i| test(base + i)).fold(0, |bits, i| bits | 1 << i);
            let found = block(&bytes, base, |here, next| {
                u8::from(here == b'b') & u8::from(next == b'a') | u8::from(here == b'a') << 1
            });
            assert_eq!(found, [wanted(&|i| is(i, b'b') && is(i + 1, b'a')), wanted(&|i| is(i, b'a'))]);
        }
    }
}
