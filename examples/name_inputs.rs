//! Writes what is weighed where a word may be a name, for learning the weights: `scripts/training/listed.py`.
//!
//! Standard input: JSON Lines with a `text`. Standard output, in 32-bit little-endian numbers: for every text the number of
//! its tokens, then for each where it starts and ends (code points), what lists say of it, as two numbers, and the network's
//! probabilities of the tags of names (floats). The argument is the folder of a model of the format `whosaid-encoder`.

#[path = "shared/texts.rs"]
mod texts;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use whosaid::model::Model;
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::{RuleSegmenter, Segment, Segmented};
use whosaid::tag::EncoderTagger;
use whosaid::text::Text;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("the folder of a model is wanted")?;
    let tagger = EncoderTagger::new(&Model::open(Path::new(&folder))?)?;
    let mut out = BufWriter::new(io::stdout().lock());
    for text in texts::texts() {
        let text = Text::new(text?)?;
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let inputs = tagger.name_inputs(Segmented { text: &text, segments: &segments })?;
        out.write_all(&u32::try_from(inputs.len())?.to_le_bytes())?;
        for ((_, token), (probabilities, listed)) in segments.tokens.iter().zip(inputs) {
            let (start, end) = (offsets.of_byte(token.span.start()), offsets.of_byte(token.span.end()));
            let bits = listed.bits();
            for number in [start, end, bits as u32, (bits >> 32) as u32] {
                out.write_all(&number.to_le_bytes())?;
            }
            for probability in probabilities {
                out.write_all(&probability.to_le_bytes())?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
