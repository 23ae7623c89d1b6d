//! `/`: greetings.

use fantoccini::Locator;
use frontdesk_e2e::{Browser, TestResult, TestServer, until};

#[tokio::test]
async fn a_name_is_greeted_in_many_languages() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/?call=server").await?;
    browser.wait_for_heading("Greet").await?;

    browser
        .find_by_role("textbox", "Name")
        .await?
        .send_keys("Ada 美咲")
        .await?;
    browser.click("button", "Send").await?;

    browser.wait_for_text("Hello, Ada 美咲!").await?;
    let list = browser
        .find_by_role("list", "Greetings in many languages")
        .await?;
    let greetings = until("twelve greetings", async || {
        let items = list.find_all(Locator::Css("li, [role=listitem]")).await?;
        Ok((items.len() >= 12).then_some(items))
    })
    .await?;
    for greeting in greetings {
        let text = greeting.text().await?;
        assert!(text.contains("Ada 美咲"), "{text}");
    }
    assert_languages_marked(&browser).await?;
    browser.assert_no_problems().await
}

/// The page detects languages from a list of greetings. This fails if the list does not match the
/// server's greetings any more.
async fn assert_languages_marked(browser: &Browser) -> TestResult {
    let sent = browser.execute_async(SENT_GREETINGS, Vec::new()).await?;
    until("a language for each greeting", async || {
        let marked = browser.run(MARKED_LANGUAGES).await?;
        Ok((marked == sent).then_some(()))
    })
    .await
}

/// Counts the greetings that the server sends: gRPC-Web message frames start with a zero.
const SENT_GREETINGS: &str = "
    const done = arguments[arguments.length - 1];
    fetch('/greeter.Greeter/LotsOfReplies', {
        method: 'POST',
        headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
        body: new Uint8Array([0, 0, 0, 0, 5, 10, 3, 65, 100, 97]),
    }).then(response => response.arrayBuffer()).then(body => {
        const view = new DataView(body);
        let count = 0;
        for (let offset = 0; offset < body.byteLength; offset += 5 + view.getUint32(offset + 1)) {
            count += view.getUint8(offset) === 0;
        }
        done(count);
    });
";

/// Counts the distinct languages of the greetings in the page.
const MARKED_LANGUAGES: &str = "
    const marked = document.querySelectorAll('li[lang]');
    return new Set([...marked].map(greeting => greeting.lang)).size;
";

#[tokio::test]
async fn a_name_that_is_too_long_is_reported() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;

    // One more than the limit.
    browser
        .find_by_role("textbox", "Name")
        .await?
        .send_keys(&"x".repeat(201))
        .await?;
    browser.click("button", "Send").await?;

    let text = until("an alert", async || {
        let alerts = browser.find_all_by_role("alert", |_| true).await?;
        Ok(match alerts.first() {
            Some(alert) => Some(alert.text().await?).filter(|text| !text.is_empty()),
            None => None,
        })
    })
    .await?;
    assert!(text.contains("200"), "{text}");
    browser.assert_no_problems().await
}
