//! A checkpoint's tokenizer: from text to the pieces that the network knows.

use std::path::Path;

use tokenizers::models::bpe::BPE;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::processors::bert::BertProcessing;
use tokenizers::processors::roberta::RobertaProcessing;
use tokenizers::{ModelWrapper, Tokenizer};

use super::refused;
use crate::model::ModelError;
use crate::tag::TagError;

const TOKENIZER: &str = "tokenizer.json";
const WORD_PIECES: &str = "vocab.txt";
const BYTE_PAIRS: [&str; 2] = ["vocab.json", "merges.txt"];
/// The files that a tokenizer may stand in.
pub(super) const FILES: [&str; 4] = [TOKENIZER, WORD_PIECES, BYTE_PAIRS[0], BYTE_PAIRS[1]];

/// A tokenizer with what it puts around a sequence.
pub(crate) struct Vocabulary {
    tokenizer: Tokenizer,
    /// The special pieces that open and close a sequence.
    pub(crate) opens: Vec<u32>,
    pub(crate) closes: Vec<u32>,
    /// What a piece that continues a word begins with, where the vocabulary marks it.
    continuing: Option<String>,
    /// What stands for characters that it does not know.
    unknown: Option<u32>,
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) id: u32,
    /// Where it stands, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether it goes on with the word of the piece before it.
    pub(crate) continues: bool,
    /// Whether it is the first of a paragraph.
    pub(crate) opens: bool,
}

impl Vocabulary {
    /// Opens the tokenizer of a folder: `tokenizer.json`, or the vocabulary files of `WordPiece` or byte-level BPE.
    ///
    /// # Errors
    /// [`ModelError`] if there is none, or it cannot be loaded.
    pub(crate) fn open(folder: &Path) -> Result<Self, ModelError> {
        let has = |name: &str| folder.join(name).is_file();
        let failed = |file, source| ModelError::Load { file, source };
        let mut tokenizer = if has(TOKENIZER) {
            Tokenizer::from_file(folder.join(TOKENIZER)).map_err(|e| failed(TOKENIZER, e))?
        } else if has(WORD_PIECES) {
            word_pieces(folder).map_err(|e| failed(WORD_PIECES, e))?
        } else if BYTE_PAIRS.into_iter().all(has) {
            byte_pairs(folder).map_err(|e| failed(BYTE_PAIRS[0], e))?
        } else {
            let wanted = "tokenizer.json (any tokenizer saves it), vocab.txt, or vocab.json with merges.txt";
            return Err(refused(TOKENIZER, "no such file", wanted));
        };
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|e| failed(TOKENIZER, e))?;
        let framed = tokenizer.encode("a", true).map_err(|e| failed(TOKENIZER, e))?;
        let special = framed.get_special_tokens_mask();
        let opening = special.iter().take_while(|&&is| is == 1).count();
        let closing = special[opening..].iter().rev().take_while(|&&is| is == 1).count();
        let ids = framed.get_ids();
        let (opens, closes) = (ids[..opening].to_vec(), ids[ids.len() - closing..].to_vec());
        let continuing = match tokenizer.get_model() {
            ModelWrapper::WordPiece(model) => Some(model.continuing_subword_prefix.clone()),
            _ => None,
        };
        let unknown = ["[UNK]", "<unk>"].iter().find_map(|piece| tokenizer.token_to_id(piece));
        Ok(Self { tokenizer, opens, closes, continuing, unknown })
    }

    /// How many pieces there are.
    pub(crate) fn size(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// Adds the pieces of a paragraph that begins at `base`.
    pub(crate) fn pieces(&self, text: &str, base: usize, into: &mut Vec<Piece>) -> Result<(), TagError> {
        let encoding = self.tokenizer.encode(text, false).map_err(TagError::Engine)?;
        let first = into.len();
        for ((&id, &(start, end)), piece) in
            encoding.get_ids().iter().zip(encoding.get_offsets()).zip(encoding.get_tokens())
        {
            let opens = into.len() == first;
            let continues = !opens && Some(id) != self.unknown && self.continues(piece, text, start);
            into.push(Piece { id, start: base + start, end: base + end, continues, opens });
        }
        Ok(())
    }

    /// As the pipelines of `transformers` see it: by the mark, or where the vocabulary has none, by white space, so that a
    /// word has its punctuation. For them an unknown piece begins a word.
    fn continues(&self, piece: &str, text: &str, start: usize) -> bool {
        if let Some(prefix) = &self.continuing {
            return piece.starts_with(prefix.as_str());
        }
        let before = text.get(..start).and_then(|before| before.chars().next_back());
        let first = text.get(start..).and_then(|rest| rest.chars().next());
        before.is_some_and(|c| !c.is_whitespace()) && first.is_none_or(|c| !c.is_whitespace())
    }
}

type Loaded = Result<Tokenizer, Box<dyn std::error::Error + Send + Sync>>;

/// BERT's tokenizer from its list of pieces. Whether it has capitals shows in the list.
fn word_pieces(folder: &Path) -> Loaded {
    let path = folder.join(WORD_PIECES);
    let model = WordPiece::from_file(&path.to_string_lossy()).unk_token("[UNK]".into()).build()?;
    let mut tokenizer = Tokenizer::new(model);
    let number = |tokenizer: &Tokenizer, piece: &str| {
        tokenizer.token_to_id(piece).ok_or_else(|| format!("{} is without {piece}", path.display()))
    };
    let (opens, closes) = (number(&tokenizer, "[CLS]")?, number(&tokenizer, "[SEP]")?);
    let lower = !tokenizer.get_vocab(false).keys().any(|piece| is_capitalised(piece));
    tokenizer.with_normalizer(Some(BertNormalizer::new(true, true, None, lower)))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    tokenizer.with_post_processor(Some(BertProcessing::new(("[SEP]".into(), closes), ("[CLS]".into(), opens))));
    Ok(tokenizer)
}

fn is_capitalised(piece: &str) -> bool {
    !piece.starts_with('[') && piece.chars().any(char::is_uppercase)
}

/// `RoBERTa`'s tokenizer from its pieces and merges.
fn byte_pairs(folder: &Path) -> Loaded {
    let [pieces, merges] = BYTE_PAIRS.map(|name| folder.join(name));
    let model = BPE::from_file(&pieces.to_string_lossy(), &merges.to_string_lossy()).build()?;
    let mut tokenizer = Tokenizer::new(model);
    let number = |tokenizer: &Tokenizer, piece: &str| {
        tokenizer.token_to_id(piece).ok_or_else(|| format!("{} is without {piece}", pieces.display()))
    };
    let (opens, closes) = (number(&tokenizer, "<s>")?, number(&tokenizer, "</s>")?);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(false, true, true)));
    tokenizer.with_post_processor(Some(RobertaProcessing::new(("</s>".into(), closes), ("<s>".into(), opens))));
    Ok(tokenizer)
}
