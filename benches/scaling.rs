//! How a run scales: articles a second on one thread and on every processor, with a tagger that does nothing but work as long as
//! the small model does.
//!
//! `cargo bench --bench scaling`. Reading and writing have threads of their own, so that what they cost shows in the ratio.

use std::error::Error;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use whosaid::Pipeline;
use whosaid::run::{Articles, Progress, Run, Writer};
use whosaid::segment::Segmented;
use whosaid::sink::{Format, Output, Part};
use whosaid::source::dump::{Inputs, Options};
use whosaid::tag::{Tag, TagError, Tags};

/// Computes for every token what nobody asks for. Work, and not a time to wait for: a thread that has no processor gets
/// nothing done.
struct Busy;

/// Steps for a token. They take some 8 microseconds, as long as the small model on the same processor.
const STEPS: u64 = 10_000;

/// How often the articles are read.
const COPIES: usize = 120;

/// How often each number of threads is measured; the best counts.
const TIMES: usize = 3;

impl Tag for Busy {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        let mut state = 1_u64;
        for _ in 0..doc.tokens().len() as u64 * STEPS {
            state = black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
        Ok(Tags::default())
    }
}

/// The articles of `data/articles`, some times over, an article a line.
fn write_dump(path: &Path) -> Result<usize, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let inputs = Inputs::resolve(&[folder], Options::default())?;
    let articles = inputs.raws().map(|raw| raw.read().article).collect::<Result<Vec<_>, _>>()?;
    let lines: String = articles.iter().map(|a| serde_json::json!({ "text": a.text }).to_string() + "\n").collect();
    std::fs::write(path, lines.repeat(COPIES))?;
    Ok(articles.len() * COPIES)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let dump = folder.path().join("dump.jsonl");
    let articles = write_dump(&dump)?;
    let inputs = Inputs::resolve(&[dump], Options::default())?;
    let pipeline = Pipeline::builder().tagger(Busy).build();
    let seconds = |threads: NonZeroUsize| -> Result<f64, Box<dyn Error>> {
        let part = Part::stream(Format::JsonLines, Output::file(&folder.path().join("out.jsonl"))?)?;
        let began = Instant::now();
        let run = Run::new(&pipeline, Format::JsonLines).threads(threads);
        run.articles(inputs.raws(), Articles::default(), Writer::one(part), &Progress::default())?;
        Ok(began.elapsed().as_secs_f64())
    };
    let processors = std::thread::available_parallelism()?;
    let (mut one, mut all) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..TIMES {
        one = one.min(seconds(NonZeroUsize::MIN)?);
        all = all.min(seconds(processors)?);
    }
    let rate = |seconds: f64| articles as f64 / seconds;
    #[expect(clippy::print_stdout, reason = "it is what the benchmark is for")]
    {
        println!("{:.0} articles/s on one thread, {:.0} on {processors}: {:.2} times", rate(one), rate(all), one / all);
    }
    Ok(())
}
