//! Lines of a stream, each in its own piece of memory, and none longer than a limit.

use std::io::{self, BufRead};

use memchr::memchr;

use super::reader::Cutting;

/// A line without its end, or the fact that there was one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Read(Vec<u8>),
    /// Longer than the limit; it was not kept.
    TooLong,
}

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
    for number in 1_u64.. {
        let mut line = Vec::new();
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
            is_too_long |= part.len() > room - line.len().min(room);
            if is_too_long {
                line = Vec::new();
            } else {
                line.extend_from_slice(part);
            }
            let used = part.len() + usize::from(end.is_some());
            stream.consume(used);
            if is_last || end.is_some() {
                break is_last;
            }
        };
        if number == 1 && line.starts_with(b"\xEF\xBB\xBF") {
            line.drain(..3);
        }
        if line.last() == Some(&b'\r') {
            line.pop();
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
        Line::Read(text.as_bytes().to_vec())
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
                    (number, if line.len() > limit { Line::TooLong } else { Line::Read(line.to_vec()) })
                })
                .collect();
            prop_assert_eq!(met, wanted);
        }
    }
}
