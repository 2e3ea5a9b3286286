//! Files that are one article.

use std::io::{BufRead, Read};

use super::kind::{DumpFormat, Name};
use super::raws::Cut;
use super::reader::{Cutting, Halt, Reader};
use super::{At, Item, Place};
use crate::source::{self, Format};

/// Cuts nothing: the file is the article.
pub(super) fn cut(reader: &mut Reader<'_>, format: DumpFormat, name: &Name, stream: &mut dyn BufRead) -> Cutting {
    let Some(format) = format.whole() else { return Ok(()) };
    let mut bytes = Vec::new();
    let room = reader.options.max_article_bytes.saturating_add(1);
    stream.take(room).read_to_end(&mut bytes).map_err(|error| Halt::reading(At::Whole, error))?;
    if bytes.len() > reader.options.limit() {
        return reader.failed(name, At::Whole, reader.too_long("file"));
    }
    reader.cut(name, At::Whole, Cut::Whole { format, bytes })
}

/// Reads the article, known by its name.
pub(super) fn read(place: Place, format: Format, bytes: &[u8]) -> Item {
    let id = place.file.to_string();
    let article = source::read(&id, format, bytes).map_err(Into::into);
    Item { place, id, article }
}
