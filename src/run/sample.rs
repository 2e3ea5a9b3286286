//! Some articles out of many, by chance, but always the same ones.

use std::iter::Fuse;
use std::num::NonZeroUsize;

use super::{Articles, Progress};

/// The articles that are asked for, in the order of the input.
pub(super) fn chosen<T: Send, I: Iterator<Item = T> + Send>(
    items: I,
    articles: Articles,
    progress: &Progress,
) -> impl Iterator<Item = T> + Send {
    let limit = articles.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let items = items.take(limit).fuse();
    if let Some(sample) = articles.sample {
        progress.expect(sample.get() as u64);
    } else if let Some(limit) = articles.limit {
        progress.expect(limit);
    }
    match articles.sample {
        None => Chosen::All(items),
        Some(sample) => Chosen::Later(Some((items, sample))),
    }
}

enum Chosen<I: Iterator> {
    All(Fuse<I>),
    /// Nothing is read before the first is asked for: that is on the thread that reads.
    Later(Option<(Fuse<I>, NonZeroUsize)>),
    Sample(std::vec::IntoIter<(u64, I::Item)>),
}

impl<I: Iterator> Iterator for Chosen<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if let Self::Later(input) = self {
            let (items, sample) = input.take()?;
            *self = Self::Sample(reservoir(items, sample).into_iter());
        }
        match self {
            Self::All(items) => items.next(),
            Self::Sample(items) => items.next().map(|(_, item)| item),
            Self::Later(_) => None,
        }
    }
}

/// Each item has the same chance to be among the `sample` that are kept.
fn reservoir<T>(items: impl Iterator<Item = T>, sample: NonZeroUsize) -> Vec<(u64, T)> {
    let (mut kept, mut random): (Vec<(u64, T)>, _) = (Vec::new(), SplitMix(0));
    for (number, item) in (0..).zip(items) {
        if kept.len() < sample.get() {
            kept.push((number, item));
        } else if let Some(place) = kept.get_mut(random.below(number + 1) as usize) {
            *place = (number, item);
        }
    }
    kept.sort_unstable_by_key(|&(number, _)| number);
    kept
}

/// Steele, Lea and Flood's generator: what is wanted is a fair choice that is the same in every version, not secrecy.
struct SplitMix(u64);

impl SplitMix {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * u128::from(end)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen_of(count: u64, limit: Option<u64>, sample: Option<usize>) -> Vec<u64> {
        let articles = Articles { limit, sample: sample.and_then(NonZeroUsize::new) };
        chosen(0..count, articles, &Progress::default()).collect()
    }

    #[test]
    fn a_limit_takes_the_first_and_a_sample_some_of_these_in_order() {
        assert_eq!(chosen_of(100, Some(3), None), [0, 1, 2]);
        assert_eq!(chosen_of(5, None, Some(9)), [0, 1, 2, 3, 4]);
        let some = chosen_of(100_000, Some(50_000), Some(1000));
        assert_eq!((some.len(), some.is_sorted()), (1000, true));
        assert_eq!(some, chosen_of(50_000, None, Some(1000)));
        // From all of it: the mean of evenly spread numbers is near the middle.
        let mean = some.iter().sum::<u64>() / 1000;
        assert!((23_000..27_000).contains(&mean), "{mean}");
    }
}
