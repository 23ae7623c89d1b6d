//! Calls over a WebSocket in a browser: round-trip time and throughput.

use frontdesk_e2e::Browser;
use serde_json::Value;

use crate::{
    Result,
    browser_module::BrowserModule,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
    statistics::median,
};

const USERS: u32 = 100_000;
const RUNS: usize = 9;
/// Not measured: browsers optimize code the more often it runs.
const WARM_UP_RUNS: usize = 3;
/// Measured together.
const LISTS: u32 = 5;
/// The limit of one `BidiHello`.
const NAMES: u32 = 1_000;
const RATE_TARGET: f64 = 2_000.0;
const MEDIAN_TARGET: f64 = 1.0;
const MESSAGES_TARGET: f64 = 0.7;

const ROUND_TRIPS: &str = "
    const [origin, names, done] = arguments;
    import('/frontdesk_bench_browser.js')
        .then(async module => { await module.default(); return module.round_trips(origin, names); })
        .then(times => done([...times]), error => done(String(error)));
";

const MESSAGES: &str = "
    const [origin, overWebSocket, lists, done] = arguments;
    import('/frontdesk_bench_browser.js')
        .then(async module => { await module.default(); return module.messages_per_second(origin, overWebSocket, lists); })
        .then(done, error => done(String(error)));
";

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let page = BrowserModule::new("timed")?.serve().await?;
    let server = ServerProcess::start_with(directory.folder(), &["--allow-origin", &page])?;
    let browser = Browser::start_unlogged(&page).await?;
    browser.visit("/").await?;

    let origin = || Value::from(server.origin.as_str());
    let (mut medians, mut rates) = (Vec::new(), Vec::new());
    let (mut websocket, mut fetched, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..WARM_UP_RUNS + RUNS {
        let times = browser
            .execute_async(ROUND_TRIPS, vec![origin(), NAMES.into()])
            .await?;
        let times = times
            .as_array()
            .ok_or_else(|| format!("expected times, got {times}"))?;
        let times: Vec<_> = times.iter().map(time).collect::<Result<_>>()?;
        let over_websocket = browser
            .execute_async(MESSAGES, vec![origin(), true.into(), LISTS.into()])
            .await?;
        let over_fetch = browser
            .execute_async(MESSAGES, vec![origin(), false.into(), LISTS.into()])
            .await?;
        if run >= WARM_UP_RUNS {
            rates.push(f64::from(NAMES) * 1_000.0 / times.iter().sum::<f64>());
            medians.push(median(times));
            let (over_websocket, over_fetch) = (time(&over_websocket)?, time(&over_fetch)?);
            websocket.push(over_websocket);
            fetched.push(over_fetch);
            ratios.push(over_websocket / over_fetch);
        }
    }
    let detail = format!(
        "{} vs. {} per second",
        format_number(median(websocket)),
        format_number(median(fetched))
    );
    Ok(vec![
        Row::at_least(
            "`BidiHello` in a browser: names per second, each sent after the previous reply",
            RATE_TARGET,
            median(rates),
            "per second",
            "",
        ),
        Row::at_most(
            "the same: time per name",
            MEDIAN_TARGET,
            median(medians),
            "ms",
            "",
        ),
        Row::at_least(
            "messages per second from server to browser over a WebSocket, relative to `fetch`",
            MESSAGES_TARGET,
            median(ratios),
            "",
            &detail,
        ),
    ])
}

fn time(value: &Value) -> Result<f64> {
    Ok(value
        .as_f64()
        .ok_or_else(|| format!("{value} is not a number"))?)
}
