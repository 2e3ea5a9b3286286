//! Plain text: the bytes are the text.
//!
//! Nothing is normalised, not even `\r\n`, so that an offset into
//! [`Article::text`] is an offset into the file the reader has open (less the
//! three bytes of a byte-order mark, if it has one). There is no markup and so
//! there are no marks; what a blank line means is for a later stage to decide.

use super::{Article, ReadError, charset};

pub(super) fn read(bytes: &[u8], label: Option<&str>) -> Result<Article, ReadError> {
    Ok(Article::from(charset::text(bytes, label)?.into_owned()))
}
