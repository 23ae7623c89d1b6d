//! `cargo xtask serve`: from a fresh clone to a page that is open.

use std::process::Command;

use crate::{Outcome, page, places, process};

/// Builds page and server for use, then becomes `frontdesk serve` with `flags`.
///
/// Nothing of this program stays behind: Ctrl-C reaches the server as if it had been started by
/// hand.
pub(crate) fn run(flags: &[String]) -> Outcome {
    page::build()?;
    let binary = places::server("release")?;
    if !binary.exists() {
        eprintln!("xtask: building the server (three to five minutes the first time)");
    }
    process::run(places::cargo().args(["build", "--release", "--package", "frontdesk-server"]))?;
    Err(process::replace_by(
        Command::new(binary).arg("serve").args(flags),
    ))
}
