//! What a file is: what its name says, and what its first bytes say.
//!
//! How a file is packed is for its bytes to say, for they cannot be mistaken, and a name may be: a `.txt` that a server
//! compressed is still read. What is in it is for its name to say, for a text may begin with anything. Only where the
//! name says nothing, as that of standard input does, are the bytes asked.

use std::fmt;
use std::sync::Arc;

use crate::source::Format;

/// A format that articles are cut out of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DumpFormat {
    /// One article of plain text.
    Text,
    /// One article of Markdown.
    Markdown,
    /// One article as a web page.
    Html,
    /// A JSON object a line.
    JsonLines,
    /// Rows of fields with commas between them, after a header.
    Csv,
    /// Rows of fields with tabs between them, after a header.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// A web archive, of which the pages are read.
    Warc,
}

impl fmt::Display for DumpFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Warc => "warc",
        })
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Zip => "zip",
            Self::Tar => "tar",
        })
    }
}

impl DumpFormat {
    /// The format that a file name with this last extension, in lower case, stands for.
    fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "txt" | "text" => Self::Text,
            "md" | "markdown" => Self::Markdown,
            "html" | "htm" | "xhtml" => Self::Html,
            "jsonl" | "ndjson" => Self::JsonLines,
            "csv" => Self::Csv,
            "tsv" | "tab" => Self::Tsv,
            "parquet" => Self::Parquet,
            "warc" => Self::Warc,
            _ => return None,
        })
    }

    /// The format that a file which begins with `head` looks like; anything may be text.
    pub(super) fn of_bytes(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let tag: Vec<u8> = text.iter().take(16).map(u8::to_ascii_lowercase).collect();
        if head.starts_with(b"WARC/") {
            Self::Warc
        } else if head.starts_with(b"PAR1") {
            Self::Parquet
        } else if text.starts_with(b"{") && looks_like_json_lines(text) {
            Self::JsonLines
        } else if ["<!doctype html", "<html", "<head", "<?xml"].iter().any(|start| tag.starts_with(start.as_bytes())) {
            Self::Html
        } else {
            Self::Text
        }
    }

    /// What [`read`](crate::source::read) calls it, if a file of it is one article.
    pub(super) fn whole(self) -> Option<Format> {
        match self {
            Self::Text => Some(Format::Text),
            Self::Markdown => Some(Format::Markdown),
            Self::Html => Some(Format::Html),
            _ => None,
        }
    }
}

/// Whether the first line is an object, as far as `head` has it.
fn looks_like_json_lines(head: &[u8]) -> bool {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let is_cut = line.len() == head.len();
    match serde_json::from_slice::<serde::de::IgnoredAny>(line) {
        Ok(_) => true,
        Err(error) => is_cut && error.is_eof(),
    }
}

/// What a file is packed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Packing {
    /// One file, compressed; several compressed files in a row are one.
    Gzip,
    /// One file, compressed.
    Zstd,
    /// One file, compressed.
    Bzip2,
    /// An archive of compressed files.
    Zip,
    /// An archive of files.
    Tar,
}

/// How many bytes of a file are looked at: a tar archive says what it is 257 bytes into it, and the first line of a
/// dump should be seen whole if it is of ordinary length.
pub(super) const HEAD: usize = 16 << 10;

/// Where a tar archive says that it is one.
const TAR_MAGIC: std::ops::Range<usize> = 257..262;

impl Packing {
    /// What a file that begins with `head` is packed in.
    pub(super) fn of_bytes(head: &[u8]) -> Option<Self> {
        let is_bzip2 = head.starts_with(b"BZh")
            && matches!(head.get(3), Some(b'1'..=b'9'))
            && matches!(head.get(4..10), Some(b"1AY&SY" | b"\x17\x72\x45\x38\x50\x90"));
        // Of zstd, a frame, or one that is to be skipped: tools that compress on many processors begin with one.
        let is_zstd = head.starts_with(b"\x28\xB5\x2F\xFD")
            || matches!(head.first(), Some(0x50..=0x5F)) && head.get(1..4).is_some_and(|rest| rest == b"\x2A\x4D\x18");
        if head.starts_with(b"\x1F\x8B") {
            Some(Self::Gzip)
        } else if is_zstd {
            Some(Self::Zstd)
        } else if is_bzip2 {
            Some(Self::Bzip2)
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Self::Zip)
        } else if head.get(TAR_MAGIC).is_some_and(|magic| magic == b"ustar") {
            Some(Self::Tar)
        } else {
            None
        }
    }

    /// What a file name with this last extension, in lower case, stands for.
    fn of_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "gz" | "gzip" | "tgz" => Self::Gzip,
            "zst" | "zstd" | "tzst" => Self::Zstd,
            "bz2" | "bzip2" | "tbz2" | "tbz" => Self::Bzip2,
            "zip" => Self::Zip,
            "tar" => Self::Tar,
            _ => return None,
        })
    }

    /// What it is called in a message.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip stream",
            Self::Zstd => "zstd stream",
            Self::Bzip2 => "bzip2 stream",
            Self::Zip => "zip archive",
            Self::Tar => "tar archive",
        }
    }
}

/// A way of packing that is known and not read, by the first bytes.
pub(super) fn unread_packing(head: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 4] =
        [(b"\xFD7zXZ\0", "xz"), (b"7z\xBC\xAF\x27\x1C", "7z"), (b"Rar!\x1A\x07", "rar"), (b"\x04\x22\x4D\x18", "lz4")];
    KNOWN.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
}

/// The name of a file: as it is told, and as it says what is in the file.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// With the archives that the file is in.
    pub(super) told: Arc<str>,
    /// The last part, in lower case; loses an extension for each packing that is taken off.
    inner: String,
}

impl Name {
    pub(super) fn new(told: &str) -> Self {
        let last = told.rsplit(['/', '\\']).next().unwrap_or(told);
        Self { inner: last.to_lowercase(), told: told.into() }
    }

    /// The name of the member `path` of this archive.
    pub(super) fn member(&self, path: &str) -> Self {
        Self { inner: Self::new(path).inner, told: format!("{}!{path}", self.told).into() }
    }

    fn extension(&self) -> &str {
        self.inner.rsplit_once('.').map_or("", |(_, extension)| extension)
    }

    /// What the name says the file is packed in.
    pub(super) fn packing(&self) -> Option<Packing> {
        Packing::of_extension(self.extension())
    }

    /// What the name says the file is.
    pub(super) fn format(&self) -> Option<DumpFormat> {
        DumpFormat::of_extension(self.extension())
    }

    /// Whether a file of this name is taken where nobody named it, in a folder or an archive. A hidden file is not.
    pub(super) fn is_known(&self) -> bool {
        !self.is_hidden() && (self.packing().is_some() || self.format().is_some())
    }

    /// Whether the file does not want to be seen.
    pub(super) fn is_hidden(&self) -> bool {
        self.inner.starts_with('.')
    }

    /// The name of what was compressed, if the name is that of a compressed file.
    pub(super) fn uncompressed(&self) -> Self {
        let inner = match self.inner.rsplit_once('.') {
            Some((stem, "tgz" | "tzst" | "tbz2" | "tbz")) => format!("{stem}.tar"),
            Some((stem, extension)) if Packing::of_extension(extension).is_some() => stem.to_owned(),
            _ => self.inner.clone(),
        };
        Self { told: self.told.clone(), inner }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formats(name: &str) -> (Option<Packing>, Option<DumpFormat>) {
        let name = Name::new(name);
        (name.packing(), name.uncompressed().format())
    }

    #[test]
    fn a_name_says_what_is_packed_and_how() {
        assert_eq!(formats("news/A.JSONL"), (None, Some(DumpFormat::JsonLines)));
        assert_eq!(formats("a.b/dump.csv.gz"), (Some(Packing::Gzip), Some(DumpFormat::Csv)));
        assert_eq!(formats("story.final"), (None, None));
        let archive = Name::new("x.tgz").uncompressed();
        assert_eq!(archive.packing(), Some(Packing::Tar));
        assert_eq!(archive.member("d/a.md").format(), Some(DumpFormat::Markdown));
        assert_eq!(&*archive.member("d/a.md").told, "x.tgz!d/a.md");
    }

    #[test]
    fn a_nameless_file_is_what_it_looks_like() {
        assert_eq!(DumpFormat::of_bytes(b"{\"text\": \"a\"}\n{"), DumpFormat::JsonLines);
        assert_eq!(DumpFormat::of_bytes(b"\xEF\xBB\xBF{\"text\": \"cut of"), DumpFormat::JsonLines);
        assert_eq!(DumpFormat::of_bytes(b"{sic} he said\n"), DumpFormat::Text);
        assert_eq!(DumpFormat::of_bytes(b"\n<!DOCTYPE html><p>"), DumpFormat::Html);
        assert_eq!(DumpFormat::of_bytes(b"WARC/1.0\r\n"), DumpFormat::Warc);
        assert_eq!(DumpFormat::of_bytes(b""), DumpFormat::Text);
    }

    #[test]
    fn a_text_that_begins_like_an_archive_is_a_text() {
        assert_eq!(Packing::of_bytes(b"BZh9 is how it begins"), None);
        assert_eq!(Packing::of_bytes(b"PK said"), None);
    }
}
