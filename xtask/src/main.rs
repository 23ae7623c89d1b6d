//! `cargo xtask <task>`: the commands that contributors run.
//!
//! | module | purpose |
//! |---|---|
//! | [`serve`] | builds page and server in release mode and starts the server |
//! | [`dev`] | runs server and page side by side and rebuilds them on every change |
//! | [`mod@test`] | runs every check and test |
//! | [`mod@bench`] | measures the figures of BENCHMARKS.md |
//! | [`conformance`] | runs the Connect conformance suite |
//! | [`setup`] | installs missing tools, a browser, Python and npm packages |
//! | [`page`] | builds the page when its sources have changed |
//! | [`test_server`] | starts servers for the tests |
//! | [`process`] | child processes that never outlive this one |
//! | [`lock`] | file locks between concurrent runs |
//! | [`paths`] | the checkout, its target directory, the user's cache directory |
//!
//! Supports Linux and macOS: child processes are ended by their process group.

mod bench;
mod conformance;
mod dev;
mod lock;
mod page;
mod paths;
mod process;
mod serve;
mod setup;
mod test;
mod test_server;

use std::{env, process::ExitCode};

pub(crate) type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

const HELP: &str = "\
Usage: cargo xtask <TASK>

  serve [FLAG]...    build page and server in release mode and start the server;
                     flags are passed to `frontdesk serve`
  dev [--port PORT] [--page-port PORT] [FLAG]...
                     run server (default port 50051) and page (default port 8080),
                     rebuild both on every change; other flags are passed to `frontdesk serve`
  test [STEP]...     run all checks and tests, or the named steps; `test --list` lists them
  bench [FIGURE]...  measure and write BENCHMARKS.md; `bench --list` lists the figures
  conformance [server|client]
                     run the Connect, gRPC and gRPC-Web conformance suite

Missing tools are installed into the user's cache directory.";

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let task = arguments.next();
    let arguments: Vec<String> = arguments.collect();

    let result = process::install_signal_handler().and_then(|()| match task.as_deref() {
        Some("serve") => serve::run(&arguments),
        Some("dev") => dev::run(&arguments),
        Some("test") => test::run(&arguments),
        Some("bench") => bench::run(&arguments),
        Some("conformance") => conformance::run(&arguments),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("unknown task `{other}`\n\n{HELP}").into()),
    });

    // An error that a signal caused is not reported: the handler ends the process.
    process::yield_to_signal_handler();
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
