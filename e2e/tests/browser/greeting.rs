//! `/`: somebody is greeted.

use fantoccini::Locator;

use frontdesk_e2e::{Browser, Desk, Outcome, until};

#[tokio::test]
async fn whoever_types_a_name_is_greeted_in_many_languages() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;

    browser
        .the("textbox", "Name")
        .await?
        .send_keys("Ada 美咲")
        .await?;
    browser.the("button", "Greet").await?.click().await?;

    browser.shows("Hello, Ada 美咲!").await?;
    let list = browser.the("list", "Greetings in many languages").await?;
    let greetings = until("a dozen greetings", async || {
        let items = list.find_all(Locator::Css("li, [role=listitem]")).await?;
        Ok((items.len() >= 12).then_some(items))
    })
    .await?;
    for greeting in greetings {
        let text = greeting.text().await?;
        assert!(text.contains("Ada 美咲"), "{text}");
    }
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_name_that_is_none_is_refused_in_words() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;

    // Longer than a name may be: the server, or the page in its stead, says no.
    browser
        .the("textbox", "Name")
        .await?
        .send_keys(&"x".repeat(201))
        .await?;
    browser.the("button", "Greet").await?.click().await?;

    let said = until("an alert", async || {
        let alerts = browser.all("alert", |_| true).await?;
        Ok(match alerts.first() {
            Some(alert) => Some(alert.text().await?).filter(|text| !text.is_empty()),
            None => None,
        })
    })
    .await?;
    assert!(said.contains("200"), "{said}");
    browser.assert_quiet().await
}
