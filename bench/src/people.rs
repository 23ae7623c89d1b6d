//! Directories of many people.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{Outcome, host::binary};

/// John Doe and the sample people, who are in every new directory.
const ALREADY_THERE: u32 = 1_000;

/// A directory of sample people, removed when dropped.
pub(crate) struct People {
    folder: TempDir,
}

impl People {
    /// A directory of `count` people.
    pub(crate) fn seeded(count: u32) -> Outcome<Self> {
        let folder = TempDir::new_in(room()?)?;
        let more = count.saturating_sub(ALREADY_THERE);
        frontdesk(&["seed", "--count", &more.to_string()], folder.path())?;
        Ok(Self { folder })
    }

    /// Where it lies.
    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The database in it.
    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("frontdesk.db")
    }
}

/// A folder on a disk, beside this program: the system's own for such things may be memory.
pub(crate) fn room() -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program
        .parent()
        .ok_or("this program lies in no folder")?
        .to_path_buf())
}

/// Runs a command of Frontdesk on the directory at `data`.
pub(crate) fn frontdesk(arguments: &[&str], data: &Path) -> Outcome {
    let status = Command::new(binary()?)
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("frontdesk {} failed: {status}", arguments.join(" ")).into())
}
