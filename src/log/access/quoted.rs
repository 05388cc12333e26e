//! Texts in quotes.

use memchr::memchr;

/// The text in the quotes that follow, in which `\"` is no end, and what follows it.
pub fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let inner = text.trim_ascii_start().strip_prefix(b"\"")?;
    let mut from = 0;
    loop {
        let at = from + memchr(b'"', &inner[from..])?;
        let escapes = inner[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
        if escapes.is_multiple_of(2) {
            return Some((&inner[..at], &inner[at + 1..]));
        }
        from = at + 1;
    }
}
