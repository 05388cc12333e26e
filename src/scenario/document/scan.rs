//! The brackets and strings of a text, found without a grammar.

/// A depth of inline tables, including dotted keys, at which walking the parser's tree could exhaust
/// the stack.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    Scan::new(text).too_deep
}

/// The brackets and strings of a text, found without a grammar.
#[derive(Default)]
pub(super) struct Scan {
    open: Vec<(usize, u8, usize)>,
    open_string: Option<(usize, u8)>,
    too_deep: Option<usize>,
}

impl Scan {
    const MAX_LEVELS: usize = 200;

    pub(super) fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut scan = Self::default();
        let mut at = 0;
        // The levels that the dots of the current key add, and their sum over the open brackets.
        let (mut dots, mut levels) = (0, 0);
        let mut line_begins = true;
        while let Some(&byte) = bytes.get(at) {
            let rest = &text.as_bytes()[at..];
            match byte {
                b'#' => at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len()),
                b'[' if line_begins && scan.open.is_empty() => {
                    at += rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
                }
                b'"' | b'\'' => match string_len(rest) {
                    Ok(len) => at += len,
                    Err(()) => {
                        scan.open_string = Some((at, byte));
                        break;
                    }
                },
                b'[' | b'{' => {
                    scan.open.push((at, byte, dots + 1));
                    levels += dots + 1;
                    dots = 0;
                    if levels > Self::MAX_LEVELS && scan.too_deep.is_none() {
                        scan.too_deep = Some(at);
                    }
                    at += 1;
                }
                b']' | b'}' => {
                    levels -= scan.open.pop().map_or(0, |(_, _, levels)| levels);
                    dots = 0;
                    at += 1;
                }
                _ => {
                    match byte {
                        b'.' => dots += 1,
                        b',' | b'\n' => dots = 0,
                        _ => {}
                    }
                    at += 1;
                }
            }
            line_begins = byte == b'\n' || (line_begins && byte.is_ascii_whitespace());
        }
        scan
    }

    /// The string, or otherwise the outermost bracket, that is still open at the end of the text, and its
    /// first byte.
    pub(super) fn unclosed(&self) -> Option<(usize, u8)> {
        let bracket = self.open.first().map(|(at, byte, _)| (*at, *byte));
        self.open_string.or(bracket)
    }
}

/// The length of the string that begins with the quote `bytes[0]`. One on a single line ends at
/// the end of the line at the latest; a multi-line one that never ends is an error.
pub(super) fn string_len(bytes: &[u8]) -> Result<usize, ()> {
    let quote = bytes.first().copied().unwrap_or(b'"');
    let multi = bytes.starts_with(&[quote; 3]);
    let mut at = if multi { 3 } else { 1 };
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if quote == b'"' => at += 2,
            b'\n' if !multi => return Ok(at),
            _ if byte == quote && !multi => return Ok(at + 1),
            _ if multi && bytes[at..].starts_with(&[quote; 3]) => {
                // Up to two quotes may stand directly before the closing ones.
                let more = bytes[at + 3..].iter().take(2).take_while(|b| **b == quote);
                return Ok(at + 3 + more.count());
            }
            _ => at += 1,
        }
    }
    if multi { Err(()) } else { Ok(bytes.len()) }
}
