//! Narrow windows: those of phones, and the narrowest that pages have to work in (WCAG 2.1,
//! «Reflow»).

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE};
use serde_json::json;

#[tokio::test]
async fn nothing_is_wider_than_the_narrowest_window() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    narrow_down_to(&browser, 320, 640).await?;
    for (path, heading) in [
        ("/", "Greet somebody"),
        ("/users", "Directory"),
        ("/users?page=1", "Directory"),
        ("/users/1", "John Doe"),
        ("/users/1001", "Nobody has number 1001"),
        ("/no/such/page", "Nothing here"),
    ] {
        browser.visit(path).await?;
        browser.arrive_at(heading).await?;
        assert_eq!(browser.run(WIDTH).await?, json!(320), "{path}");
        assert_eq!(browser.run(LINES).await?, json!(1), "{path}");
    }
    browser.assert_quiet().await
}

#[tokio::test]
async fn a_list_that_failed_still_fits_into_a_phones_window() -> Outcome {
    let mut desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    narrow_down_to(&browser, 390, 700).await?;
    browser.visit("/users").await?;
    browser.received(ALREADY_THERE).await?;

    desk.kill()?;
    browser.the("button", "Refresh").await?.click().await?;
    browser.says("This did not come through.").await?;
    browser.says("The desk does not answer.").await?;
    assert_eq!(browser.run(HEIGHT).await?, json!(700));
    Ok(())
}

async fn narrow_down_to(browser: &Browser, width: u32, height: u32) -> Outcome {
    let window = json!({
        "width": width,
        "height": height,
        "deviceScaleFactor": 1,
        "mobile": true,
    });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", window)
        .await?;
    Ok(())
}

const HEIGHT: &str = "return document.documentElement.scrollHeight";
const WIDTH: &str = "return document.documentElement.scrollWidth";

/// In how many lines the header's links stand.
const LINES: &str = "
    const middle = ({ top, bottom }) => Math.round((top + bottom) / 20);
    const links = document.querySelectorAll('header a');
    return new Set([...links].map(link => middle(link.getBoundingClientRect()))).size;
";
