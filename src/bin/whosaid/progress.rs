//! What people see while a run goes on, and at its end.
//!
//! On a terminal there is a bar. Elsewhere there is a line every ten seconds, so that a log shows that the run is alive
//! and a short run says nothing.

use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use indicatif::{DecimalBytes, HumanCount, HumanDuration, ProgressBar, ProgressStyle};
use whosaid::run::{Progress, Stage};

use crate::messages;

/// How often a line is written.
pub(crate) const EVERY: Duration = Duration::from_secs(10);

/// How often the bar is drawn.
const FRAME: Duration = Duration::from_millis(200);

/// Watches a run from a thread of its own, until it is dropped.
pub(crate) struct Watch<'scope> {
    bar: Option<ProgressBar>,
    ends: Option<Sender<()>>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

impl<'scope> Watch<'scope> {
    /// Begins to watch. `total` is the size of the input in bytes, if it is known.
    pub(crate) fn begin<'env>(
        scope: &'scope Scope<'scope, 'env>,
        progress: &'env Progress,
        total: Option<u64>,
        quiet: bool,
    ) -> Self {
        if quiet {
            return Self { bar: None, ends: None, thread: None };
        }
        let bar = io::stderr().is_terminal().then(|| bar(total));
        let (ends, ended) = channel();
        let thread = match bar.clone() {
            Some(bar) => scope.spawn(move || draw(progress, total, &bar, &ended)),
            None => scope.spawn(move || write_lines(progress, total, &ended)),
        };
        Self { bar, ends: Some(ends), thread: Some(thread) }
    }

    /// Says something above the bar.
    pub(crate) fn say(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.ends = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, there is a bar less, and the run is as good as before.
            let _ = thread.join();
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(_) => (ProgressBar::new(1000), "{bar:24} {percent:>3}%  {msg}  {eta} left"),
        None => (ProgressBar::no_length(), "{spinner}  {msg}"),
    };
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn draw(progress: &Progress, total: Option<u64>, bar: &ProgressBar, ended: &Receiver<()>) {
    let began = Instant::now();
    while ended.recv_timeout(FRAME) == Err(RecvTimeoutError::Timeout) {
        if let Some(done) = done(progress, total) {
            bar.set_length(1000);
            #[expect(clippy::cast_sign_loss, reason = "a share is from 0 to 1")]
            bar.set_position((done * 1000.0) as u64);
        }
        bar.set_message(state(progress, began.elapsed()));
        bar.tick();
    }
}

fn write_lines(progress: &Progress, total: Option<u64>, ended: &Receiver<()>) {
    let began = Instant::now();
    while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let mut line = state(progress, began.elapsed());
        if let Some(done) = done(progress, total).filter(|&done| done > 0.0) {
            let left = began.elapsed().mul_f64(((1.0 - done) / done).clamp(0.0, 1e6));
            let _ = write!(line, ", {:.0} % done, {} left", done * 100.0, HumanDuration(left));
        }
        messages::summary(&line);
    }
}

/// The share of the input that is dealt with, if that is known.
fn done(progress: &Progress, total: Option<u64>) -> Option<f64> {
    let share = |part: u64, all: u64| (all > 0).then(|| (part as f64 / all as f64).min(1.0));
    match progress.expected() {
        Some(articles) => share(progress.counts().articles, articles),
        None => share(progress.read(), total?),
    }
}

/// How far it is, and how fast.
fn state(progress: &Progress, took: Duration) -> String {
    let counts = progress.counts();
    let new = counts.articles - progress.earlier().min(counts.articles);
    let seconds = took.as_secs_f64().max(1e-3);
    format!(
        "{} articles ({:.0}/s, {}), {} quotes, {} errors",
        HumanCount(counts.articles),
        new as f64 / seconds,
        rate(progress.read(), took),
        HumanCount(counts.quotes),
        HumanCount(counts.errors),
    )
}

/// What a run has done, in a few lines.
pub(crate) fn summary(progress: &Progress, took: Duration, threads: usize) -> String {
    let counts = progress.counts();
    let mut lines = format!("{} in {}", state(progress, took), shown(took));
    if progress.earlier() > 0 {
        let _ = write!(lines, "; {} articles were there already", HumanCount(progress.earlier()));
    }
    if counts.foreign > 0 {
        let _ = write!(lines, "\n  in other languages  {} articles, left alone", HumanCount(counts.foreign));
    }
    let top: Vec<_> = progress.most_quoted(5).into_iter().map(|(name, count)| format!("{name} ({count})")).collect();
    if !top.is_empty() {
        let _ = write!(lines, "\n  most quoted  {}", top.join(", "));
    }
    let stages = Stage::ALL.map(|stage| {
        let time = progress.time(stage);
        format!("{} {} ({})", stage.name(), shown(time), rate(counts.bytes, time))
    });
    let _ = write!(lines, "\n  time of each stage, on {threads} threads together  {}", stages.join(", "));
    lines
}

/// Bytes a second, in the unit that suits: models read kilobytes where the rest reads megabytes.
fn rate(bytes: u64, time: Duration) -> String {
    let a_second = u128::from(bytes) * 1_000_000 / time.as_micros().max(1);
    format!("{}/s", DecimalBytes(u64::try_from(a_second).unwrap_or(u64::MAX)))
}

fn shown(time: Duration) -> String {
    if time < Duration::from_mins(1) { format!("{:.1} s", time.as_secs_f64()) } else { HumanDuration(time).to_string() }
}
