//! The server goes away under a call, and comes back.

use frontdesk_e2e::{Desk, Outcome, until};

use super::{open, press, say};

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
    // Ada's may have scrolled out of sight by then.
    until("everybody to be greeted", async || {
        let said = browser.run("return document.querySelector('.said').textContent");
        let said = said.await?.to_string();
        let greeted = |name| said.contains(&format!("Hello, {name}!"));
        Ok(["Ada", "Grace", "Linus"]
            .into_iter()
            .all(greeted)
            .then_some(()))
    })
    .await?;
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
