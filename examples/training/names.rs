//! For every text the number of its tokens, then for each its start and end, what lists say of it, as two numbers, and the
//! network's probabilities of the tags of names (floats), all of 32 bits: `scripts/training/listed.py`.

use std::error::Error;
use std::io::Write;

use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::Segmented;
use whosaid::tag::EncoderTagger;

use crate::{halves, numbers, segmented};

pub(crate) fn write(tagger: &EncoderTagger, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    for article in segmented() {
        let (text, segments) = article?;
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let inputs = tagger.name_inputs(Segmented { text: &text, segments: &segments })?;
        numbers(out, [u32::try_from(inputs.len())?])?;
        for ((_, token), (probabilities, listed)) in segments.tokens.iter().zip(inputs) {
            numbers(out, [token.span.start(), token.span.end()].map(|offset| offsets.of_byte(offset)))?;
            numbers(out, halves(listed.bits()))?;
            numbers(out, probabilities.into_iter().map(f32::to_bits))?;
        }
    }
    Ok(())
}
