//! What scripts learn from: what the stages see and say of texts, by the code that runs in the pipeline, so that there is
//! one implementation of it.
//!
//! Standard input: JSON Lines with a `text`. Standard output: as the module of each command says, in the order of the texts.
//! Offsets are code points, numbers of 32 bits are little-endian.

mod attributions;
mod names;
mod paragraphs;
mod pronouns;
mod tags;
mod texts;
mod words;

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Parser;
use whosaid::Text;
use whosaid::model::Model;
use whosaid::segment::{RuleSegmenter, Segment, Segments};
use whosaid::tag::{Embedded, EncoderTagger, Tag, tagger_of};

/// Writes what the stages see and say of the texts on standard input
#[derive(Parser)]
enum Command {
    /// What `fast` sees of each token
    Words,
    /// What is weighed where a word may be a name
    Names { model: PathBuf },
    /// What the head for block quotations sees
    Paragraphs { model: PathBuf },
    /// What the tagger picks out, with its scores
    Tags { model: String },
    /// What the ranker of pronouns sees
    Pronouns { model: String },
    /// What every answer rests on
    Attributions { model: String },
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    match Command::parse() {
        Command::Words => words::write(&mut out)?,
        Command::Names { model } => names::write(&encoder(&model)?, &mut out)?,
        Command::Paragraphs { model } => paragraphs::write(&encoder(&model)?, &mut out)?,
        Command::Tags { model } => tags::write(&*tagger(&model)?, &mut out)?,
        Command::Pronouns { model } => pronouns::write(tagger(&model)?, &mut out)?,
        Command::Attributions { model } => attributions::write(tagger(&model)?, &mut out)?,
    }
    out.flush()?;
    Ok(())
}

/// The tagger of a name: `fast`, `accurate`, or the folder of a model.
fn tagger(name: &str) -> Result<Box<dyn Tag>, Box<dyn Error>> {
    match name.parse::<Embedded>() {
        Ok(model) => Ok(model.tagger().ok_or("this build is without the model")?),
        Err(_) => Ok(tagger_of(&Model::open(Path::new(name))?)?),
    }
}

/// The network of a folder with a model of the format `whosaid-encoder`.
fn encoder(folder: &Path) -> Result<EncoderTagger, Box<dyn Error>> {
    Ok(EncoderTagger::new(&Model::open(folder)?)?)
}

/// The texts, cut into tokens.
fn segmented() -> impl Iterator<Item = Result<(Text, Segments), Box<dyn Error>>> {
    texts::texts().map(|text| {
        let text = Text::new(text?)?;
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        Ok((text, segments))
    })
}

/// Writes numbers of 32 bits; those of floats are [`f32::to_bits`].
fn numbers(out: &mut impl Write, numbers: impl IntoIterator<Item = u32>) -> io::Result<()> {
    numbers.into_iter().try_for_each(|number| out.write_all(&number.to_le_bytes()))
}

/// The lower and the upper half of a number of 64 bits.
fn halves(bits: u64) -> [u32; 2] {
    [bits as u32, (bits >> 32) as u32]
}
