//! The figures, one file each.

mod added;
mod echo;
mod find;
mod forget;
mod hello;
mod hello_web;
mod import;
mod importing;
mod line;
mod list;
mod lookup;
mod missed;
mod names;
mod page;
mod pages;
mod scroll;
mod sockets;
mod start;
mod talk;
mod visit;
mod watched;
mod writes;

use crate::{
    Outcome,
    report::{self, Row},
    source::Source,
};

pub(crate) use names::list;

/// Measures those that are `wanted`, or all; only all of them make a new BENCHMARKS.md.
pub(crate) async fn measure(wanted: &[&str]) -> Outcome {
    names::check(wanted)?;
    let source = Source::now()?;
    println!("{source}");
    let mut rows = Vec::new();
    for (name, what) in names::FIGURES {
        if !wanted.is_empty() && !wanted.contains(&name) {
            continue;
        }
        println!("=== {name}: {what}");
        let found = one(name).await?;
        for row in &found {
            println!("{row}");
        }
        rows.extend(found);
    }
    if wanted.is_empty() {
        report::write(&rows, &source)?;
    }
    Ok(())
}

async fn one(name: &str) -> Outcome<Vec<Row>> {
    match name {
        "hello" => hello::measure(),
        "hello-web" => hello_web::measure(),
        "lookup" => lookup::measure().await,
        "list" => list::measure().await,
        "line" => line::measure(),
        "import" => import::measure(),
        "importing" => importing::measure().await,
        "find" => find::measure().await,
        "pages" => pages::measure().await,
        "writes" => writes::measure().await,
        "forget" => forget::measure().await,
        "watched" => watched::measure().await,
        "missed" => missed::measure().await,
        "start" => start::measure(),
        "visit" => visit::measure().await,
        "page" => page::measure().await,
        "scroll" => scroll::measure().await,
        "talk" => talk::measure().await,
        "added" => added::measure(),
        "sockets" => sockets::measure().await,
        _ => echo::measure().await,
    }
}
