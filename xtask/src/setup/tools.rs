//! The programs that cargo does not bring: from PATH where the version fits, else from the
//! user's cache folder, installed there when they are missing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, places, process,
    setup::{NEEDS_THE_NET, once},
};

/// A program at the version that this checkout is made for.
pub(crate) struct Tool {
    package: &'static str,
    version: String,
    /// All of these have to be there and to name the version when asked for it.
    programs: &'static [&'static str],
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

/// Makes JavaScript of the page's WebAssembly, and runs its tests.
///
/// Has to be of the very version of the `wasm-bindgen` that the page is built with.
pub(crate) fn wasm_bindgen() -> Outcome<Tool> {
    let lock = fs::read_to_string(places::root().join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock has no wasm-bindgen")?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: version.into(),
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        minutes: 3,
    })
}

/// Checks licences, duplicates and sources of what we depend on.
pub(crate) fn cargo_deny() -> Tool {
    Tool {
        package: "cargo-deny",
        version: "0.20.2".into(),
        programs: &["cargo-deny"],
        minutes: 5,
    }
}

impl Tool {
    /// The version that is wanted.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// The folder that holds the tool; installs it first where there is none.
    pub(crate) fn folder(&self) -> Outcome<PathBuf> {
        if let Some(folder) = self.on_path() {
            return Ok(folder);
        }
        let name = format!("tools/{}-{}", self.package, self.version);
        let folder = once::moved(
            &name,
            |root| self.fits(&root.join("bin")),
            |root| self.install(root),
        )?;
        Ok(folder.join("bin"))
    }

    fn on_path(&self) -> Option<PathBuf> {
        let folder = places::on_path(self.programs.first()?)?
            .parent()?
            .to_path_buf();
        self.fits(&folder).then_some(folder)
    }

    fn fits(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            process::said(Command::new(folder.join(program)).arg("--version"))
                .is_ok_and(|said| said.split_whitespace().nth(1) == Some(&self.version))
        })
    }

    fn install(&self, root: &Path) -> Outcome {
        let Self {
            package,
            version,
            minutes,
            ..
        } = self;
        eprintln!(
            "xtask: installing {package} {version} for this and all later runs \
             (about {minutes} minutes on two cores)"
        );
        let mut install = places::cargo();
        install
            .args(["install", "--locked", "--no-track", "--root"])
            .arg(root);
        // What the workspace builds with must not leak into what it builds by; and nobody has to
        // put this folder on their PATH, as cargo would advise.
        install
            .env("PATH", places::path_with(&[root.join("bin")])?)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS");
        process::run(install.arg(format!("{package}@{version}")))
            .map_err(|error| format!("{error}; {NEEDS_THE_NET}").into())
    }
}

/// The wasm target of the toolchain; a toolchain that did not come by rustup has to have it.
pub(crate) fn wasm_target() -> Outcome {
    const TARGET: &str = "wasm32-unknown-unknown";
    let there = || -> Outcome<bool> {
        let libraries = process::said(
            Command::new("rustc")
                .args(["--print", "target-libdir", "--target", TARGET])
                .current_dir(places::root()),
        );
        let libraries = libraries.map_err(|error| format!("rustc could not be asked: {error}"))?;
        Ok(Path::new(libraries.trim()).is_dir())
    };
    if there()? {
        return Ok(());
    }
    if places::on_path("rustup").is_none() {
        return Err(format!("this Rust has no {TARGET}: install it with Rust's package").into());
    }
    // rustup has no lock of its own.
    once::alone("rustup", || {
        if there()? {
            return Ok(());
        }
        eprintln!("xtask: adding the target {TARGET} (about half a minute)");
        process::run(
            Command::new("rustup")
                .args(["target", "add", TARGET])
                .current_dir(places::root()),
        )
        .map_err(|error| format!("{error}; {NEEDS_THE_NET}").into())
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
    fn the_version_of_exactly_that_package_is_found() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }
}
