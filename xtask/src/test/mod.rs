//! `cargo xtask test`: every check and test that has to pass before a change is merged.
//!
//! Everything except the page is built with the profile `dev`: most of the time is spent compiling
//! dependencies, once for each target and profile.

mod report;
mod steps;
mod summary;

use std::time::Instant;

use report::Report;

use crate::Result;

/// Selects everything that is compiled for the browser, with the channel's second carrier and all
/// parts of the browser benchmarks. Commands that share this selection share their builds.
pub(crate) const WASM_SELECTION: [&str; 14] = [
    "--target",
    "wasm32-unknown-unknown",
    "--package",
    "frontdesk",
    "--package",
    "frontdesk-bench-browser",
    "--package",
    "frontdesk-conformance",
    "--package",
    "frontdesk-transport",
    "--package",
    "frontdesk-web",
    "--features",
    "frontdesk-web/tonic-web-wasm-client,frontdesk-bench-browser/timed,frontdesk-bench-browser/ours,frontdesk-bench-browser/peer",
];

struct Step {
    name: &'static str,
    description: &'static str,
    run: fn(&mut Report) -> Result,
}

/// In the order in which they run: quick failures first.
const STEPS: [Step; 11] = [
    Step {
        name: "fmt",
        description: "formatting",
        run: steps::fmt,
    },
    Step {
        name: "clippy",
        description: "lints for host and wasm32, warnings denied",
        run: steps::clippy,
    },
    Step {
        name: "deny",
        description: "licenses, duplicates and sources of dependencies",
        run: steps::deny,
    },
    Step {
        name: "doc",
        description: "rustdoc for host and wasm32, warnings denied",
        run: steps::doc,
    },
    Step {
        name: "page",
        description: "the release build of the page",
        run: steps::page,
    },
    Step {
        name: "host",
        description: "unit and black-box tests",
        run: steps::host,
    },
    Step {
        name: "python",
        description: "Python clients",
        run: steps::python,
    },
    Step {
        name: "javascript",
        description: "JavaScript clients in a browser",
        run: steps::javascript,
    },
    Step {
        name: "conformance",
        description: "Connect, gRPC and gRPC-Web conformance suite, server and page",
        run: steps::conformance,
    },
    Step {
        name: "wasm",
        description: "stubs and channel in a browser",
        run: steps::wasm,
    },
    Step {
        name: "browser",
        description: "end-to-end tests of page and server in a browser",
        run: steps::browser,
    },
];

/// Runs all steps, or those called `names`. Every step runs, also after a failed one; returns an
/// error if any has failed.
pub(crate) fn run(names: &[String]) -> Result {
    if names.iter().any(|name| name == "--list") {
        for step in STEPS {
            println!("{:<11} {}", step.name, step.description);
        }
        return Ok(());
    }
    for name in names {
        if !STEPS.iter().any(|step| step.name == name) {
            return Err(format!("unknown step `{name}`: see `cargo xtask test --list`").into());
        }
    }

    let mut report = Report::default();
    for step in STEPS {
        if !names.is_empty() && !names.iter().any(|name| name == step.name) {
            continue;
        }
        report::print_heading(step.name, step.description);
        let start = Instant::now();
        let result = (step.run)(&mut report);
        report.end_step(step.name, start.elapsed(), result);
    }
    report.close()
}
