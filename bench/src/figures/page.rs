//! A list of 100,000 users in the page: the time to the first and to the last row.

use frontdesk_e2e::Browser;
use serde_json::Value;

use crate::{
    Result, json_server,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
    statistics::median,
};

const USERS: u32 = 100_000;
const RUNS: usize = 9;
const TARGET: f64 = 0.8;
const FIRST_TARGET: f64 = 100.0;

/// Opens the directory by its link and measures from the click: until a frame shows the first row,
/// and until the page announces the last one.
const STREAM: &str = "
    const done = arguments[arguments.length - 1];
    const link = [...document.querySelectorAll('a')].find(it => it.textContent === 'Directory');
    const start = performance.now();
    let first = null;
    const look = () => {
        if (first === null && document.querySelector('[role=grid] [aria-rowindex=\"2\"] a')) {
            first = 0;
            requestAnimationFrame(() => { first = performance.now() - start; });
        }
        const text = document.querySelector('main')?.textContent ?? '';
        if (first > 0 && text.includes('100,000 users received.')) {
            observer.disconnect();
            done({ first, last: performance.now() - start });
        }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    link.click();
";

const FETCH: &str = "
    const done = arguments[arguments.length - 1];
    const start = performance.now();
    fetch(arguments[0]).then(response => response.json()).then(users =>
        done({ last: performance.now() - start, count: users.length }));
";

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let server = ServerProcess::start(directory.folder())?;
    let plain = json_server::serve(&directory.database()).await?;
    let browser = Browser::start_unlogged(&server.origin).await?;

    let (mut first, mut last) = (Vec::new(), Vec::new());
    let (mut fetched, mut prepared) = (Vec::new(), Vec::new());
    // The first run is a warm-up: it downloads and compiles the page.
    for run in 0..=RUNS {
        browser.visit("/").await?;
        browser.wait_for_heading("Greet").await?;
        let times = browser.execute_async(STREAM, Vec::new()).await?;
        browser.goto(&plain).await?;
        let fetch = browser
            .execute_async(FETCH, vec!["/users.json".into()])
            .await?;
        let prepared_fetch = browser
            .execute_async(FETCH, vec!["/ready.json".into()])
            .await?;
        if run > 0 {
            first.push(milliseconds(&times["first"])?);
            last.push(milliseconds(&times["last"])?);
            fetched.push(milliseconds(&fetch["last"])?);
            prepared.push(milliseconds(&prepared_fetch["last"])?);
        }
    }
    let (last, fetched) = (median(last), median(fetched));
    let detail = format!(
        "{} vs. {} ms; {} ms if the server has the JSON in memory",
        format_number(last),
        format_number(fetched),
        format_number(median(prepared))
    );
    Ok(vec![
        Row::at_most(
            "100,000 users into the page, click to last row: time relative to `fetch().json()` of the same rows",
            TARGET,
            last / fetched,
            "",
            &detail,
        ),
        Row::at_most(
            "the same, click to first row on screen",
            FIRST_TARGET,
            median(first),
            "ms",
            "",
        ),
    ])
}

fn milliseconds(value: &Value) -> Result<f64> {
    Ok(value
        .as_f64()
        .ok_or_else(|| format!("{value} is not a time"))?)
}
