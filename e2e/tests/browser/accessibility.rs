//! axe-core finds no violation in any page, in both color schemes.

use std::ffi::OsStr;

use frontdesk_e2e::{Browser, TestResult, TestServer, users_file::INITIAL_USERS};
use serde_json::json;

/// More than the buffers between server and page can hold.
const MANY: &str = "400000";
const BYTES_PER_SECOND: u32 = 1_000_000;

#[tokio::test]
async fn pages_are_accessible_in_the_light_scheme() -> TestResult {
    assert_pages_accessible("light").await
}

#[tokio::test]
async fn pages_are_accessible_in_the_dark_scheme() -> TestResult {
    assert_pages_accessible("dark").await
}

#[tokio::test]
async fn list_states_are_accessible_in_the_light_scheme() -> TestResult {
    assert_list_states_accessible("light").await
}

#[tokio::test]
async fn list_states_are_accessible_in_the_dark_scheme() -> TestResult {
    assert_list_states_accessible("dark").await
}

#[tokio::test]
async fn the_selected_color_scheme_is_remembered() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.prefer_color_scheme("light").await?;
    browser.visit("/").await?;
    let light = background(&browser).await?;

    browser.find_by_role("radiogroup", "Color scheme").await?;
    browser.click("radio", "Dark").await?;
    let dark = background(&browser).await?;
    assert_ne!(light, dark);
    browser
        .assert_accessible("the selected dark scheme")
        .await?;

    browser.visit("/users").await?;
    assert!(
        browser
            .find_by_role("radio", "Dark")
            .await?
            .is_selected()
            .await?
    );
    assert_eq!(background(&browser).await?, dark);
    Ok(())
}

async fn assert_pages_accessible(color_scheme: &str) -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.prefer_color_scheme(color_scheme).await?;

    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;
    browser.assert_accessible("the greeter").await?;
    browser
        .find_by_role("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    browser.wait_for_text("Hello, Ada!").await?;
    browser.assert_accessible("a greeting").await?;

    browser.visit("/?call=server").await?;
    browser
        .find_by_role("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    // The last language.
    browser.wait_for_text("Helo, Ada!").await?;
    browser
        .assert_accessible("greetings in all languages")
        .await?;

    browser.visit("/users").await?;
    browser.wait_for_users(INITIAL_USERS).await?;
    browser.assert_accessible("the directory").await?;

    browser.visit("/users?page=3&page_size=20").await?;
    browser.wait_for_text("Page 3 of 50").await?;
    browser.find_by_role("grid", "Users").await?;
    browser.assert_accessible("a page of the directory").await?;

    browser.visit("/users/1").await?;
    browser.wait_for_heading("John Doe").await?;
    browser.assert_accessible("one user").await?;

    browser.visit("/users/1001").await?;
    browser.wait_for_heading("User 1001 not found").await?;
    browser.assert_accessible("an unknown user").await?;

    browser.visit("/no/such/page").await?;
    browser.wait_for_heading("Page not found").await?;
    browser.assert_accessible("an unknown path").await?;

    browser.assert_no_problems().await
}

#[tokio::test]
async fn an_empty_directory_is_accessible() -> TestResult {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    let script = json!({ "source": EMPTY_LIST });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    for color_scheme in ["light", "dark"] {
        browser.prefer_color_scheme(color_scheme).await?;
        for path in ["/users", "/users?page=1&page_size=50"] {
            browser.visit(path).await?;
            browser.wait_for_text("No users yet.").await?;
            browser.assert_accessible("an empty directory").await?;
        }
    }
    browser.assert_no_problems().await
}

/// A directory always contains John Doe, so an empty one is simulated: a response that only consists
/// of gRPC-Web trailers.
const EMPTY_LIST: &str = "
    const originalFetch = window.fetch;
    window.fetch = (request, ...more) => {
        if (!(request.url ?? request).endsWith('/ListUsers')) return originalFetch(request, ...more);
        const trailers = new TextEncoder().encode('grpc-status:0\\r\\n');
        return Promise.resolve(new Response(
            new Uint8Array([128, 0, 0, 0, trailers.length, ...trailers]),
            { headers: { 'content-type': 'application/grpc-web+proto', 'x-total-count': '0' } },
        ));
    };
";

async fn assert_list_states_accessible(color_scheme: &str) -> TestResult {
    let seed = ["seed", "--count", MANY].map(OsStr::new);
    let mut server = TestServer::start_after(&[&seed]).await?;
    let browser = Browser::start(&server.origin).await?;
    browser.prefer_color_scheme(color_scheme).await?;
    browser.visit("/").await?;
    browser.limit_bandwidth(Some(BYTES_PER_SECOND)).await?;
    browser.click("link", "Directory").await?;
    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_row(&grid, 2, "John Doe").await?;
    browser.assert_accessible("a list while it arrives").await?;

    browser.click("button", "Stop").await?;
    browser.wait_for_announcement("Stopped at ").await?;
    browser.assert_accessible("a stopped list").await?;

    server.kill()?;
    browser.click("button", "Start again").await?;
    browser.wait_for_announcement("Server unavailable.").await?;
    browser.find_by_role("button", "Try again").await?;
    browser.assert_accessible("a failed list").await
}

async fn background(browser: &Browser) -> TestResult<String> {
    let color = browser
        .run("return getComputedStyle(document.documentElement).backgroundColor")
        .await?;
    Ok(color.as_str().unwrap_or_default().to_owned())
}
