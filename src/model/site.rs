//! Sites: equal places with points and clients of their own.

/// A site, such as a branch office. Points and groups say which site they belong to; each of its copies has
/// one of each of them, with random numbers of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its name in the scenario.
    pub name: String,
    /// How many equal sites there are, at least 1.
    pub copies: u32,
}
