//! Keeps local paths out of the page.
//!
//! Panic messages contain the path of their source file: some seventy of them are in the page and
//! would publish the builder's home directory. Remapped, they are also shorter.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{Result, paths};

/// Separates flags in `CARGO_ENCODED_RUSTFLAGS`: paths may contain spaces.
const SEPARATOR: &str = "\u{1f}";

/// The value of `CARGO_ENCODED_RUSTFLAGS`: the user's flags, then ours.
pub(super) fn rustflags() -> Result<String> {
    let variable = |name| env::var(name).ok().filter(|flags| !flags.is_empty());
    let user_flags = variable("CARGO_ENCODED_RUSTFLAGS").or_else(|| {
        let flags = variable("RUSTFLAGS")?;
        Some(flags.split_whitespace().collect::<Vec<_>>().join(SEPARATOR))
    });
    let remap_flags = source_folders()?
        .into_iter()
        .map(|folder| remap_flag(&folder));
    Ok(user_flags
        .into_iter()
        .chain(remap_flags)
        .collect::<Vec<_>>()
        .join(SEPARATOR))
}

/// The first local path that `content` contains. The checkout itself is not searched for: a path
/// such as `/src` may occur for other reasons.
pub(super) fn find_local_path(content: &[u8]) -> Result<Option<PathBuf>> {
    let registries = cargo_home().map(|cargo| cargo.join("registry/src"));
    let wasm_target = paths::target()?.join("wasm32-unknown-unknown");
    let is_contained = |folder: &PathBuf| {
        let name = folder.as_os_str().as_encoded_bytes();
        content.windows(name.len()).any(|part| part == name)
    };
    Ok(registries
        .into_iter()
        .chain([wasm_target])
        .find(is_contained))
}

/// The folders with sources of the page; rustc applies the last one that matches.
fn source_folders() -> Result<Vec<PathBuf>> {
    let mut folders = vec![paths::root(), paths::target()?];
    if let Some(cargo) = cargo_home() {
        // One folder for each registry.
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

fn remap_flag(folder: &Path) -> String {
    format!("--remap-path-prefix={}/=", folder.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkout_and_target_directory_are_remapped() {
        let flags = rustflags().expect("flags");
        for folder in [paths::root(), paths::target().expect("target directory")] {
            let expected = remap_flag(&folder);
            assert!(
                flags.split(SEPARATOR).any(|flag| flag == expected),
                "{flags}"
            );
        }
    }

    #[test]
    fn a_local_path_in_the_page_is_found() {
        let target = paths::target().expect("target directory");
        let local = format!("\0asm{}/wasm32-unknown-unknown/page/x.rs", target.display());
        assert!(find_local_path(local.as_bytes()).expect("search").is_some());
        let remapped = "\0asmweb/src/main.rs,wasm32-unknown-unknown";
        assert_eq!(find_local_path(remapped.as_bytes()).expect("search"), None);
    }
}
