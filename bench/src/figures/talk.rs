//! Calls over a socket, in a browser: how soon each name is greeted, and how fast a list comes.

use frontdesk_e2e::Browser;
use serde_json::Value;

use crate::{
    Outcome,
    host::Host,
    parts::Part,
    people::People,
    report::{Row, number},
    statistics::median,
};

const USERS: u32 = 100_000;
const RUNS: usize = 9;
/// Which do not count: the browser translates code in steps, the more often it is run.
const WARMING: usize = 3;
/// How many lists are timed as one.
const LISTS: u32 = 5;
/// As many as one `BidiHello` takes.
const NAMES: u32 = 1_000;
const RATE_AIM: f64 = 2_000.0;
const MEDIAN_AIM: f64 = 1.0;
const MESSAGES_AIM: f64 = 0.7;

const ROUND_TRIPS: &str = "
    const [origin, names, done] = arguments;
    import('/frontdesk_bench_browser.js')
        .then(async part => { await part.default(); return part.round_trips(origin, names); })
        .then(times => done([...times]), error => done(String(error)));
";

const MESSAGES: &str = "
    const [origin, bySocket, lists, done] = arguments;
    import('/frontdesk_bench_browser.js')
        .then(async part => { await part.default(); return part.messages_a_second(origin, bySocket, lists); })
        .then(done, error => done(String(error)));
";

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let page = Part::of("timed")?.serve().await?;
    let host = Host::frontdesk_with(people.data(), &["--allow-origin", &page])?;
    let browser = Browser::start_unlogged(&page).await?;
    browser.visit("/").await?;

    let origin = || Value::from(host.origin.as_str());
    let (mut medians, mut rates) = (Vec::new(), Vec::new());
    let (mut sockets, mut fetched, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..WARMING + RUNS {
        let times = browser
            .execute_async(ROUND_TRIPS, vec![origin(), NAMES.into()])
            .await?;
        let times = times
            .as_array()
            .ok_or_else(|| format!("no times: {times}"))?;
        let times: Vec<_> = times.iter().map(time).collect::<Outcome<_>>()?;
        let by_socket = browser
            .execute_async(MESSAGES, vec![origin(), true.into(), LISTS.into()])
            .await?;
        let by_fetch = browser
            .execute_async(MESSAGES, vec![origin(), false.into(), LISTS.into()])
            .await?;
        if run >= WARMING {
            rates.push(f64::from(NAMES) * 1_000.0 / times.iter().sum::<f64>());
            medians.push(median(times));
            let (by_socket, by_fetch) = (time(&by_socket)?, time(&by_fetch)?);
            sockets.push(by_socket);
            fetched.push(by_fetch);
            ratios.push(by_socket / by_fetch);
        }
    }
    let detail = format!(
        "{} against {} a second",
        number(median(sockets)),
        number(median(fetched))
    );
    Ok(vec![
        Row::at_least(
            "`BidiHello` in a browser: names greeted a second, each sent when the one before was",
            RATE_AIM,
            median(rates),
            "a second",
            "",
        ),
        Row::at_most(
            "the time of one of them",
            MEDIAN_AIM,
            median(medians),
            "ms",
            "",
        ),
        Row::at_least(
            "messages a second from server to browser over a socket, of those over `fetch`",
            MESSAGES_AIM,
            median(ratios),
            "",
            &detail,
        ),
    ])
}

fn time(value: &Value) -> Outcome<f64> {
    Ok(value
        .as_f64()
        .ok_or_else(|| format!("{value} is no number"))?)
}
