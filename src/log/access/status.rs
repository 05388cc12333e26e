//! Which answers of servers are refusals.

/// A status of HTTP: three digits.
pub fn code(text: &[u8]) -> Option<u32> {
    let is_status = |code: &u32| (100..1000).contains(code);
    crate::log::stamp::number(text).filter(|_| text.len() == 3).filter(is_status)
}

/// Whether a text is a refusal: a status, PostgreSQL's 53300, or a word for it.
pub fn is_refusal_text(text: &str) -> bool {
    const WORDS: [&str; 6] =
        ["refused", "rejected", "denied", "throttled", "too_many_connections", "53300"];
    let status = code(text.as_bytes()).is_some_and(is_refusal);
    status || WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a status is a refusal: 429, too many requests, or 503, the service is unavailable, which is what
/// servers with a connection limit answer above it.
pub fn is_refusal(status: u32) -> bool {
    matches!(status, 429 | 503)
}
