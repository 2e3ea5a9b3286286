//! For every text a line with the spans of each head: start, end, label and score: `scripts/calibrate`.

use std::error::Error;
use std::io::Write;

use serde_json::{Value, json};
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::segment::Segmented;
use whosaid::tag::{Tag, Tagged};

use crate::segmented;

pub(crate) fn write(tagger: &dyn Tag, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    for article in segmented() {
        let (text, segments) = article?;
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
    Ok(())
}
