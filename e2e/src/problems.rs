//! What must not happen in a page: console messages, requests to other origins, violations of the
//! content security policy.

use serde_json::{Value, json};

use crate::{TestResult, browser::Browser, driver::RawCommand};

/// Runs before the page's own scripts; the policy does not apply to it.
const RECORD_VIOLATIONS: &str = "
    window.violations = [];
    document.addEventListener('securitypolicyviolation', event =>
        window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
";

impl Browser {
    /// Records policy violations from the next page load on.
    pub async fn record_violations(&self) -> TestResult {
        let script = json!({ "source": RECORD_VIOLATIONS });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await?;
        Ok(())
    }

    pub async fn assert_no_problems(&self) -> TestResult {
        assert_eq!(self.problems().await?, Vec::<String>::new());
        Ok(())
    }

    /// The problems since the last call; the violations are those of the current page.
    pub async fn problems(&self) -> TestResult<Vec<String>> {
        let mut problems = Vec::new();
        for entry in self.log_entries("browser").await? {
            problems.push(format!("console: {}", text(&entry["message"])));
        }
        for url in self.foreign_requests().await? {
            problems.push(format!("request: {url}"));
        }
        let violations = self.run("return window.violations").await?;
        for violation in violations.as_array().ok_or("violations are not recorded")? {
            problems.push(format!("violation: {}", text(violation)));
        }
        Ok(problems)
    }

    async fn foreign_requests(&self) -> TestResult<Vec<String>> {
        let mut foreign = Vec::new();
        for event in self.network_events().await? {
            let url = match event["method"].as_str() {
                Some("Network.requestWillBeSent") => text(&event["params"]["request"]["url"]),
                Some("Network.webSocketCreated") => text(&event["params"]["url"]),
                _ => continue,
            };
            // The browser's start page and data URLs do not cause network traffic.
            let is_local = url.starts_with("chrome:") || url.starts_with("data:");
            if !is_local && !self.is_own_url(&url) {
                foreign.push(url);
            }
        }
        Ok(foreign)
    }

    /// The network events since the last call.
    pub(crate) async fn network_events(&self) -> TestResult<Vec<Value>> {
        let entries = self.log_entries("performance").await?;
        let parse = |entry: &Value| {
            let event: Value = serde_json::from_str(&text(&entry["message"]))?;
            Ok(event["message"].clone())
        };
        entries.iter().map(parse).collect()
    }

    /// Whether `url` belongs to the server.
    pub(crate) fn is_own_url(&self, url: &str) -> bool {
        let host = self.origin.trim_start_matches("http");
        url.starts_with(&format!("http{host}/")) || url.starts_with(&format!("ws{host}/"))
    }

    async fn log_entries(&self, log: &str) -> TestResult<Vec<Value>> {
        let entries = self
            .issue_cmd(RawCommand::post("se/log", json!({ "type": log })))
            .await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
