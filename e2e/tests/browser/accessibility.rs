//! axe-core finds nothing, on no page, in neither scheme.

use std::ffi::OsStr;

use frontdesk_e2e::{Browser, Desk, Outcome, people::ALREADY_THERE};
use serde_json::json;

/// More than what fits into all buffers between the server and the page.
const MANY: &str = "400000";
const BYTES_A_SECOND: u32 = 1_000_000;

#[tokio::test]
async fn axe_finds_nothing_in_the_light_scheme() -> Outcome {
    every_page_is_accessible("light").await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_dark_scheme() -> Outcome {
    every_page_is_accessible("dark").await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_faces_of_the_list_in_the_light_scheme() -> Outcome {
    every_face_of_the_list_is_accessible("light").await
}

#[tokio::test]
async fn axe_finds_nothing_in_the_faces_of_the_list_in_the_dark_scheme() -> Outcome {
    every_face_of_the_list_is_accessible("dark").await
}

#[tokio::test]
async fn the_scheme_that_was_chosen_is_remembered() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.prefer("light").await?;
    browser.visit("/").await?;
    let light = background(&browser).await?;

    browser.the("radiogroup", "Colour scheme").await?;
    browser.the("radio", "Dark").await?.click().await?;
    let dark = background(&browser).await?;
    assert_ne!(light, dark);
    browser
        .assert_accessible("the dark scheme by choice")
        .await?;

    browser.visit("/users").await?;
    assert!(browser.the("radio", "Dark").await?.is_selected().await?);
    assert_eq!(background(&browser).await?, dark);
    Ok(())
}

async fn every_page_is_accessible(scheme: &str) -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.prefer(scheme).await?;

    browser.visit("/").await?;
    browser.arrive_at("Greet somebody").await?;
    browser.assert_accessible("the greeting").await?;
    browser
        .the("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    browser.shows("Hello, Ada!").await?;
    browser
        .assert_accessible("a greeting that was given")
        .await?;

    browser.visit("/?call=server").await?;
    browser
        .the("textbox", "Name")
        .await?
        .send_keys("Ada\n")
        .await?;
    // The last of all languages.
    browser.shows("Helo, Ada!").await?;
    browser
        .assert_accessible("greetings in all languages")
        .await?;

    browser.visit("/users").await?;
    browser.received(ALREADY_THERE).await?;
    browser.assert_accessible("the directory").await?;

    browser.visit("/users?page=3&page_size=20").await?;
    browser.shows("Page 3 of 50").await?;
    browser.the("grid", "People").await?;
    browser.assert_accessible("a page of the directory").await?;

    browser.visit("/users/1").await?;
    browser.arrive_at("John Doe").await?;
    browser.assert_accessible("one user").await?;

    browser.visit("/users/1001").await?;
    browser.arrive_at("Nobody has number 1001").await?;
    browser.assert_accessible("a number of nobody's").await?;

    browser.visit("/no/such/page").await?;
    browser.arrive_at("Nothing here").await?;
    browser
        .assert_accessible("the page of what is not there")
        .await?;

    browser.assert_quiet().await
}

#[tokio::test]
async fn axe_finds_nothing_in_an_empty_directory() -> Outcome {
    let desk = Desk::open().await?;
    let browser = Browser::open(&desk.origin).await?;
    let script = json!({ "source": NOBODY });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    for scheme in ["light", "dark"] {
        browser.prefer(scheme).await?;
        for path in ["/users", "/users?page=1&page_size=50"] {
            browser.visit(path).await?;
            browser.shows("Nobody is in the directory yet.").await?;
            browser.assert_accessible("an empty directory").await?;
        }
    }
    browser.assert_quiet().await
}

/// John Doe never leaves his directory, so one without anybody is played: an answer that is nothing
/// but gRPC-Web's trailers.
const NOBODY: &str = "
    const ask = window.fetch;
    window.fetch = (request, ...more) => {
        if (!(request.url ?? request).endsWith('/ListUsers')) return ask(request, ...more);
        const trailers = new TextEncoder().encode('grpc-status:0\\r\\n');
        return Promise.resolve(new Response(
            new Uint8Array([128, 0, 0, 0, trailers.length, ...trailers]),
            { headers: { 'content-type': 'application/grpc-web+proto', 'x-total-count': '0' } },
        ));
    };
";

/// What stands in the place of a list that is not there, or not whole.
async fn every_face_of_the_list_is_accessible(scheme: &str) -> Outcome {
    let seed = ["seed", "--count", MANY].map(OsStr::new);
    let mut desk = Desk::open_with(&[&seed]).await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.prefer(scheme).await?;
    browser.visit("/").await?;
    browser.slow_down_to(BYTES_A_SECOND).await?;
    browser.the("link", "Directory").await?.click().await?;
    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;
    browser.assert_accessible("a list under way").await?;

    browser.the("button", "Stop").await?.click().await?;
    browser.says("Stopped at ").await?;
    browser.assert_accessible("a list that was stopped").await?;

    desk.kill()?;
    browser.the("button", "Start again").await?.click().await?;
    browser.says("The desk does not answer.").await?;
    browser.the("button", "Try again").await?;
    browser.assert_accessible("a list that failed").await
}

async fn background(browser: &Browser) -> Outcome<String> {
    let colour = browser
        .run("return getComputedStyle(document.documentElement).backgroundColor")
        .await?;
    Ok(colour.as_str().unwrap_or_default().to_owned())
}
