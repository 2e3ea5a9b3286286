//! A folder with some files for each article.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::output::temporary_folder;
use super::{Complete, SinkError, peers};

/// A folder that appears when it is complete.
#[derive(Debug)]
pub(super) struct Articles {
    temporary: TempDir,
    path: PathBuf,
    next: u64,
}

impl Articles {
    pub(super) fn new(path: &Path) -> Result<Self, SinkError> {
        let temporary = temporary_folder(path).map_err(|source| SinkError::new(path.display().to_string(), source))?;
        Ok(Self { temporary, path: path.to_owned(), next: 0 })
    }

    /// Adds the files of the next article. Its number keeps names apart: ids may be equal but for what a name cannot have.
    pub(super) fn add(&mut self, id: &str, files: &peers::Files) -> Result<(), SinkError> {
        let stem = format!("{:07}-{}", self.next, slug(id));
        self.next += 1;
        files.iter().try_for_each(|(extension, bytes)| {
            let path = self.temporary.path().join(format!("{stem}.{extension}"));
            fs::write(&path, bytes).map_err(|source| SinkError::new(self.path.display().to_string(), source))
        })
    }

    /// Asks the system to keep the files.
    pub(super) fn complete(self) -> Result<Complete, SinkError> {
        let Self { temporary, path, .. } = self;
        let synced = fs::read_dir(temporary.path()).and_then(|mut entries| {
            entries.try_for_each(|entry| File::options().write(true).open(entry?.path())?.sync_all())
        });
        match synced {
            Ok(()) => Ok(Complete::folder(temporary, path)),
            Err(source) => Err(SinkError::new(path.display().to_string(), source)),
        }
    }
}

/// An id as it can stand in the name of a file, everywhere.
fn slug(id: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    id.chars().take(60).map(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_appears_when_it_is_complete_and_replaces_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("articles");
        for text in ["old", "new"] {
            let mut articles = Articles::new(&path).unwrap();
            articles.add("news/a b.txt", &vec![("txt", text.into()), ("ann", Vec::new())]).unwrap();
            articles.add("../b", &vec![("txt", Vec::new())]).unwrap();
            articles.complete().unwrap().appear().unwrap();
            assert_eq!(fs::read_to_string(path.join("0000000-news_a_b_txt.txt")).unwrap(), text);
        }
        assert!(path.join("0000001-___b.txt").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
