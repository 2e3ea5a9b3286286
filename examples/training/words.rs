//! For every text the number of its tokens, then for every token its start and end and its features, that of the lists as
//! two numbers, all as numbers of 32 bits: `scripts/training/student.py`.

use std::error::Error;
use std::io::Write;

use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::Segmented;
use whosaid::tag::features;

use crate::{halves, numbers, segmented};

pub(crate) fn write(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    for article in segmented() {
        let (text, segments) = article?;
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let found = features::extract(Segmented { text: &text, segments: &segments });
        numbers(out, [u32::try_from(found.len())?])?;
        for ((_, token), f) in segments.tokens.iter().zip(found) {
            numbers(out, [token.span.start(), token.span.end()].map(|offset| offsets.of_byte(offset)))?;
            numbers(out, [f.word[0], f.word[1], f.prefix, f.suffix, f.shape, f.place])?;
            numbers(out, halves(f.listed.bits()))?;
        }
    }
    Ok(())
}
