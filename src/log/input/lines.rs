//! Lines of an input of any size, in constant memory.

use std::io::{self, ErrorKind, Read};

use memchr::memchr;

/// The most bytes of one line that are looked at; the rest of a longer line is skipped.
pub const LONGEST_LINE: usize = 256 << 10;

/// The number of bytes that are asked for at once.
const CHUNK: usize = 256 << 10;

/// The lines of an input.
pub struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    /// Where the bytes that are not handed out yet begin and end.
    start: usize,
    end: usize,
    /// The number of the line that was handed out last, from 1.
    number: u64,
    /// Bytes read so far.
    bytes: u64,
    at_end: bool,
    /// The error of the input, which comes behind the lines before it.
    failed: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    /// The lines of `input`.
    pub fn of(input: R) -> Lines<R> {
        let buffer = vec![0; LONGEST_LINE + CHUNK];
        Lines { input, buffer, start: 0, end: 0, number: 0, bytes: 0, at_end: false, failed: None }
    }

    /// The number of the last line, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Bytes read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The first bytes of the input, without handing them out: at most a chunk, and only before the first
    /// line is asked for.
    ///
    /// # Errors
    ///
    /// The error of the input.
    pub fn peek(&mut self) -> io::Result<&[u8]> {
        while self.end < CHUNK && !self.at_end {
            self.fill();
        }
        // What there is before an error counts.
        if self.end == 0
            && let Some(error) = self.failed.take()
        {
            return Err(error);
        }
        Ok(&self.buffer[self.start..self.end])
    }

    /// The next line, without its end; `None` at the end of the input. Of a line of more than
    /// [`LONGEST_LINE`] bytes it is the beginning.
    ///
    /// # Errors
    ///
    /// The error of the input.
    pub fn next(&mut self) -> io::Result<Option<&[u8]>> {
        let mut searched = self.start;
        loop {
            if let Some(length) = memchr(b'\n', &self.buffer[searched..self.end]) {
                let (from, to) = (self.start, searched + length);
                self.start = to + 1;
                self.number += 1;
                return Ok(Some(without_return(&self.buffer[from..to])));
            }
            searched = self.end;
            if self.end - self.start >= LONGEST_LINE {
                return Ok(Some(self.cut()));
            }
            if self.at_end {
                // The line that is not complete does not count.
                if let Some(error) = self.failed.take() {
                    self.start = self.end;
                    return Err(error);
                }
                let from = std::mem::replace(&mut self.start, self.end);
                if from == self.end {
                    return Ok(None);
                }
                self.number += 1;
                return Ok(Some(without_return(&self.buffer[from..self.end])));
            }
            searched -= self.fill();
        }
    }

    /// The beginning of a line that is too long; what follows of it is skipped.
    fn cut(&mut self) -> &[u8] {
        self.move_to_front();
        self.number += 1;
        loop {
            self.end = LONGEST_LINE;
            self.start = LONGEST_LINE;
            let read = self.read_behind(LONGEST_LINE);
            self.end = LONGEST_LINE + read;
            if let Some(length) = memchr(b'\n', &self.buffer[LONGEST_LINE..self.end]) {
                self.start = LONGEST_LINE + length + 1;
                break;
            }
            if read == 0 {
                break;
            }
        }
        &self.buffer[..LONGEST_LINE]
    }

    /// Reads more. Returns by how many bytes what is not handed out moved towards the front.
    fn fill(&mut self) -> usize {
        let moved = if self.buffer.len() - self.end < CHUNK { self.move_to_front() } else { 0 };
        self.end += self.read_behind(self.end);
        moved
    }

    fn move_to_front(&mut self) -> usize {
        let moved = self.start;
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= moved;
        self.start = 0;
        moved
    }

    /// Reads into the buffer from `at` on. An error is an end, too.
    fn read_behind(&mut self, at: usize) -> usize {
        loop {
            match self.input.read(&mut self.buffer[at..]) {
                Ok(read) => {
                    self.at_end |= read == 0;
                    self.bytes += read as u64;
                    return read;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    (self.at_end, self.failed) = (true, Some(error));
                    return 0;
                }
            }
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An input that gives a few bytes at a time.
    struct Trickle<'t>(&'t [u8], usize);

    impl Read for Trickle<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(self.1).min(into.len());
            into[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn all(text: &[u8], step: usize) -> Vec<Vec<u8>> {
        let mut lines = Lines::of(Trickle(text, step));
        let mut all = Vec::new();
        while let Some(line) = lines.next().expect("no error") {
            all.push(line.to_vec());
        }
        all
    }

    #[test]
    fn lines_are_the_same_however_the_input_arrives() {
        for step in [1, 3, 1 << 20] {
            assert_eq!(all(b"a\r\n\nlast", step), [&b"a"[..], b"", b"last"]);
            assert_eq!(all(b"a\n", step), [b"a"]);
            assert!(all(b"", step).is_empty());
        }
        let many: Vec<u8> = (0..200_000).flat_map(|i| format!("line {i}\n").into_bytes()).collect();
        assert_eq!(all(&many, 70_001).len(), 200_000);
        assert_eq!(all(&many, 70_001)[123_456], b"line 123456");
    }

    #[test]
    fn the_lines_before_an_error_come_first() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let mut lines = Lines::of(Trickle(b"one\ntwo\nthr", 5).chain(Broken));
        assert_eq!(lines.peek().expect("there are some"), b"one\ntwo\nthr");
        assert_eq!(lines.next().expect("one"), Some(&b"one"[..]));
        assert_eq!(lines.next().expect("two"), Some(&b"two"[..]));
        assert!(lines.next().is_err());
        assert_eq!(lines.next().expect("the end"), None);
        assert!(Lines::of(Broken).peek().is_err() && Lines::of(Broken).next().is_err());
    }

    #[test]
    fn a_line_without_an_end_is_cut_and_what_follows_it_is_read() {
        let long = [&vec![b'x'; 3 << 20][..], b"\nnext\n", &vec![b'y'; 1 << 20]].concat();
        let lines = all(&long, 100_000);
        let lengths: Vec<usize> = lines.iter().map(Vec::len).collect();
        assert_eq!(lengths, [LONGEST_LINE, 4, LONGEST_LINE]);
    }
}
