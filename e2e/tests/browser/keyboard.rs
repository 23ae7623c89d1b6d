//! Everything can be reached and done without a mouse.

use fantoccini::key::Key;

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE, until};

#[tokio::test]
async fn the_first_link_leads_past_the_others_and_stays_on_the_page() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users/1").await?;
    browser.arrive_at("John Doe").await?;
    browser.tab_to("link", "Skip to the page").await?;
    browser.press(Key::Enter).await?;
    until("the focus on the page", async || {
        let tag = browser.active_element().await?.tag_name().await?;
        Ok((tag == "main").then_some(()))
    })
    .await?;
    assert_eq!(browser.path().await?, "/users/1#main");
    browser.assert_quiet().await
}

#[tokio::test]
async fn all_of_it_works_by_keyboard_alone() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;

    browser.tab_to("textbox", "Name").await?;
    browser.type_in("Grace").await?;
    browser.press(Key::Enter).await?;
    browser.shows("Hello, Grace!").await?;

    browser.tab_to("radio", "System").await?;
    browser.press(Key::Right).await?;
    browser.press(Key::Right).await?;
    let dark = browser.the("radio", "Dark").await?;
    assert!(dark.is_selected().await?);

    browser.tab_to("link", "Directory").await?;
    browser.press(Key::Enter).await?;
    browser.arrive_at("Directory").await?;
    browser.received(ALREADY_THERE).await?;
    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;

    // The whole grid is one stop; arrows move in it, and Enter goes to whom one has come to.
    browser.tab_into_grid().await?;
    browser.press_with(&[Key::Control], Key::End).await?;
    browser.press_with(&[Key::Control], Key::Home).await?;
    browser.press(Key::Down).await?;
    browser.press(Key::Right).await?;
    // The focus follows with the next frame, as a person's eyes do.
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

    // Back where one was, and on to the email: Enter opens the person from any cell.
    browser.back().await?;
    browser.arrive_at("Directory").await?;
    browser.tab_into_grid().await?;
    browser.press(Key::End).await?;
    browser.press(Key::Enter).await?;
    until("a user's page again", async || {
        Ok(browser.path().await?.starts_with("/users/").then_some(()))
    })
    .await?;
    browser.assert_quiet().await
}
