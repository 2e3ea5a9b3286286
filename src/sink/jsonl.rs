//! JSON Lines: a record a line.

use std::io::Write;

use super::{Output, Sink, SinkError};
use crate::record::ArticleRecord;

/// Writes one record a line.
///
/// ```
/// use whosaid::record::OffsetUnit;
/// use whosaid::sink::{JsonLines, Output, Sink};
///
/// let doc = whosaid::Pipeline::default().annotate("Nobody said a word.")?;
/// let mut lines = Vec::new();
/// let mut sink = Box::new(JsonLines::new(Output::stream("memory", &mut lines)));
/// sink.write(&doc.record(OffsetUnit::Char))?;
/// sink.finish()?;
/// assert!(lines.starts_with(br#"{"schema":"whosaid/1""#) && lines.ends_with(b"}\n"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct JsonLines<'a> {
    output: Output<'a>,
}

impl<'a> JsonLines<'a> {
    /// Lines to an output.
    #[must_use]
    pub fn new(output: Output<'a>) -> Self {
        Self { output }
    }
}

impl Sink for JsonLines<'_> {
    fn write(&mut self, record: &ArticleRecord) -> Result<(), SinkError> {
        let written = serde_json::to_writer(&mut self.output, record).map_err(Into::into);
        written.and_then(|()| self.output.write_all(b"\n")).map_err(|source| self.output.error(source))
    }

    fn finish(self: Box<Self>) -> Result<(), SinkError> {
        self.output.finish()
    }
}
