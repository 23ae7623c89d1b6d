//! Chromium and its driver, of the same version.

use std::{env, path::PathBuf, process::Command};

use rustix::process::geteuid;

use crate::{Outcome, places, process, setup::apt};

const WHAT_TO_INSTALL: &str = "the browser tests need Chromium and chromedriver of the same version: \
     install them (Debian: `apt-get install chromium chromium-driver`), \
     or name others by CHROME and CHROMEDRIVER";

/// A browser and the program that drives it.
pub(crate) struct Browser {
    /// Chromium or Chrome.
    pub(crate) chrome: PathBuf,
    /// The `WebDriver` server for it.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// The browser of this machine; installs one where it can.
    pub(crate) fn ready() -> Outcome<Self> {
        if let Some(browser) = Self::find() {
            return browser.matching();
        }
        let packages = if apt::is_ubuntu() {
            ["chromium-browser", "chromium-chromedriver"]
        } else {
            ["chromium", "chromium-driver"]
        };
        apt::install(&packages).map_err(|error| format!("{error}; {WHAT_TO_INSTALL}"))?;
        Self::find().ok_or(WHAT_TO_INSTALL)?.matching()
    }

    /// What Chromium has to be told to run in tests: without a window, and without asking anybody.
    pub(crate) fn flags() -> Vec<&'static str> {
        let mut flags = vec![
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        // Chromium refuses its sandbox to root, and most containers have none to offer.
        if geteuid().is_root() || env::var_os("CI").is_some() {
            flags.push("--no-sandbox");
        }
        flags
    }

    fn find() -> Option<Self> {
        let chrome = env::var_os("CHROME").map(PathBuf::from).or_else(|| {
            [
                "chromium",
                "chromium-browser",
                "google-chrome-stable",
                "google-chrome",
            ]
            .into_iter()
            .find_map(places::on_path)
        })?;
        let driver = env::var_os("CHROMEDRIVER")
            .map(PathBuf::from)
            .or_else(|| places::on_path("chromedriver"))?;
        Some(Self { chrome, driver })
    }

    fn matching(self) -> Outcome<Self> {
        let [chrome, driver] = [&self.chrome, &self.driver].map(|program| {
            let said = process::said(Command::new(program).arg("--version")).unwrap_or_default();
            version(&said).map(str::to_owned)
        });
        let build = |version: &Option<String>| {
            version
                .as_deref()
                .and_then(|version| version.rsplit_once('.'))
                .map(|(build, _)| build.to_owned())
        };
        if build(&chrome).is_some() && build(&chrome) == build(&driver) {
            return Ok(self);
        }
        let [chrome, driver] = [chrome, driver].map(|version| version.unwrap_or("unknown".into()));
        Err(format!("Chromium is {chrome}, chromedriver is {driver}; {WHAT_TO_INSTALL}").into())
    }
}

/// The version in what Chromium (`Chromium 156.0.8078.79 built on …`) or its driver says.
fn version(said: &str) -> Option<&str> {
    said.split_whitespace().find(|word| {
        word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u32>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_found_in_what_the_programs_say() {
        assert_eq!(
            version("Chromium 156.0.8078.79 built on Debian"),
            Some("156.0.8078.79")
        );
        assert_eq!(
            version("Google Chrome 140.0.7339.80 "),
            Some("140.0.7339.80")
        );
        assert_eq!(
            version("ChromeDriver 156.0.8078.79 (a21ce9-refs/heads/8078)"),
            Some("156.0.8078.79")
        );
        assert_eq!(version("no such program"), None);
    }
}
