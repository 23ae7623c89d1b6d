//! A browser with an empty profile, at the server's page.

use std::ops::Deref;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Outcome,
    driver::{Driver, Raw},
    given,
};

/// One window of one browser; gone, with all it knew, when dropped.
pub struct Browser {
    client: Client,
    /// The server's origin, which addresses are relative to.
    pub origin: String,
    // Ended before the profile is removed: fields are dropped in this order.
    _driver: Driver,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser for the server at `origin`.
    pub async fn open(origin: &str) -> Outcome<Self> {
        let browser =
            Self::start(origin, json!({ "browser": "ALL", "performance": "ALL" })).await?;
        browser.listen().await?;
        Ok(browser)
    }

    /// Starts a browser that keeps no record of what goes over its network, for what is timed in
    /// it: a record holds every message of a socket, and costs more than the message.
    pub async fn unrecorded(origin: &str) -> Outcome<Self> {
        Self::start(origin, json!({})).await
    }

    async fn start(origin: &str, logs: Value) -> Outcome<Self> {
        let profile = TempDir::new()?;
        let mut driver = Driver::start()?;
        let mut flags = vec![
            format!("--user-data-dir={}", profile.path().display()),
            "--window-size=1200,800".to_owned(),
        ];
        flags.extend(given("CHROME_FLAGS")?.split_whitespace().map(str::to_owned));
        let capabilities = json!({
            "goog:chromeOptions": { "binary": given("CHROME")?, "args": flags },
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

    /// Goes to an address of the page, such as `/users/7`, as a bookmark does.
    pub async fn visit(&self, path: &str) -> Outcome {
        Ok(self.client.goto(&format!("{}{path}", self.origin)).await?)
    }

    /// The path and the query in the address bar.
    pub async fn path(&self) -> Outcome<String> {
        let address = self.client.current_url().await?;
        Ok(address
            .as_str()
            .strip_prefix(&self.origin)
            .unwrap_or(address.as_str())
            .to_owned())
    }

    /// Runs `script` in the page; what it returns.
    pub async fn run(&self, script: &str) -> Outcome<Value> {
        Ok(self.client.execute(script, Vec::new()).await?)
    }

    /// A command of the `DevTools` protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Outcome<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        Ok(self
            .client
            .issue_cmd(Raw::post("goog/cdp/execute", body))
            .await?)
    }
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}
