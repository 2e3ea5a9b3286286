//! Writes what is in dumps, one JSON object an item, before anything is found in it: for checking that it is all there.
//!
//! Arguments: files, folders, patterns, `-`. What columns were taken for goes to standard error.

use std::io::{self, BufWriter, Write};

use serde_json::json;
use whosaid::source::dump::{Inputs, Options};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).map(Into::into).collect();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut raws = Inputs::resolve(&arguments, Options::default())?.raws();
    while let Some(raw) = raws.next() {
        for mapping in raws.mappings() {
            writeln!(io::stderr(), "{}", serde_json::to_string(&mapping)?)?;
        }
        let item = raw.read();
        let article = item.article.as_ref().ok();
        let about = article.map(|article| &article.about);
        let line = json!({
            "id": item.id,
            "place": item.place.to_string(),
            "title": about.and_then(|about| about.title.as_ref()),
            "date": about.and_then(|about| about.date.as_ref()),
            "url": about.and_then(|about| about.url.as_ref()),
            "meta": about.map(|about| &about.meta),
            "text": article.map(|article| &article.text),
            "error": item.article.as_ref().err().map(ToString::to_string),
        });
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}
