//! Order, kinds and containment of the quotations that were found.

use crate::layer::{Id, ParagraphId, QuoteId, TokenRange};
use crate::quote::link::Draft;
use crate::quote::{Parts, Quote, QuoteKind, Quotes};
use crate::segment::Segmented;

/// A quotation with what is decided about its form.
pub(crate) struct Found {
    pub(crate) draft: Draft,
    /// Whether whole paragraphs are set off.
    pub(crate) block: bool,
    pub(crate) lead_in: Option<ParagraphId>,
}

/// Numbers the quotations in text order, the containing before the contained, and says which contains which.
pub(crate) fn number(doc: Segmented<'_>, found: Vec<Found>) -> Quotes {
    let mut found: Vec<(Parts, Found)> =
        found.into_iter().filter_map(|f| Some((Parts::new(f.draft.parts.clone())?, f))).collect();
    found.sort_by_key(|(parts, f)| {
        (parts.hull().first(), std::cmp::Reverse(parts.hull().last()), !f.block, f.draft.cue)
    });
    // Blocks and contents nest, so what contains a quotation is among those that begin before it and have not ended.
    let mut open: Vec<usize> = Vec::new();
    let mut within: Vec<Option<QuoteId>> = Vec::with_capacity(found.len());
    for (i, (parts, _)) in found.iter().enumerate() {
        open.retain(|&o| found[o].0.hull().last() >= parts.hull().first());
        let holds = |&&o: &&usize| found[o].0.contains(parts.hull()) && found[o].0 != *parts;
        within.push(open.iter().rev().find(holds).map(|&o| QuoteId::from_index(o)));
        open.push(i);
    }
    found
        .into_iter()
        .zip(within)
        .map(|((parts, Found { draft, block, lead_in }), within)| Quote {
            kind: if block { QuoteKind::Block } else { kind(doc, &parts) },
            parts,
            cue: draft.cue,
            source: draft.source,
            lead_in,
            within,
            score: draft.score,
            found_by: draft.found_by,
        })
        .collect()
}

/// The kind of a quotation that is no block, by how many of its words stand in marks.
fn kind(doc: Segmented<'_>, parts: &Parts) -> QuoteKind {
    let in_marks = |tokens: TokenRange| {
        let words = tokens.iter().filter(|&id| doc.token(id).chars().any(char::is_alphanumeric));
        words.fold((0, 0), |(inside, all), id| (inside + usize::from(doc.is_in_marks(id)), all + 1))
    };
    let (inside, all) = parts.iter().map(in_marks).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    match inside {
        0 => QuoteKind::Indirect,
        _ if inside == all => QuoteKind::Direct,
        _ => QuoteKind::Mixed,
    }
}
