//! One input: a file, perhaps compressed, or standard input, as lines of bytes.

use std::fs::File;
use std::io::{self, Chain, Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::encoding::{Encoding, Utf16, encoding};
use super::lines::Lines;

/// An input, decompressed, with the characters of grammars as single bytes.
pub type Source = Lines<Box<dyn Read + Send>>;

/// Opens the file `path`. Of a regular file, what is there now is read, and not what is written to it meanwhile:
/// otherwise a log that grows as fast as it is read would have no end.
///
/// # Errors
///
/// The error of the system.
pub fn open(path: &Path) -> io::Result<Source> {
    let file = File::open(path)?;
    let there = file.metadata()?;
    if there.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
    }
    // Files of the system, such as those in `/proc`, have no length and end all the same.
    match there.len() {
        length if there.is_file() && length > 0 => of(file.take(length)),
        _ => of(file),
    }
}

/// The lines of `input`, decompressed if it is compressed by gzip.
///
/// # Errors
///
/// The error of the input.
pub fn of(input: impl Read + Send + 'static) -> io::Result<Source> {
    let (start, input) = peek(input)?;
    if start.starts_with(&[0x1f, 0x8b]) {
        let (start, input) = peek(MultiGzDecoder::new(input))?;
        return Ok(decoded(&start, input));
    }
    Ok(decoded(&start, input))
}

/// The compression of an input that begins with `start`, if it is one that is known and not read.
pub fn other_compression(start: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 5] = [
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"\xfd7zXZ\0", "xz"),
        (b"BZh", "bzip2"),
        (b"PK\x03\x04", "zip"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    ];
    KNOWN.iter().find(|(mark, _)| start.starts_with(mark)).map(|(_, name)| *name)
}

fn decoded(start: &[u8], mut input: impl Read + Send + 'static) -> Source {
    let (mark, is_big_endian) = match encoding(start) {
        Encoding::Bytes(mark) => (mark, None),
        Encoding::LittleEndian(mark) => (mark, Some(false)),
        Encoding::BigEndian(mark) => (mark, Some(true)),
    };
    // The mark is among the bytes that were looked at already, so reading it cannot fail.
    let _ = input.read_exact(&mut [0; 3][..mark]);
    Lines::of(match is_big_endian {
        None => Box::new(input),
        Some(is_big_endian) => Box::new(Utf16::of(input, is_big_endian)),
    })
}

/// An input whose first bytes were looked at.
type Peeked<R> = Chain<Cursor<Vec<u8>>, Rest<R>>;

/// What follows the first bytes: the input, or the error that came while these were read.
struct Rest<R> {
    input: R,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Rest<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.input.read(into),
        }
    }
}

/// The first bytes of an input, and all of it. An error after some bytes comes behind them.
fn peek<R: Read>(mut input: R) -> io::Result<(Vec<u8>, Peeked<R>)> {
    let mut start = Vec::new();
    let failed = input.by_ref().take(256).read_to_end(&mut start).err();
    match failed {
        Some(error) if start.is_empty() => Err(error),
        failed => Ok((start.clone(), Cursor::new(start).chain(Rest { input, failed }))),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn lines(bytes: Vec<u8>) -> Vec<String> {
        let mut lines = of(Cursor::new(bytes)).expect("an input");
        let mut all = Vec::new();
        while let Some(line) = lines.next().expect("no error") {
            all.push(String::from_utf8_lossy(line).into_owned());
        }
        all
    }

    #[test]
    fn compressed_utf_16_is_read_as_plain_text() {
        let utf16: Vec<u8> =
            "\u{feff}one\r\ntwo\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&utf16).expect("it is in memory");
        let gzip = gzip.finish().expect("it is in memory");
        assert_eq!(lines(gzip), ["one", "two"]);
        assert_eq!(lines(utf16), ["one", "two"]);
        assert_eq!(lines(b"\xef\xbb\xbfone".to_vec()), ["one"]);
        assert!(lines(Vec::new()).is_empty());
    }
}
