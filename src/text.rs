//! The article's text and places in it.
//!
//! Every layer points into one immutable string. A place is a pair of byte offsets, `u32`, which is why a text of 4 GiB
//! or more is refused once, here, and nowhere else. Only [`Text`] makes a [`Span`] from loose numbers, and it refuses
//! those that do not fall between characters, so slicing by a span cannot fail. Code points and UTF-16 units exist only
//! at the border, in [`crate::record`].

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// The text of one article, shared and immutable, shorter than 4 GiB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Arc<str>);

/// A text that offsets of 32 bits cannot address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text has {bytes} bytes; at most {max} can be annotated as one article", max = Text::MAX_BYTES)]
pub struct TextTooLong {
    /// The length met, in bytes.
    pub bytes: usize,
}

impl Text {
    /// The greatest length of a text, in bytes.
    pub const MAX_BYTES: usize = u32::MAX as usize - 1;

    /// Takes a text.
    ///
    /// # Errors
    /// [`TextTooLong`] for 4 GiB or more.
    pub fn new(text: impl Into<Arc<str>>) -> Result<Self, TextTooLong> {
        let text = text.into();
        if text.len() > Self::MAX_BYTES { Err(TextTooLong { bytes: text.len() }) } else { Ok(Self(text)) }
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text itself, shared.
    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The span of a byte range, or `None` if the range is empty, reversed, out of bounds, or splits a character.
    ///
    /// ```
    /// let text = whosaid::Text::new("“Yes,” she said.")?;
    /// assert_eq!(&text[text.span(0..10).unwrap()], "“Yes,”");
    /// assert_eq!(text.span(0..1), None);
    /// # Ok::<(), whosaid::text::TextTooLong>(())
    /// ```
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Option<Span> {
        let slice = self.0.get(range.clone())?;
        (!slice.is_empty()).then_some(Span { start: range.start as u32, end: range.end as u32 })
    }

    /// The span without white space at its ends, or `None` if nothing else is in it.
    #[must_use]
    pub fn trimmed(&self, range: Range<usize>) -> Option<Span> {
        let slice = self.0.get(range.clone())?;
        // Most have none.
        if let [first, .., last] = slice.as_bytes()
            && first.is_ascii_graphic()
            && last.is_ascii_graphic()
        {
            return self.span(range);
        }
        let rest = slice.trim_start();
        let start = range.start + (slice.len() - rest.len());
        self.span(start..start + rest.trim_end().len())
    }
}

impl std::ops::Index<Span> for Text {
    type Output = str;

    fn index(&self, span: Span) -> &str {
        &self.0[span.range()]
    }
}

/// A place in a text: a non-empty, half-open range of bytes that begins and ends between characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The offset of the first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The offset after the last byte.
    #[must_use]
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Both offsets, for slicing.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Whether every byte of `other` lies in this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte. Spans that only touch do not.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that contains both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(s: &str) -> Text {
        Text::new(s).expect("a short text")
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        let t = text("abcdef");
        let (a, b) = (t.span(0..3).unwrap(), t.span(3..6).unwrap());
        assert!(!a.overlaps(b) && !b.overlaps(a));
        assert!(a.hull(b).overlaps(a));
    }

    #[test]
    fn a_span_neither_splits_a_character_nor_leaves_the_text() {
        let t = text("né");
        assert_eq!(t.span(1..2), None);
        assert_eq!(t.span(0..9), None);
        assert_eq!(t.span(1..1), None);
        assert_eq!(&t[t.span(1..3).unwrap()], "é");
    }

    #[test]
    fn trimming_white_space_to_nothing_leaves_no_span() {
        let t = text("  \u{a0} x ");
        assert_eq!(t.trimmed(0..3), None);
        assert_eq!(&t[t.trimmed(0..7).unwrap()], "x");
    }
}
