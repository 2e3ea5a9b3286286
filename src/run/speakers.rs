//! Who is quoted most, in bounded memory.

use std::collections::HashMap;

/// Names that are counted at once. With more the rarest are forgotten, so that memory does not grow with the dump; the
/// count of a name that is really frequent is then too low by at most the counts that were dropped.
const NAMES: usize = 16 * 1024;

/// How often each name was quoted, for the most frequent.
#[derive(Debug, Default)]
pub(super) struct Speakers {
    counts: HashMap<String, u64>,
}

impl Speakers {
    pub(super) fn add(&mut self, name: &str) {
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
            return;
        }
        if self.counts.len() >= NAMES {
            self.forget();
        }
        self.counts.insert(name.to_owned(), 1);
    }

    /// Forgets the rarer half.
    fn forget(&mut self) {
        let mut counts: Vec<u64> = self.counts.values().copied().collect();
        let middle = counts.len() / 2;
        let (_, &mut median, _) = counts.select_nth_unstable(middle);
        self.counts.retain(|_, count| *count > median);
    }

    /// The most frequent, the most frequent first, by name where they are equal.
    pub(super) fn top(&self, count: usize) -> Vec<(String, u64)> {
        let mut all: Vec<_> = self.counts.iter().map(|(name, &count)| (name.clone(), count)).collect();
        all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        all.truncate(count);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_frequent_is_not_forgotten_among_many_who_are_not() {
        let mut speakers = Speakers::default();
        for i in 0..200_000 {
            speakers.add(&format!("Nobody {i}"));
            if i % 3 == 0 {
                speakers.add("Ada Cole");
            }
            if i % 9 == 0 {
                speakers.add("Ilse Varga");
            }
        }
        assert_eq!(speakers.top(2), [("Ada Cole".to_owned(), 66_667), ("Ilse Varga".to_owned(), 22_223)]);
        assert!(speakers.counts.len() <= NAMES);
    }
}
