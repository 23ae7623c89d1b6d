//! The server is killed and restarted; the page recovers without a reload.

use std::ffi::OsStr;

use frontdesk_e2e::{Browser, TestResult, TestServer, users_file::INITIAL_USERS};
use serde_json::json;

/// Enough that the server can be killed while it sends them.
const USERS: usize = 100_000;
const BYTES_PER_SECOND: u32 = 500_000;

#[tokio::test]
async fn an_interrupted_list_is_completed_after_a_restart() -> TestResult {
    let count = USERS.to_string();
    let seed = ["seed", "--count", &count].map(OsStr::new);
    let mut server = TestServer::start_after(&[&seed]).await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.run("window.notReloaded = true").await?;
    browser.limit_bandwidth(Some(BYTES_PER_SECOND)).await?;
    browser.click("link", "Directory").await?;
    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_row(&grid, 2, "John Doe").await?;

    server.kill()?;
    browser.wait_for_announcement("Interrupted at ").await?;
    browser.wait_for_announcement("Server unavailable.").await?;
    browser.find_by_role("button", "Try again").await?;
    // The rows that arrived stay.
    browser.wait_for_row(&grid, 2, "John Doe").await?;

    browser.limit_bandwidth(None).await?;
    server.restart().await?;
    browser.wait_for_announcement("Connected again.").await?;
    browser.wait_for_users(INITIAL_USERS + USERS).await?;
    assert_eq!(browser.run("return window.notReloaded").await?, json!(true));
    Ok(())
}

#[tokio::test]
async fn a_call_made_during_an_outage_is_repeated_after_it() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.run("window.notReloaded = true").await?;

    server.kill()?;
    browser
        .find_by_role("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    browser
        .wait_for_announcement("Can't reach the server.")
        .await?;

    server.restart().await?;
    browser.wait_for_text("Hello, Ada!").await?;
    assert_eq!(browser.run("return window.notReloaded").await?, json!(true));
    Ok(())
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_list_and_its_count() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users").await?;
    browser.wait_for_users(INITIAL_USERS).await?;

    server.kill()?;
    browser.click("button", "Refresh").await?;
    browser
        .wait_for_announcement("Can't reach the server.")
        .await?;
    browser.wait_for_text("1,000 of 1,000").await?;
    // The button to retry is the only one.
    browser.find_by_role("button", "Try again").await?;
    let others = browser
        .find_all_by_role("button", |it| it == "Refresh")
        .await?;
    assert!(others.is_empty());
    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_row(&grid, 2, "John Doe").await?;
    Ok(())
}
