//! Packages from npm, as a package-lock.json pins them.

use std::{
    env::consts::{ARCH, OS},
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, places, process,
    setup::{NEEDS_THE_NET, apt, once},
};

const WHAT_TO_INSTALL: &str = "the browser tests need Node.js 18 or later with npm: install them (Debian: `apt-get install npm`)";
const OLDEST_NODE: u32 = 18;

/// The `node_modules` that hold what `lists`, a folder with package.json and package-lock.json,
/// names; kept as `name`.
///
/// npm checks each package against its sum in the lock. None of their install scripts is run.
pub(crate) fn modules(name: &str, lists: &Path) -> Outcome<PathBuf> {
    ready()?;
    // Some packages are programs, of which there is one for each kind of machine.
    let mut key = DefaultHasher::new();
    (OS, ARCH, fs::read(lists.join("package-lock.json"))?).hash(&mut key);
    let name = format!("npm/{name}-{:016x}", key.finish());

    let works = |folder: &Path| folder.join("node_modules").is_dir();
    let folder = once::filled(&name, works, |folder| {
        for list in ["package.json", "package-lock.json"] {
            fs::copy(lists.join(list), folder.join(list))?;
        }
        process::run(
            Command::new("npm")
                .args([
                    "ci",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    "--loglevel=error",
                ])
                .current_dir(folder),
        )
        .map_err(|error| format!("{error}; {NEEDS_THE_NET}").into())
    })?;
    Ok(folder.join("node_modules"))
}

/// Sees to it that npm is there, and a Node.js that is new enough.
fn ready() -> Outcome {
    let missing = || places::on_path("npm").is_none() || node().is_none();
    if missing() {
        apt::install(&["npm"]).map_err(|error| format!("{error}; {WHAT_TO_INSTALL}"))?;
    }
    match node() {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        Some(version) => Err(format!("Node.js is {version}; {WHAT_TO_INSTALL}").into()),
        None => Err(WHAT_TO_INSTALL.into()),
    }
}

/// The first number of the version of the Node.js that PATH leads to.
fn node() -> Option<u32> {
    let said = process::said(Command::new("node").arg("--version")).ok()?;
    let (major, _) = said.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}
