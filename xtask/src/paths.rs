//! The checkout, its target directory, the user's cache directory.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Result;

/// The top of the checkout.
pub(crate) fn root() -> PathBuf {
    // Cargo sets the variable for each run, so the checkout may be moved after a build.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// Cargo's target directory, derived from the location of this program.
pub(crate) fn target() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    Ok(target
        .ok_or("xtask does not run from a target directory")?
        .to_path_buf())
}

/// The binary `frontdesk` in the target directory's folder `profile` (`debug`, `release`).
pub(crate) fn server_binary(profile: &str) -> Result<PathBuf> {
    Ok(target()?.join(profile).join("frontdesk"))
}

/// Holds what xtask stores between two runs in this checkout.
pub(crate) fn scratch() -> Result<PathBuf> {
    let scratch = target()?.join("xtask");
    std::fs::create_dir_all(&scratch)?;
    Ok(scratch)
}

/// Holds what all checkouts of this user share: tools, Python and npm packages.
pub(crate) fn cache() -> Result<PathBuf> {
    let variable = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let user_cache = variable("XDG_CACHE_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| variable("HOME").map(|home| home.join(".cache")))
        .ok_or("no cache directory for tools: set HOME or XDG_CACHE_HOME")?;
    let cache = user_cache.join("frontdesk");
    std::fs::create_dir_all(&cache).map_err(|error| {
        let cache = cache.display();
        format!(
            "cannot create the cache directory {cache}: {error}; set XDG_CACHE_HOME to use another"
        )
    })?;
    Ok(cache)
}

/// The cargo that runs this program, at the top of the checkout.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    remove_cargo_variables(&mut cargo).current_dir(root());
    cargo
}

/// Removes the variables that cargo sets for this program: some build scripts depend on them, and
/// would rerun whenever builds by xtask and by hand alternate.
pub(crate) fn remove_cargo_variables(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The first program called `name` on PATH.
pub(crate) fn find_on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// PATH with `folders` first.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}
