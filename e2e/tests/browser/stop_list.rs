//! `/users`: the button `Stop` cancels the call.

use std::{
    ffi::OsStr,
    time::{Duration, Instant},
};

use frontdesk_e2e::{Browser, TestResult, TestServer, until};

/// More than the buffers between server and page can hold.
const USERS: &str = "400000";
const BYTES_PER_SECOND: u32 = 1_000_000;
const MAX_CANCELLATION_TIME: Duration = Duration::from_secs(1);

#[tokio::test]
async fn stopping_the_list_cancels_the_call_on_the_server_within_a_second() -> TestResult {
    let seed = ["seed", "--count", USERS].map(OsStr::new);
    let server = TestServer::start_after(&[&seed]).await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.limit_bandwidth(Some(BYTES_PER_SECOND)).await?;
    browser.click("link", "Directory").await?;

    let grid = browser.find_by_role("grid", "Users").await?;
    browser.wait_for_row(&grid, 2, "John Doe").await?;
    browser
        .find_by_role("progressbar", "Users received")
        .await?;
    let stop = browser.find_by_role("button", "Stop").await?;
    assert_eq!(
        list_call(&server),
        None,
        "the list was complete before it was stopped"
    );
    let stopped = Instant::now();
    stop.click().await?;

    let line = until("the end of the call in the server's log", async || {
        Ok(list_call(&server))
    })
    .await?;
    assert!(line.contains("CANCELLED"), "{line}");
    assert!(
        stopped.elapsed() < MAX_CANCELLATION_TIME,
        "after {:?}",
        stopped.elapsed()
    );
    browser.wait_for_announcement("Stopped at ").await?;
    // The rows that arrived stay.
    browser.wait_for_row(&grid, 2, "John Doe").await?;
    browser.assert_no_problems().await
}

/// The log line of the list, which the server writes when the call has ended.
fn list_call(server: &TestServer) -> Option<String> {
    server
        .log()
        .into_iter()
        .find(|line| line.contains("/user.UserService/ListUsers"))
}
