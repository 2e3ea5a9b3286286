//! For every text a line with its pronouns: where each stands, and for everybody whom it may mean the features, the
//! probability, the names, and where it was named; and where somebody is named who is meant instead because a rule says so:
//! `scripts/training/pronouns.py`.

use std::error::Error;
use std::io::Write;

use serde_json::json;
use whosaid::Pipeline;
use whosaid::layer::{EntityId, TokenRange};
use whosaid::record::{OffsetUnit, Offsets};
use whosaid::tag::Tag;

use crate::texts::texts;

pub(crate) fn write(tagger: Box<dyn Tag>, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let pipeline = Pipeline::builder().tagger(tagger).build();
    for text in texts() {
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
    Ok(())
}
