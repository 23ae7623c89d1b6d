//! `cargo xtask serve`: from a fresh clone to a running server with its page.

use std::process::Command;

use crate::{Result, page, paths, process};

/// Builds page and server in release mode, then becomes `frontdesk serve` with `flags`: signals
/// reach the server as if it had been started by hand.
pub(crate) fn run(flags: &[String]) -> Result {
    let binary = paths::server_binary("release")?;
    if flags.iter().any(|flag| flag == "--help" || flag == "-h") {
        if binary.exists() {
            return Err(process::exec(
                Command::new(binary).args(["serve", "--help"]),
            ));
        }
        println!(
            "Usage: cargo xtask serve [FLAG]...\n\n\
             Flags are passed to `frontdesk serve`, for example --listen 127.0.0.1:8000 --data ./data.\n\
             Once the server is built, this lists all of them."
        );
        return Ok(());
    }
    page::build()?;
    if !binary.exists() {
        eprintln!("xtask: building the server (three to five minutes the first time)");
    }
    process::run(paths::cargo().args(["build", "--release", "--package", "frontdesk-server"]))?;
    Err(process::exec(Command::new(binary).arg("serve").args(flags)))
}
