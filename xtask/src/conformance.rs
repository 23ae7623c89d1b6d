//! `cargo xtask conformance`: the server's layers and the page's channel under the suite of Connect,
//! gRPC and gRPC-Web. What is tested is in the package `conformance/`.

use std::process::Command;

use crate::{
    Outcome, places,
    process::{run as run_command, run_watched},
    setup::runner,
};

/// What stands in the suite's words for one side of a call.
struct Side {
    name: &'static str,
    program: &'static str,
}

const SIDES: [Side; 1] = [Side {
    name: "server",
    program: "conformance-server",
}];

/// Tests all sides, or those that are `wanted` by name; fails where a case fails that is not known
/// to, or passes that is.
pub(crate) fn run(wanted: &[String]) -> Outcome {
    let names = SIDES.map(|side| side.name);
    if let Some(word) = wanted.iter().find(|word| !names.contains(&word.as_str())) {
        return Err(format!("`{word}` is not tested: {}", names.join(", ")).into());
    }
    let runner = runner::ready()?;
    let mut results = Vec::new();
    let mut failed = Vec::new();
    for side in SIDES {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == side.name) {
            continue;
        }
        let build = ["build", "--workspace", "--bin", side.program];
        run_command(places::cargo().args(build))?;
        let mut counts = Counts::default();
        let outcome = run_watched(side.under(&runner)?.current_dir(places::root()), |line| {
            counts.line(line);
        });
        results.push(counts.told_of(side.name));
        if let Err(error) = outcome {
            println!("{}: {error}", side.name);
            failed.push(side.name);
        }
    }
    println!("\n=== conformance");
    for result in results {
        println!("{result}");
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("not as expected: {}", failed.join(", ")).into())
}

impl Side {
    /// The runner, told what to start and what is known not to pass.
    fn under(&self, runner: &std::path::Path) -> Outcome<Command> {
        let Self { name, program } = self;
        let mut command = Command::new(runner);
        command
            .args(["--mode", name])
            .arg(format!("--conf=conformance/{name}.yaml"))
            .arg(format!(
                "--known-failing=@conformance/known-failing-{name}.txt"
            ))
            .arg("--")
            .arg(places::server("debug")?.with_file_name(program));
        Ok(command)
    }
}

/// What the runner closes with.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    run: Option<u32>,
    passed: Option<u32>,
    expected: u32,
}

impl Counts {
    /// Takes `Total cases: 9`, `7 passed, 1 failed` and `(Another 1 failed as expected …`.
    fn line(&mut self, line: &str) {
        let number = |words: Option<&str>| words.and_then(|words| words.trim().parse().ok());
        if let Some(run) = line.strip_prefix("Total cases: ") {
            self.run = number(Some(run));
        } else if let Some((passed, _)) = line.split_once(" passed, ") {
            self.passed = number(Some(passed)).or(self.passed);
        }
        if let Some((_, rest)) = line.split_once("(Another ") {
            self.expected = number(rest.split(' ').next()).unwrap_or_default();
        }
    }

    fn told_of(&self, side: &str) -> String {
        match (self.run, self.passed) {
            (Some(run), Some(passed)) => format!(
                "{side:<8} {passed} of {run} passed, {} failed as expected",
                self.expected
            ),
            _ => format!("{side:<8} the runner came to no result"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn what_the_runner_closes_with_is_understood() {
        let mut counts = Counts::default();
        for line in [
            "INFO: Basic/unary passed, as it should",
            "Total cases: 1304",
            "1300 passed, 1 failed",
            "(Another 3 failed as expected due to being known failures/flakes.)",
        ] {
            counts.line(line);
        }
        let told = counts.told_of("server");
        assert!(
            told.ends_with("1300 of 1304 passed, 3 failed as expected"),
            "{told}"
        );
    }

    #[test]
    fn no_result_is_told_as_such() {
        let told = Counts::default().told_of("client");
        assert!(told.contains("no result"), "{told}");
    }
}
