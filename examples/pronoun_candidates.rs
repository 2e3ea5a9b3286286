//! Writes what the ranker of pronouns sees, for training it.
//!
//! Standard input: JSON Lines with a `text`. Standard output: for every text a line with its pronouns: where each stands
//! (code points), and for everybody whom it may mean the features, the probability, the names, and where it was named; and
//! where somebody is named who is meant instead because a rule says so.
//! Training reads features from here so that there is one implementation of them. The first argument is the model that
//! finds names and quotations, `fast` or `accurate`.

mod shared;

use std::io::{self, BufWriter, Write};

use serde_json::json;
use whosaid::Pipeline;
use whosaid::layer::{EntityId, TokenRange};
use whosaid::record::{OffsetUnit, Offsets};

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
            let places = |entity: EntityId| -> Vec<_> {
                doc.entity(entity).mentions().map(|(_, mention)| place(mention.tokens)).collect()
            };
            let candidates = pronoun.candidates.iter().map(|candidate| {
                let entity = doc.entity(candidate.entity);
                let names: Vec<_> = std::iter::once(entity.name()).chain(entity.aliases()).collect();
                json!({"features": candidate.features.as_slice(), "probability": candidate.probability, "names": names, "places": places(candidate.entity)})
            });
            json!({
                "place": place(TokenRange::new(pronoun.token, pronoun.token)),
                "candidates": candidates.collect::<Vec<_>>(),
                "ahead": pronoun.ahead.map(places),
            })
        });
        writeln!(out, "{}", json!({"pronouns": pronouns.collect::<Vec<_>>()}))?;
    }
    out.flush()?;
    Ok(())
}
