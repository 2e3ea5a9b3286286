//! `whosaid annotate`: many articles at once, their records in the order of the input.

use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use whosaid::run::{ErrorRecord, Folder, Manifest, ManifestError, Progress, Run, RunError, Writer};
use whosaid::sink::{Compression, Format, Output, Part, Place};
use whosaid::source::dump::{Raw, Raws};

use crate::plan::{Annotate, Existing, Target};
use crate::progress::{self, Watch};
use crate::{Done, memory, messages};

/// Failures that are told one by one. More would only hide the first.
const TOLD: u64 = 20;

/// Annotates articles and writes their records.
pub(crate) fn run(plan: &Annotate) -> Result<Done> {
    if plan.dry_run {
        return dry_run(plan);
    }
    // Of all formats this one alone has buffers that outlive a batch.
    if plan.format == Format::Parquet {
        memory::keep_large_blocks_apart();
    }
    // The output first: that it cannot be made should not be learnt after an hour of work.
    let writer = open(plan)?;
    let pipeline = super::pipeline(&plan.reader, plan.stages)?;
    let pipeline = pipeline.min_score(plan.min_score).min_confidence(plan.min_confidence).build();
    let threads = plan.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let progress = Progress::default();
    let began = Instant::now();
    let done = std::thread::scope(|scope| {
        let watch = Watch::begin(scope, &progress, plan.inputs.total_bytes(), plan.quiet);
        let told = AtomicU64::new(0);
        let tell = |error: &ErrorRecord| match told.fetch_add(1, Ordering::Relaxed) {
            0..TOLD => watch.say(|| messages::error(&error.to_string())),
            TOLD => watch.say(|| messages::error("more articles failed; they are not told here")),
            _ => {}
        };
        let run = Run::new(&pipeline, plan.format)
            .offsets(plan.unit)
            .threads(threads)
            .any_language(plan.any_language)
            .fail_fast(plan.fail_fast)
            .on_error(&tell);
        run.articles(Watched { raws: plan.inputs.raws(), progress: &progress }, plan.articles, writer, &progress)
    });
    match done {
        Ok(()) => {}
        Err(RunError::Article(_)) => {
            messages::summary("ended with the first article that failed");
            return Ok(Done::WithFailures);
        }
        Err(error) => return Err(with_advice(error, &plan.target)),
    }
    let took = began.elapsed();
    let is_worth_a_summary = plan.target != Target::StandardOutput || took >= progress::EVERY;
    if is_worth_a_summary && !plan.quiet {
        messages::summary(&progress::summary(&progress, took, threads.get()));
    }
    let counts = progress.counts();
    if counts.errors == 0 {
        return Ok(Done::Wholly);
    }
    messages::summary(&format!("{} of {} articles failed; the rest is written", counts.errors, counts.articles));
    Ok(Done::WithFailures)
}

/// Says what would be done.
fn dry_run(plan: &Annotate) -> Result<Done> {
    let mut out = io::stdout().lock();
    let mut say = || -> io::Result<()> {
        for file in plan.inputs.describe() {
            writeln!(out, "{file}")?;
        }
        if let Some(bytes) = plan.inputs.total_bytes() {
            writeln!(out, "{} files, {:.1} MB", plan.inputs.files().len(), bytes as f64 / 1e6)?;
        }
        writeln!(out, "{} would be written to {}", plan.format.extension(), plan.target)?;
        for (name, value) in plan.options() {
            writeln!(out, "  {name} = {value}")?;
        }
        out.flush()
    };
    say().context("cannot write to standard output")?;
    Ok(Done::Wholly)
}

fn open(plan: &Annotate) -> Result<Writer<'static>> {
    let part = match &plan.target {
        Target::StandardOutput => Part::stream(plan.format, Output::stream("standard output", io::stdout()))?,
        Target::File(path) => {
            let part = Part::stream(plan.format, Output::file(path)?)?;
            if plan.errors.is_none() { part.errors_if_any(&errors_beside(path)) } else { part }
        }
        Target::Folder { folder, compression, replace } => {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot write {} as a folder", folder.display()))?;
            if Manifest::read(folder)?.is_some() {
                if !replace {
                    bail!("{} holds a run in parts: give --force to replace it, or another -o", folder.display());
                }
                Writer::remove(folder)?;
            }
            let place = Place { folder, compression: *compression, number: None };
            Part::folder(plan.format, &place, &plan.provenance())?
        }
        Target::Parts { folder, compression, articles, existing } => {
            return parts(plan, folder, *compression, *articles, *existing);
        }
    };
    Ok(Writer::one(match &plan.errors {
        Some(path) => part.errors(Output::file(path)?),
        None => part,
    }))
}

fn parts(
    plan: &Annotate,
    path: &Path,
    compression: Compression,
    articles_per_part: std::num::NonZeroU64,
    existing: Existing,
) -> Result<Writer<'static>> {
    let folder = Folder {
        path: path.to_owned(),
        format: plan.format,
        compression,
        articles_per_part,
        provenance: plan.provenance(),
        options: plan.options(),
    };
    let writer = match existing {
        Existing::Refuse => Writer::begin(folder),
        Existing::Resume => Writer::resume(folder),
        Existing::Replace => Writer::replace(folder),
    };
    writer.map_err(|error| match error {
        RunError::Manifest(error @ (ManifestError::Occupied { .. } | ManifestError::Different { .. })) => {
            anyhow::anyhow!("{error} (give --resume, --force or another -o)")
        }
        other => other.into(),
    })
}

/// The list of errors beside a file: `news.errors.jsonl` for `news.jsonl.gz`.
fn errors_beside(path: &Path) -> PathBuf {
    let path = if Compression::of_path(path) == Compression::None { path.to_owned() } else { path.with_extension("") };
    path.with_extension("errors.jsonl")
}

fn with_advice(error: RunError, target: &Target) -> anyhow::Error {
    let error = anyhow::Error::from(error);
    if matches!(target, Target::Parts { .. }) && !messages::is_broken_pipe(&error) {
        messages::summary("what is complete is kept: the same command with --resume continues after it");
    }
    error
}

/// Articles with what their reader has to tell.
struct Watched<'a> {
    raws: Raws,
    progress: &'a Progress,
}

impl Iterator for Watched<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        let raw = self.raws.next();
        self.progress.set_read(self.raws.bytes_read());
        for mapping in self.raws.mappings() {
            messages::summary(&format!("{mapping}"));
        }
        raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_listed_beside_the_file() {
        for (file, errors) in [
            ("a/news.jsonl", "a/news.errors.jsonl"),
            ("news.2020.jsonl.zst", "news.2020.errors.jsonl"),
            ("news", "news.errors.jsonl"),
        ] {
            assert_eq!(errors_beside(Path::new(file)), Path::new(errors));
        }
    }
}
