//! `whosaid annotate`: many articles at once, their records in the order of the arguments.
//!
//! Articles are taken in chunks: those of a chunk are read and annotated side by side, then written in order. Memory is
//! bounded by a chunk, whatever the number of files, and the order in which threads finish shows nowhere.
//!
//! Whatever is wrong with an article is that article's record. Even a bug that panics over one text is: among a hundred
//! thousand articles it would otherwise take the other 99,999 with it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context, Result, bail};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use whosaid::Pipeline;
use whosaid::record::tables::Table;
use whosaid::record::{ArticleRecord, OffsetUnit};
use whosaid::sink::{CsvTables, JsonLines, Output, Sink, SinkError};

use crate::plan::{Annotate, Input, Target};
use crate::{Done, messages};

/// Articles of a chunk for each thread: enough that one long article seldom keeps the others waiting.
const SHARE: usize = 16;

/// Annotates articles and writes their records.
pub(crate) fn run(plan: Annotate) -> Result<Done> {
    let Annotate { inputs, target, unit, model, threads } = plan;
    let pipeline = super::pipeline(model)?;
    // The output first: that it cannot be made should not be learnt after an hour of work.
    let mut sink = open(&target)?;
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start threads")?;
    let mut failed = 0;
    for chunk in inputs.chunks(SHARE * pool.current_num_threads()) {
        let records: Vec<_> = pool.install(|| chunk.par_iter().map(|input| record(&pipeline, input, unit)).collect());
        for record in records {
            if let Some(error) = &record.error {
                failed += 1;
                messages::error(&format!("{}: {error}", record.id));
            }
            sink.write(&record)?;
        }
    }
    sink.finish()?;
    if failed == 0 {
        return Ok(Done::Wholly);
    }
    messages::summary(&format!("{failed} of {} articles failed; the rest is written", inputs.len()));
    Ok(Done::WithFailures)
}

fn open(target: &Target) -> Result<Box<dyn Sink>, SinkError> {
    let standard_output = || Output::stream("standard output", io::stdout());
    Ok(match target {
        Target::Lines => Box::new(JsonLines::new(standard_output())),
        Target::LinesFile(path) => Box::new(JsonLines::new(Output::file(path)?)),
        Target::QuoteTable => Box::new(CsvTables::one(Table::Quotes, standard_output())?),
        Target::TableFolder(path) => Box::new(CsvTables::folder(path)?),
    })
}

fn record(pipeline: &Pipeline, input: &Input, unit: OffsetUnit) -> ArticleRecord {
    // The pipeline is never written to, so a panic cannot leave it half changed.
    let annotated =
        catch_unwind(AssertUnwindSafe(|| -> Result<_> { Ok(pipeline.annotate(input.read()?)?.record(unit)) }));
    let annotated = annotated.unwrap_or_else(|_| bail!("the annotation panicked; please report the article"));
    annotated.unwrap_or_else(|error| ArticleRecord::failed(input.about(), unit, messages::told(&error)))
}

#[cfg(test)]
mod tests {
    use whosaid::segment::Segmented;
    use whosaid::tag::{Tag, TagError, Tags};

    use super::*;

    /// A tagger with a bug.
    struct Panics;

    impl Tag for Panics {
        fn tag(&self, _: Segmented<'_>) -> Result<Tags, TagError> {
            panic!("a bug");
        }
    }

    #[test]
    fn a_panic_over_an_article_is_that_articles_error() -> Result<()> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), "One.")?;
        let input = Input::resolve(file.path().to_owned(), None);
        let failed = record(&Pipeline::builder().tagger(Panics).build(), &input, OffsetUnit::Char);
        assert_eq!(failed.error.as_deref(), Some("the annotation panicked; please report the article"));
        assert_eq!(failed.id, input.id());
        Ok(())
    }
}
