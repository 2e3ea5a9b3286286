//! Writes what the embedded network sees of each token, for training it.
//!
//! Standard input: JSON Lines with a `text`. Standard output: for every text the number of its tokens, then for every
//! token its start and end in code points and its features, that of the lists as two numbers, all as little-endian 32-bit integers. Training reads
//! features from here so that there is one implementation of them.

#[path = "shared/texts.rs"]
mod texts;

use std::io::{self, BufWriter, Write};

use whosaid::Text;
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::{RuleSegmenter, Segment, Segmented};
use whosaid::tag::features;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for text in texts::texts() {
        let text = Text::new(text?)?;
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let found = features::extract(Segmented { text: &text, segments: &segments });
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let mut write = |number: u32| out.write_all(&number.to_le_bytes());
        write(found.len() as u32)?;
        for ((_, token), f) in segments.tokens.iter().zip(found) {
            write(offsets.of_byte(token.span.start()))?;
            write(offsets.of_byte(token.span.end()))?;
            let listed = f.listed.bits();
            let halves = [listed as u32, (listed >> 32) as u32];
            for number in [f.word[0], f.word[1], f.prefix, f.suffix, f.shape, f.place, halves[0], halves[1]] {
                write(number)?;
            }
        }
    }
    out.flush()?;
    Ok(())
}
