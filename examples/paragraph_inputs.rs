//! Writes what the head for block quotations sees, for training it: `scripts/training/rows.py`.
//!
//! Standard input: JSON Lines with a `text`. Standard output, in 32-bit little-endian numbers: for every text the number of
//! its paragraphs, then for each where it starts and ends (code points) and its inputs (floats), of which there are as many
//! for each. The argument is the folder of a model of the format `whosaid-encoder`.

#[path = "shared/texts.rs"]
mod texts;

use std::io::{self, BufWriter, Write};
use std::path::Path;

use whosaid::layer::{Id, ParagraphId};
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
        let doc = Segmented { text: &text, segments: &segments };
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let inputs = tagger.paragraph_inputs(doc)?;
        out.write_all(&u32::try_from(inputs.len())?.to_le_bytes())?;
        for (paragraph, input) in inputs {
            let span = doc.span(doc.paragraphs()[ParagraphId::from_index(paragraph)].tokens);
            for offset in [span.start(), span.end()] {
                out.write_all(&offsets.of_byte(offset).to_le_bytes())?;
            }
            for value in input {
                out.write_all(&value.to_le_bytes())?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
