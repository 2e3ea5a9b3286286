//! Where a run writes: one part, or a folder of parts that can be continued.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use super::work::Outcome;
use super::{Counts, Manifest, ManifestError, RunError};
use crate::record::Schema;
use crate::sink::{
    Complete, Compression, Format, Output, Part, Place, Provenance, SinkError, remove_temporary_files, sync_folder,
};

/// A folder of parts, as it is asked for.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder, which is made if there is none.
    pub path: PathBuf,
    /// The format of the parts.
    pub format: Format,
    /// How their files are compressed that can be.
    pub compression: Compression,
    /// Articles of a part.
    pub articles_per_part: NonZeroU64,
    /// What a file says about how it was made.
    pub provenance: Provenance,
    /// What the answer depends on, and the input. A run is continued only where all of this is the same.
    pub options: BTreeMap<String, String>,
}

/// Where a run writes.
#[derive(Debug)]
pub struct Writer<'a> {
    part: Option<Part<'a>>,
    folder: Option<Parts>,
}

/// The state of a folder of parts.
#[derive(Debug)]
struct Parts {
    folder: Folder,
    manifest: Manifest,
    /// What this run and those before it have dealt with, the part that is not complete included.
    counts: Counts,
    earlier: Counts,
    /// Held to the end, so that no other run writes to the folder.
    _lock: Option<File>,
}

impl<'a> Writer<'a> {
    /// To one part, which appears at the end.
    #[must_use]
    pub fn one(part: Part<'a>) -> Self {
        Self { part: Some(part), folder: None }
    }

    /// To parts in a folder without a run.
    ///
    /// # Errors
    /// [`RunError`] if the folder cannot be made, or holds a run.
    pub fn begin(folder: Folder) -> Result<Self, RunError> {
        let lock = lock(&folder.path)?;
        match Manifest::read(&folder.path)? {
            Some(Manifest { finished, .. }) => Err(ManifestError::Occupied { folder: folder.path, finished }.into()),
            None => Self::new(folder, lock, None),
        }
    }

    /// To parts in a folder, after those of a run that was interrupted; from the beginning if there is none.
    ///
    /// # Errors
    /// [`RunError`] if the folder cannot be made, or holds another run, or not all that it says it does.
    pub fn resume(folder: Folder) -> Result<Self, RunError> {
        let lock = lock(&folder.path)?;
        let manifest = Manifest::read(&folder.path)?;
        if let Some(there) = &manifest {
            if let Some((option, there, here)) = there.difference(&fresh(&folder)) {
                return Err(ManifestError::Different { folder: folder.path, option, there, here }.into());
            }
            if let Some(missing) = missing(&folder, there) {
                return Err(ManifestError::Missing { folder: folder.path, missing }.into());
            }
        }
        Self::new(folder, lock, manifest)
    }

    /// To parts in a folder, in place of the run that is there. The old run is gone when this returns.
    ///
    /// # Errors
    /// [`RunError`] if the folder cannot be made, or files of the old run cannot be removed.
    pub fn replace(folder: Folder) -> Result<Self, RunError> {
        let lock = lock(&folder.path)?;
        Self::remove(&folder.path)?;
        Self::new(folder, lock, None)
    }

    /// Removes the run in a folder, if there is one.
    ///
    /// # Errors
    /// [`RunError`] if a file cannot be removed.
    pub fn remove(folder: &Path) -> Result<(), RunError> {
        remove_run(folder).map_err(|source| cannot(folder, source).into())
    }

    fn new(folder: Folder, lock: Option<File>, manifest: Option<Manifest>) -> Result<Self, RunError> {
        remove_temporary_files(&folder.path).map_err(|source| cannot(&folder.path, source))?;
        let manifest = manifest.unwrap_or_else(|| fresh(&folder));
        let counts = manifest.counts;
        // That a part cannot be made should not be learnt after an hour of work.
        let part = if manifest.finished { None } else { Some(folder.part(manifest.parts)?) };
        let parts = Parts { folder, manifest, counts, earlier: counts, _lock: lock };
        Ok(Self { part, folder: Some(parts) })
    }

    /// What earlier runs have completed.
    #[must_use]
    pub fn earlier(&self) -> Counts {
        self.folder.as_ref().map_or_else(Counts::default, |parts| parts.earlier)
    }

    /// Whether earlier runs have completed everything.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.folder.as_ref().is_some_and(|parts| parts.manifest.finished)
    }

    pub(super) fn articles_per_part(&self) -> Option<NonZeroU64> {
        self.folder.as_ref().map(|parts| parts.manifest.articles_per_part)
    }

    pub(super) fn write(&mut self, outcome: Outcome) -> Result<(), RunError> {
        let counts = outcome.counts();
        if let Some(parts) = &mut self.folder {
            parts.counts.add(counts);
            if self.part.is_none() {
                self.part = Some(parts.folder.part(parts.manifest.parts)?);
            }
        }
        self.part.as_mut().map_or(Ok(()), |part| part.write(outcome.chunk)).map_err(Into::into)
    }

    /// Completes the part, and says so in the folder.
    pub(super) fn next_part(&mut self) -> Result<(), RunError> {
        let (Some(parts), Some(part)) = (&mut self.folder, self.part.take()) else { return Ok(()) };
        let complete = part.complete()?;
        complete.into_iter().try_for_each(Complete::appear)?;
        parts.manifest.parts += 1;
        parts.manifest.counts = parts.counts;
        parts.manifest.write(&parts.folder.path)?;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), RunError> {
        if self.folder.is_none() {
            return self.part.map_or(Ok(()), Part::finish).map_err(Into::into);
        }
        // Also a part without articles, if it is the only one: a table always has its header.
        let is_wanted = |parts: &Parts| parts.manifest.parts == 0 || parts.counts != parts.manifest.counts;
        if self.folder.as_ref().is_some_and(is_wanted) {
            self.next_part()?;
        }
        self.part = None;
        self.folder.map_or(Ok(()), |mut parts| parts.finish()).map_err(Into::into)
    }
}

impl Parts {
    /// Makes one list of the errors of all parts.
    fn finish(&mut self) -> Result<(), SinkError> {
        let folder = &self.folder.path;
        let lists: Vec<_> = (0..self.manifest.parts).map(|number| self.folder.place(Some(number)).errors()).collect();
        if !self.manifest.finished {
            let mut all = Output::file(&self.folder.place(None).errors())?;
            for list in &lists {
                let copied = File::open(list).and_then(|mut list| io::copy(&mut list, &mut all));
                copied.map_err(|source| SinkError { output: all.name().to_owned(), source })?;
            }
            all.finish()?;
            self.manifest.finished = true;
            self.manifest.write(folder)?;
        }
        // A run that was interrupted here has left some of them.
        lists.iter().try_for_each(|list| remove(list)).map_err(|source| cannot(folder, source))
    }
}

impl Folder {
    fn place(&self, number: Option<u64>) -> Place<'_> {
        Place { folder: &self.path, compression: self.compression, number }
    }

    fn part(&self, number: u64) -> Result<Part<'static>, SinkError> {
        Part::folder(self.format, &self.place(Some(number)), &self.provenance)
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        let Self { articles, quotes, errors, foreign, bytes } = other;
        self.articles += articles;
        self.quotes += quotes;
        self.errors += errors;
        self.foreign += foreign;
        self.bytes += bytes;
    }
}

/// What a folder says before the first part.
fn fresh(folder: &Folder) -> Manifest {
    Manifest {
        schema: Schema::V1,
        articles_per_part: folder.articles_per_part,
        options: folder.options.clone(),
        parts: 0,
        counts: Counts::default(),
        finished: false,
    }
}

/// The first file of a complete part that is not there.
fn missing(folder: &Folder, manifest: &Manifest) -> Option<PathBuf> {
    let of_part = |number| {
        let place = folder.place(Some(number));
        let errors = (!manifest.finished).then(|| place.errors());
        place.files(folder.format).into_iter().chain(errors)
    };
    (0..manifest.parts).flat_map(of_part).find(|file| !file.exists())
}

fn lock(folder: &Path) -> Result<Option<File>, RunError> {
    fs::create_dir_all(folder)
        .map_err(|source| SinkError { output: format!("{} as a folder", folder.display()), source })?;
    // Where a folder cannot be opened or locked, nothing is lost but the warning.
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => Err(ManifestError::Busy { folder: folder.to_owned() }.into()),
        _ => Ok(Some(file)),
    }
}

/// Removes a run: what says that there is one first, so that half a run is never taken for one.
fn remove_run(folder: &Path) -> io::Result<()> {
    remove(&Manifest::path(folder))?;
    sync_folder(folder)?;
    remove(&folder.join("errors.jsonl"))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if is_of_part(&path) {
            if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
        }
    }
    Ok(())
}

/// Whether a file is named like one of a part, of any format: `quotes-00012.csv.gz`.
fn is_of_part(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let Some((stem, rest)) = name.as_deref().and_then(|name| name.split_once('-')) else { return false };
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let fits = if stem == "articles" { digits == rest.len() } else { rest[digits..].starts_with('.') };
    Format::all_stems().any(|known| known == stem) && digits >= 5 && fits
}

fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path).or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

fn cannot(folder: &Path, source: io::Error) -> SinkError {
    SinkError { output: folder.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_named_like_those_of_parts_are_removed_with_a_run() {
        for (name, is) in [
            ("quotes-00000.parquet", true),
            ("out-123456.jsonl.zst", true),
            ("errors-00001.jsonl", true),
            ("articles-00002", true),
            ("articles-00002.txt", false),
            ("quotes-1.csv", false),
            ("quotes.csv", false),
            ("notes-00001.csv", false),
            ("quotes-00000", false),
        ] {
            assert_eq!(is_of_part(Path::new(name)), is, "{name}");
        }
    }
}
