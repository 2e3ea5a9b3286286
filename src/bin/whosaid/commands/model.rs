//! `whosaid model`: what a folder holds, and the same in integers.

use std::io::{self, Write};

use anyhow::{Context, Result};
use whosaid::checkpoint::{self, Checkpoint};
use whosaid::model::Model;
use whosaid::{Pipeline, tag};

use crate::args::{CheckArgs, ConvertArgs, ModelCommand};
use crate::{Done, messages};

pub(crate) fn run(command: &ModelCommand) -> Result<Done> {
    match command {
        ModelCommand::Check(args) => check(args),
        ModelCommand::Convert(args) => convert(args),
    }
}

/// Says what a folder holds, and runs it.
fn check(args: &CheckArgs) -> Result<Done> {
    let CheckArgs { folder, engine, text } = args;
    let wrong = || format!("the model in {}", folder.display());
    let mut out = io::stdout().lock();
    if Checkpoint::is_in(folder) {
        let checkpoint = Checkpoint::open(folder, *engine).with_context(wrong)?;
        describe(&checkpoint, &mut out)?;
    } else {
        let model = Model::open(folder).with_context(wrong)?;
        let card = model.card();
        writeln!(out, "{} {}, a model of whosaid ({})\n{}", card.name, card.version, card.format, card.description)?;
    }
    let pipeline = Pipeline::builder().tagger(tag::tagger_in(folder, *engine).with_context(wrong)?).build();
    writeln!(out, "trial     {text}")?;
    let doc = pipeline.annotate(text.as_str())?;
    for (_, mention) in doc.mentions().iter() {
        let place = doc.segmented().span(mention.tokens);
        writeln!(out, "          {:<5} {}", mention.label.as_str(), &doc.text()[place])?;
    }
    Ok(Done::Wholly)
}

fn describe(checkpoint: &Checkpoint, out: &mut impl Write) -> io::Result<()> {
    let (engine, reason) = checkpoint.engine();
    let (layers, width) = (checkpoint.layers(), checkpoint.width());
    writeln!(out, "network   {}, {layers} layers of {width} values", checkpoint.architecture())?;
    writeln!(out, "engine    {engine}: {reason}")?;
    writeln!(out, "window    {} pieces; longer articles in windows that overlap", checkpoint.window())?;
    writeln!(out, "labels")?;
    for (name, label) in checkpoint.labels() {
        writeln!(out, "          {name:<12} {}", label.map_or("no name", |label| label.as_str()))?;
    }
    Ok(())
}

/// Writes a checkpoint in integers.
fn convert(args: &ConvertArgs) -> Result<Done> {
    checkpoint::convert(&args.from, &args.to).with_context(|| format!("the model in {}", args.from.display()))?;
    messages::summary(&format!("{} is written, for the engine native", args.to.display()));
    Ok(Done::Wholly)
}
