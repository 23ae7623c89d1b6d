//! `cargo xtask bench`: builds what the package `bench/` needs, then runs it.

#[path = "../../bench/src/figures/names.rs"]
mod names;

use std::{path::PathBuf, process::Command};

use crate::{
    Result, page, paths,
    process::run as run_command,
    setup::{apt, browser::Browser, tools},
};

const INSTALL_HINT: &str =
    "the benchmarks need h2load: install it (Debian: `apt-get install nghttp2-client`)";

/// Measures all figures, or the named ones.
pub(crate) fn run(figures: &[String]) -> Result {
    // Checked before anything is built.
    if figures.iter().any(|name| name == "--list") {
        names::list();
        return Ok(());
    }
    names::check(figures)?;
    if paths::find_on_path("h2load").is_none() {
        apt::install(&["nghttp2-client"]).map_err(|error| format!("{error}; {INSTALL_HINT}"))?;
    }
    let browser = Browser::find_or_install()?;
    page::build()?;
    eprintln!("xtask: building server and benchmarks (five to eight minutes the first time)");
    // One after the other: built together, the server could get features that only the benchmarks
    // enable.
    for package in ["frontdesk-server", "frontdesk-bench"] {
        run_command(paths::cargo().args(["build", "--release", "--package", package]))?;
    }
    let binary = paths::server_binary("release")?;
    let modules = browser_modules()?;
    run_command(
        Command::new(binary.with_file_name("frontdesk-bench"))
            .args(figures)
            .current_dir(paths::root())
            .env("FRONTDESK_BINARY", &binary)
            .env("FRONTDESK_BENCH_BROWSER", modules)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" ")),
    )
}

/// Builds each feature of `bench/browser` with the page's profile, and returns the folder that
/// holds one folder for each.
fn browser_modules() -> Result<PathBuf> {
    tools::install_wasm_target()?;
    let wasm_bindgen = tools::wasm_bindgen()?.folder()?.join("wasm-bindgen");
    let modules = paths::scratch()?.join("bench-browser");
    let wasm = "wasm32-unknown-unknown/page/frontdesk_bench_browser.wasm";
    for feature in ["timed", "ours", "peer"] {
        run_command(
            paths::cargo()
                .args(["build", "--profile", "page"])
                .args(["--target", "wasm32-unknown-unknown"])
                .args(["--package", "frontdesk-bench-browser"])
                .args(["--features", feature]),
        )?;
        run_command(
            Command::new(&wasm_bindgen)
                .args(["--target", "web", "--no-typescript", "--out-dir"])
                .arg(modules.join(feature))
                .arg(paths::target()?.join(wasm)),
        )?;
    }
    Ok(modules)
}
