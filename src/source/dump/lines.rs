//! Lines of a stream, none longer than a limit. Neighbours share a piece of memory: one for each would be made by the thread that
//! reads and given back by another, and the two would wait for each other at every line.

use std::io::{self, BufRead};

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr;

use super::reader::Cutting;

/// A line without its end, or the fact that there was one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Read(Bytes),
    /// Longer than the limit; it was not kept.
    TooLong,
}

/// How much memory lines share, in bytes, if they are not longer.
const SHARED: usize = 32 << 10;

/// Gives each line of `stream` to `take`, with its number, counted from 1. A line ends with `\n` or `\r\n`, which are not
/// counted into its length, or with the stream. Lines of white space are passed over, and a byte-order mark before the
/// first line is dropped. `broken` makes of a failure to read, with the number of the line, what ends the cutting.
pub(super) fn cut(
    stream: &mut dyn BufRead,
    limit: usize,
    broken: impl Fn(u64, io::Error) -> super::reader::Halt,
    mut take: impl FnMut(u64, Line) -> Cutting,
) -> Cutting {
    // The end of a line may yet have a `\r`, and the first line a byte-order mark.
    let room = limit.saturating_add(4);
    let mut memory = BytesMut::new();
    for number in 1_u64.. {
        let mut is_too_long = false;
        let is_last = loop {
            let buffer = match stream.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(broken(number, error)),
            };
            let end = memchr(b'\n', buffer);
            let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or(buffer);
            let is_last = buffer.is_empty();
            is_too_long |= part.len() > room - memory.len().min(room);
            if is_too_long {
                memory = BytesMut::new();
            } else {
                // What is left of the memory is left to it, and another piece begun, if the line does not fit in.
                if memory.capacity() - memory.len() < part.len() {
                    memory.reserve(part.len().max(SHARED));
                }
                memory.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            stream.consume(used);
            if is_last || end.is_some() {
                break is_last;
            }
        };
        let mut line = memory.split().freeze();
        if number == 1 && line.starts_with(b"\xEF\xBB\xBF") {
            line.advance(3);
        }
        if line.ends_with(b"\r") {
            line.truncate(line.len() - 1);
        }
        if is_too_long || line.len() > limit {
            take(number, Line::TooLong)?;
        } else if !line.trim_ascii().is_empty() {
            take(number, Line::Read(line))?;
        }
        if is_last {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::reader::Halt;
    use super::*;

    fn lines(bytes: &[u8], limit: usize, buffer: usize) -> Vec<(u64, Line)> {
        let mut lines = Vec::new();
        let mut stream = io::BufReader::with_capacity(buffer, bytes);
        let done = cut(
            &mut stream,
            limit,
            |_, _| Halt::Enough,
            |number, line| {
                lines.push((number, line));
                Ok(())
            },
        );
        assert!(done.is_ok());
        lines
    }

    fn read(text: &str) -> Line {
        Line::Read(Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn lines_are_numbered_with_those_that_are_passed_over() {
        assert_eq!(lines(b"\xEF\xBB\xBFa\r\n\r\n \t\nb", 9, 64), [(1, read("a")), (4, read("b"))]);
    }

    #[test]
    fn an_empty_stream_has_no_line() {
        assert_eq!(lines(b"", 9, 64), []);
        assert_eq!(lines(b"\n", 9, 64), []);
    }

    #[test]
    fn a_line_too_long_is_one_item_and_the_next_is_read() {
        assert_eq!(
            lines(b"1234\r\n12345\n12345678901234567890\n12", 4, 3),
            [(1, read("1234")), (2, Line::TooLong), (3, Line::TooLong), (4, read("12"))]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_moved_whatever_the_buffer(
            bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b' '), any::<u8>()], 0..200),
            buffer in 1_usize..40,
            limit in 0_usize..20,
        ) {
            let met = lines(&bytes, limit, buffer);
            let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
            let wanted: Vec<_> = text
                .split(|&byte| byte == b'\n')
                .zip(1_u64..)
                .map(|(line, number)| (line.strip_suffix(b"\r").unwrap_or(line), number))
                .filter(|(line, _)| line.len() > limit || !line.trim_ascii().is_empty())
                .map(|(line, number)| {
                    (number, if line.len() > limit { Line::TooLong } else { Line::Read(Bytes::copy_from_slice(line)) })
                })
                .collect();
            prop_assert_eq!(met, wanted);
        }
    }
}
