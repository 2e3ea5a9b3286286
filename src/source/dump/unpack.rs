//! Compressed streams.
//!
//! A compressed file may be several, one after the other: web archives compress each record for itself, and tools that
//! compress on many processors do the same with blocks. All of them are read. bzip2 is read by `bzip2-rs`, since the
//! licence of the reference implementation (and of the crates that hold it) is not among those this crate allows; it
//! reads one stream, and [`Streams`] gives it one at a time. It cannot read a block that compression made longer, as it
//! does with pictures or with what was compressed before; such an archive is told as damaged.

use std::io::{self, BufRead, BufReader, Read};

use bzip2_rs::decoder::{Decoder, ReadState, WriteState};
use flate2::bufread::MultiGzDecoder;
use memchr::memmem;

use super::kind::{Name, Packing};
use super::reader::{Cutting, Halt, Layer, Reader, Stream};
use super::{At, ItemError};

/// How many uncompressed bytes are held at once.
const BUFFER: usize = 256 << 10;

/// Reads what `stream`, which is compressed as `packing`, holds.
pub(super) fn decompressed(reader: &mut Reader<'_>, packing: Packing, name: &Name, stream: Stream<'_>) -> Cutting {
    let layer = stream.layer + 1;
    let bytes: Box<dyn Read + '_> = match packing {
        Packing::Gzip => Box::new(MultiGzDecoder::new(stream.bytes)),
        Packing::Bzip2 => Box::new(Bzip2::new(stream.bytes)),
        _ => {
            let decoder = zstd::stream::read::Decoder::with_buffer(stream.bytes);
            Box::new(decoder.map_err(|error| Halt::broken(At::Whole, ItemError::damaged(packing.name(), error)))?)
        }
    };
    let bytes = &mut BufReader::with_capacity(BUFFER, Layer { stream: bytes, what: packing.name(), number: layer });
    reader.unpacked(&name.uncompressed(), Stream { bytes, file: None, layer })
}

/// A file of one or more bzip2 streams.
struct Bzip2<R> {
    decoder: Decoder,
    streams: Streams<R>,
    /// How often the decoder was told in a row that the stream has ended.
    ends_told: u8,
}

/// A decoder that has heard so often that its stream has ended, and still asks for more, is in a stream cut short.
const MOST_ENDS: u8 = 4;

impl<R: BufRead> Bzip2<R> {
    fn new(bytes: R) -> Self {
        Self { decoder: Decoder::new(), streams: Streams::new(bytes), ends_told: 0 }
    }
}

impl<R: BufRead> Read for Bzip2<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        loop {
            match self.decoder.read(buffer).map_err(invalid)? {
                ReadState::Read(count) => return Ok(count),
                ReadState::Eof if self.streams.next()? => {
                    self.decoder = Decoder::new();
                    self.ends_told = 0;
                }
                ReadState::Eof => return Ok(0),
                ReadState::NeedsWrite(space) => {
                    let part = self.streams.part(space)?;
                    self.ends_told = if part.is_empty() { self.ends_told + 1 } else { 0 };
                    if self.ends_told > MOST_ENDS {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                    if let WriteState::Written(count) = self.decoder.write(part).map_err(invalid)? {
                        self.streams.consume(count);
                    }
                }
            }
        }
    }
}

/// The bytes of a file of bzip2 streams, one stream at a time.
///
/// Where a stream ends is known only to who decodes it, and the decoder does not tell. But every stream begins with the
/// same ten bytes (all but one, which has nine values), and that these stand by chance in compressed data is less likely
/// than that the disk is at fault.
struct Streams<R> {
    bytes: R,
    held: Vec<u8>,
    /// How many of the bytes held are used up.
    used: usize,
    /// How many of the bytes held, from `used`, are looked through and belong to the current stream.
    sure: usize,
    is_at_start: bool,
    is_over: bool,
}

/// What a bzip2 stream begins with: `BZh`, a digit, and either a block or the end.
const START: usize = 10;

impl<R: BufRead> Streams<R> {
    fn new(bytes: R) -> Self {
        Self { bytes, held: Vec::new(), used: 0, sure: 0, is_at_start: true, is_over: false }
    }

    /// At most `most` bytes of the current stream; none if it is at its end.
    fn part(&mut self, most: usize) -> io::Result<&[u8]> {
        if self.sure == 0 {
            self.look()?;
        }
        let end = self.used + self.sure.min(most);
        Ok(self.held.get(self.used..end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.used += count;
        self.sure -= count;
    }

    /// Goes to the next stream, if there is one.
    fn next(&mut self) -> io::Result<bool> {
        loop {
            let left = self.part(usize::MAX)?.len();
            if left == 0 {
                break;
            }
            self.consume(left);
        }
        self.is_at_start = true;
        Ok(self.used < self.held.len())
    }

    /// Looks how much of what follows belongs to the current stream.
    fn look(&mut self) -> io::Result<()> {
        while !self.is_over && self.held.len() - self.used < 2 * START {
            self.held.drain(..self.used);
            self.used = 0;
            let more = self.bytes.fill_buf()?;
            self.is_over = more.is_empty();
            self.held.extend_from_slice(more);
            let count = more.len();
            self.bytes.consume(count);
        }
        let ahead = self.held.get(self.used..).unwrap_or_default();
        let skipped = usize::from(self.is_at_start);
        let starts = memmem::find_iter(ahead, b"BZh").find(|&at| {
            at >= skipped && ahead.get(at..).is_some_and(|rest| Packing::of_bytes(rest) == Some(Packing::Bzip2))
        });
        // A start may be cut in two by the end of what is held.
        let kept_back = if self.is_over { 0 } else { START - 1 };
        self.sure = starts.unwrap_or(ahead.len() - kept_back.min(ahead.len()));
        self.is_at_start &= self.sure == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// “Ada said.\n” and “Bo said.\n”, compressed by themselves.
    const ADA: &[u8] = b"\x42\x5A\x68\x39\x31\x41\x59\x26\x53\x59\xEF\x8D\xB8\x00\x00\x00\x01\xD5\x80\x00\x10\x40\x01\x20\x00\x24\x20\x08\x00\x20\x00\x31\x0C\x08\x20\x69\xA7\xA6\xF3\x58\x03\x20\xBB\x92\x29\xC2\x84\x87\x7C\x6D\xC0\x00";
    const BO: &[u8] = b"\x42\x5A\x68\x39\x31\x41\x59\x26\x53\x59\xD4\xAA\x8D\x52\x00\x00\x01\xD5\x80\x00\x10\x40\x01\x10\x00\x24\x20\x88\x00\x20\x00\x31\x06\x4C\x41\x0D\x34\x1E\xA5\x76\xB0\x03\xC5\xDC\x91\x4E\x14\x24\x35\x2A\xA3\x54\x80";

    fn read(bytes: &[u8], buffer: usize) -> (String, io::Result<usize>) {
        let mut text = String::new();
        let mut decoder = Bzip2::new(BufReader::with_capacity(buffer, bytes));
        let read = decoder.read_to_string(&mut text);
        (text, read)
    }

    #[test]
    fn streams_in_a_row_are_one_file() {
        let both = [ADA, BO, ADA].concat();
        for buffer in 1..both.len() {
            let (text, read) = read(&both, buffer);
            assert_eq!((text.as_str(), read.ok()), ("Ada said.\nBo said.\nAda said.\n", Some(29)), "buffer {buffer}");
        }
    }

    #[test]
    fn a_stream_cut_anywhere_is_an_error_and_never_a_panic() {
        for end in 4..ADA.len() {
            let (_, read) = read(&ADA[..end], 64);
            assert!(read.is_err(), "cut at {end}");
        }
    }

    #[test]
    fn a_stream_with_a_wrong_byte_never_panics() {
        for at in 4..ADA.len() {
            let mut bytes = ADA.to_vec();
            bytes[at] ^= 0x55;
            let _ = read(&bytes, 64);
        }
    }
}
