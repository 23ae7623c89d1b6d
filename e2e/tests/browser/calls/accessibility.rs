//! Calls by whom no mouse and no eyes help.

use fantoccini::key::Key;
use frontdesk_e2e::{Desk, Outcome};

use super::{open, press, say, within};

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
