//! The page, built for use into `dist/` when something that it is made of has changed.

mod glue;
mod paths;

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, lock, places, process,
    setup::tools::{self, Tool},
};

/// All that the page is made of, from the top of the checkout.
const SOURCES: [&str; 11] = [
    "web",
    "proto",
    "transport",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "build.rs",
    "rust-toolchain.toml",
    ".cargo/config.toml",
    // A page that was changed or broken off by others is built anew, too.
    "dist",
];

/// What trunk says while it builds: not that it could not minify the script (see Trunk.toml).
/// [`keeps_to_itself`] sees whether script and stylesheet are as small as they should be.
const LOG: &str = "error,trunk=info,trunk::processing::minify=error";

/// Brings `dist/` up to date.
pub(crate) fn build() -> Outcome {
    let tools = [tools::trunk(), tools::wasm_bindgen()?];
    let note = places::scratch()?.join("page.fingerprint");
    let up_to_date = || {
        fs::read_to_string(&note)
            .is_ok_and(|noted| fingerprint(&tools).is_ok_and(|now| now == noted))
    };
    if up_to_date() {
        return Ok(());
    }
    // Two that write to `dist/` at once leave files of both, or of neither.
    let _lock = lock::take(&places::scratch()?.join("page.lock"), "building the page")?;
    if up_to_date() {
        return Ok(());
    }
    // From here until the end `dist/` is nothing to rely on.
    if note.exists() {
        fs::remove_file(&note)?;
    }
    let mut trunk = trunk(&tools)?;
    eprintln!("xtask: building the page (two to four minutes the first time)");
    process::run(
        trunk
            .args(["--log", LOG, "build", "--release"])
            .env("CARGO_ENCODED_RUSTFLAGS", paths::hidden()?),
    )?;
    fs::write(note, fingerprint(&tools)?)?;
    Ok(())
}

/// An error where the built page tells everybody where it was built, or has what only people read.
pub(crate) fn keeps_to_itself() -> Outcome {
    for path in files(&places::root().join("dist"))? {
        let (file, content) = (path.display(), fs::read(&path)?);
        if let Some(folder) = paths::told_by(&content)? {
            let folder = folder.display();
            return Err(format!("{file} tells everybody of {folder}: see xtask/src/page").into());
        }
        if path.extension().is_some_and(|it| it == "js")
            && !glue::is_bare(str::from_utf8(&content)?)
        {
            return Err(format!("{file} has comments or indentation: see web/strip_glue.awk").into());
        }
        if path.extension().is_some_and(|it| it == "css") && content.contains(&b'\n') {
            return Err(format!("{file} is not minified: trunk could not read all of it").into());
        }
    }
    Ok(())
}

/// `trunk`, at the top of the checkout, with the tools that it calls before all others.
pub(crate) fn trunk(tools: &[Tool; 2]) -> Outcome<Command> {
    tools::wasm_target()?;
    let [trunk, wasm_bindgen] = tools;
    let folders = [trunk.folder()?, wasm_bindgen.folder()?];
    let mut command = Command::new(folders[0].join("trunk"));
    places::without_cargos(&mut command)
        .current_dir(places::root())
        .env("PATH", places::path_with(&folders)?)
        // trunk takes this for a flag of its own, and only knows `true` and `false`.
        .env_remove("NO_COLOR")
        .env("TRUNK_SKIP_VERSION_CHECK", "true");
    Ok(command)
}

/// Differs when the names or the contents of [`SOURCES`] or what builds them differ.
fn fingerprint(tools: &[Tool; 2]) -> Outcome<String> {
    let root = places::root();
    let mut hasher = DefaultHasher::new();
    for tool in tools {
        tool.version().hash(&mut hasher);
    }
    paths::hidden()?.hash(&mut hasher);
    for source in SOURCES {
        for file in files(&root.join(source))? {
            file.strip_prefix(&root).unwrap_or(&file).hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// All files at or below `path`, in the order of their names; none where there is nothing.
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
