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
        assert_eq!(
            self.console().await?,
            Vec::<String>::new(),
            "messages in the console"
        );
        assert_eq!(
            self.foreign_requests().await?,
            Vec::<String>::new(),
            "requests to others"
        );
        let violations = self.run("return window.violations").await?;
        assert_eq!(
            violations,
            json!([]),
            "violations of the content security policy"
        );
        Ok(())
    }

    /// Takes the messages out of the console.
    pub async fn console(&self) -> Outcome<Vec<String>> {
        let entries = self.entries("browser").await?;
        Ok(entries
            .iter()
            .map(|entry| text(&entry["message"]))
            .collect())
    }

    /// All addresses that were asked for since the last time, but those of the server.
    async fn foreign_requests(&self) -> Outcome<Vec<String>> {
        let mut foreign = Vec::new();
        for entry in self.entries("performance").await? {
            let event: Value = serde_json::from_str(&text(&entry["message"]))?;
            let event = &event["message"];
            let address = match event["method"].as_str() {
                Some("Network.requestWillBeSent") => text(&event["params"]["request"]["url"]),
                Some("Network.webSocketCreated") => text(&event["params"]["url"]),
                _ => continue,
            };
            if !self.is_own(&address) {
                foreign.push(address);
            }
        }
        Ok(foreign)
    }

    fn is_own(&self, address: &str) -> bool {
        let host = self.origin.trim_start_matches("http");
        // The window that a browser opens with is its own affair, and never leaves the machine.
        address.starts_with("chrome:")
            || address.starts_with("data:")
            || address.starts_with(&format!("http{host}/"))
            || address.starts_with(&format!("ws{host}/"))
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
