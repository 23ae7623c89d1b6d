//! The figures of BENCHMARKS.md: Frontdesk compared to the libraries it is made of.
//!
//! `cargo xtask bench` builds what is needed and runs this program. Each figure is a ratio of two
//! measurements in alternating runs, or has an absolute limit. Every load is limited in count and
//! time.
//!
//! | module | contents |
//! |---|---|
//! | [`figures`] | one file per figure |
//! | [`baseline`] | bare tonic and tonic-web with the same handler |
//! | [`server_process`] | a server under test: its address, memory and CPU time |
//! | [`sample_directory`] | directories with many users |
//! | [`h2load`], [`tonic_load`] | load generators |
//! | [`comparison`], [`statistics`] | alternating runs, medians and percentiles |
//! | [`websocket`] | a minimal `grpc-websockets` client |
//! | [`browser_module`], [`page_server`], [`json_server`] | what a browser loads in addition to the page |
//! | [`request_body`] | encoded requests |
//! | [`build_info`], [`report`] | BENCHMARKS.md |

mod baseline;
mod browser_module;
mod build_info;
mod comparison;
mod figures;
mod h2load;
mod json_server;
mod page_server;
mod report;
mod request_body;
mod sample_directory;
mod server_process;
mod statistics;
mod tonic_load;
mod websocket;

use std::{env, process::ExitCode};

type Result<T = (), E = Box<dyn std::error::Error>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        // The baselines run as separate processes.
        ["serve", "tonic"] => baseline::serve_tonic().await,
        ["serve", "tonic-web"] => baseline::serve_tonic_web().await,
        ["--list"] => {
            figures::list();
            Ok(())
        }
        _ => figures::measure(&arguments).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
