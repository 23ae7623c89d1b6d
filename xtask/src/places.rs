//! Where things lie: the checkout, its target folder, the user's cache folder.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Outcome;

/// The top of the checkout.
pub(crate) fn root() -> PathBuf {
    // Cargo states it anew for each run, so a checkout may be moved.
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// The folder that cargo builds into, wherever the user has put it: this program lies in it.
pub(crate) fn target() -> Outcome<PathBuf> {
    let program = env::current_exe()?;
    let target = program.parent().and_then(Path::parent);
    Ok(target
        .ok_or("this program lies outside of a target folder")?
        .to_path_buf())
}

/// The binary `frontdesk`, as built with `profile` (the name of its folder: `debug`, `release`).
pub(crate) fn server(profile: &str) -> Outcome<PathBuf> {
    Ok(target()?.join(profile).join("frontdesk"))
}

/// What this program keeps for itself between two runs.
pub(crate) fn scratch() -> Outcome<PathBuf> {
    let scratch = target()?.join("xtask");
    std::fs::create_dir_all(&scratch)?;
    Ok(scratch)
}

/// What is kept for all checkouts of this user: tools, Python's and npm's packages.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let caches = set("XDG_CACHE_HOME")
        .filter(|folder| folder.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .ok_or("neither XDG_CACHE_HOME nor HOME is set: there is nowhere to keep tools")?;
    let cache = caches.join("frontdesk");
    std::fs::create_dir_all(&cache).map_err(|error| {
        let cache = cache.display();
        format!("{cache}: tools can't be kept there: {error}; XDG_CACHE_HOME names another place")
    })?;
    Ok(cache)
}

/// The cargo that runs this program, to be run at the top of the checkout.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    without_cargos(&mut cargo).current_dir(root());
    cargo
}

/// Takes off what cargo has told this program of itself: build scripts look at some of it, and would
/// be run anew whenever somebody has built by hand in between, or the other way round.
pub(crate) fn without_cargos(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// The first program called `name` that PATH leads to.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// PATH with `folders` before everything else.
pub(crate) fn path_with(folders: &[PathBuf]) -> Outcome<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(env::split_paths(&path));
    Ok(env::join_paths(all)?)
}
