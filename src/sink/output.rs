//! A place to write bytes to: a stream, or a file that appears when it is complete.
//!
//! A file is written under a temporary name in its own folder and renamed at the end. The folder is the same because a
//! rename is atomic only within a file system. What is not a regular file (`/dev/null`, a named pipe) is written to as
//! it is: renaming something onto it would take its place.
//!
//! Ending has two steps, because several files often belong together. [`Output::complete`] writes everything, so that a
//! full disk is met while no file has its name yet, and asks the system to keep it through a loss of power;
//! [`Complete::appear`] is the rename.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempDir, TempPath};

use super::SinkError;
use super::compression::{Compression, Compressor};

/// A place to write bytes to.
pub struct Output<'a> {
    name: String,
    to: To<'a>,
}

enum To<'a> {
    Stream(Compressor<Box<dyn Write + Send + 'a>>),
    File { temporary: Compressor<NamedTempFile>, path: PathBuf },
}

/// An output that is wholly written. If it is a file or a folder, it has not its name yet, and is removed if it never gets it.
#[derive(Debug)]
#[must_use = "what does not appear is removed"]
pub struct Complete {
    name: String,
    what: What,
}

#[derive(Debug)]
enum What {
    Stream,
    File(TempPath, PathBuf),
    Folder(TempDir, PathBuf),
}

/// How the name of a temporary file begins and ends.
const TEMPORARY: (&str, &str) = (".whosaid-", ".part");

impl<'a> Output<'a> {
    /// A stream, with the name it has in errors.
    #[must_use]
    pub fn stream(name: impl Into<String>, stream: impl Write + Send + 'a) -> Self {
        let stream: Box<dyn Write + Send + 'a> = Box::new(stream);
        Self { name: name.into(), to: To::Stream(Compressor::None(io::BufWriter::new(stream))) }
    }

    /// A file, which keeps its old content until it is complete. It is compressed as its name says.
    ///
    /// # Errors
    /// [`SinkError`] if the file cannot be made, or is a folder.
    pub fn file(path: &Path) -> Result<Self, SinkError> {
        let name = path.display().to_string();
        match open(path, Compression::of_path(path)) {
            Ok(to) => Ok(Self { name, to }),
            Err(source) => Err(SinkError { output: name, source }),
        }
    }

    /// Its name in errors.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Writes what is still to be written. A file is then on its disk, but has not its name yet.
    ///
    /// # Errors
    /// [`SinkError`] if the last bytes cannot be written.
    pub fn complete(self) -> Result<Complete, SinkError> {
        let Self { name, to } = self;
        let completed = match to {
            To::Stream(stream) => stream.finish().and_then(|mut stream| stream.flush()).map(|()| What::Stream),
            To::File { temporary, path } => temporary.finish().and_then(|file| {
                file.as_file().sync_all()?;
                Ok(What::File(file.into_temp_path(), path))
            }),
        };
        match completed {
            Ok(what) => Ok(Complete { name, what }),
            Err(source) => Err(SinkError { output: name, source }),
        }
    }

    /// Completes the output, and gives a file its name.
    ///
    /// # Errors
    /// [`SinkError`] if the last bytes cannot be written or the file cannot be renamed.
    pub fn finish(self) -> Result<(), SinkError> {
        self.complete()?.appear()
    }
}

impl Complete {
    /// A folder that is wholly written.
    pub(super) fn folder(temporary: TempDir, path: PathBuf) -> Self {
        Self { name: path.display().to_string(), what: What::Folder(temporary, path) }
    }

    /// Gives a file or a folder its name, in place of what had it.
    ///
    /// # Errors
    /// [`SinkError`] if it cannot be renamed.
    pub fn appear(self) -> Result<(), SinkError> {
        let Self { name, what } = self;
        let appeared = match what {
            What::Stream => Ok(()),
            What::File(temporary, path) => {
                let renamed = temporary.persist(&path).map_err(|error| error.error);
                renamed.and_then(|()| sync_folder(parent(&path)))
            }
            // A folder cannot be renamed onto another: for a moment there is neither.
            What::Folder(temporary, path) => remove_folder(&path)
                .and_then(|()| fs::rename(temporary.keep(), &path))
                .and_then(|()| sync_folder(parent(&path))),
        };
        appeared.map_err(|source| SinkError { output: name, source })
    }
}

/// Makes a temporary folder beside what is to become of it.
pub(super) fn temporary_folder(path: &Path) -> io::Result<TempDir> {
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    temporary.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o777));
    temporary.tempdir_in(parent(path))
}

fn remove_folder(path: &Path) -> io::Result<()> {
    fs::remove_dir_all(path).or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}

/// Asks the system to keep what a folder says of its files: without that a rename can be lost with the power.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder cannot be opened as a file, and a rename is kept without being asked.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Removes the temporary files and folders that runs which were killed have left in a folder.
pub(crate) fn remove_temporary_files(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.as_encoded_bytes();
        if name.starts_with(TEMPORARY.0.as_bytes()) && name.ends_with(TEMPORARY.1.as_bytes()) {
            if entry.file_type()?.is_dir() { fs::remove_dir_all(entry.path())? } else { fs::remove_file(entry.path())? }
        }
    }
    Ok(())
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn open(path: &Path, compression: Compression) -> io::Result<To<'static>> {
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // A temporary file is its owner's alone; this one is to become an ordinary file, or like the one that it replaces.
    #[cfg(unix)]
    temporary.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let path = match fs::metadata(path) {
        Ok(met) if met.is_dir() => {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, but a file is wanted"));
        }
        Ok(met) if !met.is_file() => {
            let stream: Box<dyn Write + Send> = Box::new(File::options().write(true).open(path)?);
            return Ok(To::Stream(Compressor::new(stream, compression)?));
        }
        // A link stays, and what it points to is replaced.
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let temporary = temporary.tempfile_in(parent(&path))?;
    if let Ok(met) = fs::metadata(&path) {
        temporary.as_file().set_permissions(met.permissions())?;
    }
    Ok(To::File { temporary: Compressor::new(temporary, compression)?, path })
}

impl Write for Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            To::Stream(stream) => stream.write(bytes),
            To::File { temporary, .. } => temporary.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stream(stream) => stream.flush(),
            To::File { temporary, .. } => temporary.flush(),
        }
    }
}

impl fmt::Debug for Output<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_its_content_until_the_new_one_is_complete() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        fs::write(&path, "old").unwrap();
        let mut output = Output::file(&path).unwrap();
        output.write_all(b"new").unwrap();
        output.flush().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        output.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_output_that_is_dropped_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        drop(Output::file(&folder.path().join("out")).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_and_its_targets_permissions_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        fs::write(&target, "old").unwrap();
        fs::set_permissions(&target, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&target, &link).unwrap();
        let mut output = Output::file(&link).unwrap();
        output.write_all(b"new").unwrap();
        output.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o640);
    }
}
