//! The large embedded tagger: a transformer encoder over word pieces, with the heads of the small one, one for arcs and one
//! for paragraphs, and other layers for a second look at those (`overview`).
//!
//! The encoder is MiniLM-L6 (Wang et al. 2020) with an embedding of each word's shape added, because its vocabulary has no
//! capitals. It runs in 8-bit integers, one window at a time: on a CPU a batch of one window is as fast as a batch of many,
//! and nothing that runs beside a window can change its scores. Windows are whole paragraphs as long as
//! they fit; a longer one is cut between sentences, and what follows sees some of what stands before.

mod pieces;

use std::collections::HashSet;

use ndarray::{Array2, ArrayViewMut2};
use tokenizers::Tokenizer;

use crate::engine::{self, Encoder, Linear, Table};
use crate::layer::{Id, TokenId};
use crate::model::{Card, Model, ModelError, Tensors, unexpected};
use crate::segment::Segmented;
use crate::tag::arcs::{self, ArcHead, Asked, Ends, Lead};
use crate::tag::gazetteer::{self, Listed};
use crate::tag::heads::{self, NAME_TAGS, Role};
use crate::tag::looks::SecondLook;
use crate::tag::overview::{self, Overview};
use crate::tag::rows::{self, Row, RowHead};
use crate::tag::{ArcKind, Arcs, BlockTag, Calibration, Score, Tag, TagError, Tags};

use pieces::{EDGE_SHAPE, Opens, Piece, Pieces, Window, windows};

/// A transformer encoder with its tokenizer.
pub struct EncoderTagger {
    encoder: Encoder,
    head: Linear,
    /// What it adds to the scores of names that lists say something of a word.
    listed: Table,
    arcs: ArcHead,
    rows: RowHead,
    overview: Overview,
    second_look: SecondLook,
    calibration: Calibration,
    tokenizer: Tokenizer,
    /// The pieces of pronouns, which are asked whom they mean wherever they stand.
    pronouns: HashSet<u32>,
}

/// `[CLS]` and `[SEP]`, which open and close a window, and the shape that goes with them.
pub(super) const OPENS: engine::Piece = engine::Piece { id: 101, shape: EDGE_SHAPE };
pub(super) const CLOSES: engine::Piece = engine::Piece { id: 102, shape: EDGE_SHAPE };
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

impl EncoderTagger {
    /// The format of models that this version reads.
    pub const FORMAT: &'static str = "whosaid-encoder/6";

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
        let overview = Overview::read(&Tensors::read(model.file(Self::FORMAT, "overview.safetensors")?)?, &encoder)?;
        let pronouns = PRONOUNS.iter().filter_map(|word| tokenizer.token_to_id(word)).collect();
        let Card { second_look, calibration, .. } = *model.card();
        Ok(Self { encoder, head, listed, arcs, rows, overview, second_look, calibration, tokenizer, pronouns })
    }

    /// The tagger that is compiled into the library, in a build from the repository.
    ///
    /// # Panics
    /// Never in a build whose tests pass: they build it.
    #[must_use]
    pub fn embedded() -> Option<Self> {
        Some(Self::new(&Model::accurate()?).expect("the embedded model fits the network"))
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
        let pieces = Pieces::of_article(&self.tokenizer, doc)?;
        Ok(RowHead::inputs(&engine::alone(|| self.read(&pieces)).rows))
    }

    /// For every token the network's probabilities of the tags of names ("outside", then for each label "begins" and "goes
    /// on"), and what lists say of it: for learning to weigh the two.
    ///
    /// # Errors
    /// [`TagError`] if the tokenizer fails.
    pub fn name_inputs(&self, doc: Segmented<'_>) -> Result<Vec<(Vec<f32>, Listed)>, TagError> {
        let pieces = Pieces::of_article(&self.tokenizer, doc)?;
        let (probabilities, _) = of_tokens(&pieces, &engine::alone(|| self.read(&pieces)).probabilities);
        let names = probabilities.rows().into_iter().map(|row| row.iter().take(NAME_TAGS).copied().collect());
        Ok(names.zip(gazetteer::find(doc)).collect())
    }

    /// How each paragraph stands to a block quotation: what the head for paragraphs says, and where that leaves one possible,
    /// a second look.
    fn paragraphs(&self, pieces: &Pieces, rows: &[Row]) -> Vec<BlockTag> {
        let mut chances = self.rows.chances(rows);
        let seen: Vec<usize> = (0..rows.len()).filter(|&i| !pieces.of(i).is_empty()).collect();
        let announced = |place: usize| place > 0 && rows[seen[place - 1]].announces();
        let is_possible =
            |(place, &i): (usize, &usize)| self.second_look.is_taken(chances[i][rows::OPENS], announced(place));
        let possible: Vec<bool> = seen.iter().enumerate().map(is_possible).collect();
        if possible.contains(&true) {
            let given: Vec<Vec<_>> = seen.iter().map(|&i| pieces.of(i).iter().map(|p| p.seen).collect()).collect();
            for (&i, again) in seen.iter().zip(self.overview.chances(&self.encoder, &given, &possible)) {
                if let Some(again) = again {
                    chances[i] = self.second_look.joined(&chances[i], &again);
                }
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
        let pieces = Pieces::of_article(&self.tokenizer, doc)?;
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
