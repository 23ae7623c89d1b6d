//! The tools that cargo does not include: taken from PATH if the version matches, else from the
//! user's cache directory, where they are installed if missing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, paths, process,
    setup::{NETWORK_HINT, install},
};

/// A tool at the version that this checkout needs.
pub(crate) struct Tool {
    package: &'static str,
    version: String,
    /// All of these must exist and report the version.
    programs: &'static [&'static str],
    /// How long the installation takes on two cores.
    minutes: u32,
}

/// Builds the page.
pub(crate) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: "0.21.14".into(),
        programs: &["trunk"],
        minutes: 6,
    }
}

/// Generates the JavaScript for WebAssembly and runs its tests. Must have exactly the version of
/// the library `wasm-bindgen`.
pub(crate) fn wasm_bindgen() -> Result<Tool> {
    let lock = fs::read_to_string(paths::root().join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock has no wasm-bindgen")?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: version.into(),
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        minutes: 3,
    })
}

/// Checks licenses, duplicates and sources of the dependencies.
pub(crate) fn cargo_deny() -> Tool {
    Tool {
        package: "cargo-deny",
        version: "0.20.2".into(),
        programs: &["cargo-deny"],
        minutes: 5,
    }
}

impl Tool {
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The folder with the tool's programs; installs them if missing.
    pub(crate) fn folder(&self) -> Result<PathBuf> {
        if let Some(folder) = self.find_on_path() {
            return Ok(folder);
        }
        let name = format!("tools/{}-{}", self.package, self.version);
        let folder = install::once(
            &name,
            |root| self.matches(&root.join("bin")),
            |root| self.install(root),
        )?;
        Ok(folder.join("bin"))
    }

    fn find_on_path(&self) -> Option<PathBuf> {
        let folder = paths::find_on_path(self.programs.first()?)?
            .parent()?
            .to_path_buf();
        self.matches(&folder).then_some(folder)
    }

    fn matches(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            process::output(Command::new(folder.join(program)).arg("--version"))
                .is_ok_and(|output| output.split_whitespace().nth(1) == Some(&self.version))
        })
    }

    fn install(&self, root: &Path) -> Result {
        let Self {
            package,
            version,
            minutes,
            ..
        } = self;
        eprintln!(
            "xtask: installing {package} {version} for this and later runs \
             (about {minutes} minutes on two cores)"
        );
        let mut install = paths::cargo();
        install
            .args(["install", "--locked", "--no-track", "--root"])
            .arg(root)
            .arg(format!("{package}@{version}"))
            // On PATH, so that cargo does not advise to add the folder to it.
            .env("PATH", paths::path_with(&[root.join("bin")])?)
            // The workspace's settings are not meant for its tools.
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS");
        process::run(&mut install).map_err(|error| format!("{error}; {NETWORK_HINT}").into())
    }
}

/// Installs the toolchain's wasm target with rustup. Without rustup it must be there already.
pub(crate) fn install_wasm_target() -> Result {
    const TARGET: &str = "wasm32-unknown-unknown";
    let is_installed = || -> Result<bool> {
        let folder = process::output(
            Command::new("rustc")
                .args(["--print", "target-libdir", "--target", TARGET])
                .current_dir(paths::root()),
        );
        let folder = folder.map_err(|error| format!("cannot start rustc: {error}"))?;
        Ok(Path::new(folder.trim()).is_dir())
    };
    if is_installed()? {
        return Ok(());
    }
    if paths::find_on_path("rustup").is_none() {
        return Err(format!("the Rust toolchain lacks the target {TARGET}: install it").into());
    }
    // rustup itself does not lock.
    install::exclusively("rustup", || {
        if is_installed()? {
            return Ok(());
        }
        eprintln!("xtask: adding the target {TARGET} (about half a minute)");
        process::run(
            Command::new("rustup")
                .args(["target", "add", TARGET])
                .current_dir(paths::root()),
        )
        .map_err(|error| format!("{error}; {NETWORK_HINT}").into())
    })
}

/// The version of `package` in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    const LOCK: &str = "\
[[package]]
name = \"wasm-bindgen-futures\"
version = \"0.4.1\"

[[package]]
name = \"wasm-bindgen\"
version = \"0.2.129\"
";

    #[test]
    fn only_the_exact_package_name_matches() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }
}
