//! The narrowest window that pages have to work in: 320 px (WCAG 2.1, «Reflow»).

use frontdesk_e2e::{Browser, Desk, Outcome};
use serde_json::json;

#[tokio::test]
async fn nothing_is_wider_than_the_narrowest_window() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    let window = json!({ "width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": true });
    browser
        .devtools("Emulation.setDeviceMetricsOverride", window)
        .await?;
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

const WIDTH: &str = "return document.documentElement.scrollWidth";

/// In how many lines the header's links stand.
const LINES: &str = "
    const middle = ({ top, bottom }) => Math.round((top + bottom) / 20);
    const links = document.querySelectorAll('header a');
    return new Set([...links].map(link => middle(link.getBoundingClientRect()))).size;
";
