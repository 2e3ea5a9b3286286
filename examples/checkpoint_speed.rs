//! How fast an engine finds the names of a checkpoint: `scripts/bench-engines`.
//!
//! Arguments: the folder of a checkpoint and the name of an engine. Standard input: JSON Lines with a `text`. Prints the words
//! (stretches without white space) that were read, the seconds of this process's one thread that it took, and how many
//! names were found.

#[path = "training/texts.rs"]
mod texts;

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use whosaid::checkpoint::Checkpoint;
use whosaid::segment::{RuleSegmenter, Segment, Segmented};
use whosaid::text::Text;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let folder = args.next().ok_or("the folder of a checkpoint is wanted")?;
    let engine = args.next().ok_or("an engine is wanted")?.parse()?;
    let checkpoint = Checkpoint::open(Path::new(&folder), Some(engine))?;
    let (mut words, mut names, mut spent) = (0, 0, Duration::ZERO);
    for text in texts::texts() {
        let text = Text::new(text?)?;
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        words += text.as_str().split_whitespace().count();
        let began = Instant::now();
        names += checkpoint.names(Segmented { text: &text, segments: &segments })?.len();
        spent += began.elapsed();
    }
    writeln!(io::stdout(), "{words} {:.3} {names}", spent.as_secs_f64())?;
    Ok(())
}
