//! Narrow windows: phones, and 320 px, which WCAG 2.1 requires ("Reflow").

use frontdesk_e2e::{Browser, TestResult, TestServer, users_file::INITIAL_USERS};
use serde_json::json;

#[tokio::test]
async fn no_page_is_wider_than_320_px() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    set_window_size(&browser, 320, 640).await?;
    for (path, heading) in [
        ("/", "Greet"),
        ("/users", "Directory"),
        ("/users?page=1", "Directory"),
        ("/users/1", "John Doe"),
        ("/users/1001", "User 1001 not found"),
        ("/no/such/page", "Page not found"),
    ] {
        browser.visit(path).await?;
        browser.wait_for_heading(heading).await?;
        assert_eq!(browser.run(WIDTH).await?, json!(320), "{path}");
        assert_eq!(browser.run(HEADER_LINES).await?, json!(1), "{path}");
    }
    browser.assert_no_problems().await
}

#[tokio::test]
async fn a_failed_list_fits_into_the_window_of_a_phone() -> TestResult {
    let mut server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    set_window_size(&browser, 390, 700).await?;
    browser.visit("/users").await?;
    browser.wait_for_users(INITIAL_USERS).await?;

    server.kill()?;
    browser.click("button", "Refresh").await?;
    browser
        .wait_for_announcement("Can't reach the server.")
        .await?;
    browser.wait_for_announcement("Server unavailable.").await?;
    assert_eq!(browser.run(HEIGHT).await?, json!(700));
    Ok(())
}

async fn set_window_size(browser: &Browser, width: u32, height: u32) -> TestResult {
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

/// Counts the lines of links in the header.
const HEADER_LINES: &str = "
    const middle = ({ top, bottom }) => Math.round((top + bottom) / 20);
    const links = document.querySelectorAll('header a');
    return new Set([...links].map(link => middle(link.getBoundingClientRect()))).size;
";
