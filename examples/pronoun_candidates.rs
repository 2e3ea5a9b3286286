//! Writes what the ranker of pronouns sees, for training it.
//!
//! Standard input: JSON Lines with a `text`. Standard output: for every text a line with its pronouns: where each stands
//! (code points), and for everybody whom it may mean the features, the probability, the names, and where it was named.
//! Training reads features from here so that there is one implementation of them. The first argument is the model that
//! finds names and quotations, `fast` or `accurate`.

mod shared;

use std::io::{self, BufWriter, Write};

use serde_json::json;
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::{Pipeline, layer::TokenRange};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let pipeline = Pipeline::builder().tagger(shared::tagger()?).build();
    let mut out = BufWriter::new(io::stdout().lock());
    for text in shared::texts() {
        let doc = pipeline.annotate(text?)?;
        let offsets = Offsets::new(doc.text().as_str(), OffsetUnit::Char);
        let place = |tokens: TokenRange| {
            let span = doc.segmented().span(tokens);
            [offsets.of_byte(span.start()), offsets.of_byte(span.end())]
        };
        let pronouns = doc.pronouns().into_iter().map(|pronoun| {
            let candidates = pronoun.candidates.iter().map(|candidate| {
                let entity = doc.entity(candidate.entity);
                let names: Vec<_> = std::iter::once(entity.name()).chain(entity.aliases()).collect();
                let places: Vec<_> = entity.mentions().map(|(_, mention)| place(mention.tokens)).collect();
                json!({"features": candidate.features, "probability": candidate.probability, "names": names, "places": places})
            });
            json!({"place": place(TokenRange::new(pronoun.token, pronoun.token)), "candidates": candidates.collect::<Vec<_>>()})
        });
        writeln!(out, "{}", json!({"pronouns": pronouns.collect::<Vec<_>>()}))?;
    }
    out.flush()?;
    Ok(())
}
