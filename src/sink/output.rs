//! A place to write bytes to: a stream, or a file that appears when it is complete.
//!
//! A file is written under a temporary name in its own folder and renamed at the end. The folder is the same because a
//! rename is atomic only within a file system. What is not a regular file (`/dev/null`, a named pipe) is written to as
//! it is: renaming something onto it would take its place.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::SinkError;

/// A place to write bytes to.
pub struct Output<'a> {
    name: String,
    to: To<'a>,
}

enum To<'a> {
    Stream(BufWriter<Box<dyn Write + 'a>>),
    File { temporary: BufWriter<NamedTempFile>, path: PathBuf },
}

impl<'a> Output<'a> {
    /// A stream, with the name it has in errors.
    #[must_use]
    pub fn stream(name: impl Into<String>, stream: impl Write + 'a) -> Self {
        Self { name: name.into(), to: To::Stream(BufWriter::new(Box::new(stream))) }
    }

    /// A file, which keeps its old content until [`finish`](Self::finish).
    ///
    /// # Errors
    /// [`SinkError`] if the file cannot be made, or is a folder.
    pub fn file(path: &Path) -> Result<Self, SinkError> {
        let name = path.display().to_string();
        match open(path) {
            Ok(to) => Ok(Self { name, to }),
            Err(source) => Err(SinkError { output: name, source }),
        }
    }

    /// Its name in errors.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Completes the output: everything is written, and the file has its name.
    ///
    /// # Errors
    /// [`SinkError`] if the last bytes cannot be written or the file cannot be renamed.
    pub fn finish(self) -> Result<(), SinkError> {
        let Self { name, to } = self;
        let finished = match to {
            To::Stream(mut stream) => stream.flush(),
            To::File { temporary, path } => {
                let temporary = temporary.into_inner().map_err(io::IntoInnerError::into_error);
                temporary.and_then(|file| file.persist(path).map(drop).map_err(|error| error.error))
            }
        };
        finished.map_err(|source| SinkError { output: name, source })
    }

    /// What went wrong, with the name of the output.
    pub(super) fn error(&self, source: io::Error) -> SinkError {
        SinkError { output: self.name.clone(), source }
    }
}

fn open(path: &Path) -> io::Result<To<'static>> {
    let mut temporary = tempfile::Builder::new();
    temporary.prefix(".whosaid-").suffix(".part");
    // A temporary file is its owner's alone; this one is to become an ordinary file, or like the one that it replaces.
    #[cfg(unix)]
    temporary.permissions(<fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666));
    let path = match fs::metadata(path) {
        Ok(met) if met.is_dir() => {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, but a file is wanted"));
        }
        Ok(met) if !met.is_file() => {
            return Ok(To::Stream(BufWriter::new(Box::new(File::options().write(true).open(path)?))));
        }
        // A link stays, and what it points to is replaced.
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let temporary = temporary.tempfile_in(folder)?;
    if let Ok(met) = fs::metadata(&path) {
        temporary.as_file().set_permissions(met.permissions())?;
    }
    Ok(To::File { temporary: BufWriter::new(temporary), path })
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
