//! `cargo xtask bench`: the figures of BENCHMARKS.md.
//!
//! What is measured, and how, is in the package `bench/`; here is what it needs to be there.

#[path = "../../bench/src/figures/names.rs"]
mod names;

use std::{path::PathBuf, process::Command};

use crate::{
    Outcome, page, places,
    process::run as run_command,
    setup::{apt, browser::Browser, tools},
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
    let parts = parts()?;
    run_command(
        Command::new(binary.with_file_name("frontdesk-bench"))
            .args(wanted)
            .current_dir(places::root())
            .env("FRONTDESK_BINARY", &binary)
            .env("FRONTDESK_BENCH_BROWSER", parts)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" ")),
    )
}

/// Builds what the figures run in a browser besides the page, with the profile of the page's: for
/// each feature of `bench/browser` a folder in the one that is answered.
fn parts() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let bindgen = tools::wasm_bindgen()?.folder()?.join("wasm-bindgen");
    let parts = places::scratch()?.join("bench-browser");
    for feature in ["timed", "ours", "peer"] {
        let build = [
            "build",
            "--profile",
            "page",
            "--target",
            "wasm32-unknown-unknown",
        ];
        run_command(places::cargo().args(build).args([
            "--package",
            "frontdesk-bench-browser",
            "--features",
            feature,
        ]))?;
        let module = "wasm32-unknown-unknown/page/frontdesk_bench_browser.wasm";
        run_command(
            Command::new(&bindgen)
                .args(["--target", "web", "--no-typescript", "--out-dir"])
                .arg(parts.join(feature))
                .arg(places::target()?.join(module)),
        )?;
    }
    Ok(parts)
}
