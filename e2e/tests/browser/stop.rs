//! `/users`: the stream is stopped by a button, and the server hears of it.

use std::{
    ffi::OsStr,
    time::{Duration, Instant},
};

use serde_json::json;

use frontdesk_e2e::{Browser, Desk, Outcome, until};

/// More than what fits into all buffers between the server and the page.
const MANY: &str = "400000";
const BYTES_A_SECOND: u32 = 1_000_000;
const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_stopped_stream_is_cancelled_at_the_server_within_a_second() -> Outcome {
    let seed = ["seed", "--count", MANY].map(OsStr::new);
    let desk = Desk::open_with(&[&seed]).await?;
    let browser = Browser::open(&desk.origin).await?;
    browser.visit("/").await?;
    let slow = json!({
        "offline": false,
        "latency": 0,
        "downloadThroughput": BYTES_A_SECOND,
        "uploadThroughput": BYTES_A_SECOND,
    });
    browser.devtools("Network.enable", json!({})).await?;
    browser
        .devtools("Network.emulateNetworkConditions", slow)
        .await?;
    browser.the("link", "Directory").await?.click().await?;

    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;
    browser.the("progressbar", "People received").await?;
    let stopped = Instant::now();
    browser.the("button", "Stop").await?.click().await?;

    let line = until("the server to hear of it", async || {
        Ok(desk
            .log()
            .into_iter()
            .find(|line| line.contains("ListUsers")))
    })
    .await?;
    assert!(line.contains("CANCELLED"), "{line}");
    assert!(stopped.elapsed() < SOON, "after {:?}", stopped.elapsed());
    // What has come stays.
    browser.row(&grid, 2, "John Doe").await?;
    browser.assert_quiet().await
}
