//! `cargo xtask conformance`: the server's layers and the page's channel under the conformance
//! suite of Connect, gRPC and gRPC-Web. The implementations under test are in `conformance/`.

use std::{path::PathBuf, process::Command};

use crate::{
    Result, paths,
    process::{run as run_command, run_inspected},
    setup::{browser::Browser, conformance_suite::Suite, tools},
};

/// One side of a call.
struct Side {
    /// The runner's `--mode`.
    name: &'static str,
    /// Builds the program under test and returns the command that starts it.
    prepare: fn(&Suite) -> Result<Command>,
}

const SIDES: [Side; 2] = [
    Side {
        name: "server",
        prepare: prepare_server,
    },
    Side {
        name: "client",
        prepare: prepare_client,
    },
];

/// Tests both sides, or the named ones, and prints the results at the end.
pub(crate) fn run(names: &[String]) -> Result {
    let known = SIDES.map(|side| side.name);
    if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("unknown side `{name}`: use {}", known.join(" or ")).into());
    }
    let mut summaries = Vec::new();
    let result = test_sides(names, |summary| summaries.push(summary.to_owned()));
    println!("\n=== conformance");
    for summary in summaries {
        println!("{summary}");
    }
    result
}

/// Tests both sides, or the named ones, and calls `report` with one line for each. An error if a
/// case fails that is not a known failure, or if a known failure passes.
pub(crate) fn test_sides(names: &[String], mut report: impl FnMut(&str)) -> Result {
    let suite = Suite::find_or_install()?;
    let mut failed = Vec::new();
    for Side { name, prepare } in SIDES {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        let mut counts = Counts::default();
        let result = prepare(&suite).and_then(|program| {
            let mut command = runner_command(&suite, name, &program);
            run_inspected(&mut command, |line| counts.inspect_line(line))
        });
        report(&counts.summary(name));
        if let Err(error) = result {
            println!("{name}: {error}");
            failed.push(name);
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    Err(format!("unexpected results: {}", failed.join(", ")).into())
}

/// The suite's runner, which starts `program` and tests it.
fn runner_command(suite: &Suite, name: &str, program: &Command) -> Command {
    let mut command = Command::new(&suite.runner);
    command
        .current_dir(paths::root())
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

fn prepare_server(suite: &Suite) -> Result<Command> {
    Ok(Command::new(build_program(suite, "conformance-server")?))
}

fn prepare_client(suite: &Suite) -> Result<Command> {
    let browser = Browser::find_or_install()?;
    let page = build_page(suite)?;
    let mut client = Command::new(build_program(suite, "conformance-client")?);
    client
        .arg(page)
        .env("CHROME", browser.chrome)
        .env("CHROME_FLAGS", Browser::flags().join(" "));
    Ok(client)
}

/// Built with `--workspace`, as the tests are: alone, the package would get other features of its
/// dependencies and they would be compiled again.
fn build_program(suite: &Suite, name: &str) -> Result<PathBuf> {
    let mut build = paths::cargo();
    build.args(["build", "--workspace", "--bin", name]);
    run_command(suite.enable(&mut build))?;
    Ok(paths::target()?.join("debug").join(name))
}

/// Builds what runs in the browser, and returns its folder.
fn build_page(suite: &Suite) -> Result<PathBuf> {
    const NAME: &str = "conformance-page";
    tools::install_wasm_target()?;
    let wasm_bindgen = tools::wasm_bindgen()?.folder()?.join("wasm-bindgen");
    let mut build = paths::cargo();
    build
        .args(["build", "--bin", NAME])
        .args(crate::test::WASM_SELECTION);
    run_command(suite.enable(&mut build))?;
    let folder = paths::scratch()?.join("conformance");
    let wasm = format!("wasm32-unknown-unknown/debug/{NAME}.wasm");
    run_command(
        Command::new(wasm_bindgen)
            .args(["--target", "web", "--no-typescript", "--out-name", "page"])
            .arg("--out-dir")
            .arg(&folder)
            .arg(paths::target()?.join(wasm)),
    )?;
    Ok(folder)
}

/// The counts that the runner prints at its end.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    total: Option<u32>,
    passed: Option<u32>,
    expected_failures: u32,
}

impl Counts {
    /// Parses `Total cases: 9`, `7 passed, 1 failed` and `(Another 1 failed as expected …`.
    fn inspect_line(&mut self, line: &str) {
        let parse = |text: &str| text.trim().parse().ok();
        if let Some(total) = line.strip_prefix("Total cases: ") {
            self.total = parse(total);
        } else if let Some((passed, _)) = line.split_once(" passed, ") {
            self.passed = parse(passed).or(self.passed);
        }
        if let Some((_, rest)) = line.split_once("(Another ") {
            let number = rest.split(' ').next().and_then(parse);
            self.expected_failures = number.unwrap_or_default();
        }
    }

    fn summary(&self, side: &str) -> String {
        match (self.total, self.passed) {
            (Some(total), Some(passed)) => format!(
                "{side:<8} {passed} of {total} passed, {} failed as expected",
                self.expected_failures
            ),
            _ => format!("{side:<8} the runner printed no result"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn the_runners_counts_are_parsed() {
        let mut counts = Counts::default();
        for line in [
            "INFO: Basic/unary passed, as it should",
            "Total cases: 1304",
            "1300 passed, 1 failed",
            "(Another 3 failed as expected due to being known failures/flakes.)",
        ] {
            counts.inspect_line(line);
        }
        let summary = counts.summary("server");
        assert!(
            summary.ends_with("1300 of 1304 passed, 3 failed as expected"),
            "{summary}"
        );
    }

    #[test]
    fn a_missing_result_is_reported() {
        let summary = Counts::default().summary("client");
        assert!(summary.contains("no result"), "{summary}");
    }
}
