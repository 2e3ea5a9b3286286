//! All quotations of an article: blocks and turns by layout, the rest paragraph by paragraph.

use std::collections::BTreeSet;

use crate::layer::{Id, ParagraphId, TokenRange};
use crate::mention::Mentions;
use crate::quote::block::{self, Block};
use crate::quote::content;
use crate::quote::link::{self, Draft, Roles};
use crate::quote::nest::{self, Found};
use crate::quote::turn::{self, Transcript, Turn};
use crate::quote::{FindQuotes, Finding, Quotes, fragments};
use crate::segment::{Segmented, Structure};
use crate::tag::{Score, Tagged, Tags};

/// Finds quotations from the tagger's roles, quotation marks and layout.
#[derive(Debug, Clone, Copy, Default)]
pub struct QuoteFinder;

impl FindQuotes for QuoteFinder {
    fn find(&self, doc: Segmented<'_>, tags: &Tags, mentions: &Mentions) -> Quotes {
        let transcript = Transcript::read(doc, mentions);
        let blocks = block::find(doc, tags, mentions, &transcript);
        let mut found: Vec<Found> = Vec::new();
        // The quotation whose marks the paragraph before left open.
        let mut open: Option<usize> = None;
        let mut slices = Slices { tags, at: Places::default() };
        for (id, paragraph) in doc.paragraphs().iter() {
            let here = slices.of(paragraph.tokens);
            if paragraph.structure == Structure::Boilerplate {
                continue;
            }
            let whole = fragments::join(doc, here.contents, &[here.cues, here.sources]);
            let sources = fragments::join(doc, here.sources, &[here.cues, here.contents]);
            let sources: Vec<Tagged> = sources
                .into_iter()
                .flat_map(|source| fragments::by_sentence(doc, source))
                .map(|s| Tagged { tokens: fragments::whole_source(doc, mentions, s.tokens), ..s })
                .collect();
            let contents = content::find(doc, id, &whole);
            let roles = Roles { cues: here.cues, sources: &sources, arcs: &tags.arcs };
            let mut drafts = link::quotations(doc, &contents, roles, mentions);
            for draft in &mut drafts {
                draft.source = draft.source.map(|source| fragments::one_of_two(doc, source, draft.cue));
                introduced_by_layout(doc, mentions, id, draft);
            }
            let continued = open.filter(|&i| continue_speech(doc, id, &mut found[i].draft, &mut drafts));
            let newly = drafts.iter().rposition(|draft| draft.open).map(|i| found.len() + i);
            open = newly.or(continued.filter(|&i| found[i].draft.open));
            found.extend(drafts.into_iter().map(|draft| Found { draft, block: false, lead_in: None }));
        }
        // A lead-in's cue introduces its block, and nothing in its own paragraph.
        let lead_cues: BTreeSet<TokenRange> = blocks.iter().filter_map(|b| b.lead_in?.cue).collect();
        found.retain(|f| f.draft.cue.is_none_or(|cue| !lead_cues.contains(&cue)));
        // Who a label names says the whole turn, and who asks is nobody's source; but a transcript that is quoted in marks
        // introduces them with its labels.
        let in_marks = |draft: &Draft| draft.parts.first().is_some_and(|part| doc.is_in_marks(part.first()));
        found.retain(|f| in_marks(&f.draft) || f.draft.source.is_none_or(|source| !transcript.is_label(source)));
        let set_off = set_off(doc, &blocks, &transcript.turns);
        // Words in marks inside a block or a turn are its own unless a cue gives them to somebody.
        found.retain(|f| {
            f.draft.cue.is_some()
                || !f.draft.parts.first().is_some_and(|p| set_off[doc.paragraph_of(p.first()).index()])
        });
        found.extend(blocks.iter().map(|b| of_block(doc, mentions, b, &set_off)));
        found.extend(transcript.turns.into_iter().map(of_turn));
        nest::number(doc, found)
    }
}

/// What the tagger and the marks say of one paragraph.
struct Here<'a> {
    contents: &'a [Tagged],
    cues: &'a [Tagged],
    sources: &'a [Tagged],
}

/// Hands out each paragraph's share of the layers, going through them once.
struct Slices<'a> {
    tags: &'a Tags,
    at: Places,
}

/// How far each layer has been handed out.
#[derive(Default)]
struct Places {
    contents: usize,
    cues: usize,
    sources: usize,
}

impl<'a> Slices<'a> {
    fn of(&mut self, paragraph: TokenRange) -> Here<'a> {
        Here {
            contents: share(&self.tags.contents, &mut self.at.contents, paragraph, |t| t.tokens),
            cues: share(&self.tags.cues, &mut self.at.cues, paragraph, |t| t.tokens),
            sources: share(&self.tags.sources, &mut self.at.sources, paragraph, |t| t.tokens),
        }
    }
}

fn share<'a, T>(layer: &'a [T], at: &mut usize, paragraph: TokenRange, tokens: impl Fn(&T) -> TokenRange) -> &'a [T] {
    let start = *at;
    let length = layer[start..].iter().take_while(|t| tokens(t).first() <= paragraph.last()).count();
    *at = start + length;
    &layer[start..start + length]
}

/// A headline's speaker before the colon, and a name that signs words in marks, stand where no cue does.
fn introduced_by_layout(doc: Segmented<'_>, mentions: &Mentions, paragraph: ParagraphId, draft: &mut Draft) {
    let (Some(&first), Some(&last)) = (draft.parts.first(), draft.parts.last()) else { return };
    // In a headline the colon itself may have been taken for a cue.
    let in_heading = doc.paragraphs()[paragraph].structure == Structure::Heading;
    let says = |cue: TokenRange| cue.iter().any(|id| doc.token(id).chars().any(char::is_alphanumeric));
    if draft.cue.is_some_and(|cue| says(cue) || !in_heading) {
        return;
    }
    draft.cue = None;
    if in_heading && let Some(source) = turn::headline_source(doc, paragraph, first) {
        draft.source = Some(source);
        draft.found_by = Finding::Headline;
    } else if in_heading
        && let Some(source) = turn::headline_subject(doc, mentions, TokenRange::new(first.first(), last.last()))
    {
        draft.source = Some(source);
        draft.found_by = Finding::Headline;
    } else if let Some(next) = doc.next(last.last())
        && let Some(source) = turn::signature(doc, mentions, next, doc.paragraph_of(next))
    {
        draft.source = Some(source);
        draft.found_by = Finding::Signature;
    }
}

/// Speech whose marks were left open at the end of the paragraph before goes on in the marks that open this one. Whether
/// it does.
fn continue_speech(doc: Segmented<'_>, paragraph: ParagraphId, before: &mut Draft, drafts: &mut Vec<Draft>) -> bool {
    let first = doc.paragraphs()[paragraph].tokens.first();
    // With a cue of its own it is the next quotation; the speaker may be the same.
    let goes_on = |d: &Draft| d.parts[0].first() == first && (d.cue.is_none() || before.cue.is_none());
    let Some(opening) = drafts.iter().position(goes_on) else { return false };
    let draft = drafts.remove(opening);
    before.cue = before.cue.or(draft.cue);
    before.source = before.source.or(draft.source);
    before.open = draft.open;
    before.parts.extend(draft.parts);
    true
}

/// For every paragraph whether it belongs to a block or a turn.
fn set_off(doc: Segmented<'_>, blocks: &[Block], turns: &[Turn]) -> Vec<bool> {
    let mut set_off = vec![false; doc.paragraphs().len()];
    for range in blocks.iter().map(|b| b.paragraphs).chain(turns.iter().map(|t| t.paragraphs)) {
        set_off[range.indexes()].fill(true);
    }
    set_off
}

fn of_block(doc: Segmented<'_>, mentions: &Mentions, block: &Block, set_off: &[bool]) -> Found {
    let mut parts: Vec<TokenRange> = block.paragraphs.iter().map(|p| doc.paragraphs()[p].tokens).collect();
    let last = block.paragraphs.last();
    // A dash in the last line begins a signature, which is not part of what is quoted.
    let mut signature = None;
    if let (Some(line), Some(part)) = (turn::signature_line(doc, last), parts.last_mut())
        && let Some(name) = turn::signature(doc, mentions, line, last)
    {
        match TokenRange::of_indexes(part.first().index()..line.index()) {
            Some(shorter) => *part = shorter,
            None => drop(parts.pop()),
        }
        signature = Some(name);
    }
    let whose = block::whose(doc, mentions, block, signature, set_off);
    let draft = Draft {
        parts,
        cue: whose.cue,
        source: whose.source,
        score: block.score,
        found_by: whose.found_by,
        open: false,
    };
    Found { draft, block: true, lead_in: whose.lead_in }
}

fn of_turn(turn: Turn) -> Found {
    let draft = Draft {
        parts: turn.parts,
        cue: None,
        source: Some(turn.source),
        score: Score::ONE,
        found_by: Finding::Turn,
        open: false,
    };
    Found { draft, block: true, lead_in: None }
}
