//! `cargo xtask serve | dev | test | bench | conformance`: one place for what README tells people to type.
//!
//! | module | what it does |
//! |---|---|
//! | [`serve`] | builds page and server for use and becomes the server |
//! | [`dev`] | server and page side by side, rebuilt on every change |
//! | [`mod@test`] | everything that has to be right before a change goes in |
//! | [`mod@bench`] | the figures of BENCHMARKS.md |
//! | [`conformance`] | our layers and our channel under the suite of Connect, gRPC and gRPC-Web |
//! | [`setup`] | what has to be on the machine: tools, a browser, Python's and npm's packages |
//! | [`page`] | the page, built when something it is made of has changed |
//! | [`server`] | a started server, for the tests |
//! | [`process`] | child processes that never outlive this one |
//! | [`lock`] | what only one run may do at a time |
//! | [`places`] | where things lie |
//!
//! Runs on Linux and macOS: child processes are ended by their process group.

mod bench;
mod conformance;
mod dev;
mod lock;
mod page;
mod places;
mod process;
mod serve;
mod server;
mod setup;
mod test;

use std::{env, process::ExitCode};

/// What a task ends with: nothing more, or one line on what went wrong.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const HELP: &str = "\
Usage: cargo xtask <task>

  serve [flag...]   build page and server for use, and start; flags go to `frontdesk serve`
  dev [flag...]     server and page side by side, rebuilt on every change; page on port 8080
  test [step...]    all checks and tests, or the named steps; `test --list` names them
  bench [figure...] measure, and write BENCHMARKS.md; `bench --list` names the figures
  conformance [server|client]
                    layers and channel under the suite of Connect, gRPC and gRPC-Web

Tools are kept in the user's cache folder and installed when they are missing.";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let task = arguments.next();
    let rest: Vec<String> = arguments.collect();

    let outcome = process::end_children_on_signal().and_then(|()| match task.as_deref() {
        Some("serve") => serve::run(&rest),
        Some("dev") => dev::run(&rest),
        Some("test") => test::run(&rest),
        Some("bench") => bench::run(&rest),
        Some("conformance") => conformance::run(&rest),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("no task is called `{other}`\n\n{HELP}").into()),
    });

    // Where a signal came in, whatever failed by it is no news: the handler ends the process.
    process::yield_to_signal_handler();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
