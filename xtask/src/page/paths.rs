//! Where things lie on the builder's machine, kept out of the page.
//!
//! Panics name the file they come from: some seventy of those paths are in the page, and would tell
//! everybody where the builder's home is. Without their beginnings they are shorter, too.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{Outcome, places};

/// Separates the flags in `CARGO_ENCODED_RUSTFLAGS`: paths may have spaces in them.
const SEPARATOR: &str = "\u{1f}";

/// For `CARGO_ENCODED_RUSTFLAGS`: the flags that the user has set, and ours.
pub(super) fn hidden() -> Outcome<String> {
    let set = |name| env::var(name).ok().filter(|flags| !flags.is_empty());
    let users = set("CARGO_ENCODED_RUSTFLAGS").or_else(|| {
        let flags = set("RUSTFLAGS")?;
        Some(flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR))
    });
    let ours = folders()?.into_iter().map(|folder| flag(&folder));
    Ok(users
        .into_iter()
        .chain(ours)
        .collect::<Vec<_>>()
        .join(SEPARATOR))
}

/// A path of the builder's machine that the content tells of.
///
/// Only such as no other content has: a checkout may lie in `/src`.
pub(super) fn told_by(content: &[u8]) -> Outcome<Option<PathBuf>> {
    let crates = cargo_home().map(|cargo| cargo.join("registry/src"));
    let made = places::target()?.join("wasm32-unknown-unknown");
    let told = |folder: &PathBuf| {
        let name = folder.as_os_str().as_encoded_bytes();
        content.windows(name.len()).any(|part| part == name)
    };
    Ok(crates.into_iter().chain([made]).find(told))
}

/// What the page is compiled from; the last one that fits is the one that rustc takes off.
fn folders() -> Outcome<Vec<PathBuf>> {
    let mut folders = vec![places::root(), places::target()?];
    if let Some(cargo) = cargo_home() {
        // One folder for each registry that crates come from.
        let registries = fs::read_dir(cargo.join("registry/src"));
        folders.push(cargo);
        for registry in registries.into_iter().flatten() {
            folders.push(registry?.path());
        }
    }
    Ok(folders)
}

fn cargo_home() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))
}

fn flag(folder: &Path) -> String {
    format!("--remap-path-prefix={}/=", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_is_made_of_is_named_without_where_it_lies() {
        let ours = hidden().expect("flags");
        for folder in [places::root(), places::target().expect("a folder")] {
            let flag = flag(&folder);
            assert!(ours.split(SEPARATOR).any(|ours| ours == flag), "{ours}");
        }
    }

    #[test]
    fn a_page_that_tells_where_it_was_built_is_found_out() {
        let target = places::target().expect("a folder");
        let told = format!("\0asm{}/wasm32-unknown-unknown/page/x.rs", target.display());
        assert!(told_by(told.as_bytes()).expect("looked").is_some());
        let silent = "\0asmweb/src/main.rs,wasm32-unknown-unknown";
        assert_eq!(told_by(silent.as_bytes()).expect("looked"), None);
    }
}
