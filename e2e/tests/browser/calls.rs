//! `/`: a call of each type that gRPC has, and what passes in it.

use std::time::{Duration, Instant};

use fantoccini::key::Key;

use frontdesk_e2e::{Browser, Desk, Outcome, until};

const SOON: Duration = Duration::from_secs(1);
/// More than a browser's six connections to one origin over HTTP/1.1.
const TABS: usize = 8;

async fn open(desk: &Desk, call: &str) -> Outcome<Browser> {
    let browser = Browser::open(&desk.origin).await?;
    browser.visit(call).await?;
    browser.arrive_at("Greet somebody").await?;
    Ok(browser)
}

async fn say(browser: &Browser, name: &str) -> Outcome {
    let field = browser.the("textbox", "Name").await?;
    Ok(field.send_keys(&(name.to_owned() + "\n")).await?)
}

async fn within(browser: &Browser, seconds: &str) -> Outcome {
    let field = browser.the("textbox", "Deadline in seconds").await?;
    Ok(field.send_keys(seconds).await?)
}

async fn press(browser: &Browser, button: &str) -> Outcome {
    Ok(browser.the("button", button).await?.click().await?)
}

/// The first two columns of the log: `sent headers`.
async fn passed(browser: &Browser) -> Outcome<Vec<String>> {
    let passed = browser
        .run(
            "return [...document.querySelectorAll('[aria-labelledby=wire] li')].map(line =>
                [...line.children].slice(0, 2).map(it => it.textContent).join(' '))",
        )
        .await?;
    Ok(serde_json::from_value(passed)?)
}

/// Waits for the server's line about a call, which it writes when the call is over.
async fn told(desk: &Desk, method: &str, status: &str) -> Outcome {
    until("the server to hear of it", async || {
        let log = desk.log();
        let line = log.into_iter().find(|line| line.contains(method));
        if let Some(line) = &line {
            assert!(line.contains(status), "{line}");
        }
        Ok(line.map(drop))
    })
    .await
}

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
async fn a_call_that_is_cancelled_is_over_at_the_server_too() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    let cancelled = Instant::now();
    press(&browser, "Cancel").await?;
    told(&desk, "/greeter.Greeter/BidiHello", "CANCELLED").await?;
    assert!(cancelled.elapsed() < SOON, "{:?}", cancelled.elapsed());
    browser.says("Status 1 CANCELLED after ").await?;
    // What was said stays, and it is no failure.
    browser.shows("Hello, Ada!").await?;
    assert!(
        browser
            .all("button", |it| it == "Try again")
            .await?
            .is_empty()
    );
    browser.assert_quiet().await
}

#[tokio::test]
async fn whoever_leaves_the_page_ends_the_call() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=client").await?;
    say(&browser, "Ada").await?;
    browser.says("Under way").await?;
    press_link(&browser, "Bidirectional streaming").await?;
    told(&desk, "/greeter.Greeter/LotsOfGreetings", "CANCELLED").await?;
    say(&browser, "Grace").await?;
    browser.shows("Hello, Grace!").await?;
    press_link(&browser, "Directory").await?;
    told(&desk, "/greeter.Greeter/BidiHello", "CANCELLED").await?;
    browser.arrive_at("Directory").await?;
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_deadline_ends_a_conversation() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    within(&browser, "0").await?;
    say(&browser, "Ada").await?;
    browser.says("A deadline is a number of seconds").await?;
    assert_eq!(passed(&browser).await?.len(), 0);
    within(&browser, ".5").await?;
    say(&browser, "").await?;
    browser.shows("Hello, Ada!").await?;
    browser.says("Status 4 DEADLINE_EXCEEDED after ").await?;
    browser.the("button", "Try again").await?.click().await?;
    browser.says("Under way").await?;
    browser.says("Status 4 DEADLINE_EXCEEDED after ").await?;
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_deadline_that_is_none_is_not_answered_by_the_call_before() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    browser.says("Status 0 OK after ").await?;
    within(&browser, "x").await?;
    say(&browser, " Lovelace").await?;
    browser.says("A deadline is a number of seconds").await?;
    browser.says("No call yet.").await?;
    assert_eq!(passed(&browser).await?.len(), 0);
    let greetings = browser
        .run("return document.querySelectorAll('.said li').length")
        .await?;
    assert_eq!(greetings, 0);
    browser.assert_quiet().await
}

#[tokio::test]
async fn an_entry_that_is_no_name_is_told_at_the_field_and_the_conversation_goes_on() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    say(&browser, "").await?;
    browser.says("A name is needed").await?;
    say(&browser, "Grace").await?;
    browser.shows("Hello, Grace!").await?;
    browser.shows("Hello, Ada!").await?;
    let left = browser.run("return document.body.innerText.includes('A name is needed');");
    assert_eq!(left.await?, false);
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_bad_name_ends_a_conversation_and_is_told_at_the_field() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    // Nobody types such, but it can be pasted: only the server looks at each character.
    browser
        .run("document.getElementById('name').value = 'A\\u0007da';")
        .await?;
    press(&browser, "Say").await?;
    browser.says("Status 3 INVALID_ARGUMENT after ").await?;
    browser.says("A name has no control characters.").await?;
    say(&browser, "Grace").await?;
    browser.shows("Hello, Grace!").await?;
    browser.says("Under way").await?;
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_conversation_broken_off_by_a_killed_server_goes_on_once_it_is_back() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;

    desk.kill()?;
    browser.says("Status 14 UNAVAILABLE after ").await?;
    browser.the("button", "Try again").await?;
    browser.shows("Hello, Ada!").await?;

    desk.restart().await?;
    browser.says("Under way").await?;
    say(&browser, "Grace").await?;
    browser.shows("Hello, Grace!").await?;
    Ok(())
}

#[tokio::test]
async fn what_is_said_while_the_server_is_away_is_said_when_it_is_back() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = open(&desk, "/?call=bidi").await?;
    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    desk.kill()?;
    browser.says("Status 14 UNAVAILABLE after ").await?;
    for name in ["Grace", "Linus"] {
        say(&browser, name).await?;
        browser.shows(name).await?;
    }
    desk.restart().await?;
    for name in ["Grace", "Linus", "Ada"] {
        browser.shows(&format!("Hello, {name}!")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn names_that_nobody_was_greeted_by_are_sent_again_when_the_server_is_back() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = open(&desk, "/?call=client").await?;
    for name in ["Ada", "Grace"] {
        say(&browser, name).await?;
    }
    desk.kill()?;
    browser.says("Status 14 UNAVAILABLE after ").await?;
    desk.restart().await?;
    browser.says("Under way").await?;
    press(&browser, "Finish").await?;
    browser.shows("Hello, Ada and Grace!").await?;
    Ok(())
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
async fn a_conversation_works_by_keyboard_alone() -> Outcome {
    let desk = Desk::open().await?;
    let browser = open(&desk, "/").await?;
    browser.tab_to("link", "Bidirectional streaming").await?;
    browser.press(Key::Enter).await?;
    browser.shows("BidiHello").await?;
    browser.tab_to("textbox", "Name").await?;
    for name in ["Ada", "Grace"] {
        browser.type_in(name).await?;
        browser.press(Key::Enter).await?;
        browser.shows(&format!("Hello, {name}!")).await?;
    }
    browser.tab_to("textbox", "Deadline in seconds").await?;
    browser.tab_to("button", "End").await?;
    browser.press(Key::Enter).await?;
    browser.says("Status 0 OK after ").await?;
    // The focus stays where it was, though there is nothing more to end.
    let focused = browser.active_element().await?;
    assert_eq!(browser.name(&focused).await?, "End");
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

#[tokio::test]
async fn axe_finds_nothing_in_a_call_of_any_type_in_the_light_scheme() -> Outcome {
    each_type_of_call_is_accessible("light").await
}

#[tokio::test]
async fn axe_finds_nothing_in_a_call_of_any_type_in_the_dark_scheme() -> Outcome {
    each_type_of_call_is_accessible("dark").await
}

async fn each_type_of_call_is_accessible(scheme: &str) -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = open(&desk, "/").await?;
    browser.prefer(scheme).await?;
    for (call, end) in [
        ("/", None),
        ("/?call=server", None),
        ("/?call=client", Some("Finish")),
        ("/?call=bidi", Some("End")),
    ] {
        browser.visit(call).await?;
        browser.says("No call yet.").await?;
        browser.assert_accessible(call).await?;
        say(&browser, "Ada").await?;
        if let Some(end) = end {
            browser.says("Under way").await?;
            browser.assert_accessible("a call under way").await?;
            press(&browser, end).await?;
        }
        browser.says("Status 0 OK after ").await?;
        browser.assert_accessible("a call that is over").await?;
    }
    within(&browser, "x").await?;
    say(&browser, "Ada").await?;
    browser.says("A deadline is a number of seconds").await?;
    browser.assert_accessible("a deadline that is none").await?;
    browser.visit("/?call=bidi").await?;
    say(&browser, "").await?;
    browser.says("A name is needed.").await?;
    browser.assert_accessible("a name that is none").await?;
    browser.assert_quiet().await?;

    say(&browser, "Ada").await?;
    browser.shows("Hello, Ada!").await?;
    desk.kill()?;
    browser.the("button", "Try again").await?;
    browser.assert_accessible("a call that failed").await
}

async fn press_link(browser: &Browser, link: &str) -> Outcome {
    Ok(browser.the("link", link).await?.click().await?)
}
