//! Everything that the first visit transfers.

use frontdesk_e2e::{Browser, TestServer};

use crate::{
    Outcome,
    report::{Row, number},
};

const AIM: f64 = 180.0;

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let server = TestServer::start().await?;
    let browser = Browser::start(&server.origin).await?;
    browser.visit("/").await?;
    browser.wait_for_heading("Greet").await?;
    // All that the page asks for by itself has come with it: nothing loads later.
    let transferred = browser.transferred().await?;
    let kilobytes = |bytes: f64| bytes / 1_000.0;
    let detail = format!("{} of it headers", number(kilobytes(transferred.headers)));
    let figure = "everything that the first visit transfers, with brotli";
    Ok(vec![Row::at_most(
        figure,
        AIM,
        kilobytes(transferred.bytes),
        "kB",
        &detail,
    )])
}
