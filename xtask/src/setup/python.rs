//! Python with grpcio, in a virtual environment of its own.

use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, places, process,
    setup::{NEEDS_THE_NET, apt, once},
};

const WHAT_TO_INSTALL: &str = "the Python clients need Python 3 with venv and pip: \
     install them (Debian: `apt-get install python3 python3-venv`)";

/// The interpreter of a virtual environment that holds what `requirements` lists.
pub(crate) fn with(requirements: &Path) -> Outcome<PathBuf> {
    let version = if let Some(version) = version() {
        version
    } else {
        apt::install(&["python3", "python3-venv"])
            .map_err(|error| format!("{error}; {WHAT_TO_INSTALL}"))?;
        version().ok_or(WHAT_TO_INSTALL)?
    };
    // Another interpreter or another list is another environment.
    let mut key = DefaultHasher::new();
    (&version, fs::read(requirements)?).hash(&mut key);
    let name = format!("python/{}-{:016x}", version.replace(' ', "-"), key.finish());

    let environment = once::filled(&name, works, |folder| {
        eprintln!("xtask: installing grpcio for Python (about half a minute)");
        process::run(python().args(["-m", "venv"]).arg(folder))?;
        process::run(
            Command::new(interpreter(folder))
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                ])
                // Built from source, grpcio takes longer than everything else together.
                .args(["--only-binary", ":all:", "--requirement"])
                .arg(requirements),
        )
        .map_err(|error| format!("{error}; {NEEDS_THE_NET}").into())
    })?;
    Ok(interpreter(&environment))
}

/// What Python says that it is; nothing where it is missing or can't make environments.
fn version() -> Option<String> {
    let said = process::said(python().args(["-c", PROBE])).ok()?;
    Some(said.trim().to_owned()).filter(|version| !version.is_empty())
}

/// Debian packs `ensurepip` apart from Python: without it `venv` is there and fails.
const PROBE: &str = "\
import ensurepip, platform, venv
print(platform.python_implementation(), platform.python_version(), platform.machine())";

/// Whether the environment works: the Python that it was made from may be gone.
fn works(environment: &Path) -> bool {
    let mut probe = Command::new(interpreter(environment));
    process::said(probe.args(["-c", "import grpc; print(grpc.__version__)"]))
        .is_ok_and(|said| !said.is_empty())
}

fn python() -> Command {
    let mut python = Command::new("python3");
    python.current_dir(places::root());
    python
}

fn interpreter(environment: &Path) -> PathBuf {
    environment.join("bin/python")
}
