//! `/`: somebody is greeted.

use fantoccini::Locator;

use frontdesk_e2e::{Browser, Desk, Outcome, until};

#[tokio::test]
async fn whoever_types_a_name_is_greeted_in_many_languages() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/?call=server").await?;
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
    each_says_its_language(&browser).await?;
    browser.assert_quiet().await
}

/// The server does not say in which language it greets: the page has a list of its own of how
/// greetings begin, and this is where it is seen when the two no longer fit.
async fn each_says_its_language(browser: &Browser) -> Outcome {
    let from_the_desk = browser.execute_async(COUNT, Vec::new()).await?;
    until("each greeting in a language of its own", async || {
        let languages = browser.run(LANGUAGES).await?;
        Ok((languages == from_the_desk).then_some(()))
    })
    .await
}

/// How many greetings the server has: gRPC-Web's frames of messages begin with a zero.
const COUNT: &str = "
    const done = arguments[arguments.length - 1];
    fetch('/greeter.Greeter/LotsOfReplies', {
        method: 'POST',
        headers: { 'content-type': 'application/grpc-web+proto', 'x-grpc-web': '1' },
        body: new Uint8Array([0, 0, 0, 0, 5, 10, 3, 65, 100, 97]),
    }).then(answer => answer.arrayBuffer()).then(body => {
        const view = new DataView(body);
        let count = 0;
        for (let at = 0; at < body.byteLength; at += 5 + view.getUint32(at + 1)) {
            count += view.getUint8(at) === 0;
        }
        done(count);
    });
";

/// How many languages the greetings on the page are marked with.
const LANGUAGES: &str = "
    const marked = document.querySelectorAll('li[lang]');
    return new Set([...marked].map(greeting => greeting.lang)).size;
";

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
