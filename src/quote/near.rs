//! The few of many that stand near a place, found without looking at the rest.
//!
//! A paragraph can be a whole book on one line. What is compared with what in it is therefore always a slice around a
//! place, so that the work grows with the text and not with its square.

use std::ops::Range;

use crate::layer::{Id, TokenRange};
use crate::quote::content::Content;
use crate::tag::Tagged;

/// Something that stands at tokens.
pub(crate) trait Placed {
    /// Where it stands.
    fn tokens(&self) -> TokenRange;
}

impl Placed for Tagged {
    fn tokens(&self) -> TokenRange {
        self.tokens
    }
}

impl Placed for Content {
    fn tokens(&self) -> TokenRange {
        self.tokens
    }
}

/// Those of `items` (in text order, without overlaps) that share a token with a range of tokens.
pub(crate) fn touching<T: Placed>(items: &[T], range: Range<usize>) -> &[T] {
    let from = items.partition_point(|item| item.tokens().last().index() < range.start);
    let length = items[from..].partition_point(|item| item.tokens().first().index() < range.end);
    &items[from..from + length]
}

/// Those of `items` that stand within so many tokens of a place on either side.
pub(crate) fn around<T: Placed>(items: &[T], place: TokenRange, reach: usize) -> &[T] {
    let Range { start, end } = place.indexes();
    touching(items, start.saturating_sub(reach)..end + reach)
}

/// Whether one of `items` contains these tokens.
pub(crate) fn covers<T: Placed>(items: &[T], tokens: TokenRange) -> bool {
    touching(items, tokens.indexes()).iter().any(|item| item.tokens().contains(tokens))
}
