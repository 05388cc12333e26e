//! Headings that several formats have in common: a section has the same name in each of them.

pub const KEY_FIGURES: &str = "Key figures";

pub const GROUPS: &str = "Client groups";

pub const FINDINGS: &str = "What this means";

pub const THRESHOLDS: &str = "Thresholds";

/// What differs between the inputs of two compared studies.
pub const STUDY_CHANGES: &str = "Differences between the studies";
