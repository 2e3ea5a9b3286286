//! Writes what the tagger picks out, with its scores, before anything is made of it: for calibrating the scores.
//!
//! Standard input: JSON Lines with a `text`. Standard output: for every text a line with the spans of each head: start, end
//! (code points), label and score. The first argument is the model, `fast` or `accurate`.

mod shared;

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::{RuleSegmenter, Segment, Segmented};
use whosaid::tag::{Tag, Tagged};
use whosaid::text::Text;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tagger = shared::tagger()?;
    let mut out = BufWriter::new(io::stdout().lock());
    for text in shared::texts() {
        let text = Text::new(text?)?;
        let segments = RuleSegmenter.segment(&text, &[]).tokenized(&text);
        let doc = Segmented { text: &text, segments: &segments };
        let offsets = Offsets::new(text.as_str(), OffsetUnit::Char);
        let span = |place: &Tagged, label: &str| {
            let span = doc.span(place.tokens);
            json!([offsets.of_byte(span.start()), offsets.of_byte(span.end()), label, place.score.get()])
        };
        let spans = |places: &[Tagged], label| places.iter().map(|place| span(place, label)).collect::<Vec<Value>>();
        let tags = tagger.tag(doc)?;
        let names = tags.names.iter().map(|name| span(&name.place, name.label.as_str())).collect::<Vec<_>>();
        let found = json!({
            "entity": names,
            "content": spans(&tags.contents, "CONTENT"),
            "cue": spans(&tags.cues, "CUE"),
            "source": spans(&tags.sources, "SOURCE"),
        });
        writeln!(out, "{found}")?;
    }
    out.flush()?;
    Ok(())
}
