//! One-to-one pairs of overlapping things, best first.
//!
//! Which pairs overlap at all is found by one sweep over the text, so that a document with thousands of spans costs what
//! its overlaps cost and not the product of both sides. The choice among them is greedy, as in the shared scorers: the
//! best pair is taken, then the best of what is left. Equal pairs are taken from the end of the text; it matters little
//! which, but it must always be the same.

use super::place::Place;

/// A gold thing, a predicted thing, and how many code points they share: at least one.
pub(super) type Overlap = (usize, usize, u64);

/// All pairs that share a code point, in order. A thing is the places with its number; they must not overlap each other.
pub(super) fn overlaps(gold: &[(usize, Place)], predicted: &[(usize, Place)]) -> Vec<Overlap> {
    let all = gold.iter().map(|item| (true, item)).chain(predicted.iter().map(|item| (false, item)));
    let mut all: Vec<_> = all.filter(|(_, (_, place))| place.start < place.end).collect();
    all.sort_unstable_by_key(|&(is_gold, &(thing, place))| (place, is_gold, thing));
    // Things that reach to where the sweep is, with where they end.
    let (mut open_gold, mut open_predicted) = (Vec::<(usize, u32)>::new(), Vec::<(usize, u32)>::new());
    let mut found = Vec::new();
    for (is_gold, &(thing, place)) in all {
        let (own, others) =
            if is_gold { (&mut open_gold, &mut open_predicted) } else { (&mut open_predicted, &mut open_gold) };
        others.retain(|&(_, end)| end > place.start);
        for &(other, end) in others.iter() {
            // The other one began no later, so what they share begins here.
            let shared = u64::from(end.min(place.end) - place.start);
            found.push(if is_gold { (thing, other, shared) } else { (other, thing, shared) });
        }
        own.push((thing, place.end));
    }
    found.sort_unstable();
    found.dedup_by(|next, kept| {
        let same = (next.0, next.1) == (kept.0, kept.1);
        kept.2 += if same { next.2 } else { 0 };
        same
    });
    found
}

/// Takes the best-scored pair whose things are both free, until no pair of at least `least` is left.
pub(super) fn greedy(scored: impl IntoIterator<Item = (f64, usize, usize)>, least: f64) -> Vec<(usize, usize)> {
    let mut scored: Vec<_> = scored.into_iter().filter(|&(score, ..)| score >= least).collect();
    scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((b.1, b.2).cmp(&(a.1, a.2))));
    let taken = |size: Option<usize>| vec![false; size.map_or(0, |last| last + 1)];
    let mut gold_taken = taken(scored.iter().map(|&(_, gold, _)| gold).max());
    let mut predicted_taken = taken(scored.iter().map(|&(_, _, predicted)| predicted).max());
    let mut pairs = Vec::new();
    for (_, gold, predicted) in scored {
        if !gold_taken[gold] && !predicted_taken[predicted] {
            gold_taken[gold] = true;
            predicted_taken[predicted] = true;
            pairs.push((gold, predicted));
        }
    }
    pairs
}

/// How many spans find a partner: one to one, with at least one code point in common, the longest overlaps first.
pub(super) fn overlapping(gold: &[Place], predicted: &[Place]) -> u64 {
    let numbered = |places: &[Place]| places.iter().copied().enumerate().collect::<Vec<_>>();
    let found = overlaps(&numbered(gold), &numbered(predicted));
    greedy(found.into_iter().map(|(gold, predicted, shared)| (shared as f64, gold, predicted)), 1.0).len() as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::place::{covered, shared};
    use super::*;

    fn place(start: u32, end: u32) -> Place {
        Place { start, end }
    }

    #[test]
    fn the_longest_overlap_is_taken_first() {
        // The first prediction reaches into both names, and only one of them may have it.
        assert_eq!(overlapping(&[place(0, 5), place(6, 10)], &[place(2, 10)]), 1);
        let pairs = greedy([(3.0, 0, 0), (4.0, 1, 0), (1.0, 0, 1)], 1.0);
        assert_eq!(pairs, [(1, 0), (0, 1)]);
    }

    #[test]
    fn touching_spans_do_not_overlap() {
        assert_eq!(overlapping(&[place(0, 5)], &[place(5, 9)]), 0);
    }

    #[test]
    fn of_equal_pairs_the_last_is_taken_first() {
        assert_eq!(greedy([(1.0, 0, 0), (1.0, 0, 1), (1.0, 1, 0)], 1.0), [(1, 0), (0, 1)]);
    }

    fn things() -> impl Strategy<Value = Vec<Vec<Place>>> {
        let thing = prop::collection::vec((0u32..40, 0u32..12), 1..4)
            .prop_map(|places| covered(places.into_iter().map(|(start, length)| place(start, start + length))));
        prop::collection::vec(thing, 0..12)
    }

    proptest! {
        #[test]
        fn the_sweep_finds_what_comparing_all_with_all_finds(gold in things(), predicted in things()) {
            let numbered = |things: &[Vec<Place>]| -> Vec<(usize, Place)> {
                things.iter().enumerate().flat_map(|(i, places)| places.iter().map(move |&place| (i, place))).collect()
            };
            let mut wanted = Vec::new();
            for (i, a) in gold.iter().enumerate() {
                for (j, b) in predicted.iter().enumerate() {
                    if shared(a, b) > 0 {
                        wanted.push((i, j, shared(a, b)));
                    }
                }
            }
            prop_assert_eq!(overlaps(&numbered(&gold), &numbered(&predicted)), wanted);
        }
    }
}
