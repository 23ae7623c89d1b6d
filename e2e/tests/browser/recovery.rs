//! The server goes and comes back; the page is not loaded again.

use serde_json::json;

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE, until};

#[tokio::test]
async fn a_server_that_was_killed_and_started_again_is_found_again() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users").await?;
    browser.received(ALREADY_THERE).await?;
    browser.run("window.neverLoadedAgain = true").await?;

    desk.kill()?;
    // One user is another call: it can't be answered now.
    browser.the("link", "John Doe").await?.click().await?;
    until("an alert", async || {
        Ok((!browser.all("alert", |_| true).await?.is_empty()).then_some(()))
    })
    .await?;

    desk.restart().await?;
    browser.arrive_at("John Doe").await?;
    browser.back().await?;
    browser.received(ALREADY_THERE).await?;
    assert_eq!(
        browser.run("return window.neverLoadedAgain").await?,
        json!(true)
    );
    Ok(())
}
