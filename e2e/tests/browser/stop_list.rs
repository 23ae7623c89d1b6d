//! `/users`: the stream is stopped by a button, and the server hears of it.

use std::{
    ffi::OsStr,
    time::{Duration, Instant},
};

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
    browser.slow_down_to(BYTES_A_SECOND).await?;
    browser.the("link", "Directory").await?.click().await?;

    let grid = browser.the("grid", "People").await?;
    browser.row(&grid, 2, "John Doe").await?;
    browser.the("progressbar", "People received").await?;
    let stop = browser.the("button", "Stop").await?;
    assert_eq!(
        list_call(&desk),
        None,
        "the list was over before it was stopped"
    );
    let stopped = Instant::now();
    stop.click().await?;

    let line = until("the server to hear of it", async || Ok(list_call(&desk))).await?;
    assert!(line.contains("CANCELLED"), "{line}");
    assert!(stopped.elapsed() < SOON, "after {:?}", stopped.elapsed());
    browser.says("Stopped at ").await?;
    // What has come stays.
    browser.row(&grid, 2, "John Doe").await?;
    browser.assert_quiet().await
}

/// The server's line about the list, which it writes when the call is over.
fn list_call(desk: &Desk) -> Option<String> {
    desk.log()
        .into_iter()
        .find(|line| line.contains("/user.UserService/ListUsers"))
}
