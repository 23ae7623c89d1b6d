//! Calls that are cancelled or fail.

use std::time::{Duration, Instant};

use frontdesk_e2e::{TestResult, TestServer};

use super::{enter_deadline, open, send_name, wait_for_call_end, wire_log};

const MAX_CANCELLATION_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn cancelling_a_call_ends_it_on_the_server() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    let cancelled = Instant::now();
    browser.click("button", "Cancel call").await?;
    wait_for_call_end(&server, "/greeter.Greeter/BidiHello", "CANCELLED").await?;
    assert!(
        cancelled.elapsed() < MAX_CANCELLATION_TIME,
        "{:?}",
        cancelled.elapsed()
    );
    browser
        .wait_for_announcement("Status 1 CANCELLED after ")
        .await?;
    // The transcript stays, and there is no error.
    browser.wait_for_text("Hello, Ada!").await?;
    assert!(
        browser
            .find_all_by_role("button", |it| it == "Try again")
            .await?
            .is_empty()
    );
    browser.assert_no_problems().await
}

#[tokio::test]
async fn leaving_the_page_cancels_the_call() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=client").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_announcement("In progress").await?;
    browser.click("link", "Bidirectional streaming").await?;
    wait_for_call_end(&server, "/greeter.Greeter/LotsOfGreetings", "CANCELLED").await?;
    send_name(&browser, "Grace").await?;
    browser.wait_for_text("Hello, Grace!").await?;
    browser.click("link", "Directory").await?;
    wait_for_call_end(&server, "/greeter.Greeter/BidiHello", "CANCELLED").await?;
    browser.wait_for_heading("Directory").await?;
    browser.assert_no_problems().await
}

#[tokio::test]
async fn a_deadline_ends_a_conversation() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    enter_deadline(&browser, "0").await?;
    send_name(&browser, "Ada").await?;
    browser
        .wait_for_announcement("Enter 0.001 to 3600 seconds.")
        .await?;
    assert_eq!(wire_log(&browser).await?.len(), 0);
    enter_deadline(&browser, ".5").await?;
    send_name(&browser, "").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    browser
        .wait_for_announcement("Status 4 DEADLINE_EXCEEDED after ")
        .await?;
    browser.click("button", "Try again").await?;
    browser.wait_for_announcement("In progress").await?;
    browser
        .wait_for_announcement("Status 4 DEADLINE_EXCEEDED after ")
        .await?;
    browser.assert_no_problems().await
}

#[tokio::test]
async fn an_invalid_deadline_clears_the_previous_call() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    enter_deadline(&browser, "x").await?;
    send_name(&browser, " Lovelace").await?;
    browser
        .wait_for_announcement("Enter 0.001 to 3600 seconds.")
        .await?;
    browser.wait_for_announcement("No call yet.").await?;
    assert_eq!(wire_log(&browser).await?.len(), 0);
    let greetings = browser
        .run("return document.querySelectorAll('[role=log] li').length")
        .await?;
    assert_eq!(greetings, 0);
    browser.assert_no_problems().await
}

#[tokio::test]
async fn an_invalid_name_is_reported_at_the_field_and_the_conversation_continues() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    send_name(&browser, "").await?;
    browser.wait_for_announcement("A name is required.").await?;
    // Cannot be typed, but pasted.
    browser
        .run("document.getElementById('name').value = 'A\\u0007da';")
        .await?;
    browser.click("button", "Send").await?;
    browser
        .wait_for_announcement("A name must not contain control characters.")
        .await?;
    browser
        .run("document.getElementById('name').value = '';")
        .await?;
    send_name(&browser, "Grace").await?;
    browser.wait_for_text("Hello, Grace!").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    let error_remains = browser.run("return document.body.innerText.includes('A name ');");
    assert_eq!(error_remains.await?, false);
    browser.assert_no_problems().await
}

#[tokio::test]
async fn a_name_rejected_by_the_server_ends_the_conversation_and_is_reported_at_the_field()
-> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    // The page validates names by the same rules as the server: only a request that is changed on
    // the way is rejected.
    browser.run(CORRUPT_EVE).await?;
    send_name(&browser, "Eve").await?;
    browser
        .wait_for_announcement("Status 3 INVALID_ARGUMENT after ")
        .await?;
    browser
        .wait_for_announcement("A name must not contain control characters.")
        .await?;
    send_name(&browser, "Grace").await?;
    browser.wait_for_text("Hello, Grace!").await?;
    browser.wait_for_announcement("In progress").await?;
    browser.assert_no_problems().await
}

/// Replaces the first letter of `Eve` by a control character in the next message that contains it.
const CORRUPT_EVE: &str = "
    const originalSend = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
        const bytes = new Uint8Array(data);
        const index = bytes.findIndex((byte, i) => byte === 69 && bytes[i + 1] === 118);
        if (index >= 0) {
            bytes[index] = 7;
            WebSocket.prototype.send = originalSend;
        }
        originalSend.call(this, bytes);
    };
";
