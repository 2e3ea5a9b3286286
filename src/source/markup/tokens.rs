//! HTML as a stream of tags and text.
//!
//! A thin layer over html5ever's tokenizer, which knows entities, attributes
//! and all the ways a tag can be broken. What it leaves to the tree builder,
//! and is done here because there is none, is the switch to raw text: after
//! `<script>`, a `</p>` in a string is not a tag.

use std::cell::RefCell;

use html5ever::LocalName;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Is shown the tags and the text of a document in order.
pub(in crate::source) trait Visitor {
    /// A start tag. Names are in lower case.
    fn open(&mut self, tag: &Tag);

    /// An end tag, which need not match anything that is open.
    fn close(&mut self, name: &LocalName);

    /// Text with its entities resolved. One run of text may come in pieces.
    fn text(&mut self, text: &str);
}

/// Shows `html` to `visitor` and gives it back.
pub(in crate::source) fn visit<V: Visitor>(html: &str, visitor: V) -> V {
    let tokenizer = Tokenizer::new(Sink(RefCell::new(visitor)), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The tokenizer pauses only for scripts to run, which this sink never asks.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// The value of an attribute of `tag`.
pub(in crate::source) fn attribute<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|found| &*found.value)
}

/// The tokenizer lends its sink out shared; the cell gives visitors `&mut`.
struct Sink<V>(RefCell<V>);

impl<V: Visitor> TokenSink for Sink<V> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut visitor = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                visitor.open(&tag);
                // `<title/>` is an element of SVG, or XHTML's way to close.
                if !tag.self_closing
                    && let Some(kind) = raw_text(&tag.name)
                {
                    return TokenSinkResult::RawData(kind);
                }
            }
            Token::TagToken(tag) => visitor.close(&tag.name),
            Token::CharacterTokens(text) => visitor.text(&text),
            Token::DoctypeToken(_)
            | Token::CommentToken(_)
            | Token::NullCharacterToken
            | Token::EOFToken
            | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the content of an element is tokenized, if not as markup.
fn raw_text(name: &str) -> Option<RawKind> {
    Some(match name {
        "title" | "textarea" => RawKind::Rcdata,
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => RawKind::Rawtext,
        "script" => RawKind::ScriptData,
        _ => return None,
    })
}
