//! The large embedded tagger: a transformer encoder over word pieces, with the heads of the small one, one for arcs and one
//! for paragraphs.
//!
//! The encoder is MiniLM-L6 (Wang et al. 2020) with an embedding of each word's shape added, because its vocabulary has no
//! capitals. It runs in 8-bit integers, one window at a time: on a CPU a batch of one window is as fast as a batch of many,
//! and nothing that runs beside a window can change its scores. Windows are whole paragraphs as long as
//! they fit; a longer one is cut between sentences, and what follows sees some of what stands before.

use std::collections::HashSet;

use ndarray::{Array2, ArrayViewMut2};
use tokenizers::Tokenizer;

use crate::engine::{self, Encoder, Linear, Table};
use crate::layer::{Id, TokenId, TokenRange};
use crate::model::{Model, ModelError, Tensors, unexpected};
use crate::segment::Segmented;
use crate::tag::arcs::{self, ArcHead, Asked, Ends, Lead};
use crate::tag::gazetteer::{self, Listed};
use crate::tag::heads::{self, NAME_TAGS, Role};
use crate::tag::overview::{self, Overview};
use crate::tag::rows::{self, Row, RowHead};
use crate::tag::{ArcKind, Arcs, BlockTag, Calibration, Score, Tag, TagError, Tags};

/// A transformer encoder with its tokenizer.
pub struct EncoderTagger {
    encoder: Encoder,
    head: Linear,
    /// What it adds to the scores of names that lists say something of a word.
    listed: Table,
    arcs: ArcHead,
    rows: RowHead,
    overview: Overview,
    calibration: Calibration,
    tokenizer: Tokenizer,
    /// The pieces of pronouns, which are asked whom they mean wherever they stand.
    pronouns: HashSet<u32>,
}

/// The pieces of a window, with those that open and close it: the longest that training has shown the network.
const WINDOW: usize = 256;
/// How many pieces of its own paragraph a window sees before the first that it scores.
const CONTEXT: usize = 64;
/// `[CLS]` and `[SEP]`, which open and close a window, and the shape that goes with them.
pub(super) const OPENS: engine::Piece = engine::Piece { id: 101, shape: EDGE_SHAPE };
pub(super) const CLOSES: engine::Piece = engine::Piece { id: 102, shape: EDGE_SHAPE };
const EDGE_SHAPE: u8 = 8;
/// The piece of a colon.
const COLON: u32 = 1024;
const PRONOUNS: [&str; 14] = [
    "he",
    "him",
    "his",
    "himself",
    "she",
    "her",
    "hers",
    "herself",
    "it",
    "its",
    "they",
    "them",
    "their",
    "themselves",
];
/// A word that begins a content or a cue less likely than this is not asked where it leads, nor is a noun that belongs to a
/// source less likely.
const ASKED: f32 = 0.1;
/// An article is looked over once more if a paragraph of it opens a block quotation at least as likely as this.
const POSSIBLE: f32 = 0.1;
/// How much the second look counts beside the first.
const SECOND_LOOK: f32 = 0.5;
/// What is taken from the score (a logit) of opening a block quotation: to give the author's words to somebody else is worse
/// than to miss a quotation.
const CAUTION: f32 = 0.8;

/// A piece of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    seen: engine::Piece,
    opens: Opens,
}

/// What begins with a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Opens {
    Nothing,
    Word,
    Sentence,
    Paragraph,
}

impl EncoderTagger {
    /// The format of models that this version reads.
    pub const FORMAT: &'static str = "whosaid-encoder/5";

    /// Builds the tagger of a stored model.
    ///
    /// # Errors
    /// [`ModelError`] if the model has another format, a file is missing or cannot be loaded, or its tensors do not
    /// fit each other, the tokenizer or the heads.
    pub fn new(model: &Model<'_>) -> Result<Self, ModelError> {
        let failed = |source| ModelError::Load { file: "tokenizer.json", source };
        let tensors = Tensors::read(model.file(Self::FORMAT, "weights.safetensors")?)?;
        let encoder = Encoder::read(&tensors)?;
        let head = Linear::read(&tensors, "head", encoder.width())?;
        let mut tokenizer = Tokenizer::from_bytes(model.file(Self::FORMAT, "tokenizer.json")?).map_err(failed)?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(failed)?;
        for (name, found, wanted) in [
            ("words.q", encoder.vocabulary(), tokenizer.get_vocab_size(true)),
            ("places.q", encoder.longest().unwrap_or(overview::WINDOW), overview::WINDOW),
        ] {
            if found < wanted {
                return Err(unexpected(name, format!("{found} rows"), format!("at least {wanted} rows")));
            }
        }
        if head.outputs() != heads::TAGS {
            return Err(unexpected("head", format!("{} outputs", head.outputs()), format!("{} outputs", heads::TAGS)));
        }
        let listed = Table::read(&tensors, "listed")?;
        let (found, wanted) = ([listed.rows(), listed.width()], [gazetteer::LISTED, heads::NAME_TAGS]);
        if found != wanted {
            return Err(unexpected("listed.weight", format!("shape {found:?}"), format!("shape {wanted:?}")));
        }
        let arcs = ArcHead::read(&tensors, encoder.width())?;
        let rows = RowHead::read(&tensors, encoder.width())?;
        let overview = Overview::read(&tensors, &encoder)?;
        let pronouns = PRONOUNS.iter().filter_map(|word| tokenizer.token_to_id(word)).collect();
        let calibration = model.card().calibration;
        Ok(Self { encoder, head, listed, arcs, rows, overview, calibration, tokenizer, pronouns })
    }

    /// The tagger that is compiled into the library, in a build from the repository.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they build it.
    #[must_use]
    pub fn embedded() -> Option<Self> {
        Some(Self::new(&Model::accurate()?).expect("the embedded model fits the network"))
    }

    /// The pieces of an article, where those of each paragraph begin, and for each token the piece whose scores are its own:
    /// the first of the word in which it begins. `None` where the tokenizer sees nothing.
    fn pieces(&self, doc: Segmented<'_>) -> Result<Pieces, TagError> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut of_paragraph = Vec::with_capacity(doc.paragraphs().len());
        let mut of_token = vec![None; doc.tokens().len()];
        for (_, paragraph) in doc.paragraphs().iter() {
            let text = doc.text_of(paragraph.tokens);
            let base = doc.span(paragraph.tokens).start();
            let encoding = self.tokenizer.encode(text, false).map_err(TagError::Engine)?;
            let (ids, offsets, words) = (encoding.get_ids(), encoding.get_offsets(), encoding.get_word_ids());
            let first_piece = pieces.len();
            of_paragraph.push(first_piece);
            let mut starts: Vec<(usize, usize)> = Vec::new();
            let mut shape = EDGE_SHAPE;
            for i in 0..ids.len() {
                let begins = i == 0 || words[i] != words[i - 1];
                if begins {
                    let end = (i..ids.len()).take_while(|&j| words[j] == words[i]).last().unwrap_or(i);
                    shape = shape_of(text.get(offsets[i].0..offsets[end].1).unwrap_or_default());
                    starts.push((base + offsets[i].0, pieces.len()));
                }
                let opens = if begins { Opens::Word } else { Opens::Nothing };
                pieces.push(Piece { seen: engine::Piece { id: ids[i], shape }, opens });
            }
            place(doc, paragraph.tokens, &starts, &mut of_token);
            for sentence in paragraph.sentences.iter() {
                let first = of_token[doc.sentences()[sentence].tokens.first().index()];
                if let Some(piece) = first.and_then(|i| pieces.get_mut(i)) {
                    piece.opens = piece.opens.max(Opens::Sentence);
                }
            }
            // What a colon announces is read together with it.
            let announced = first_piece.checked_sub(1).is_some_and(|last| pieces[last].seen.id == COLON);
            if let Some(piece) = pieces.get_mut(first_piece) {
                piece.opens = if announced { Opens::Sentence } else { Opens::Paragraph };
            }
        }
        Ok(Pieces { all: pieces, of_token, of_paragraph })
    }

    /// The states of the pieces of one window, a row a piece, between those of the pieces that open and close it.
    fn states(&self, window: &[Piece]) -> Vec<f32> {
        let framed = std::iter::once(OPENS).chain(window.iter().map(|p| p.seen)).chain([CLOSES]);
        self.encoder.states(&framed.collect::<Vec<_>>())
    }

    /// The probabilities of all tags for each of some states.
    fn probabilities(&self, states: &[f32]) -> Vec<f32> {
        let mut scores = Vec::new();
        self.head.apply(states, &mut engine::Room::default(), &mut scores);
        let shape = (scores.len() / heads::TAGS, heads::TAGS);
        heads::normalise(ArrayViewMut2::from_shape(shape, &mut scores).expect("a row of scores for each state"));
        scores
    }

    /// Which arcs a piece that begins a word is asked for, by its probabilities.
    fn asked(&self, piece: Piece, probabilities: &[f32]) -> impl Iterator<Item = ArcKind> + use<> {
        let begins = |role| heads::of_role(probabilities, role)[0] >= ASKED;
        let is_source = heads::of_role(probabilities, Role::Source).iter().sum::<f32>() >= ASKED;
        let refers = is_source || self.pronouns.contains(&piece.seen.id);
        let kinds =
            [(ArcKind::Cue, begins(Role::Content)), (ArcKind::Source, begins(Role::Cue)), (ArcKind::Refers, refers)];
        let is_word = piece.opens != Opens::Nothing;
        kinds.into_iter().filter(move |&(_, asked)| asked && is_word).map(|(kind, _)| kind)
    }
}

/// The pieces of an article.
struct Pieces {
    all: Vec<Piece>,
    /// For each token the piece whose scores are its own.
    of_token: Vec<Option<usize>>,
    /// For each paragraph its first piece.
    of_paragraph: Vec<usize>,
}

impl Pieces {
    /// The pieces of a paragraph.
    fn of(&self, paragraph: usize) -> &[Piece] {
        let end = self.of_paragraph.get(paragraph + 1).copied().unwrap_or(self.all.len());
        &self.all[self.of_paragraph[paragraph]..end]
    }
}

/// What the network says of an article, piece by piece.
#[derive(Default)]
struct Said {
    probabilities: Vec<f32>,
    rows: Vec<Row>,
    /// The arcs that were asked for: their kinds, and where they begin and end.
    arcs: Vec<(ArcKind, usize, Ends)>,
}

impl EncoderTagger {
    /// What the head for paragraphs sees of each, for training it: numbers of paragraphs with their inputs. A paragraph in
    /// which the tokenizer sees nothing is not among them.
    ///
    /// # Errors
    /// [`TagError`] if the tokenizer fails.
    pub fn paragraph_inputs(&self, doc: Segmented<'_>) -> Result<Vec<(usize, Vec<f32>)>, TagError> {
        let pieces = self.pieces(doc)?;
        Ok(RowHead::inputs(&engine::alone(|| self.read(&pieces)).rows))
    }

    /// For every token the network's probabilities of the tags of names ("outside", then for each label "begins" and "goes
    /// on"), and what lists say of it: for learning to weigh the two.
    ///
    /// # Errors
    /// [`TagError`] if the tokenizer fails.
    pub fn name_inputs(&self, doc: Segmented<'_>) -> Result<Vec<(Vec<f32>, Listed)>, TagError> {
        let pieces = self.pieces(doc)?;
        let (probabilities, _) = of_tokens(&pieces, &engine::alone(|| self.read(&pieces)).probabilities);
        let names = probabilities.rows().into_iter().map(|row| row.iter().take(NAME_TAGS).copied().collect());
        Ok(names.zip(gazetteer::find(doc)).collect())
    }

    /// How each paragraph stands to a block quotation: what the head for paragraphs says, and where that leaves one possible,
    /// a second look.
    fn paragraphs(&self, pieces: &Pieces, rows: &[Row]) -> Vec<BlockTag> {
        let mut chances = self.rows.chances(rows);
        if chances.iter().any(|chance| chance[rows::OPENS] >= POSSIBLE) {
            let seen: Vec<usize> = (0..rows.len()).filter(|&i| !pieces.of(i).is_empty()).collect();
            let given: Vec<Vec<_>> = seen.iter().map(|&i| pieces.of(i).iter().map(|p| p.seen).collect()).collect();
            let again = self.overview.chances(&self.encoder, &given);
            for (i, again) in seen.into_iter().zip(again) {
                chances[i] = joined(&chances[i], &again);
            }
        }
        let tag = |chance: &[f32; rows::STATES]| BlockTag {
            opens: Score::new(chance[rows::OPENS]),
            goes_on: Score::new(chance[rows::GOES_ON]),
        };
        chances.iter().map(tag).collect()
    }

    fn read(&self, pieces: &Pieces) -> Said {
        let width = self.encoder.width();
        let mut said = Said { rows: vec![Row::default(); pieces.of_paragraph.len()], ..Said::default() };
        let mut before = arcs::Window::default();
        let mut paragraph = 0;
        for Window { from, first, end } in windows(&pieces.all) {
            let states = self.states(&pieces.all[from..end]);
            // Row 0 is that of the opening piece.
            let own = 1 + first - from..1 + end - from;
            let probabilities = self.probabilities(&states[own.start * width..own.end * width]);
            let window = self.arcs.window(&states, from..end, |i| pieces.all[i].opens != Opens::Nothing);
            let mut asked = Vec::new();
            for (row, probabilities) in own.zip(probabilities.chunks_exact(heads::TAGS)) {
                let at = from + row - 1;
                asked.extend(self.asked(pieces.all[at], probabilities).map(|kind| Asked { row, kind }));
                paragraph += pieces.of_paragraph[paragraph + 1..].iter().take_while(|&&begins| begins <= at).count();
                said.rows[paragraph].add(pieces.all[at].seen.id, &states[row * width..(row + 1) * width]);
            }
            let leads = self.arcs.leads(&states, &asked, &window, &before);
            said.arcs.extend(asked.iter().zip(leads).map(|(asked, leads)| (asked.kind, from + asked.row - 1, leads)));
            said.probabilities.extend(probabilities);
            before = window;
        }
        said
    }
}

impl Tag for EncoderTagger {
    fn tag(&self, doc: Segmented<'_>) -> Result<Tags, TagError> {
        let pieces = self.pieces(doc)?;
        let Said { probabilities: of_piece, rows, arcs: leads } = engine::alone(|| self.read(&pieces));
        let (mut probabilities, called) = of_tokens(&pieces, &of_piece);
        for (mut row, listed) in probabilities.rows_mut().into_iter().zip(gazetteer::find(doc)) {
            let mut scores = [0.0; NAME_TAGS];
            listed.iter().for_each(|said| self.listed.add(said, &mut scores));
            heads::weigh_names(row.as_slice_mut().unwrap_or_default(), &scores);
        }
        let mut arcs = Arcs::default();
        for (kind, from, leads) in leads {
            if let Some(from) = called[from] {
                let leads = leads.into_iter().filter_map(|(piece, weight)| Some(Lead { to: called[piece]?, weight }));
                arcs.insert(kind, from, leads);
            }
        }
        let tags = heads::tags(doc, &probabilities, &self.calibration);
        Ok(Tags { paragraphs: engine::alone(|| self.paragraphs(&pieces, &rows)), arcs, ..tags })
    }
}

impl std::fmt::Debug for EncoderTagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncoderTagger").finish_non_exhaustive()
    }
}

/// The probabilities of all tags for every token, and for each piece that begins a word the first token in it.
fn of_tokens(pieces: &Pieces, of_piece: &[f32]) -> (Array2<f32>, Vec<Option<TokenId>>) {
    let mut probabilities = Array2::<f32>::zeros((pieces.of_token.len(), heads::TAGS));
    let mut of_nothing = vec![0.0; heads::TAGS];
    heads::normalise(ArrayViewMut2::from_shape((1, heads::TAGS), &mut of_nothing).expect("one row"));
    let mut called: Vec<Option<TokenId>> = vec![None; pieces.all.len()];
    for (token, (mut row, piece)) in probabilities.rows_mut().into_iter().zip(&pieces.of_token).enumerate() {
        let given = piece.map_or(&of_nothing[..], |i| &of_piece[i * heads::TAGS..(i + 1) * heads::TAGS]);
        row.iter_mut().zip(given).for_each(|(to, &from)| *to = from);
        let Some(piece) = *piece else { continue };
        if called[piece].is_none() {
            called[piece] = Some(TokenId::from_index(token));
        } else {
            // The second token of a word ("do", "n't") begins nothing that the first has not begun.
            heads::go_on(row.as_slice_mut().unwrap_or_default());
        }
    }
    (probabilities, called)
}

/// The geometric mean of what two looks say of the states of a paragraph (a product of experts, Hinton 2002), with caution.
fn joined(first: &[f32; rows::STATES], second: &[f32; rows::STATES]) -> [f32; rows::STATES] {
    const LEAST: f32 = 1e-9;
    let log = |chance: f32| chance.max(LEAST).ln();
    let mut scores = [0.0; rows::STATES];
    for (score, (&first, &second)) in scores.iter_mut().zip(first.iter().zip(second)) {
        *score = (1.0 - SECOND_LOOK) * log(first) + SECOND_LOOK * log(second);
    }
    scores[rows::OPENS] -= CAUTION;
    rows::softmax(&scores)
}

/// Says for every token of a paragraph with which word's first piece it goes. `starts` are where words begin, in bytes,
/// with the number of their first piece.
fn place(doc: Segmented<'_>, tokens: TokenRange, starts: &[(usize, usize)], of_token: &mut [Option<usize>]) {
    for id in tokens.iter() {
        let start = doc.tokens()[id].span.start();
        let after = starts.partition_point(|&(at, _)| at <= start);
        of_token[id.index()] = starts.get(after.saturating_sub(1)).map(|&(_, piece)| piece);
    }
}

/// A stretch of pieces that is run at once: seen from `from`, scored from `first`, both up to `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    from: usize,
    first: usize,
    end: usize,
}

/// Cuts an article into windows: after a paragraph if one ends within reach, else after a sentence, else after a word.
fn windows(pieces: &[Piece]) -> Vec<Window> {
    let mut found = Vec::new();
    let mut first = 0;
    while first < pieces.len() {
        let inside = pieces[first].opens != Opens::Paragraph;
        let paragraph = (0..first).rev().take(CONTEXT).take_while(|&i| pieces[i + 1].opens != Opens::Paragraph).last();
        let from = paragraph.filter(|_| inside).unwrap_or(first);
        let farthest = from + WINDOW - 2;
        let end = if farthest >= pieces.len() {
            pieces.len()
        } else {
            let last = |wanted: Opens| (first + 1..=farthest).rev().find(|&i| pieces[i].opens >= wanted);
            last(Opens::Paragraph).or_else(|| last(Opens::Sentence)).or_else(|| last(Opens::Word)).unwrap_or(farthest)
        };
        found.push(Window { from, first, end });
        first = end;
    }
    found
}

/// The case and kind of a word: 1 lower, 2 Title, 3 UPPER, 4 one capital, 5 mixed, 6 digits, 7 other, 8 punctuation.
fn shape_of(word: &str) -> u8 {
    let upper = word.chars().any(char::is_uppercase);
    let lower = word.chars().any(char::is_lowercase);
    let first_upper = word.chars().next().is_some_and(char::is_uppercase);
    match (upper, lower) {
        (true, false) => 4 - u8::from(word.chars().nth(1).is_some()),
        (false, true) => 1,
        (true, true) if first_upper && !word.chars().skip(1).any(char::is_uppercase) => 2,
        (true, true) if first_upper => 5,
        (false, false) if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) => 6,
        _ if word.chars().any(char::is_alphanumeric) => 7,
        _ => EDGE_SHAPE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_those_of_training() {
        let shapes = ["the", "The", "NATO", "I", "McCain", "2016", "iPhone", "—", "é", "½"].map(shape_of);
        assert_eq!(shapes, [1, 2, 3, 4, 5, 6, 7, 8, 1, 7]);
    }

    #[test]
    fn two_looks_give_the_author_what_they_are_nearly_even_about() {
        let sure = joined(&[0.1, 0.8, 0.1], &[0.2, 0.7, 0.1]);
        assert!(sure[rows::OPENS] > 0.5 && (sure.iter().sum::<f32>() - 1.0).abs() < 1e-6, "{sure:?}");
        let torn = joined(&[0.4, 0.6, 0.0], &[0.4, 0.6, 0.0]);
        assert!(torn[0] > torn[rows::OPENS] && torn[rows::GOES_ON] < 1e-6, "{torn:?}");
    }

    #[test]
    fn windows_cover_every_piece_once_and_none_is_too_long() {
        let piece = |opens| Piece { seen: engine::Piece { id: 1000, shape: 1 }, opens };
        let mut pieces = Vec::new();
        for length in [3, 100, 100, 100, 700, 10] {
            pieces.push(piece(Opens::Paragraph));
            pieces.extend((1..length).map(|i| piece(if i % 37 == 0 { Opens::Sentence } else { Opens::Word })));
        }
        let found = windows(&pieces);
        assert_eq!(found.iter().map(|w| w.end - w.first).sum::<usize>(), pieces.len());
        assert!(found.windows(2).all(|pair| pair[0].end == pair[1].first));
        assert!(found.iter().all(|w| w.from <= w.first && w.end - w.from <= WINDOW - 2));
        assert_eq!(found[0], Window { from: 0, first: 0, end: 203 });
        assert!(found.iter().any(|w| w.first - w.from == CONTEXT));
        let one_word = vec![piece(Opens::Nothing); 1000];
        assert_eq!(windows(&one_word).iter().map(|w| w.end - w.first).sum::<usize>(), 1000);
    }
}
