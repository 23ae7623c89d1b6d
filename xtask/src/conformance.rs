//! `cargo xtask conformance`: the server's layers and the page's channel under the suite of Connect,
//! gRPC and gRPC-Web. What is tested is in the package `conformance/`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    Outcome, places,
    process::{run as run_command, run_watched},
    setup::{browser::Browser, runner, tools},
};

const WASM: &str = "wasm32-unknown-unknown";
const PAGE: &str = "conformance-page";

/// One side of a call.
struct Side {
    /// In the suite's words.
    name: &'static str,
    /// What is needed beside the program that the runner starts, and that program with it.
    ready: fn() -> Outcome<Command>,
}

const SIDES: [Side; 2] = [
    Side {
        name: "server",
        ready: server,
    },
    Side {
        name: "client",
        ready: client,
    },
];

/// Tests both sides, or those that are `wanted` by name, and closes with the results.
pub(crate) fn run(wanted: &[String]) -> Outcome {
    let names = SIDES.map(|side| side.name);
    if let Some(word) = wanted.iter().find(|word| !names.contains(&word.as_str())) {
        return Err(format!("no side is called `{word}`: {}", names.join(", ")).into());
    }
    let mut results = Vec::new();
    let outcome = sides(wanted, |result| results.push(result.to_owned()));
    println!("\n=== conformance");
    for result in results {
        println!("{result}");
    }
    outcome
}

/// Tests both sides, or those that are `wanted`; `result` is told in a line what came of each. Fails
/// where a case fails that is not known to, or passes that is.
pub(crate) fn sides(wanted: &[String], mut result: impl FnMut(&str)) -> Outcome {
    let runner = runner::ready()?;
    let mut failed = Vec::new();
    for Side { name, ready } in SIDES {
        if !wanted.is_empty() && !wanted.iter().any(|word| word == name) {
            continue;
        }
        let mut counts = Counts::default();
        let outcome = ready().and_then(|program| {
            let mut command = under(&runner, name, &program);
            run_watched(&mut command, |line| counts.line(line))
        });
        result(&counts.told_of(name));
        if let Err(error) = outcome {
            println!("{name}: {error}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("not as expected: {}", failed.join(", ")).into())
}

/// The runner, told what to start and what is known not to pass.
fn under(runner: &Path, name: &str, program: &Command) -> Command {
    let mut command = Command::new(runner);
    command
        .current_dir(places::root())
        .args(["--mode", name])
        .arg(format!("--conf=conformance/{name}.yaml"))
        .arg(format!(
            "--known-failing=@conformance/known-failing-{name}.txt"
        ))
        .arg("--")
        .arg(program.get_program())
        .args(program.get_args());
    for (name, value) in program.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command
}

fn server() -> Outcome<Command> {
    Ok(Command::new(built("conformance-server")?))
}

fn client() -> Outcome<Command> {
    let browser = Browser::ready()?;
    let page = page()?;
    let mut client = Command::new(built("conformance-client")?);
    client
        .arg(page)
        .env("CHROME", browser.chrome)
        .env("CHROME_FLAGS", Browser::flags().join(" "));
    Ok(client)
}

/// A program of ours. With the whole workspace, as the tests are built: by itself it would want other
/// features of what it depends on.
fn built(program: &str) -> Outcome<PathBuf> {
    run_command(places::cargo().args(["build", "--workspace", "--bin", program]))?;
    Ok(places::server("debug")?.with_file_name(program))
}

/// The folder with what the browser is to run.
fn page() -> Outcome<PathBuf> {
    tools::wasm_target()?;
    let wasm_bindgen = tools::wasm_bindgen()?.folder()?.join("wasm-bindgen");
    run_command(
        places::cargo()
            .args(["build", "--target", WASM, "--package"])
            .args(["frontdesk-conformance", "--bin", PAGE]),
    )?;
    let folder = places::scratch()?.join("conformance");
    let program = places::target()?.join(WASM).join("debug").join(PAGE);
    run_command(
        Command::new(wasm_bindgen)
            .args(["--target", "web", "--no-typescript", "--out-name", "page"])
            .arg("--out-dir")
            .arg(&folder)
            .arg(program.with_extension("wasm")),
    )?;
    Ok(folder)
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
