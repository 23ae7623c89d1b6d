//! How calls end that do not go well.

use std::time::{Duration, Instant};

use frontdesk_e2e::{Desk, Outcome};

use super::{open, passed, press, press_link, say, told, within};

const SOON: Duration = Duration::from_secs(1);

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
    browser
        .says("A name must not contain control characters.")
        .await?;
    say(&browser, "Grace").await?;
    browser.shows("Hello, Grace!").await?;
    browser.says("Under way").await?;
    browser.assert_quiet().await
}
