//! For every text a line with its quotations: `parts`, `speaker` (name and kind), `evidence`, the tagger's probability of
//! the quotation, that of whom the source means (null where nothing had to be resolved), and the confidence:
//! `scripts/calibrate-speakers`.

use std::error::Error;
use std::io::Write;

use serde_json::json;
use whosaid::Pipeline;
use whosaid::attribute::Kind;
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::tag::{Score, Tag};

use crate::texts::texts;

pub(crate) fn write(tagger: Box<dyn Tag>, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let pipeline = Pipeline::builder().tagger(tagger).build();
    for text in texts() {
        let doc = pipeline.annotate(text?)?;
        let offsets = Offsets::new(doc.text().as_str(), OffsetUnit::Char);
        let quotes = doc.quotes().map(|quote| {
            let parts = quote
                .parts()
                .map(|part| json!({"start": offsets.of_byte(part.start()), "end": offsets.of_byte(part.end())}));
            let answer = quote.attribution();
            json!({
                "parts": parts.collect::<Vec<_>>(),
                "speaker": {"name": quote.speaker().name(), "kind": quote.speaker().kind().ok().map(Kind::as_str)},
                "evidence": answer.evidence.as_str(),
                "quotation": quote.raw().score.get(),
                "referent": answer.referent.map(Score::get),
                "confidence": answer.confidence.get(),
            })
        });
        writeln!(out, "{}", json!({"quotes": quotes.collect::<Vec<_>>()}))?;
    }
    Ok(())
}
