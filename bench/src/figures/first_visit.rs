//! The bytes that the first visit transfers.

use frontdesk_e2e::{Browser, TestServer};

use crate::{
    Result,
    report::{Row, format_number},
};

const TARGET: f64 = 180.0;

pub(super) async fn measure() -> Result<Vec<Row>> {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;
    // The page makes all its initial requests before it shows this heading.
    let transferred = browser.transferred().await?;
    let kilobytes = |bytes: f64| bytes / 1_000.0;
    let detail = format!(
        "of which headers {}",
        format_number(kilobytes(transferred.headers))
    );
    let figure = "transfer size of the first visit (brotli)";
    Ok(vec![Row::at_most(
        figure,
        TARGET,
        kilobytes(transferred.bytes),
        "kB",
        &detail,
    )])
}
