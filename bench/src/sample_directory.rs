//! Directories with many users.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use crate::{Result, server_process::binary};

/// Users in a new directory.
const INITIAL_USERS: u32 = 1_000;

/// A directory of sample users; removed when dropped.
pub(crate) struct SampleDirectory {
    folder: TempDir,
}

impl SampleDirectory {
    /// Creates a directory of `count` users.
    pub(crate) fn create(count: u32) -> Result<Self> {
        let folder = TempDir::new_in(scratch_folder()?)?;
        let more = count.saturating_sub(INITIAL_USERS);
        run_frontdesk(&["seed", "--count", &more.to_string()], folder.path())?;
        Ok(Self { folder })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder().join("frontdesk.db")
    }
}

/// A folder next to this program, so on a disk: the system's temporary folder may be in memory.
pub(crate) fn scratch_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    Ok(program
        .parent()
        .ok_or("the program has no parent folder")?
        .to_path_buf())
}

/// Runs a subcommand of Frontdesk with the directory at `data`.
pub(crate) fn run_frontdesk(arguments: &[&str], data: &Path) -> Result {
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
