//! The figures of BENCHMARKS.md: what Frontdesk does against what its parts could do.
//!
//! `cargo xtask bench` builds what is needed and runs this. Each figure is a ratio of two things
//! that are measured in turns in one run, or a bound: what one machine does in a second says
//! little about another. Every load is bounded in count and in time.
//!
//! | module | what |
//! |---|---|
//! | [`figures`] | one file a figure |
//! | [`bare`] | what Frontdesk is measured against: tonic with the same handler and nothing else |
//! | [`calls`] | calls by tonic's own client |
//! | [`host`] | a process that serves: its address, its memory, its end |
//! | [`http`] | a server for one browser |
//! | [`json`] | the same people as a JSON array |
//! | [`load`] | h2load: so many requests, how many a second |
//! | [`parts`] | what runs in the browser besides the page |
//! | [`people`] | directories of many people |
//! | [`report`] | BENCHMARKS.md |
//! | [`socket`] | `grpc-websockets` from outside of a browser |
//! | [`source`] | what the measured binary is made from |
//! | [`wire`] | requests as bytes |

mod bare;
mod calls;
mod figures;
mod host;
mod http;
mod json;
mod load;
mod parts;
mod people;
mod report;
mod socket;
mod source;
mod statistics;
mod turns;
mod wire;

use std::{env, process::ExitCode};

/// What a measurement ends with.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        // This program is also what Frontdesk is measured against, as a process of its own.
        ["serve", "tonic"] => bare::serve_tonic().await,
        ["serve", "tonic-web"] => bare::serve_tonic_web().await,
        ["--list"] => {
            figures::list();
            Ok(())
        }
        _ => figures::measure(&words).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
