//! How many cases random tests try: a file that several test programs include.

/// How many cases a random test tries: `everyday`, or what `make test-long` asks for.
pub fn cases(everyday: u32) -> u32 {
    let asked = std::env::var("DISTPOINT_TEST_CASES").ok();
    asked.and_then(|cases| cases.parse().ok()).unwrap_or(everyday)
}
