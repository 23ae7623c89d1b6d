//! The server goes and comes back; the page is not loaded again.

use std::ffi::OsStr;

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE};
use serde_json::json;

/// Enough for the server to be killed in the middle of them.
const MANY: usize = 100_000;
const BYTES_A_SECOND: u32 = 500_000;

#[tokio::test]
async fn a_list_broken_off_by_a_killed_server_is_whole_once_it_is_back() -> Outcome {
    let count = MANY.to_string();
    let seed = ["seed", "--count", &count].map(OsStr::new);
    let mut desk = Desk::open_with(&[&seed]).await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    browser.run("window.neverLoadedAgain = true").await?;
    browser.slow_down_to(BYTES_A_SECOND).await?;
    browser.the("link", "Directory").await?.click().await?;
    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;

    desk.kill()?;
    browser.says("Broken off at ").await?;
    browser.says("The desk does not answer.").await?;
    browser.the("button", "Try again").await?;
    // What has come stays.
    browser.row(&grid, 2, "John Doe").await?;

    browser.slow_down_to(0).await?;
    desk.restart().await?;
    browser.says("The desk is back.").await?;
    browser.received(ALREADY_THERE + MANY).await?;
    assert_eq!(
        browser.run("return window.neverLoadedAgain").await?,
        json!(true)
    );
    Ok(())
}

#[tokio::test]
async fn what_was_asked_for_while_the_server_was_away_comes_when_it_is_back() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    browser.run("window.neverLoadedAgain = true").await?;

    desk.kill()?;
    browser
        .the("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    browser.says("This did not come through.").await?;

    desk.restart().await?;
    browser.shows("Hello, Ada!").await?;
    assert_eq!(
        browser.run("return window.neverLoadedAgain").await?,
        json!(true)
    );
    Ok(())
}

#[tokio::test]
async fn a_list_that_gets_no_answer_again_stays_and_its_count_is_true() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users").await?;
    browser.received(ALREADY_THERE).await?;

    desk.kill()?;
    browser.the("button", "Refresh").await?.click().await?;
    browser.says("This did not come through.").await?;
    browser.shows("1,000 of 1,000").await?;
    // One way to read it again, under one name.
    browser.the("button", "Try again").await?;
    let others = browser.all("button", |it| it == "Refresh").await?;
    assert!(others.is_empty());
    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;
    Ok(())
}
