//! axe-core, which finds what keeps people from using a page.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, places, process,
    setup::{NEEDS_THE_NET, apt, once},
};

const SCRIPT: &str = "node_modules/axe-core/axe.min.js";

const WHAT_TO_INSTALL: &str =
    "the accessibility tests need npm: install it (Debian: `apt-get install npm`)";

/// The script that is run in a page to check it.
///
/// npm checks the package against the sum in `e2e/package-lock.json`.
pub(crate) fn script() -> Outcome<PathBuf> {
    let lists = places::root().join("e2e");
    let lock = fs::read_to_string(lists.join("package-lock.json"))?;
    let version = version(&lock).ok_or("e2e/package-lock.json has no axe-core")?;

    let name = format!("npm/axe-core-{version}");
    let works = |folder: &Path| folder.join(SCRIPT).is_file();
    let folder = once::filled(&name, works, |folder| {
        if places::on_path("npm").is_none() {
            apt::install(&["npm"]).map_err(|error| format!("{error}; {WHAT_TO_INSTALL}"))?;
        }
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
                    "--silent",
                ])
                .current_dir(folder),
        )
        .map_err(|error| format!("{error}; {NEEDS_THE_NET}").into())
    })?;
    Ok(folder.join(SCRIPT))
}

fn version(lock: &str) -> Option<&str> {
    let mut lines = lock
        .lines()
        .skip_while(|line| !line.contains("\"node_modules/axe-core\""));
    lines
        .nth(1)?
        .trim()
        .strip_prefix("\"version\": \"")?
        .strip_suffix("\",")
}
