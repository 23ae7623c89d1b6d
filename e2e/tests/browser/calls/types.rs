//! Each type of call, and what passes in it.

use frontdesk_e2e::{Desk, Outcome, until};

use super::{open, passed, press, press_link, say, told};

/// More than a browser's six connections to one origin over HTTP/1.1.
const TABS: usize = 8;

#[tokio::test]
async fn a_unary_call_shows_what_passes() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/").await?;
    browser.says("No call yet.").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    browser.says("Status 0 OK after ").await?;
    let whole = [
        "sent headers",
        "sent message",
        "sent end of request",
        "received headers",
        "received message",
        "received trailers",
    ];
    assert_eq!(passed(&browser).await?, whole);
    // `Ada` and its prefix; `Hello, Ada!` and its: two bytes for the field, five for the frame.
    let bytes: Vec<String> = serde_json::from_value(
        browser
            .run(
                "return [...document.querySelectorAll('[aria-labelledby=wire] li')].map(line =>
                    line.children[2].textContent)",
            )
            .await?,
    )?;
    assert_eq!(bytes[1], "10\u{a0}bytes");
    assert_eq!(bytes[4], "18\u{a0}bytes");
    let times: Vec<f64> = serde_json::from_value(
        browser
            .run(
                "return [...document.querySelectorAll('[aria-labelledby=wire] li')].map(line =>
                    parseFloat(line.children[3].textContent.replaceAll(',', '')))",
            )
            .await?,
    )?;
    assert!(times.is_sorted(), "{times:?}");
    assert!(times[5] > 0.0, "an answer takes some time: {times:?}");

    // Of the next call, nothing of the one before.
    say(&browser, " Lovelace").await?;
    browser.shows("Hello, Ada Lovelace!").await?;
    browser.says("Status 0 OK after ").await?;
    assert_eq!(passed(&browser).await?, whole);
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_client_stream_sends_each_name_as_it_is_added_and_greets_all_at_the_end() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=client").await?;
    for (count, name) in ["Ada", "Grace", "Linus"].into_iter().enumerate() {
        say(&browser, name).await?;
        until("the name to be sent", async || {
            let messages = passed(&browser).await?;
            let sent = messages.iter().filter(|it| *it == "sent message").count();
            Ok((sent == count + 1).then_some(()))
        })
        .await?;
    }
    press(&browser, "Finish").await?;
    browser.shows("Hello, Ada, Grace and Linus!").await?;
    browser.says("Status 0 OK after ").await?;
    assert_eq!(passed(&browser).await?[4], "sent end of request");
    told(&desk, "/greeter.Greeter/LotsOfGreetings", "\"OK\"").await?;

    // Whoever is added now begins anew.
    say(&browser, "Barbara").await?;
    press(&browser, "Finish").await?;
    browser.shows("Hello, Barbara!").await?;
    browser.assert_quiet().await
}

#[tokio::test]
async fn in_a_conversation_each_line_is_answered_before_the_next() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    for name in ["Ada", "Grace", "美咲"] {
        say(&browser, name).await?;
        browser.shows(&format!("Hello, {name}!")).await?;
        browser.says("Under way; the desk is answering.").await?;
    }
    press(&browser, "End").await?;
    browser.says("Status 0 OK after ").await?;
    assert_eq!(
        passed(&browser).await?,
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
    browser.assert_quiet().await
}

#[tokio::test]
async fn each_type_of_call_has_an_address_and_back_leads_back() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/").await?;
    let all = [
        ("Server streaming", "/?call=server", "LotsOfReplies"),
        ("Client streaming", "/?call=client", "LotsOfGreetings"),
        ("Bidirectional streaming", "/?call=bidi", "BidiHello"),
    ];
    for (title, address, method) in all {
        press_link(&browser, title).await?;
        browser.shows(method).await?;
        assert_eq!(browser.path().await?, address);
    }
    browser.back().await?;
    browser.shows("LotsOfGreetings").await?;
    browser.refresh().await?;
    browser.shows("LotsOfGreetings").await?;
    browser.visit("/?call=odd").await?;
    browser.shows("greeter.Greeter/SayHello").await?;
    assert_eq!(browser.path().await?, "/");
    browser.assert_quiet().await
}

#[tokio::test]
async fn eight_tabs_converse_at_once_over_http_1() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    let mut tabs = vec![browser.window().await?];
    while tabs.len() < TABS {
        let tab = browser.new_window(true).await?.handle;
        browser.switch_to_window(tab.clone()).await?;
        browser.listen().await?;
        browser.visit("/?call=bidi").await?;
        tabs.push(tab);
    }
    // All are open before any says its second name.
    for round in ["Ada", "Grace"] {
        for (number, tab) in tabs.iter().enumerate() {
            browser.switch_to_window(tab.clone()).await?;
            let name = format!("{round} {number}");
            say(&browser, &name).await?;
            browser.shows(&format!("Hello, {name}!")).await?;
        }
    }
    let ended = desk.log();
    let ended = ended.iter().filter(|line| line.contains("BidiHello"));
    assert_eq!(ended.count(), 0, "all of them are still open");
    browser.assert_quiet().await
}
