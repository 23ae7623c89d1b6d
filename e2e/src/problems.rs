//! What nobody may see: messages in the console, requests to others, violations of the policy.

use serde_json::{Value, json};

use crate::{Outcome, browser::Browser, driver::Raw};

/// Runs before each page's own scripts, and is bound by no policy.
const LISTEN: &str = "
    window.violations = [];
    document.addEventListener('securitypolicyviolation', event =>
        window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
";

impl Browser {
    /// Notes violations of the policy from the next page on.
    pub async fn listen(&self) -> Outcome {
        let script = json!({ "source": LISTEN });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await?;
        Ok(())
    }

    /// Asserts that all has been quiet on this page, and since the last time that this was asked.
    pub async fn assert_quiet(&self) -> Outcome {
        assert_eq!(self.noise().await?, Vec::<String>::new());
        Ok(())
    }

    /// What was to be heard since the last time; of violations, those on this page.
    pub async fn noise(&self) -> Outcome<Vec<String>> {
        let mut noise = Vec::new();
        for entry in self.entries("browser").await? {
            noise.push(format!("console: {}", text(&entry["message"])));
        }
        for address in self.foreign_requests().await? {
            noise.push(format!("request: {address}"));
        }
        let violations = self.run("return window.violations").await?;
        for violation in violations
            .as_array()
            .ok_or("nobody listens for violations")?
        {
            noise.push(format!("violation: {}", text(violation)));
        }
        Ok(noise)
    }

    /// All addresses that were asked for since the last time, but those of the server.
    async fn foreign_requests(&self) -> Outcome<Vec<String>> {
        let mut foreign = Vec::new();
        for event in self.network_events().await? {
            let address = match event["method"].as_str() {
                Some("Network.requestWillBeSent") => text(&event["params"]["request"]["url"]),
                Some("Network.webSocketCreated") => text(&event["params"]["url"]),
                _ => continue,
            };
            // The window that a browser opens with is its own affair, and never leaves the machine.
            let inward = address.starts_with("chrome:") || address.starts_with("data:");
            if !inward && !self.is_own(&address) {
                foreign.push(address);
            }
        }
        Ok(foreign)
    }

    /// Takes what the browser noted of its network out of its log.
    pub(crate) async fn network_events(&self) -> Outcome<Vec<Value>> {
        let entries = self.entries("performance").await?;
        let parse = |entry: &Value| {
            let event: Value = serde_json::from_str(&text(&entry["message"]))?;
            Ok(event["message"].clone())
        };
        entries.iter().map(parse).collect()
    }

    /// Whether `address` is one of the server's.
    pub(crate) fn is_own(&self, address: &str) -> bool {
        let host = self.origin.trim_start_matches("http");
        address.starts_with(&format!("http{host}/")) || address.starts_with(&format!("ws{host}/"))
    }

    async fn entries(&self, log: &str) -> Outcome<Vec<Value>> {
        let entries = self
            .issue_cmd(Raw::post("se/log", json!({ "type": log })))
            .await?;
        Ok(entries.as_array().cloned().unwrap_or_default())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
