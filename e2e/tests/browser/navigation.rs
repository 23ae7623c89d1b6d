//! Links, bookmarks and the back button lead where they say.

use fantoccini::Locator;

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
async fn an_odd_address_becomes_the_one_of_what_is_shown() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    for (odd, right) in [
        ("/users?page=abc", "/users?page=1&page_size=50"),
        ("/users?page=2&page_size=0", "/users?page=2&page_size=50"),
        ("/users?page=21", "/users?page=20&page_size=50"),
        ("/users?page=99999999999", "/users?page=20&page_size=50"),
        ("/users/007", "/users/7"),
    ] {
        browser.visit(odd).await?;
        until(right, async || {
            Ok((browser.path().await? == right).then_some(()))
        })
        .await?;
    }
    browser.assert_quiet().await
}

#[tokio::test]
async fn nothing_leads_beyond_the_last_and_all_leads_back() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/users?page=100&page_size=10").await?;
    browser.shows("Page 100 of 100").await?;
    // A link without an address is shown, and leads nowhere.
    assert_eq!(links(&browser, "Next").await?, 0);
    browser.the("link", "Previous").await?.click().await?;
    browser.shows("Page 99 of 100").await?;
    browser.the("link", "Next").await?.click().await?;
    browser.shows("Page 100 of 100").await?;

    // To the last person, and back to the page that they were found on.
    open_user(&browser, 1_000).await?;
    browser.the("link", "← Previous").await?;
    assert_eq!(links(&browser, "Next →").await?, 0);
    browser.the("link", "← Directory").await?.click().await?;
    browser.shows("Page 100 of 100").await?;
    assert_eq!(browser.path().await?, "/users?page=100&page_size=10");

    // By a bookmark, nothing is known of the others: the server is asked.
    browser.visit("/users/1000").await?;
    browser.the("link", "← Previous").await?;
    assert_eq!(links(&browser, "Next →").await?, 0);
    browser.visit("/users/1001").await?;
    browser.arrive_at("Nobody has number 1001").await?;
    browser.the("link", "Look in the directory").await?;
    browser.the("link", "← Previous").await?.click().await?;
    until("the last", async || {
        Ok((browser.path().await? == "/users/1000").then_some(()))
    })
    .await?;
    browser.assert_quiet().await
}

async fn open_user(browser: &Browser, id: u32) -> Outcome {
    let link = format!("a[href='/users/{id}']");
    let link = until("the link to them", async || {
        Ok(Some(browser.find(Locator::Css(&link)).await?))
    })
    .await?;
    Ok(link.click().await?)
}

async fn links(browser: &Browser, name: &str) -> Outcome<usize> {
    Ok(browser.all("link", |it| it == name).await?.len())
}

#[tokio::test]
async fn what_is_not_there_has_a_page_that_says_so() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/no/such/page").await?;
    browser.arrive_at("Nothing here").await?;
    browser.assert_quiet().await
}
