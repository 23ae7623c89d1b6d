//! A browser without a window.

use std::{env, error::Error, process::Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A running browser; it ends when this is dropped.
pub(super) struct Browser {
    process: Child,
    // Removed after the browser has ended: fields are dropped in this order.
    _profile: TempDir,
}

impl Browser {
    /// Opens the page at `origin`, by the program `CHROME` with the flags `CHROME_FLAGS`.
    pub(super) fn open(origin: &str) -> Result<Self, Box<dyn Error>> {
        let profile = tempfile::tempdir()?;
        let flags = env::var("CHROME_FLAGS").unwrap_or_default();
        let process = Command::new(env::var("CHROME").map_err(|_| "CHROME names no browser")?)
            .args(flags.split_whitespace())
            // The suite's certificates are its own, and a new one for each run.
            .arg("--ignore-certificate-errors")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(origin)
            .stdin(Stdio::null())
            // Standard output is the runner's.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            process,
            _profile: profile,
        })
    }

    /// Waits until it has ended by itself, which it should not.
    pub(super) async fn gone(&mut self) -> Result<(), Box<dyn Error>> {
        let status = self.process.wait().await?;
        Err(format!("the browser has ended: {status}").into())
    }

    /// Ends it, and waits until it has.
    pub(super) async fn close(mut self) {
        if let Err(error) = self.process.kill().await {
            eprintln!("conformance-client: the browser can't be ended: {error}");
        }
    }
}
