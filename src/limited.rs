//! Reading inputs that may have no end, such as `/dev/zero` or a pipe that is written to for ever.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

/// The most that is read of what states no size, such as a pipe, in bytes: 256 MiB.
pub const MOST_OF_A_STREAM: u64 = 256 << 20;

/// Reads `input` to its end.
///
/// # Errors
///
/// The error of the input, or one that explains the limit if it has more than `most` bytes, or more than fit
/// into memory.
pub fn read(input: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut input = input.take(most.saturating_add(1));
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        let read = match input.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // What does not fit is an error here; a vector that grows by itself ends the program.
        bytes.try_reserve(read).map_err(|_| too_large("it does not fit into memory".to_owned()))?;
        bytes.extend_from_slice(&chunk[..read]);
    }
    if bytes.len() as u64 > most {
        let most = match most >> 20 {
            0 => format!("{most} bytes"),
            mebibytes => format!("{mebibytes} MiB"),
        };
        let problem = format!("it is larger than {most}, the most that is read, or has no end");
        return Err(too_large(problem));
    }
    Ok(bytes)
}

/// Reads the file `path`: all of a regular file of at most `most` bytes, and at most
/// [`MOST_OF_A_STREAM`] of anything else.
///
/// # Errors
///
/// As [`read`].
pub fn read_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let is_regular = file.metadata()?.is_file();
    read(file, if is_regular { most } else { most.min(MOST_OF_A_STREAM) })
}

fn too_large(problem: String) -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_without_an_end_is_refused() {
        let error = read(io::repeat(b'x'), 3 << 20).unwrap_err();
        let wanted = "it is larger than 3 MiB, the most that is read, or has no end";
        assert_eq!(error.to_string(), wanted);
        assert_eq!(read(&b"12345"[..], 5).expect("it has an end"), b"12345");
        assert!(read(&b"12345"[..], 4).is_err());
    }
}
