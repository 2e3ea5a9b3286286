//! Bytes looked at a block at a time.
//!
//! Passes over the whole text ask the same small question of every byte. Asked of a block, without a branch, it becomes a
//! few vector instructions, and the answer is a bit for each byte: what costs time then are only the places found.

/// Bytes of a block: the bits of a word.
pub(crate) const BLOCK: usize = 64;

/// For each byte of the block that begins at `base` whether `test`, which is also given the byte after it, answers 1 and
/// not 0. Past the end of `bytes` are zeros.
pub(crate) fn bits(bytes: &[u8], base: usize, test: impl Fn(u8, u8) -> u8) -> u64 {
    let mut block = [0; BLOCK + 1];
    let rest = bytes.get(base..).unwrap_or_default();
    match rest.first_chunk() {
        Some(whole) => block = *whole,
        None => block[..rest.len()].copy_from_slice(rest),
    }
    let mut answers = [0; BLOCK];
    for (answer, pair) in answers.iter_mut().zip(block.windows(2)) {
        *answer = test(pair[0], pair[1]);
    }
    // The product moves the bit of each of eight bytes into the highest byte, to its own place there.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (words, _) = answers.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, word| bits << 8 | u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_bit_and_knows_its_neighbour() {
        let bytes: Vec<u8> = (0..150).map(|i| if i % 7 == 0 { b'a' } else { b'b' }).collect();
        for base in [0, 64, 128, 192] {
            let is = |i: usize| bytes.get(i) == Some(&b'b') && bytes.get(i + 1) == Some(&b'a');
            let wanted = (0..BLOCK).filter(|i| is(base + i)).fold(0, |bits, i| bits | 1 << i);
            assert_eq!(bits(&bytes, base, |here, next| u8::from(here == b'b') & u8::from(next == b'a')), wanted);
        }
    }
}
