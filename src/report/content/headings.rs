//! Headings that several formats have in common: a section has the same name in each of them.

/// The key metrics of each variant.
pub const KEY_FIGURES: &str = "Key figures";

/// The findings.
pub const FINDINGS: &str = "What this means";

/// Whether the thresholds are met.
pub const THRESHOLDS: &str = "Thresholds";

/// What differs between the inputs of two compared studies.
pub const STUDY_CHANGES: &str = "Differences between the studies";
