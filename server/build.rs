//! Embeds the page in `dist/` and the commit that the binary is built from.

use std::{
    env,
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("..");
    set_commit(&root);

    let dist = root.join("dist");
    if !dist.exists() {
        create_unchanged(&dist)?;
    }
    println!("cargo::rerun-if-changed={}", dist.display());
    frontdesk_assets::write_table(&dist, Path::new(&env::var("OUT_DIR")?))
}

/// Sets `FRONTDESK_COMMIT` for `--version`; `unknown` outside of a git checkout.
fn set_commit(root: &Path) {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .current_dir(root)
            .args(arguments)
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".into());
    println!("cargo::rustc-env=FRONTDESK_COMMIT={commit}");
    // The log of HEAD changes with every commit, checkout and reset.
    let log = git(&[
        "rev-parse",
        "--path-format=absolute",
        "--git-path",
        "logs/HEAD",
    ]);
    // Cargo reruns a build script in every build if a path that it names does not exist.
    if let Some(log) = log.filter(|log| Path::new(log).exists()) {
        println!("cargo::rerun-if-changed={log}");
    }
}

/// Creates an empty `dist/`, so that cargo notices when a page is built, but does not rerun this
/// script in every build until then. Its old modification time keeps cargo from seeing the creation
/// itself as a change.
fn create_unchanged(dist: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(dist)?;
    File::open(dist)?.set_modified(SystemTime::UNIX_EPOCH)?;
    Ok(())
}
