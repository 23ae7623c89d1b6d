//! A list of a million users in the page, scrolled from end to end.

use frontdesk_e2e::Browser;
use serde_json::json;

use crate::{
    Result,
    report::{Row, format_number},
    sample_directory::SampleDirectory,
    server_process::ServerProcess,
};

const USERS: u32 = 1_000_000;
const TASK_TARGET: f64 = 50.0;
const HEAP_TARGET: f64 = 200.0;
const MEBIBYTE: f64 = 1_048_576.0;

/// Scrolls down in 600 frames. Returns the duration of the longest task, 0 if there was no long task
/// (50 ms) as defined by browsers, and the last row that is shown at the end.
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
    const distance = list.scrollHeight - list.clientHeight;
    let frame = 0;
    const step = () => {
        frame += 1;
        list.scrollTop = distance * frame / frames;
        if (frame < frames + 30) return requestAnimationFrame(step);
        note(observer.takeRecords());
        const rows = [...list.querySelectorAll('[aria-rowindex]')];
        done({ longest, last: Math.max(...rows.map(row => Number(row.ariaRowIndex))) });
    };
    requestAnimationFrame(step);
";

/// Exposes the memory of the page's WebAssembly, which browsers do not count as heap.
const EXPOSE_MEMORY: &str = "
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const original = WebAssembly[name].bind(WebAssembly);
        WebAssembly[name] = async (...arguments_) => {
            const result = await original(...arguments_);
            window.wasmMemory = (result.instance ?? result).exports.memory;
            return result;
        };
    }
";

pub(super) async fn measure() -> Result<Vec<Row>> {
    let directory = SampleDirectory::create(USERS)?;
    let server = ServerProcess::start(directory.folder())?;
    let browser = Browser::start_unlogged(&server.origin).await?;
    let script = json!({ "source": EXPOSE_MEMORY });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", script)
        .await?;
    browser.visit("/users").await?;
    browser
        .wait_for_announcement("1,000,000 users received.")
        .await?;

    let scrolled = browser.execute_async(SCROLL, Vec::new()).await?;
    if scrolled["last"] != json!(USERS + 1) {
        return Err(format!("the last row on screen is {}", scrolled["last"]).into());
    }
    let longest = scrolled["longest"].as_f64().ok_or("no duration")?;
    let heap = browser.devtools("Runtime.getHeapUsage", json!({})).await?;
    let heap: f64 = ["usedSize", "embedderHeapUsedSize", "backingStorageSize"]
        .iter()
        .filter_map(|part| heap[part].as_f64())
        .sum();
    let wasm = browser
        .run("return window.wasmMemory.buffer.byteLength")
        .await?;
    let wasm = wasm.as_f64().ok_or("the page has no WebAssembly")?;
    let detail = format!("of which WebAssembly {}", format_number(wasm / MEBIBYTE));
    Ok(vec![
        Row::at_most(
            "a million users scrolled from end to end: longest task",
            TASK_TARGET,
            longest,
            "ms",
            if longest > 0.0 { "" } else { "no long task" },
        ),
        Row::at_most(
            "the same: JavaScript heap and WebAssembly memory",
            HEAP_TARGET,
            (heap + wasm) / MEBIBYTE,
            "MiB",
            &detail,
        ),
    ])
}
