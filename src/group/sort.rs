//! Sorting more than fits into memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Runs that are merged at once: each takes an open file and a buffer.
const RUNS: usize = 64;

/// Pairs of key and value, sorted by key; of equal keys, as they came.
pub(super) struct Sorter {
    memory: usize,
    folder: PathBuf,
    bytes: Vec<u8>,
    rows: Vec<Row>,
    runs: Vec<File>,
}

/// Where a pair lies in the bytes.
#[derive(Clone, Copy)]
pub(super) struct Row {
    start: usize,
    key: usize,
    value: usize,
}

type Pair = (Vec<u8>, Vec<u8>);

impl Sorter {
    /// Holds at most so many bytes in memory (but at least one pair), and the rest in files of the folder.
    pub(super) fn new(memory: usize, folder: &Path) -> Self {
        Self { memory, folder: folder.to_owned(), bytes: Vec::new(), rows: Vec::new(), runs: Vec::new() }
    }

    pub(super) fn push(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let more = key.len() + value.len() + size_of::<Row>();
        if !self.rows.is_empty() && self.bytes.len() + self.rows.len() * size_of::<Row>() + more > self.memory {
            self.spill()?;
        }
        self.rows.push(Row { start: self.bytes.len(), key: key.len(), value: value.len() });
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(value);
        Ok(())
    }

    /// All pairs in order.
    pub(super) fn sorted(mut self) -> io::Result<Sorted> {
        if self.runs.is_empty() {
            self.sort();
            return Ok(Sorted::Memory { bytes: self.bytes, rows: self.rows.into_iter() });
        }
        self.spill()?;
        Merge::new(self.runs).map(Sorted::Files)
    }

    fn sort(&mut self) {
        let key = |row: &Row| self.bytes.get(row.start..row.start + row.key);
        self.rows.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut run = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
        for row in &self.rows {
            write_pair(&mut run, &self.bytes[row.start..][..row.key], &self.bytes[row.start + row.key..][..row.value])?;
        }
        self.runs.push(rewound(run)?);
        self.rows.clear();
        self.bytes.clear();
        if self.runs.len() == RUNS {
            let mut all = BufWriter::new(tempfile::tempfile_in(&self.folder)?);
            for pair in Merge::new(std::mem::take(&mut self.runs))? {
                let (key, value) = pair?;
                write_pair(&mut all, &key, &value)?;
            }
            self.runs.push(rewound(all)?);
        }
        Ok(())
    }
}

fn rewound(run: BufWriter<File>) -> io::Result<File> {
    let mut file = run.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

fn write_pair(run: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    for part in [key, value] {
        run.write_all(&(part.len() as u64).to_le_bytes())?;
    }
    run.write_all(key)?;
    run.write_all(value)
}

/// The next pair of a run, unless it is at its end.
fn read_pair(run: &mut impl Read) -> io::Result<Option<Pair>> {
    let mut lengths = [0; 16];
    let mut read = 0;
    while read < lengths.len() {
        match run.read(&mut lengths[read..])? {
            0 if read == 0 => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            more => read += more,
        }
    }
    let (key, value) = lengths.split_at(8);
    let mut part = |length: &[u8]| {
        let length = length.iter().rev().fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        run.read_exact(&mut bytes).map(|()| bytes)
    };
    Ok(Some((part(key)?, part(value)?)))
}

/// Pairs in order.
pub(super) enum Sorted {
    Memory { bytes: Vec<u8>, rows: std::vec::IntoIter<Row> },
    Files(Merge),
}

impl std::fmt::Debug for Sorted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sorted").finish_non_exhaustive()
    }
}

impl Iterator for Sorted {
    type Item = io::Result<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Files(merge) => merge.next(),
            Self::Memory { bytes, rows } => {
                let Row { start, key, value } = rows.next()?;
                let pair = &bytes[start..][..key + value];
                Some(Ok((pair[..key].to_vec(), pair[key..].to_vec())))
            }
        }
    }
}

/// Key, number of the run, value.
type Next = (Vec<u8>, usize, Vec<u8>);

/// Runs that are read side by side.
pub(super) struct Merge {
    runs: Vec<BufReader<File>>,
    /// The next pair of each run. Of equal keys that of the earlier run is first.
    next: BinaryHeap<Reverse<Next>>,
    broken: bool,
}

impl Merge {
    fn new(runs: Vec<File>) -> io::Result<Self> {
        let mut runs: Vec<_> = runs.into_iter().map(BufReader::new).collect();
        let mut next = BinaryHeap::with_capacity(runs.len());
        for (number, run) in runs.iter_mut().enumerate() {
            next.extend(read_pair(run)?.map(|(key, value)| Reverse((key, number, value))));
        }
        Ok(Self { runs, next, broken: false })
    }
}

impl Iterator for Merge {
    type Item = io::Result<Pair>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((key, number, value)) = self.next.pop().filter(|_| !self.broken)?;
        match read_pair(&mut self.runs[number]) {
            Ok(after) => self.next.extend(after.map(|(key, value)| Reverse((key, number, value)))),
            Err(error) => {
                self.broken = true;
                return Some(Err(error));
            }
        }
        Some(Ok((key, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(memory: usize, pairs: &[(String, String)]) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let mut sorter = Sorter::new(memory, folder.path());
        pairs.iter().try_for_each(|(key, value)| sorter.push(key.as_bytes(), value.as_bytes())).unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let all = sorter.sorted().unwrap().map(Result::unwrap);
        all.map(|(key, value)| (text(key), text(value))).collect()
    }

    #[test]
    fn the_order_is_the_same_in_memory_and_in_any_number_of_files() {
        let pairs: Vec<_> = (0..2000_u64)
            .map(|i| ((i * 7919 % 97).to_string(), "v".repeat(1 + i as usize % 5) + &i.to_string()))
            .collect();
        let mut wanted = pairs.clone();
        wanted.sort_by(|a, b| a.0.cmp(&b.0));
        // From everything in memory to a file for each pair, which must be merged several times.
        for memory in [1 << 20, 10_000, 500, 0] {
            assert_eq!(sorted(memory, &pairs), wanted, "{memory}");
        }
        assert_eq!(sorted(0, &[]), []);
    }
}
