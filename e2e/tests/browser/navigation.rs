//! Links, bookmarks and the back button.

use fantoccini::Locator;
use frontdesk_e2e::{Browser, TestResult, TestServer, until};

#[tokio::test]
async fn bookmarks_links_and_the_back_button_work() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users/1").await?;
    browser.wait_for_heading("John Doe").await?;
    browser.wait_for_text("john@example.com").await?;

    browser.click("link", "Directory").await?;
    browser.wait_for_heading("Directory").await?;
    browser.click("link", "John Doe").await?;
    browser.wait_for_heading("John Doe").await?;
    assert_eq!(browser.path().await?, "/users/1");

    browser.back().await?;
    browser.wait_for_heading("Directory").await?;
    browser.back().await?;
    browser.wait_for_heading("John Doe").await?;
    browser.refresh().await?;
    browser.wait_for_heading("John Doe").await?;
    browser.assert_no_problems().await
}

#[tokio::test]
async fn page_and_page_size_are_in_the_url() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users?page=2&page_size=10").await?;
    let grid = browser.find_by_role("grid", "Users").await?;
    until("ten users", async || {
        let links = browser.find_all_by_role("link", |_| true).await?;
        let mut users = 0;
        for link in links {
            let href = link.attr("href").await?.unwrap_or_default();
            users += usize::from(href.starts_with("/users/"));
        }
        Ok((users == 10).then_some(()))
    })
    .await?;
    assert!(grid.is_displayed().await?);
    browser.assert_no_problems().await
}

#[tokio::test]
async fn other_spellings_of_a_url_are_replaced_by_the_canonical_one() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    for (spelling, canonical) in [
        ("/users?page=abc", "/users?page=1&page_size=50"),
        ("/users?page=2&page_size=0", "/users?page=2&page_size=50"),
        ("/users?page=21", "/users?page=20&page_size=50"),
        ("/users?page=99999999999", "/users?page=20&page_size=50"),
        ("/users/007", "/users/7"),
    ] {
        browser.visit(spelling).await?;
        browser.wait_for_path(canonical).await?;
    }
    browser.assert_no_problems().await
}

#[tokio::test]
async fn no_link_leads_beyond_the_last_page_or_user() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/users?page=100&page_size=10").await?;
    browser.wait_for_text("Page 100 of 100").await?;
    // Disabled links have no `href`.
    assert_eq!(count_links(&browser, "Next").await?, 0);
    browser.click("link", "Previous").await?;
    browser.wait_for_text("Page 99 of 100").await?;
    browser.click("link", "Next").await?;
    browser.wait_for_text("Page 100 of 100").await?;

    // To the last user, and back to the same page.
    open_user(&browser, 1_000).await?;
    browser.find_by_role("link", "← Previous").await?;
    assert_eq!(count_links(&browser, "Next →").await?, 0);
    browser.click("link", "← Directory").await?;
    browser.wait_for_text("Page 100 of 100").await?;
    assert_eq!(browser.path().await?, "/users?page=100&page_size=10");

    // After a reload, the page requests the neighbors from the server.
    browser.visit("/users/1000").await?;
    browser.find_by_role("link", "← Previous").await?;
    assert_eq!(count_links(&browser, "Next →").await?, 0);
    browser.visit("/users/1001").await?;
    browser.wait_for_heading("User 1001 not found").await?;
    browser.find_by_role("link", "Open the directory").await?;
    browser.click("link", "← Previous").await?;
    browser.wait_for_path("/users/1000").await?;
    browser.assert_no_problems().await
}

async fn open_user(browser: &Browser, id: u32) -> TestResult {
    let link = format!("a[href='/users/{id}']");
    let link = until("the link to the user", async || {
        Ok(Some(browser.find(Locator::Css(&link)).await?))
    })
    .await?;
    Ok(link.click().await?)
}

async fn count_links(browser: &Browser, name: &str) -> TestResult<usize> {
    Ok(browser
        .find_all_by_role("link", |it| it == name)
        .await?
        .len())
}

#[tokio::test]
async fn an_unknown_path_shows_that_the_page_was_not_found() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/no/such/page").await?;
    browser.wait_for_heading("Page not found").await?;
    browser.assert_no_problems().await
}
