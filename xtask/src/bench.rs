//! `cargo xtask bench`: the figures of BENCHMARKS.md.
//!
//! What is measured, and how, is in the package `bench/`; here is what it needs to be there.

#[path = "../../bench/src/figures/names.rs"]
mod names;

use std::process::Command;

use crate::{
    Outcome, page, places,
    process::run as run_command,
    setup::{apt, browser::Browser},
};

const WHAT_TO_INSTALL: &str =
    "the figures need h2load: install it (Debian: `apt-get install nghttp2-client`)";

/// Measures all figures, or those that are `wanted` by name.
pub(crate) fn run(wanted: &[String]) -> Outcome {
    // At once: what measures takes minutes to build.
    if wanted.iter().any(|word| word == "--list") {
        names::list();
        return Ok(());
    }
    names::check(wanted)?;
    if places::on_path("h2load").is_none() {
        apt::install(&["nghttp2-client"]).map_err(|error| format!("{error}; {WHAT_TO_INSTALL}"))?;
    }
    let browser = Browser::ready()?;
    page::build()?;
    eprintln!("xtask: building server and benchmarks (five to eight minutes the first time)");
    let build = ["build", "--release", "--package"];
    // One after the other: together, each could have features that only the other asks for.
    for package in ["frontdesk-server", "frontdesk-bench"] {
        run_command(places::cargo().args(build).arg(package))?;
    }
    let binary = places::server("release")?;
    run_command(
        Command::new(binary.with_file_name("frontdesk-bench"))
            .args(wanted)
            .current_dir(places::root())
            .env("FRONTDESK_BINARY", &binary)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" ")),
    )
}
