//! For every text the number of its paragraphs, then for each its start and end and its inputs (floats), of which there are
//! as many for each, all of 32 bits: `scripts/training/rows.py`.

use std::error::Error;
use std::io::Write;

use whosaid::layer::{Id, ParagraphId};
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::Segmented;
use whosaid::tag::EncoderTagger;

use crate::{numbers, segmented};

pub(crate) fn write(tagger: &EncoderTagger, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    for article in segmented() {
        let (text, segments) = article?;
        let doc = Segmented { text: &text, segments: &segments };
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let inputs = tagger.paragraph_inputs(doc)?;
        numbers(out, [u32::try_from(inputs.len())?])?;
        for (paragraph, input) in inputs {
            let span = doc.span(doc.paragraphs()[ParagraphId::from_index(paragraph)].tokens);
            numbers(out, [span.start(), span.end()].map(|offset| offsets.of_byte(offset)))?;
            numbers(out, input.into_iter().map(f32::to_bits))?;
        }
    }
    Ok(())
}
