//! A long article in stretches that the network can read: each piece is scored once, with neighbours on both sides.

use std::ops::Range;

use super::vocabulary::Piece;

/// A stretch of pieces: all of `seen` is read, and the scores of `own` are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) seen: Range<usize>,
    pub(crate) own: Range<usize>,
}

/// The share of a window that is read on each side for what it says of the rest.
const CONTEXT: usize = 6;

/// Cuts an article into windows of at most `longest` pieces. Whose pieces fit into one is read at once; else windows
/// overlap, and are parted where a word begins.
pub(crate) fn cut(pieces: &[Piece], longest: usize) -> Vec<Window> {
    let (count, longest) = (pieces.len(), longest.max(1));
    let context = longest / CONTEXT;
    let mut found = Vec::new();
    let mut start = 0;
    while start < count {
        let from = start.saturating_sub(context);
        let farthest = from + longest;
        let end = if farthest >= count {
            count
        } else {
            let most = (farthest - context).max(start + 1);
            (start + 1..=most).rev().find(|&i| !pieces[i].continues).unwrap_or(most)
        };
        found.push(Window { seen: from..farthest.min(count), own: start..end });
        start = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(words: &[usize]) -> Vec<Piece> {
        let of_word = |&length: &usize| (0..length).map(|i| i > 0);
        let piece = |continues| Piece { id: 1, start: 0, end: 0, continues, opens: false };
        words.iter().flat_map(of_word).map(piece).collect()
    }

    #[test]
    fn a_short_article_is_read_at_once() {
        assert_eq!(cut(&pieces(&[1; 10]), 12), [Window { seen: 0..10, own: 0..10 }]);
        assert_eq!(cut(&[], 12), []);
    }

    #[test]
    fn every_piece_of_a_long_one_is_scored_once_between_neighbours() {
        let windows = cut(&pieces(&[1; 50]), 12);
        let own: Vec<usize> = windows.iter().flat_map(|w| w.own.clone()).collect();
        assert_eq!(own, (0..50).collect::<Vec<_>>());
        for window in &windows {
            assert!(window.seen.len() <= 12 && window.seen.start + 2 <= window.own.start.max(2), "{window:?}");
            assert!(window.own.end + 2 <= window.seen.end || window.own.end == 50, "{window:?}");
        }
    }

    #[test]
    fn words_stay_whole_unless_one_is_longer_than_a_window() {
        let windows = cut(&pieces(&[4, 4, 4, 4, 4]), 12);
        assert!(windows.iter().all(|w| w.own.start % 4 == 0), "{windows:?}");
        assert!(cut(&pieces(&[40]), 12).iter().all(|w| !w.own.is_empty()));
    }
}
