//! `cargo xtask serve`: from a fresh clone to a page that is open.

use std::process::Command;

use crate::{Outcome, page, places, process};

/// Builds page and server for use, then becomes `frontdesk serve` with `flags`.
///
/// Nothing of this program stays behind: Ctrl-C reaches the server as if it had been started by
/// hand.
pub(crate) fn run(flags: &[String]) -> Outcome {
    let binary = places::server("release")?;
    // At once, where it can be: nothing has to be built to be read about.
    let asks = flags.iter().any(|flag| flag == "--help" || flag == "-h");
    if asks && binary.exists() {
        return Err(process::replace_by(
            Command::new(binary).args(["serve", "--help"]),
        ));
    }
    if asks {
        println!(
            "Usage: cargo xtask serve [FLAG OF frontdesk serve]...\n\n\
             Such as --listen 127.0.0.1:8000 --data ./mine; once it is built, this shows them all."
        );
        return Ok(());
    }
    page::build()?;
    if !binary.exists() {
        eprintln!("xtask: building the server (three to five minutes the first time)");
    }
    process::run(places::cargo().args(["build", "--release", "--package", "frontdesk-server"]))?;
    Err(process::replace_by(
        Command::new(binary).arg("serve").args(flags),
    ))
}
