//! What no other test may hear is heard: silence there means something.

use frontdesk_e2e::{Browser, Desk, Outcome, until};

#[tokio::test]
async fn messages_requests_to_others_and_violations_are_all_noticed() -> Outcome {
    let desk = Desk::open().await?;
    let other = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;
    browser.assert_quiet().await?;

    browser.run("console.debug('a word')").await?;
    browser
        .run("fetch('http://127.0.0.1:9/').catch(() => {})")
        .await?;
    hear(&browser, "a word").await?;
    hear(&browser, "violation: connect-src").await?;

    // The policy does not keep a page from sending its visitor elsewhere.
    browser.goto(&other.origin).await?;
    hear(&browser, "request: ").await
}

async fn hear(browser: &Browser, what: &str) -> Outcome {
    let mut heard = Vec::new();
    until(what, async || {
        heard.extend(browser.noise().await?);
        Ok(heard.iter().any(|noise| noise.contains(what)).then_some(()))
    })
    .await
}
