//! The server is killed during a call, and restarted.

use frontdesk_e2e::{TestResult, TestServer, until};

use super::{open, send_name};

#[tokio::test]
async fn an_interrupted_conversation_continues_after_a_restart() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;

    server.kill()?;
    browser
        .wait_for_announcement("Status 14 UNAVAILABLE after ")
        .await?;
    browser.find_by_role("button", "Try again").await?;
    browser.wait_for_text("Hello, Ada!").await?;

    server.restart().await?;
    browser.wait_for_announcement("In progress").await?;
    send_name(&browser, "Grace").await?;
    browser.wait_for_text("Hello, Grace!").await?;
    Ok(())
}

#[tokio::test]
async fn names_sent_during_an_outage_are_delivered_after_it() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    server.kill()?;
    browser
        .wait_for_announcement("Status 14 UNAVAILABLE after ")
        .await?;
    for name in ["Grace", "Linus"] {
        send_name(&browser, name).await?;
        browser.wait_for_text(name).await?;
    }
    server.restart().await?;
    // Not only visible text: Ada's greeting may have been scrolled out of view.
    until("all greetings", async || {
        let transcript = browser.run("return document.querySelector('[role=log]').textContent");
        let transcript = transcript.await?.to_string();
        let is_greeted = |name| transcript.contains(&format!("Hello, {name}!"));
        Ok(["Ada", "Grace", "Linus"]
            .into_iter()
            .all(is_greeted)
            .then_some(()))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn names_that_were_not_greeted_are_sent_again_after_a_restart() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = open(&server, "/?call=client").await?;
    for name in ["Ada", "Grace"] {
        send_name(&browser, name).await?;
    }
    server.kill()?;
    browser
        .wait_for_announcement("Status 14 UNAVAILABLE after ")
        .await?;
    server.restart().await?;
    browser.wait_for_announcement("In progress").await?;
    browser.click("button", "Finish").await?;
    browser.wait_for_text("Hello, Ada and Grace!").await?;
    Ok(())
}
