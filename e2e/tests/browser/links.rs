//! Links, bookmarks and the back button lead where they say.

use frontdesk_e2e::{Browser, Desk, Outcome, until};

#[tokio::test]
async fn a_bookmark_leads_to_one_user_and_back_leads_back() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users/1").await?;
    browser.arrive_at("John Doe").await?;
    browser.shows("john@example.com").await?;

    browser.the("link", "Directory").await?.click().await?;
    browser.arrive_at("Directory").await?;
    browser.the("link", "John Doe").await?.click().await?;
    browser.arrive_at("John Doe").await?;
    assert_eq!(browser.path().await?, "/users/1");

    browser.back().await?;
    browser.arrive_at("Directory").await?;
    browser.back().await?;
    browser.arrive_at("John Doe").await?;
    browser.refresh().await?;
    browser.arrive_at("John Doe").await?;
    browser.assert_quiet().await
}

#[tokio::test]
async fn page_and_page_size_are_in_the_address() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users?page=2&page_size=10").await?;
    let grid = browser.the("grid", "People").await?;
    until("ten people", async || {
        let links = browser.all("link", |_| true).await?;
        let mut users = 0;
        for link in links {
            let address = link.attr("href").await?.unwrap_or_default();
            users += usize::from(address.starts_with("/users/"));
        }
        Ok((users == 10).then_some(()))
    })
    .await?;
    assert!(grid.is_displayed().await?);
    browser.assert_quiet().await
}

#[tokio::test]
async fn what_is_not_there_has_a_page_that_says_so() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/no/such/page").await?;
    browser.arrive_at("Nothing here").await?;
    browser.assert_quiet().await
}
