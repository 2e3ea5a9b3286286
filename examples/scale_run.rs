//! How a run scales: articles a second on one thread and on more, with a tagger that does nothing but take its time.
//!
//! `cargo run --release --example scale_run [THREADS] [MICROSECONDS]`

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use whosaid::Pipeline;
use whosaid::run::{Articles, Progress, Run, Writer};
use whosaid::segment::Segmented;
use whosaid::sink::{Format, Output, Part};
use whosaid::source::dump::{Inputs, Options};
use whosaid::tag::{Tag, TagError, Tags};

/// Keeps its thread busy for some time.
struct Busy(Duration);

impl Tag for Busy {
    fn tag(&self, _: Segmented<'_>) -> Result<Tags, TagError> {
        let began = Instant::now();
        while began.elapsed() < self.0 {
            std::hint::spin_loop();
        }
        Ok(Tags::default())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<usize>());
    let threads = args.next().transpose()?.and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN.saturating_add(1));
    let micros = args.next().transpose()?.unwrap_or(1000);
    let pipeline = Pipeline::builder().tagger(Busy(Duration::from_micros(micros as u64))).build();
    let folder = tempfile::tempdir()?;
    let dump = folder.path().join("dump.jsonl");
    let line = r#"{"text": "“The bridge will open in May,” Ada Cole said on Monday. Rain fell on the harbour."}"#;
    std::fs::write(&dump, format!("{line}\n").repeat(5000))?;
    let inputs = Inputs::resolve(&[dump], Options::default())?;
    let time = |threads: NonZeroUsize| -> Result<f64, Box<dyn std::error::Error>> {
        let part = Part::stream(Format::JsonLines, Output::file(&folder.path().join("out.jsonl"))?)?;
        let began = Instant::now();
        let run = Run::new(&pipeline, Format::JsonLines).threads(threads);
        run.articles(inputs.raws(), Articles::default(), Writer::one(part), &Progress::default())?;
        Ok(began.elapsed().as_secs_f64())
    };
    let (one, more) = (time(NonZeroUsize::MIN)?, time(threads)?);
    #[expect(clippy::print_stdout, reason = "it is what the example is for")]
    {
        println!(
            "{:.0} articles/s on one thread, {:.0} on {threads}: {:.2} times",
            5000.0 / one,
            5000.0 / more,
            one / more
        );
    }
    Ok(())
}
