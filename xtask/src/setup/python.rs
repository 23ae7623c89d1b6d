//! Python with grpcio in a virtual environment.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Result, paths, process,
    setup::{NETWORK_HINT, apt, install},
};

const INSTALL_HINT: &str = "the Python clients need Python 3 with venv and pip: \
     install them (Debian: `apt-get install python3 python3-venv`)";
/// Written when all packages are installed.
const MARKER: &str = ".complete";

/// The interpreter of a virtual environment with the packages that the file `requirements` lists.
pub(crate) fn environment(requirements: &Path) -> Result<PathBuf> {
    let version = if let Some(version) = version() {
        version
    } else {
        apt::install(&["python3", "python3-venv"])
            .map_err(|error| format!("{error}; {INSTALL_HINT}"))?;
        version().ok_or(INSTALL_HINT)?
    };
    // One environment for each interpreter and list of packages.
    let mut key = DefaultHasher::new();
    (&version, fs::read(requirements)?).hash(&mut key);
    let name = format!("python/{}-{:016x}", version.replace(' ', "-"), key.finish());

    let environment = install::once(&name, is_complete, |folder| {
        eprintln!("xtask: installing grpcio for Python (about half a minute)");
        process::run(python().args(["-m", "venv"]).arg(folder))?;
        process::run(
            Command::new(interpreter(folder))
                .args(["-m", "pip", "install", "--quiet"])
                .arg("--disable-pip-version-check")
                // Building grpcio from source takes longer than all other steps together.
                .args(["--only-binary", ":all:", "--requirement"])
                .arg(requirements),
        )
        .map_err(|error| format!("{error}; {NETWORK_HINT}"))?;
        Ok(fs::write(folder.join(MARKER), "")?)
    })?;
    Ok(interpreter(&environment))
}

/// Python's name, version and architecture; `None` if it is missing or cannot create environments.
fn version() -> Option<String> {
    let output = process::output(python().args(["-c", VERSION_PROBE])).ok()?;
    Some(output.trim().to_owned()).filter(|version| !version.is_empty())
}

/// Imports `ensurepip`, too: Debian packages it separately, and without it `venv` fails.
const VERSION_PROBE: &str = "\
import ensurepip, platform, venv
print(platform.python_implementation(), platform.python_version(), platform.machine())";

/// An environment stops working when the Python that it was created from is removed.
fn is_complete(environment: &Path) -> bool {
    let mut probe = Command::new(interpreter(environment));
    environment.join(MARKER).exists()
        && process::output(probe.args(["-c", "import grpc; print(grpc.__version__)"]))
            .is_ok_and(|version| !version.is_empty())
}

fn python() -> Command {
    let mut python = Command::new("python3");
    python.current_dir(paths::root());
    python
}

fn interpreter(environment: &Path) -> PathBuf {
    environment.join("bin/python")
}
