//! Layers: what one stage says of an article, written once and then only read.
//!
//! A [`Layer`] is a vector that is indexed by ids of its own kind and by nothing else, so a mention's number cannot be
//! used to look up a token. Ids are dense, start at 0, and follow the text.

use std::marker::PhantomData;
use std::ops::Index;

/// A number that names an element of one layer.
pub trait Id: Copy + Ord {
    /// The id of the element at `index`.
    fn from_index(index: usize) -> Self;
    /// The place of the element in its layer, from 0.
    fn index(self) -> usize;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl Id for $name {
            fn from_index(index: usize) -> Self {
                Self(index as u32)
            }

            fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Names a token.
    TokenId;
    /// Names a sentence.
    SentenceId;
    /// Names a paragraph.
    ParagraphId;
    /// Names a mention.
    MentionId;
    /// Names an entity.
    EntityId;
    /// Names a quotation.
    QuoteId;
}

/// The elements of one kind, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer<I, T> {
    items: Vec<T>,
    id: PhantomData<fn() -> I>,
}

impl<I: Id, T> Layer<I, T> {
    /// The number of elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All elements with their ids, in text order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(i, item)| (I::from_index(i), item))
    }

    /// All ids, in text order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }

    /// The element of that id, or `None` past the end.
    #[must_use]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    /// The elements as a slice.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }
}

impl<I, T> From<Vec<T>> for Layer<I, T> {
    fn from(items: Vec<T>) -> Self {
        Self { items, id: PhantomData }
    }
}

impl<I, T> FromIterator<T> for Layer<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(items: It) -> Self {
        Self::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl<I: Id, T> Index<I> for Layer<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

/// Consecutive elements of one layer: never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdRange<I> {
    first: I,
    last: I,
}

/// Consecutive tokens.
pub type TokenRange = IdRange<TokenId>;

impl<I: Id> IdRange<I> {
    /// From the first to the last element, both inside, in either order.
    #[must_use]
    pub fn new(a: I, b: I) -> Self {
        Self { first: a.min(b), last: a.max(b) }
    }

    /// The elements at a half-open range of places, or `None` if it is empty.
    #[must_use]
    pub fn of_indexes(range: std::ops::Range<usize>) -> Option<Self> {
        (range.start < range.end)
            .then(|| Self { first: I::from_index(range.start), last: I::from_index(range.end - 1) })
    }

    /// The first element.
    #[must_use]
    pub fn first(self) -> I {
        self.first
    }

    /// The last element.
    #[must_use]
    pub fn last(self) -> I {
        self.last
    }

    /// The number of elements, at least 1.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a range is never empty")]
    pub fn len(self) -> usize {
        self.last.index() - self.first.index() + 1
    }

    /// The places of the elements in their layer.
    #[must_use]
    pub fn indexes(self) -> std::ops::Range<usize> {
        self.first.index()..self.last.index() + 1
    }

    /// Every id in order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I> {
        self.indexes().map(I::from_index)
    }

    /// Whether the element is one of these.
    #[must_use]
    pub fn has(self, id: I) -> bool {
        self.first <= id && id <= self.last
    }

    /// Whether all of `other` is in here.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// Whether the two share an element.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// The smallest range that contains both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }
}
