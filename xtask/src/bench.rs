//! `cargo xtask bench`: the figures of BENCHMARKS.md.

use crate::Outcome;

/// Measures all figures, or those that are `wanted` by name.
pub(crate) fn run(_wanted: &[String]) -> Outcome {
    Err("there is nothing to measure yet".into())
}
