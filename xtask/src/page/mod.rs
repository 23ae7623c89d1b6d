//! The release build of the page in `dist/`, made only when its sources have changed.

mod js_glue;
mod path_remap;

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, lock, paths, process,
    setup::tools::{self, Tool},
};

/// Everything the page is built from, relative to the top of the checkout.
const SOURCES: [&str; 12] = [
    "web",
    "directory",
    "proto",
    "transport",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "rust-toolchain.toml",
    ".cargo/config.toml",
    // Detects a build that was changed or interrupted outside of xtask.
    "dist",
];

/// Trunk's log filter. Without it trunk reports that it cannot minify the script (see Trunk.toml);
/// [`check_contents`] checks the result instead.
const TRUNK_LOG: &str = "error,trunk=info,trunk::processing::minify=error";

/// Brings `dist/` up to date.
pub(crate) fn build() -> Result {
    let tools = [tools::trunk(), tools::wasm_bindgen()?];
    let stored = paths::scratch()?.join("page.fingerprint");
    let is_up_to_date = || {
        fs::read_to_string(&stored)
            .is_ok_and(|stored| fingerprint(&tools).is_ok_and(|current| current == stored))
    };
    if is_up_to_date() {
        return Ok(());
    }
    // Two builds at once would mix their files in `dist/`.
    let _lock = lock::acquire(&paths::scratch()?.join("page.lock"), "building the page")?;
    if is_up_to_date() {
        return Ok(());
    }
    // An interrupted build must not look complete.
    if stored.exists() {
        fs::remove_file(&stored)?;
    }
    let mut trunk = trunk(&tools)?;
    eprintln!("xtask: building the page (two to four minutes the first time)");
    process::run(
        trunk
            .args(["--log", TRUNK_LOG, "build", "--release"])
            .env("CARGO_ENCODED_RUSTFLAGS", path_remap::rustflags()?),
    )?;
    fs::write(stored, fingerprint(&tools)?)?;
    Ok(())
}

/// Returns an error if the built page contains paths of this machine or is not minified.
pub(crate) fn check_contents() -> Result {
    for path in files(&paths::root().join("dist"))? {
        let (file, content) = (path.display(), fs::read(&path)?);
        if let Some(folder) = path_remap::find_local_path(&content)? {
            let folder = folder.display();
            return Err(
                format!("{file} contains the local path {folder}: see xtask/src/page").into(),
            );
        }
        if path.extension().is_some_and(|it| it == "js")
            && !js_glue::is_stripped(str::from_utf8(&content)?)
        {
            return Err(
                format!("{file} has comments or indentation: see web/strip_glue.awk").into(),
            );
        }
        if path.extension().is_some_and(|it| it == "css") && content.contains(&b'\n') {
            return Err(format!("{file} is not minified: trunk failed to parse it").into());
        }
    }
    Ok(())
}

/// `trunk` at the top of the checkout, with the pinned tools first on its PATH.
pub(crate) fn trunk(tools: &[Tool; 2]) -> Result<Command> {
    tools::install_wasm_target()?;
    let [trunk, wasm_bindgen] = tools;
    let folders = [trunk.folder()?, wasm_bindgen.folder()?];
    let mut command = Command::new(folders[0].join("trunk"));
    paths::remove_cargo_variables(&mut command)
        .current_dir(paths::root())
        .env("PATH", paths::path_with(&folders)?)
        // Trunk reads this as the value of a flag that only accepts `true` and `false`.
        .env_remove("NO_COLOR")
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    Ok(command)
}

/// A hash of the names and contents of [`SOURCES`], of the tools' versions and of the compiler
/// flags.
fn fingerprint(tools: &[Tool; 2]) -> Result<String> {
    let root = paths::root();
    let mut hasher = DefaultHasher::new();
    for tool in tools {
        tool.version().hash(&mut hasher);
    }
    path_remap::rustflags()?.hash(&mut hasher);
    for source in SOURCES {
        for file in files(&root.join(source))? {
            file.strip_prefix(&root).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files at or below `path`, sorted by name; none if it does not exist.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_path_buf()]);
    }
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        found.extend(files(&entry)?);
    }
    Ok(found)
}
