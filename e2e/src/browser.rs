use std::ops::Deref;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    TestResult,
    driver::{Driver, RawCommand},
    env_var,
};

/// A browser with one window and its own profile; both are removed on drop.
pub struct Browser {
    client: Client,
    /// The server's origin, which paths are relative to.
    pub origin: String,
    // Dropped before the profile: fields are dropped in order of declaration.
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser that records its console, its network and policy violations.
    pub async fn start(origin: &str) -> TestResult<Self> {
        let logs = json!({ "browser": "ALL", "performance": "ALL" });
        let browser = Self::start_with_logs(origin, logs).await?;
        browser.record_violations().await?;
        Ok(browser)
    }

    /// Starts a browser without logs, for measurements: recording a WebSocket message costs more
    /// than the message.
    pub async fn start_unlogged(origin: &str) -> TestResult<Self> {
        Self::start_with_logs(origin, json!({})).await
    }

    async fn start_with_logs(origin: &str, logs: Value) -> TestResult<Self> {
        let profile = TempDir::new()?;
        let mut driver = Driver::start()?;
        let mut flags = vec![
            format!("--user-data-dir={}", profile.path().display()),
            "--window-size=1200,800".to_owned(),
        ];
        let more = env_var("CHROME_FLAGS")?;
        flags.extend(more.split_whitespace().map(str::to_owned));
        let capabilities = json!({
            "goog:chromeOptions": { "binary": env_var("CHROME")?, "args": flags },
            "goog:loggingPrefs": logs,
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().unwrap_or_default())
            .connect(&driver.address)
            .await?;
        driver.session = client.session_id().await?;
        Ok(Self {
            client,
            origin: origin.to_owned(),
            _driver: driver,
            _profile: profile,
        })
    }

    /// Loads a path of the page, such as `/users/7`.
    pub async fn visit(&self, path: &str) -> TestResult {
        Ok(self.client.goto(&format!("{}{path}", self.origin)).await?)
    }

    /// The path, query and fragment of the current URL.
    pub async fn path(&self) -> TestResult<String> {
        let url = self.client.current_url().await?;
        let url = url.as_str();
        Ok(url.strip_prefix(&self.origin).unwrap_or(url).to_owned())
    }

    /// Waits until the current path is `expected`.
    pub async fn wait_for_path(&self, expected: &str) -> TestResult {
        crate::until(expected, async || {
            Ok((self.path().await? == expected).then_some(()))
        })
        .await
    }

    /// Runs a script in the page; returns its result.
    pub async fn run(&self, script: &str) -> TestResult<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// Runs a command of the `DevTools` protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> TestResult<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        Ok(self
            .client
            .issue_cmd(RawCommand::post("goog/cdp/execute", body))
            .await?)
    }
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}
