//! The runner of the conformance suite, which is a program in Go.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{Outcome, places, process, setup::once};

const MODULE: &str = "connectrpc.com/conformance/cmd/connectconformance";
/// The version that `conformance/proto` is of.
const VERSION: &str = "v1.0.6";
const WHAT_TO_INSTALL: &str =
    "the conformance suite needs Go 1.26 or later: install it (https://go.dev/dl)";

/// The runner; installed first where there is none.
pub(crate) fn ready() -> Outcome<PathBuf> {
    let name = format!("tools/connectconformance-{VERSION}");
    let folder = once::filled(&name, |folder| fits(&program(folder)), install)?;
    Ok(program(&folder))
}

fn program(folder: &Path) -> PathBuf {
    folder.join("bin/connectconformance")
}

fn fits(program: &Path) -> bool {
    process::said(Command::new(program).arg("--version")).is_ok_and(|said| said.contains(VERSION))
}

fn install(folder: &Path) -> Outcome {
    let go = places::on_path("go").ok_or(WHAT_TO_INSTALL)?;
    eprintln!("xtask: installing connectconformance {VERSION} (about a minute)");
    process::run(
        Command::new(go)
            .arg("install")
            .arg(format!("{MODULE}@{VERSION}"))
            .current_dir(folder)
            .env("GOBIN", folder.join("bin"))
            // What is set for other projects is not meant for this one.
            .env("GOFLAGS", "")
            .env("GOWORK", "off"),
    )
    .map_err(|error| format!("{error}; {WHAT_TO_INSTALL}").into())
}
