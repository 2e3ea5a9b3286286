//! Places in a text as scorers count them: code points, trimmed at their ends, and the sets of code points they cover.

/// A half-open range of Unicode code points, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The first code point.
    pub start: u32,
    /// The one after the last; not before `start`.
    pub end: u32,
}

/// What is dropped at the ends of a span before two are compared.
///
/// Annotators and tools do not agree on whether a quotation's marks and its final comma belong to it, and nobody who
/// reads the result minds. Published figures for PolNeAR mind, so both are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// White space.
    Space,
    /// White space, quotation marks, dashes, and the marks that end a clause.
    Marks,
}

impl Edge {
    fn drops(self, c: char) -> bool {
        let space = matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}');
        let mark = matches!(
            c,
            '"' | '\''
                | '“'
                | '”'
                | '‘'
                | '’'
                | '«'
                | '»'
                | '„'
                | '`'
                | '.'
                | ','
                | ';'
                | ':'
                | '!'
                | '?'
                | '—'
                | '–'
                | '-'
        );
        space || (self == Self::Marks && mark)
    }
}

impl Place {
    /// How many code points it has.
    pub(super) fn len(self) -> u64 {
        u64::from(self.end.saturating_sub(self.start))
    }

    /// Its characters; none where it leaves the text, which [`align`](super::align()) refuses.
    pub(super) fn of(self, text: &[char]) -> &[char] {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    /// The place without what `edge` drops, or `None` if that is all of it.
    fn trimmed(self, text: &[char], edge: Edge) -> Option<Self> {
        let chars = self.of(text);
        let first = chars.iter().position(|&c| !edge.drops(c))?;
        let last = chars.iter().rposition(|&c| !edge.drops(c))?;
        Some(Self { start: self.start + first as u32, end: self.start + last as u32 + 1 })
    }
}

/// The trimmed places, each once, in text order, without the empty ones.
pub(super) fn spans(text: &[char], places: &[Place], edge: Edge) -> Vec<Place> {
    let mut spans: Vec<_> = places.iter().filter_map(|place| place.trimmed(text, edge)).collect();
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// What places cover together: places in text order that neither overlap nor touch.
pub(super) fn covered(places: impl IntoIterator<Item = Place>) -> Vec<Place> {
    let mut places: Vec<_> = places.into_iter().filter(|place| place.start < place.end).collect();
    places.sort_unstable();
    let mut covered: Vec<Place> = Vec::with_capacity(places.len());
    for place in places {
        match covered.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => covered.push(place),
        }
    }
    covered
}

/// The number of code points in places that do not overlap.
pub(super) fn length(places: &[Place]) -> u64 {
    places.iter().map(|place| place.len()).sum()
}

/// The number of code points that two sets of places, as [`covered`] gives them, share.
pub(super) fn shared(a: &[Place], b: &[Place]) -> u64 {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        shared += u64::from(x.end.min(y.end).saturating_sub(x.start.max(y.start)));
        if x.end < y.end { i += 1 } else { j += 1 }
    }
    shared
}

/// How many values two sorted lists without repetitions share.
pub(super) fn common<T: Ord>(a: &[T], b: &[T]) -> u64 {
    a.iter().filter(|value| b.binary_search(value).is_ok()).count() as u64
}

/// White space as Python's `str.isspace` and `\s` have it: that of Unicode, and the four separators of ASCII.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(start: u32, end: u32) -> Place {
        Place { start, end }
    }

    #[test]
    fn marks_at_the_edges_are_dropped_and_marks_inside_are_kept() {
        let text: Vec<_> = " “So — it’s done,” ".chars().collect();
        let whole = [place(0, text.len() as u32)];
        let words = |edge| {
            spans(&text, &whole, edge).into_iter().map(|p| p.of(&text).iter().collect::<String>()).collect::<Vec<_>>()
        };
        assert_eq!(words(Edge::Space), ["“So — it’s done,”"]);
        assert_eq!(words(Edge::Marks), ["So — it’s done"]);
    }

    #[test]
    fn a_place_of_nothing_but_marks_is_no_span() {
        let text: Vec<_> = "a “ ” b".chars().collect();
        assert_eq!(spans(&text, &[place(1, 6), place(3, 3)], Edge::Marks), []);
    }

    #[test]
    fn places_that_overlap_or_touch_cover_one_stretch() {
        assert_eq!(
            covered([place(4, 6), place(0, 2), place(2, 3), place(5, 9), place(7, 7)]),
            [place(0, 3), place(4, 9)]
        );
    }

    #[test]
    fn two_sets_share_what_lies_in_both() {
        let (a, b) = (covered([place(0, 4), place(6, 10)]), covered([place(2, 7), place(9, 12)]));
        assert_eq!((shared(&a, &b), shared(&b, &a), length(&a)), (4, 4, 8));
        assert_eq!(shared(&[place(0, 3)], &[place(3, 5)]), 0);
    }
}
