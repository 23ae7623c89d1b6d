//! `/`: calls of each gRPC type, and their wire log.

mod accessibility;
mod endings;
mod reconnect;
mod types;

use frontdesk_e2e::{Browser, TestResult, TestServer, until};

async fn open(server: &TestServer, call: &str) -> TestResult<Browser> {
    let browser = Browser::start(&server.origin).await?;
    browser.visit(call).await?;
    browser.wait_for_heading("Greet").await?;
    Ok(browser)
}

async fn send_name(browser: &Browser, name: &str) -> TestResult {
    let field = browser.find_by_role("textbox", "Name").await?;
    Ok(field.send_keys(&(name.to_owned() + "\n")).await?)
}

async fn enter_deadline(browser: &Browser, seconds: &str) -> TestResult {
    let field = browser
        .find_by_role("textbox", "Deadline in seconds")
        .await?;
    Ok(field.send_keys(seconds).await?)
}

/// The first two columns of the wire log, such as `sent headers`.
async fn wire_log(browser: &Browser) -> TestResult<Vec<String>> {
    let entries = browser
        .run(
            "return [...document.querySelectorAll('[aria-labelledby=wire-log] li')].map(entry =>
                [...entry.children].slice(0, 2).map(it => it.textContent).join(' '))",
        )
        .await?;
    Ok(serde_json::from_value(entries)?)
}

/// Waits until the server logs the end of a call, and asserts its status.
async fn wait_for_call_end(server: &TestServer, method: &str, status: &str) -> TestResult {
    until("the end of the call in the server's log", async || {
        let log = server.log();
        let line = log.into_iter().find(|line| line.contains(method));
        if let Some(line) = &line {
            assert!(line.contains(status), "{line}");
        }
        Ok(line.map(drop))
    })
    .await
}
