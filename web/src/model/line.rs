//! What is said in a call.

use super::tongue::Tongue;

/// One thing that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was said.
    pub text: String,
    /// Whether the person said it, and not the desk.
    pub mine: bool,
    /// Its language, where that is to be told.
    pub tongue: Option<Tongue>,
}
