//! Chromium and chromedriver of the same version.

use std::{env, path::PathBuf, process::Command};

use rustix::process::geteuid;

use crate::{Result, paths, process, setup::apt};

const INSTALL_HINT: &str = "the browser tests need Chromium and chromedriver of the same version: \
     install them (Debian: `apt-get install chromium chromium-driver`), \
     or set CHROME and CHROMEDRIVER to their paths";

pub(crate) struct Browser {
    /// Chromium or Chrome.
    pub(crate) chrome: PathBuf,
    /// The WebDriver server.
    pub(crate) driver: PathBuf,
}

impl Browser {
    pub(crate) fn find_or_install() -> Result<Self> {
        if let Some(browser) = Self::find() {
            return browser.check_versions();
        }
        let packages = if apt::is_ubuntu() {
            ["chromium-browser", "chromium-chromedriver"]
        } else {
            ["chromium", "chromium-driver"]
        };
        apt::install(&packages).map_err(|error| format!("{error}; {INSTALL_HINT}"))?;
        Self::find().ok_or(INSTALL_HINT)?.check_versions()
    }

    /// Chromium's flags for tests: no window, no prompts, no background traffic.
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
        // The sandbox does not work for root and in most containers.
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
            .find_map(paths::find_on_path)
        })?;
        let driver = env::var_os("CHROMEDRIVER")
            .map(PathBuf::from)
            .or_else(|| paths::find_on_path("chromedriver"))?;
        Some(Self { chrome, driver })
    }

    /// Chromium and its driver must agree in all but the last number of their versions.
    fn check_versions(self) -> Result<Self> {
        let [chrome, driver] = [&self.chrome, &self.driver].map(|program| {
            let output =
                process::output(Command::new(program).arg("--version")).unwrap_or_default();
            parse_version(&output).map(str::to_owned)
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
        Err(format!("Chromium is {chrome}, chromedriver is {driver}; {INSTALL_HINT}").into())
    }
}

/// The version in the output of `--version`, such as `Chromium 156.0.8078.79 built on …`.
fn parse_version(output: &str) -> Option<&str> {
    output.split_whitespace().find(|word| {
        word.split('.').count() == 4 && word.split('.').all(|part| part.parse::<u32>().is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_of_browsers_and_drivers_are_parsed() {
        for (output, version) in [
            (
                "Chromium 156.0.8078.79 built on Debian",
                Some("156.0.8078.79"),
            ),
            ("Google Chrome 140.0.7339.80 ", Some("140.0.7339.80")),
            (
                "ChromeDriver 156.0.8078.79 (a21ce9-refs/heads/8078)",
                Some("156.0.8078.79"),
            ),
            ("no such program", None),
        ] {
            assert_eq!(parse_version(output), version, "{output}");
        }
    }
}
