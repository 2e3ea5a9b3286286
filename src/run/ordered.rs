//! A map over an iterator on several threads, whose results come in the iterator's order and in bounded memory.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How much may be between reading and writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Batches for each thread. With fewer than two a thread would wait for the reader.
    pub batches: usize,
    /// Bytes of unparsed articles for each thread. What is made of an article is several times as large as itself; one
    /// that is larger than the bound goes alone.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { batches: 8, bytes: 4 << 20 }
    }
}

/// What an item weighs.
pub(super) trait Weigh {
    /// Its size in bytes.
    fn bytes(&self) -> usize;
}

/// How much is under way.
struct Room {
    batches: usize,
    bytes: usize,
    state: Mutex<Taken>,
    changed: Condvar,
}

#[derive(Default)]
struct Taken {
    batches: usize,
    bytes: usize,
    closed: bool,
}

impl Room {
    /// Waits until there is room, and takes it. `false` if nothing more is wanted.
    fn take(&self, bytes: usize) -> bool {
        let taken = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut Taken| {
            let fits = taken.batches < self.batches && taken.bytes + bytes <= self.bytes;
            !taken.closed && !fits && taken.batches > 0
        };
        let mut taken = self.changed.wait_while(taken, is_full).unwrap_or_else(PoisonError::into_inner);
        taken.batches += 1;
        taken.bytes += bytes;
        !taken.closed
    }

    fn give_back(&self, bytes: usize) {
        let mut taken = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        taken.batches -= 1;
        taken.bytes -= bytes;
        self.changed.notify_one();
    }

    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.changed.notify_all();
    }
}

/// Closes the room whatever happens, so that the reader never waits for somebody who is gone.
struct CloseAtEnd<'a>(&'a Room);

impl Drop for CloseAtEnd<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Gives every item to `work` on one of `threads` threads, and the results to `take` on this one, in order. The iterator
/// runs on a thread of its own.
///
/// The first error of `take` ends it; items that are under way are dropped. A panic of the iterator, of `work` or of
/// `take` goes on here.
pub(super) fn map<I: Weigh + Send, T: Send, E>(
    items: impl Iterator<Item = I> + Send,
    threads: usize,
    bounds: Bounds,
    work: impl Fn(I) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.max(1);
    let room = &Room {
        batches: bounds.batches.max(1) * threads,
        bytes: bounds.bytes.saturating_mul(threads),
        state: Mutex::default(),
        changed: Condvar::new(),
    };
    let (to_work, for_work) = crossbeam_channel::unbounded::<(usize, usize, I)>();
    let (to_take, for_take) = crossbeam_channel::unbounded::<(usize, usize, T)>();
    let work = &work;
    thread::scope(|scope| {
        let close = CloseAtEnd(room);
        let mut helpers = Vec::with_capacity(threads + 1);
        helpers.push(scope.spawn(move || {
            for (number, item) in items.enumerate() {
                let bytes = item.bytes();
                if !room.take(bytes) || to_work.send((number, bytes, item)).is_err() {
                    break;
                }
            }
        }));
        for _ in 0..threads {
            let (for_work, to_take) = (for_work.clone(), to_take.clone());
            helpers.push(scope.spawn(move || {
                for (number, bytes, item) in for_work {
                    if to_take.send((number, bytes, work(item))).is_err() {
                        break;
                    }
                }
            }));
        }
        drop((for_work, to_take));
        let (mut next, mut early) = (0, BTreeMap::new());
        let mut taken = Ok(());
        'all: for (number, bytes, result) in for_take {
            early.insert(number, (bytes, result));
            while let Some((bytes, result)) = early.remove(&next) {
                taken = take(result);
                if taken.is_err() {
                    break 'all;
                }
                room.give_back(bytes);
                next += 1;
            }
        }
        // The receiver is gone with the loop, so whoever still works stops.
        drop(close);
        for helper in helpers {
            if let Err(panic) = helper.join() {
                resume_unwind(panic);
            }
        }
        taken
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    impl Weigh for usize {
        fn bytes(&self) -> usize {
            *self
        }
    }

    fn numbers(threads: usize, count: usize) -> Vec<usize> {
        let mut all = Vec::new();
        let slow_first = |n: usize| {
            thread::sleep(Duration::from_micros(if n.is_multiple_of(7) { 900 } else { 20 }));
            n
        };
        let done: Result<(), ()> = map(0..count, threads, Bounds { batches: 3, bytes: 10_000 }, slow_first, |n| {
            all.push(n);
            Ok(())
        });
        assert_eq!(done, Ok(()));
        all
    }

    #[test]
    fn results_come_in_order_at_any_number_of_threads() {
        for threads in [0, 1, 2, 8] {
            assert_eq!(numbers(threads, 200), (0..200).collect::<Vec<_>>());
        }
    }

    #[test]
    fn no_more_is_read_than_there_is_room_for() {
        let read = AtomicUsize::new(0);
        let mut written = 0;
        let items = (0..500).inspect(|_| {
            read.fetch_add(1, Ordering::SeqCst);
        });
        let done: Result<(), ()> = map(
            items,
            2,
            Bounds { batches: 4, bytes: usize::MAX },
            |n| n,
            |_| {
                thread::sleep(Duration::from_micros(100));
                written += 1;
                // Eight under way, and one in the reader's hands.
                assert!(read.load(Ordering::SeqCst) <= written + 8 + 1);
                Ok(())
            },
        );
        assert_eq!((done, written), (Ok(()), 500));
    }

    #[test]
    fn an_item_larger_than_the_bound_goes_alone() {
        let under_way = AtomicUsize::new(0);
        let items = [1, 1, 1000, 1, 1000, 1000, 1].into_iter();
        let work = |n: usize| {
            let others = under_way.fetch_add(1, Ordering::SeqCst);
            assert!(n < 1000 || others == 0);
            thread::sleep(Duration::from_millis(2));
            under_way.fetch_sub(1, Ordering::SeqCst);
            n
        };
        let mut sum = 0;
        let done: Result<(), ()> = map(items, 4, Bounds { batches: 8, bytes: 10 }, work, |n| {
            sum += n;
            Ok(())
        });
        assert_eq!((done, sum), (Ok(()), 3004));
    }

    #[test]
    fn an_error_ends_an_endless_input() {
        let mut seen = 0;
        let done = map(
            std::iter::repeat(1),
            3,
            Bounds::default(),
            |n| n,
            |_| {
                seen += 1;
                if seen == 100 { Err("full") } else { Ok(()) }
            },
        );
        assert_eq!((done, seen), (Err("full"), 100));
    }

    #[test]
    fn a_panic_is_not_taken_for_the_end() {
        let items = (0..10).inspect(|n| assert!(*n < 5, "a bug"));
        let run = std::panic::catch_unwind(|| map(items, 2, Bounds::default(), |n| n, |_| Ok::<_, ()>(())));
        assert!(run.is_err());
    }
}
