//! The page can be used by keyboard alone.

use fantoccini::key::Key;
use frontdesk_e2e::{Browser, TestResult, TestServer, until, users_file::INITIAL_USERS};

#[tokio::test]
async fn the_skip_link_moves_the_focus_to_the_content() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users/1").await?;
    browser.wait_for_heading("John Doe").await?;
    browser.tab_to("link", "Skip to content").await?;
    browser.press(Key::Enter).await?;
    until("the focus on the content", async || {
        let tag = browser.active_element().await?.tag_name().await?;
        Ok((tag == "main").then_some(()))
    })
    .await?;
    assert_eq!(browser.path().await?, "/users/1#main");
    browser.assert_no_problems().await
}

#[tokio::test]
async fn everything_works_by_keyboard_alone() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;

    browser.tab_to("textbox", "Name").await?;
    browser.type_text("Grace").await?;
    browser.press(Key::Enter).await?;
    browser.wait_for_text("Hello, Grace!").await?;

    browser.tab_to("radio", "System").await?;
    browser.press(Key::Right).await?;
    browser.press(Key::Right).await?;
    let dark = browser.find_by_role("radio", "Dark").await?;
    assert!(dark.is_selected().await?);

    browser.tab_to("link", "Directory").await?;
    browser.press(Key::Enter).await?;
    browser.wait_for_heading("Directory").await?;
    browser.wait_for_users(INITIAL_USERS).await?;
    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_row(&grid, 2, "John Doe").await?;

    // The grid is one tab stop; arrows move within it, Enter opens the user.
    browser.tab_into_grid().await?;
    browser.press_with(&[Key::Control], Key::End).await?;
    browser.press_with(&[Key::Control], Key::Home).await?;
    browser.press(Key::Down).await?;
    browser.press(Key::Right).await?;
    // The focus follows in the next frame.
    until("the focus on a link", async || {
        let tag = browser.active_element().await?.tag_name().await?;
        Ok((tag == "a").then_some(()))
    })
    .await?;
    browser.press(Key::Enter).await?;
    until("a user's page", async || {
        Ok(browser.path().await?.starts_with("/users/").then_some(()))
    })
    .await?;

    // Back in the same row: Enter opens the user from any cell.
    browser.back().await?;
    browser.wait_for_heading("Directory").await?;
    browser.tab_into_grid().await?;
    browser.press(Key::End).await?;
    browser.press(Key::Enter).await?;
    until("a user's page again", async || {
        Ok(browser.path().await?.starts_with("/users/").then_some(()))
    })
    .await?;
    browser.assert_no_problems().await
}
