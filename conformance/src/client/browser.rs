//! A headless browser.

use std::{env, error::Error, process::Stdio};

use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A running browser; ended when dropped.
pub(super) struct Browser {
    process: Child,
    // Declared last: the folder is removed after the browser has ended.
    _profile: TempDir,
}

impl Browser {
    /// Starts the program in the variable `CHROME` with the flags in `CHROME_FLAGS`, and opens the
    /// page at `origin`.
    pub(super) fn open(origin: &str) -> Result<Self, Box<dyn Error>> {
        let profile = tempfile::tempdir()?;
        let flags = env::var("CHROME_FLAGS").unwrap_or_default();
        let process = Command::new(env::var("CHROME").map_err(|_| "CHROME is not set")?)
            .args(flags.split_whitespace())
            // The suite creates a certificate for each run.
            .arg("--ignore-certificate-errors")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(origin)
            .stdin(Stdio::null())
            // Standard output carries the messages for the runner.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        Ok(Self {
            process,
            _profile: profile,
        })
    }

    /// Waits until the browser has ended by itself, which is an error.
    pub(super) async fn unexpected_exit(&mut self) -> Result<(), Box<dyn Error>> {
        let status = self.process.wait().await?;
        Err(format!("the browser has ended: {status}").into())
    }

    /// Ends the browser and waits for its exit.
    pub(super) async fn close(mut self) {
        if let Err(error) = self.process.kill().await {
            eprintln!("conformance-client: cannot end the browser: {error}");
        }
    }
}
