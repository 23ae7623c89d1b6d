//! The figures, one file each.

mod hello;
mod hello_web;
mod import;
mod list;
mod lookup;
mod page;
mod scroll;
mod start;
mod visit;

use crate::{
    Outcome,
    report::{self, Row},
};

/// By these names they can be asked for, in this order they are measured.
const FIGURES: [(&str, &str); 9] = [
    ("hello", "SayHello, native, against bare tonic"),
    ("hello-web", "SayHello, gRPC-Web, against bare tonic-web"),
    ("lookup", "GetUser among a million users, against SayHello"),
    (
        "list",
        "ListUsers of a million users, against a plain SQLite loop; memory",
    ),
    ("import", "rows a second of an import"),
    (
        "start",
        "from start to first answer, a million users on disk",
    ),
    ("visit", "what the first visit transfers"),
    ("page", "100,000 users into a page, against fetch().json()"),
    ("scroll", "a million users, scrolled from end to end"),
];

/// Says what can be asked for.
pub(crate) fn list() {
    for (name, what) in FIGURES {
        println!("{name:<10} {what}");
    }
}

/// Measures those that are `wanted`, or all; only all of them make a new BENCHMARKS.md.
pub(crate) async fn measure(wanted: &[&str]) -> Outcome {
    if let Some(unknown) = wanted
        .iter()
        .find(|word| FIGURES.iter().all(|it| it.0 != **word))
    {
        return Err(format!("no figure is called `{unknown}`: see `bench --list`").into());
    }
    let mut rows = Vec::new();
    for (name, what) in FIGURES {
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
        report::write(&rows)?;
    }
    Ok(())
}

async fn one(name: &str) -> Outcome<Vec<Row>> {
    match name {
        "hello" => hello::measure(),
        "hello-web" => hello_web::measure(),
        "lookup" => lookup::measure().await,
        "list" => list::measure().await,
        "import" => import::measure(),
        "start" => start::measure(),
        "visit" => visit::measure().await,
        "page" => page::measure().await,
        _ => scroll::measure().await,
    }
}
