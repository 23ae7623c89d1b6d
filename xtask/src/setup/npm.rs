//! npm packages at the versions of a package-lock.json.

use std::{
    env::consts::{ARCH, OS},
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, paths, process,
    setup::{NETWORK_HINT, apt, install},
};

const INSTALL_HINT: &str = "the browser tests need Node.js 18 or later with npm: install them (Debian: `apt-get install npm`)";
const MIN_NODE_MAJOR: u32 = 18;

/// The `node_modules` with the packages that package.json and package-lock.json in `source` list,
/// cached as `name`.
///
/// npm verifies each package by its hash in the lock file. No install scripts are run.
pub(crate) fn modules(name: &str, source: &Path) -> Result<PathBuf> {
    require_npm()?;
    // Some packages contain programs for one kind of machine.
    let mut key = DefaultHasher::new();
    (OS, ARCH, fs::read(source.join("package-lock.json"))?).hash(&mut key);
    let name = format!("npm/{name}-{:016x}", key.finish());

    // npm writes this file last.
    let is_complete = |folder: &Path| folder.join("node_modules/.package-lock.json").is_file();
    let folder = install::once(&name, is_complete, |folder| {
        for list in ["package.json", "package-lock.json"] {
            fs::copy(source.join(list), folder.join(list))?;
        }
        process::run(
            Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .arg("--loglevel=error")
                .current_dir(folder),
        )
        .map_err(|error| format!("{error}; {NETWORK_HINT}").into())
    })?;
    Ok(folder.join("node_modules"))
}

/// The script of axe-core, which checks the accessibility of a page.
pub(crate) fn axe_script() -> Result<PathBuf> {
    let modules = modules("axe-core", &paths::root().join("e2e"))?;
    Ok(modules.join("axe-core/axe.min.js"))
}

/// Installs npm if it or Node.js is missing; an error if Node.js is too old.
fn require_npm() -> Result {
    if paths::find_on_path("npm").is_none() || node_major().is_none() {
        apt::install(&["npm"]).map_err(|error| format!("{error}; {INSTALL_HINT}"))?;
    }
    match node_major() {
        Some(major) if major >= MIN_NODE_MAJOR => Ok(()),
        Some(major) => Err(format!("Node.js is {major}; {INSTALL_HINT}").into()),
        None => Err(INSTALL_HINT.into()),
    }
}

fn node_major() -> Option<u32> {
    let output = process::output(Command::new("node").arg("--version")).ok()?;
    let (major, _) = output.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}
