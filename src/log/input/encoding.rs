//! Encodings: bytes of any of them become UTF-8, or stay bytes whose text is read when it is needed.
//!
//! UTF-16 is converted while it is read. UTF-8 and Windows-1252 are not: in both of them the characters of
//! the grammars of logs are single bytes, so only names and other texts that are shown are decoded
//! ([`text`]).

use std::borrow::Cow;
use std::io::{self, Read};

/// How an input is encoded, as far as its first bytes show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, Windows-1252, or another one in which ASCII characters are single bytes. With the number
    /// of bytes of its mark.
    Bytes(usize),
    /// UTF-16, low bytes first. With the number of bytes of its mark.
    LittleEndian(usize),
    /// UTF-16, high bytes first.
    BigEndian(usize),
}

/// The encoding of an input that begins with `start`: by its mark, or without one by the zeros of ASCII text
/// in UTF-16.
pub fn encoding(start: &[u8]) -> Encoding {
    match start {
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Bytes(3),
        [0xff, 0xfe, ..] => return Encoding::LittleEndian(2),
        [0xfe, 0xff, ..] => return Encoding::BigEndian(2),
        _ => {}
    }
    let pairs = || start.chunks_exact(2).take(64);
    let all = |is: fn(&[u8]) -> bool| pairs().len() >= 4 && pairs().all(is);
    if all(|pair| pair[0] != 0 && pair[1] == 0) {
        Encoding::LittleEndian(0)
    } else if all(|pair| pair[0] == 0 && pair[1] != 0) {
        Encoding::BigEndian(0)
    } else {
        Encoding::Bytes(0)
    }
}

/// UTF-16 as UTF-8. Halves of pairs become replacement characters.
pub struct Utf16<R> {
    input: R,
    is_big_endian: bool,
    /// A byte that waits for its other one.
    odd: Option<u8>,
    /// The first half of a character.
    high: Option<u16>,
    /// What is converted and not handed out yet.
    ready: Vec<u8>,
    from: usize,
    chunk: Vec<u8>,
}

impl<R: Read> Utf16<R> {
    /// Converts `input`.
    pub fn of(input: R, is_big_endian: bool) -> Utf16<R> {
        let chunk = vec![0; 1 << 16];
        Utf16 { input, is_big_endian, odd: None, high: None, ready: Vec::new(), from: 0, chunk }
    }

    fn convert(&mut self, read: usize) {
        let mut at = 0;
        while at < read {
            let byte = self.chunk[at];
            at += 1;
            let Some(first) = self.odd.take() else {
                self.odd = Some(byte);
                continue;
            };
            let pair = [first, byte];
            let unit = match self.is_big_endian {
                true => u16::from_be_bytes(pair),
                false => u16::from_le_bytes(pair),
            };
            self.unit(unit);
        }
    }

    fn unit(&mut self, unit: u16) {
        let high = self.high.take();
        let joined = high.and_then(|high| char::decode_utf16([high, unit]).next()?.ok());
        if let Some(character) = joined {
            return self.push(character);
        }
        if high.is_some() {
            self.push(char::REPLACEMENT_CHARACTER);
        }
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            _ => self.push(char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn push(&mut self, character: char) {
        self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.from == self.ready.len() {
            self.ready.clear();
            self.from = 0;
            let read = self.input.read(&mut self.chunk)?;
            if read == 0 {
                if self.odd.take().is_some() || self.high.take().is_some() {
                    self.push(char::REPLACEMENT_CHARACTER);
                    continue;
                }
                return Ok(0);
            }
            self.convert(read);
        }
        let length = into.len().min(self.ready.len() - self.from);
        into[..length].copy_from_slice(&self.ready[self.from..self.from + length]);
        self.from += length;
        Ok(length)
    }
}

/// The text of some bytes of a log: UTF-8, or Windows-1252 where they are none.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| windows_1252(*byte)).collect()),
    }
}

/// At most `most` bytes from the beginning of some, which is more than a character has. A character of UTF-8 is not
/// divided: with half of one, all would be taken for Windows-1252.
pub fn beginning(bytes: &[u8], most: usize) -> &[u8] {
    let begins = |end: &usize| bytes.get(*end).is_none_or(|byte| byte & 0xc0 != 0x80);
    let end = bytes.len().min(most);
    &bytes[..(end.saturating_sub(3)..=end).rev().find(begins).unwrap_or(end)]
}

fn windows_1252(byte: u8) -> char {
    /// The characters of 0x80 to 0x9f; those that are not used are controls, as elsewhere.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..0xa0 => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(text: &str, is_big_endian: bool) -> String {
        let units = text.encode_utf16();
        let bytes: Vec<u8> = units
            .flat_map(|unit| if is_big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
            .collect();
        let mut utf8 = String::new();
        let read = Utf16::of(&bytes[..], is_big_endian).read_to_string(&mut utf8);
        read.expect("it is UTF-8");
        utf8
    }

    #[test]
    fn utf_16_becomes_utf_8_in_both_orders_of_bytes() {
        let text = "SCHED DATA  : Größe 東京 🌩\r\n";
        assert_eq!(converted(text, false), text);
        assert_eq!(converted(text, true), text);
    }

    #[test]
    fn halves_of_characters_are_replaced() {
        let mut utf8 = String::new();
        let halves = [0x00, 0xd8, b'a', 0, 0x00, 0xdc, b'b'];
        Utf16::of(&halves[..], false).read_to_string(&mut utf8).expect("it is UTF-8");
        assert_eq!(utf8, "\u{fffd}a\u{fffd}\u{fffd}");
    }

    #[test]
    fn an_encoding_is_known_by_its_mark_or_its_zeros() {
        assert_eq!(encoding(b"\xef\xbb\xbfa"), Encoding::Bytes(3));
        assert_eq!(encoding(b"\xff\xfea\0"), Encoding::LittleEndian(2));
        assert_eq!(encoding(b"\xfe\xff\0a"), Encoding::BigEndian(2));
        assert_eq!(encoding(b"a\0b\0c\0d\0"), Encoding::LittleEndian(0));
        assert_eq!(encoding(b"\0a\0b\0c\0d"), Encoding::BigEndian(0));
        assert_eq!(encoding(b"abcd"), Encoding::Bytes(0));
    }

    #[test]
    fn the_beginning_of_a_text_has_whole_characters() {
        let euros = "€€€".as_bytes();
        for (most, text) in [(9, "€€€"), (99, "€€€"), (8, "€€"), (7, "€€"), (6, "€€"), (5, "€")]
        {
            assert_eq!(beginning(euros, most), text.as_bytes());
        }
        assert_eq!(beginning(&[0x80; 9], 5), [0x80; 5]);
        assert_eq!(beginning(b"", 5), b"");
    }

    #[test]
    fn what_is_no_utf_8_is_windows_1252() {
        assert_eq!(text("Größe".as_bytes()), "Größe");
        assert_eq!(text(b"Gr\xf6\xdfe \x80 \x96"), "Größe € –");
    }
}
