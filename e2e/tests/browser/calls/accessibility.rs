//! Calls by keyboard alone and with assistive technology.

use fantoccini::key::Key;
use frontdesk_e2e::{TestResult, TestServer};

use super::{enter_deadline, open, send_name};

#[tokio::test]
async fn a_conversation_works_by_keyboard_alone() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/").await?;
    browser.tab_to("link", "Bidirectional streaming").await?;
    browser.press(Key::Enter).await?;
    browser.wait_for_text("BidiHello").await?;
    browser.tab_to("textbox", "Name").await?;
    for name in ["Ada", "Grace"] {
        browser.type_text(name).await?;
        browser.press(Key::Enter).await?;
        browser.wait_for_text(&format!("Hello, {name}!")).await?;
    }
    browser.tab_to("textbox", "Deadline in seconds").await?;
    browser.tab_to("button", "End call").await?;
    browser.press(Key::Enter).await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    // The button keeps the focus although it is disabled now.
    let focused = browser.active_element().await?;
    assert_eq!(browser.accessible_name(&focused).await?, "End call");
    browser.assert_no_problems().await
}

#[tokio::test]
async fn calls_are_accessible_in_the_light_scheme() -> TestResult {
    assert_calls_accessible("light").await
}

#[tokio::test]
async fn calls_are_accessible_in_the_dark_scheme() -> TestResult {
    assert_calls_accessible("dark").await
}

async fn assert_calls_accessible(color_scheme: &str) -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = open(&server, "/").await?;
    browser.prefer_color_scheme(color_scheme).await?;
    for (path, finish) in [
        ("/", None),
        ("/?call=server", None),
        ("/?call=client", Some("Finish")),
        ("/?call=bidi", Some("End call")),
    ] {
        browser.visit(path).await?;
        browser.wait_for_announcement("No call yet.").await?;
        browser.assert_accessible(path).await?;
        send_name(&browser, "Ada").await?;
        if let Some(finish) = finish {
            browser.wait_for_announcement("In progress").await?;
            browser.assert_accessible("a call in progress").await?;
            browser.click("button", finish).await?;
        }
        browser.wait_for_announcement("Status 0 OK after ").await?;
        browser.assert_accessible("an ended call").await?;
    }
    enter_deadline(&browser, "x").await?;
    send_name(&browser, "Ada").await?;
    browser
        .wait_for_announcement("Enter 0.001 to 3600 seconds.")
        .await?;
    browser.assert_accessible("an invalid deadline").await?;
    browser.visit("/?call=bidi").await?;
    send_name(&browser, "").await?;
    browser.wait_for_announcement("A name is required.").await?;
    browser.assert_accessible("an invalid name").await?;
    browser.assert_no_problems().await?;

    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    server.kill()?;
    browser.find_by_role("button", "Try again").await?;
    browser.assert_accessible("a failed call").await
}
