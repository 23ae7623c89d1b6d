//! One file per figure.

mod bandwidth;
mod browser_websocket;
mod catch_up;
mod first_visit;
mod hello;
mod idle_websockets;
mod import;
mod import_rpc;
mod list;
mod lookup;
mod names;
mod page;
mod pages;
mod retention;
mod scroll;
mod search;
mod start;
mod transport_size;
mod watch;
mod websocket_cpu;
mod writes;

pub(crate) use names::list;

use crate::{
    Result,
    build_info::BuildInfo,
    report::{self, Row},
};

/// Measures the named figures, or all. Only a run of all figures writes BENCHMARKS.md.
pub(crate) async fn measure(selected: &[&str]) -> Result {
    names::check(selected)?;
    let build = BuildInfo::collect()?;
    println!("{build}");
    let mut rows = Vec::new();
    for (name, description) in names::FIGURES {
        if !selected.is_empty() && !selected.contains(&name) {
            continue;
        }
        println!("=== {name}: {description}");
        let results = measure_one(name).await?;
        for row in &results {
            println!("{row}");
        }
        rows.extend(results);
    }
    if selected.is_empty() {
        report::write(&rows, &build)?;
    }
    Ok(())
}

async fn measure_one(name: &str) -> Result<Vec<Row>> {
    match name {
        "hello" => hello::measure_native(),
        "hello-web" => hello::measure_web(),
        "lookup" => lookup::measure().await,
        "list" => list::measure().await,
        "bandwidth" => bandwidth::measure(),
        "import" => import::measure(),
        "import-rpc" => import_rpc::measure().await,
        "search" => search::measure().await,
        "pages" => pages::measure().await,
        "writes" => writes::measure().await,
        "retention" => retention::measure().await,
        "watch" => watch::measure().await,
        "catch-up" => catch_up::measure().await,
        "start" => start::measure(),
        "first-visit" => first_visit::measure().await,
        "page" => page::measure().await,
        "scroll" => scroll::measure().await,
        "browser-websocket" => browser_websocket::measure().await,
        "transport-size" => transport_size::measure(),
        "idle-websockets" => idle_websockets::measure().await,
        "websocket-cpu" => websocket_cpu::measure().await,
        _ => Err(format!("the figure `{name}` is not implemented").into()),
    }
}
