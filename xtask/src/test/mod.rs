//! `cargo xtask test`: everything that has to be right before a change goes in.
//!
//! Everything is built with the profile `dev`, the page apart: one tree of dependencies for each
//! target is what takes the time, not the tests.

mod closing;
mod report;
mod steps;

use std::time::Instant;

use crate::Outcome;
use report::Report;

/// A part of the whole that can be asked for by its name.
struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&mut Report) -> Outcome,
}

/// In the order in which they run: what fails quickly first, what needs the others last.
const STEPS: [Step; 11] = [
    Step {
        name: "fmt",
        what: "formatting",
        run: steps::fmt,
    },
    Step {
        name: "clippy",
        what: "lints, host and wasm32, warnings denied",
        run: steps::clippy,
    },
    Step {
        name: "deny",
        what: "licences, duplicates and sources",
        run: steps::deny,
    },
    Step {
        name: "doc",
        what: "rustdoc, host and wasm32, warnings denied",
        run: steps::doc,
    },
    Step {
        name: "page",
        what: "the page as it is served",
        run: steps::page,
    },
    Step {
        name: "host",
        what: "unit and black-box tests",
        run: steps::host,
    },
    Step {
        name: "python",
        what: "clients in Python",
        run: steps::python,
    },
    Step {
        name: "javascript",
        what: "clients in JavaScript, in a browser",
        run: steps::javascript,
    },
    Step {
        name: "conformance",
        what: "layers and channel under the suite of Connect, gRPC and gRPC-Web",
        run: steps::conformance,
    },
    Step {
        name: "wasm",
        what: "stubs and channel in a browser",
        run: steps::wasm,
    },
    Step {
        name: "browser",
        what: "the whole, as people use it",
        run: steps::browser,
    },
];

/// Runs all steps, or those that are `wanted` by name; fails when one of them does.
///
/// A step that fails keeps none of the others from running.
pub(crate) fn run(wanted: &[String]) -> Outcome {
    if wanted.iter().any(|word| word == "--list") {
        for Step { name, what, .. } in STEPS {
            println!("{name:<11} {what}");
        }
        return Ok(());
    }
    for word in wanted {
        if !STEPS.iter().any(|step| step.name == word) {
            return Err(format!("no step is called `{word}`: see `test --list`").into());
        }
    }

    let mut report = Report::default();
    for Step { name, what, run } in STEPS {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == name) {
            continue;
        }
        report::heading(name, what);
        let start = Instant::now();
        let outcome = run(&mut report);
        report.step(name, start.elapsed(), outcome);
    }
    report.close()
}
