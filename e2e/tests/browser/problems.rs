//! The check for problems that all other tests use does find them.

use frontdesk_e2e::{Browser, TestResult, TestServer, until};

#[tokio::test]
async fn console_messages_foreign_requests_and_violations_are_found() -> TestResult {
    let server = TestServer::start().await?;
    let other = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;
    browser.assert_no_problems().await?;

    browser.run("console.debug('a message')").await?;
    browser
        .run("fetch('http://127.0.0.1:9/').catch(() => {})")
        .await?;
    wait_for_problem(&browser, "a message").await?;
    wait_for_problem(&browser, "violation: connect-src").await?;

    // The policy does not restrict navigation to other origins.
    browser.goto(&other.origin).await?;
    wait_for_problem(&browser, "request: ").await
}

async fn wait_for_problem(browser: &Browser, what: &str) -> TestResult {
    let mut problems = Vec::new();
    until(what, async || {
        problems.extend(browser.problems().await?);
        Ok(problems
            .iter()
            .any(|problem| problem.contains(what))
            .then_some(()))
    })
    .await
}
