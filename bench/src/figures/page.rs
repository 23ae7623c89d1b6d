//! 100,000 users into a page: how long until the last row is there, and until the first is seen.

use frontdesk_e2e::Browser;
use serde_json::Value;

use crate::{
    Outcome,
    host::Host,
    json,
    people::People,
    report::{Row, number},
    statistics::median,
};

const USERS: u32 = 100_000;
const RUNS: usize = 9;
const AIM: f64 = 0.8;
const FIRST_AIM: f64 = 100.0;

/// Goes to the directory as a visitor does, and takes the time from the click: until a frame that
/// has the first row in it, and until the page says that all are there.
const STREAM: &str = "
    const done = arguments[arguments.length - 1];
    const link = [...document.querySelectorAll('a')].find(it => it.textContent === 'Directory');
    const began = performance.now();
    let first = null;
    const look = () => {
        if (first === null && document.querySelector('[role=grid] [aria-rowindex=\"2\"] a')) {
            first = 0;
            requestAnimationFrame(() => { first = performance.now() - began; });
        }
        const said = document.querySelector('main')?.textContent ?? '';
        if (first > 0 && said.includes('100,000 people received.')) {
            observer.disconnect();
            done({ first, last: performance.now() - began });
        }
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    link.click();
";

const FETCH: &str = "
    const done = arguments[arguments.length - 1];
    const began = performance.now();
    fetch(arguments[0]).then(answer => answer.json()).then(people =>
        done({ last: performance.now() - began, count: people.length }));
";

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let host = Host::frontdesk(people.data())?;
    let plain = json::serve(&people.database()).await?;
    let browser = Browser::start_unlogged(&host.origin).await?;

    let (mut first, mut last) = (Vec::new(), Vec::new());
    let (mut fetched, mut ready) = (Vec::new(), Vec::new());
    // One of each does not count: it fetches and compiles.
    for run in 0..=RUNS {
        browser.visit("/").await?;
        browser.wait_for_heading("Greet").await?;
        let times = browser.execute_async(STREAM, Vec::new()).await?;
        browser.goto(&plain).await?;
        let fetch = browser
            .execute_async(FETCH, vec!["/users.json".into()])
            .await?;
        let lay_ready = browser
            .execute_async(FETCH, vec!["/ready.json".into()])
            .await?;
        if run > 0 {
            first.push(milliseconds(&times["first"])?);
            last.push(milliseconds(&times["last"])?);
            fetched.push(milliseconds(&fetch["last"])?);
            ready.push(milliseconds(&lay_ready["last"])?);
        }
    }
    let (last, fetched) = (median(last), median(fetched));
    let detail = format!(
        "{} ms against {} ms; {} ms where the array lies ready in the server's memory",
        number(last),
        number(fetched),
        number(median(ready))
    );
    Ok(vec![
        Row::at_most(
            "100,000 users into a page, click to last row, of the time of `fetch().json()` of the same rows from the same database",
            AIM,
            last / fetched,
            "",
            &detail,
        ),
        Row::at_most(
            "its first row on screen",
            FIRST_AIM,
            median(first),
            "ms",
            "",
        ),
    ])
}

fn milliseconds(value: &Value) -> Outcome<f64> {
    Ok(value
        .as_f64()
        .ok_or_else(|| format!("{value} is no time"))?)
}
