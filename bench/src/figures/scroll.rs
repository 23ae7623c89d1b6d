//! A million users in a page, scrolled from end to end.

use frontdesk_e2e::Browser;
use serde_json::json;

use crate::{
    Outcome,
    host::Host,
    people::People,
    report::{Row, number},
};

const USERS: u32 = 1_000_000;
const TASK_AIM: f64 = 50.0;
const HEAP_AIM: f64 = 200.0;
const MEBIBYTE: f64 = 1_048_576.0;

/// Scrolls down in 600 frames; hands back the longest task meanwhile, 0 where none was longer than
/// what a browser calls long (50 ms), and the last row that is shown in the end.
const SCROLL: &str = "
    const done = arguments[arguments.length - 1];
    const frames = 600;
    let longest = 0;
    const note = tasks => tasks.forEach(task => { longest = Math.max(longest, task.duration); });
    const observer = new PerformanceObserver(list => note(list.getEntries()));
    observer.observe({ type: 'longtask' });
    const list = [...document.querySelectorAll('[role=grid], [role=grid] *')]
        .find(it => it.scrollHeight > it.clientHeight + 1
            && /auto|scroll/.test(getComputedStyle(it).overflowY));
    const way = list.scrollHeight - list.clientHeight;
    let frame = 0;
    const step = () => {
        frame += 1;
        list.scrollTop = way * frame / frames;
        if (frame < frames + 30) return requestAnimationFrame(step);
        note(observer.takeRecords());
        const rows = [...list.querySelectorAll('[aria-rowindex]')];
        done({ longest, last: Math.max(...rows.map(row => Number(row.ariaRowIndex))) });
    };
    requestAnimationFrame(step);
";

/// Keeps the memory of the page's WebAssembly where it can be asked for its size: browsers don't
/// count it as heap.
const KEEP_MEMORY: &str = "
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const original = WebAssembly[name].bind(WebAssembly);
        WebAssembly[name] = async (...all) => {
            const made = await original(...all);
            window.wasmMemory = (made.instance ?? made).exports.memory;
            return made;
        };
    }
";

pub(super) async fn measure() -> Outcome<Vec<Row>> {
    let people = People::seeded(USERS)?;
    let host = Host::frontdesk(people.data())?;
    let browser = Browser::start_unlogged(&host.origin).await?;
    let script = json!({ "source": KEEP_MEMORY });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    browser.visit("/users").await?;
    browser
        .wait_for_announcement("1,000,000 people received.")
        .await?;

    let scrolled = browser.execute_async(SCROLL, Vec::new()).await?;
    if scrolled["last"] != json!(USERS + 1) {
        return Err(format!("row {} is the last that is shown", scrolled["last"]).into());
    }
    let longest = scrolled["longest"].as_f64().ok_or("no time")?;
    let heap = browser.devtools("Runtime.getHeapUsage", json!({})).await?;
    let heap: f64 = ["usedSize", "embedderHeapUsedSize", "backingStorageSize"]
        .iter()
        .filter_map(|part| heap[part].as_f64())
        .sum();
    let wasm = browser
        .run("return window.wasmMemory.buffer.byteLength")
        .await?;
    let wasm = wasm.as_f64().ok_or("the page has no WebAssembly")?;
    let detail = format!("{} of it WebAssembly's", number(wasm / MEBIBYTE));
    Ok(vec![
        Row::at_most(
            "a million users, scrolled end to end: longest task",
            TASK_AIM,
            longest,
            "ms",
            if longest > 0.0 {
                ""
            } else {
                "none that a browser calls long"
            },
        ),
        Row::at_most(
            "its heap and WebAssembly's memory",
            HEAP_AIM,
            (heap + wasm) / MEBIBYTE,
            "MiB",
            &detail,
        ),
    ])
}
