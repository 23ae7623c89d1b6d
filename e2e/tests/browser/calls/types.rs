//! Each call type, and its wire log.

use frontdesk_e2e::{TestResult, TestServer, until};

use super::{open, send_name, wait_for_call_end, wire_log};

/// More than the six HTTP/1.1 connections that browsers open per origin.
const TABS: usize = 8;

#[tokio::test]
async fn a_unary_call_shows_its_wire_log() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/").await?;
    browser.wait_for_announcement("No call yet.").await?;
    send_name(&browser, "Ada").await?;
    browser.wait_for_text("Hello, Ada!").await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    let expected = [
        "sent headers",
        "sent message",
        "sent end of request",
        "received headers",
        "received message",
        "received trailers",
    ];
    assert_eq!(wire_log(&browser).await?, expected);
    // `Ada` and `Hello, Ada!`, each with two bytes for the field and five for the frame.
    let bytes: Vec<String> = serde_json::from_value(
        browser
            .run(
                "return [...document.querySelectorAll('[aria-labelledby=wire-log] li')].map(entry =>
                    entry.children[2].textContent)",
            )
            .await?,
    )?;
    assert_eq!(bytes[1], "10\u{a0}bytes");
    assert_eq!(bytes[4], "18\u{a0}bytes");
    let times: Vec<f64> = serde_json::from_value(
        browser
            .run(
                "return [...document.querySelectorAll('[aria-labelledby=wire-log] li')].map(entry =>
                    parseFloat(entry.children[3].textContent.replaceAll(',', '')))",
            )
            .await?,
    )?;
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[5] > 0.0, "a response takes time: {times:?}");

    // The next call starts with an empty wire log.
    send_name(&browser, " Lovelace").await?;
    browser.wait_for_text("Hello, Ada Lovelace!").await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    assert_eq!(wire_log(&browser).await?, expected);
    browser.assert_no_problems().await
}

#[tokio::test]
async fn a_client_stream_sends_each_name_when_it_is_added() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=client").await?;
    for (count, name) in ["Ada", "Grace", "Linus"].into_iter().enumerate() {
        send_name(&browser, name).await?;
        until("the name in the wire log", async || {
            let entries = wire_log(&browser).await?;
            let sent = entries.iter().filter(|it| *it == "sent message").count();
            Ok((sent == count + 1).then_some(()))
        })
        .await?;
    }
    browser.click("button", "Finish").await?;
    browser
        .wait_for_text("Hello, Ada, Grace and Linus!")
        .await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    assert_eq!(wire_log(&browser).await?[4], "sent end of request");
    wait_for_call_end(&server, "/greeter.Greeter/LotsOfGreetings", "\"OK\"").await?;

    // The next name starts a new call.
    send_name(&browser, "Barbara").await?;
    browser.click("button", "Finish").await?;
    browser.wait_for_text("Hello, Barbara!").await?;
    browser.assert_no_problems().await
}

#[tokio::test]
async fn in_a_conversation_each_name_is_greeted_before_the_next_is_sent() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    for name in ["Ada", "Grace", "美咲"] {
        send_name(&browser, name).await?;
        browser.wait_for_text(&format!("Hello, {name}!")).await?;
        browser
            .wait_for_announcement("In progress: receiving replies.")
            .await?;
    }
    browser.click("button", "End call").await?;
    browser.wait_for_announcement("Status 0 OK after ").await?;
    assert_eq!(
        wire_log(&browser).await?,
        [
            "sent headers",
            "sent message",
            "received headers",
            "received message",
            "sent message",
            "received message",
            "sent message",
            "received message",
            "sent end of request",
            "received trailers",
        ]
    );
    browser.assert_no_problems().await
}

#[tokio::test]
async fn each_call_type_has_a_url_and_the_back_button_works() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/").await?;
    let call_types = [
        ("Server streaming", "/?call=server", "LotsOfReplies"),
        ("Client streaming", "/?call=client", "LotsOfGreetings"),
        ("Bidirectional streaming", "/?call=bidi", "BidiHello"),
    ];
    for (title, path, method) in call_types {
        browser.click("link", title).await?;
        browser.wait_for_text(method).await?;
        assert_eq!(browser.path().await?, path);
    }
    browser.back().await?;
    browser.wait_for_text("LotsOfGreetings").await?;
    browser.refresh().await?;
    browser.wait_for_text("LotsOfGreetings").await?;
    browser.visit("/?call=odd").await?;
    browser.wait_for_text("greeter.Greeter/SayHello").await?;
    assert_eq!(browser.path().await?, "/");
    browser.assert_no_problems().await
}

#[tokio::test]
async fn eight_tabs_hold_conversations_at_the_same_time() -> TestResult {
    let server = TestServer::start().await?;
    let browser = open(&server, "/?call=bidi").await?;
    let mut tabs = vec![browser.window().await?];
    while tabs.len() < TABS {
        let tab = browser.new_window(true).await?.handle;
        browser.switch_to_window(tab.clone()).await?;
        browser.record_violations().await?;
        browser.visit("/?call=bidi").await?;
        tabs.push(tab);
    }
    // All calls are open before the second round.
    for round in ["Ada", "Grace"] {
        for (number, tab) in tabs.iter().enumerate() {
            browser.switch_to_window(tab.clone()).await?;
            let name = format!("{round} {number}");
            send_name(&browser, &name).await?;
            browser.wait_for_text(&format!("Hello, {name}!")).await?;
        }
    }
    let log = server.log();
    let ended = log.iter().filter(|line| line.contains("BidiHello"));
    assert_eq!(ended.count(), 0, "all calls are still open");
    browser.assert_no_problems().await
}
