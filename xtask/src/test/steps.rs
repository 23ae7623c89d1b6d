//! The steps of the test command, one function each.

use std::{fs, net::TcpListener, path::PathBuf, process::Command};

use super::report::Report;
use crate::{
    Outcome, conformance, page, places,
    process::{run, run_watched},
    server::{self, Server},
    setup::{axe, browser::Browser, npm, python as interpreter, tools},
};

const WASM: &str = "wasm32-unknown-unknown";
/// What is compiled for the browser.
const WASM_PACKAGES: [&str; 12] = [
    "--package",
    "frontdesk",
    "--package",
    "frontdesk-bench-browser",
    "--package",
    "frontdesk-conformance",
    "--package",
    "frontdesk-fields",
    "--package",
    "frontdesk-transport",
    "--package",
    "frontdesk-web",
];
/// Unary and server-streaming calls over tonic-web-wasm-client, and the tests that make such calls.
const TONIC_WEB_TESTS: [&str; 8] = [
    "--features",
    "frontdesk-web/tonic-web-wasm-client",
    "--test",
    "fetch",
    "--test",
    "channel",
    "--test",
    "cancel",
];
/// That feature, and what benchmarks build for a browser one by one: all is looked at.
const ALL_PARTS: [&str; 2] = [
    "--features",
    "frontdesk-web/tonic-web-wasm-client,frontdesk-bench-browser/timed,frontdesk-bench-browser/ours,frontdesk-bench-browser/peer",
];
/// What is not run by `cargo test` alone has to be named to be looked at.
///
/// Everything on the host is built with `--workspace`: a package by itself may want other features
/// of what it depends on, and have half of the tree built once more.
const BROWSER_TESTS: [&str; 3] = ["--workspace", "--test", "browser"];
/// More people than fit into all buffers between the server and a page: a list of them that nobody
/// takes is still under way.
const MANY_PEOPLE: u32 = 400_000;
/// As many as slow clients take within a second or two, and still more than buffers hold.
const PEOPLE_FOR_EACH_CLIENT: u32 = 100_000;
/// Fewer sockets than the clients in JavaScript let go of in a row: one that is not let go of is
/// missed soon.
const FEW_SOCKETS: [&str; 2] = ["--max-client-sockets", "16"];
/// Fewer calls than the page's tests let go of, and more than they have at once: handlers that go on
/// are missed soon.
const FEW_CALLS: [&str; 2] = ["--max-calls", "320"];
const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

pub(super) fn fmt(_: &mut Report) -> Outcome {
    run(places::cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn clippy(_: &mut Report) -> Outcome {
    tools::wasm_target()?;
    let clippy = |scope: &[&str]| {
        run(places::cargo()
            .arg("clippy")
            .args(scope)
            .args(DENY_WARNINGS))
    };
    clippy(&["--workspace", "--all-targets"])?;
    clippy(&BROWSER_TESTS)?;
    // A workspace of its own, which nothing else here compiles.
    run(places::cargo()
        .args(["check", "--manifest-path", "transport/fuzz/Cargo.toml"])
        .arg("--target-dir")
        .arg(places::target()?))?;
    clippy(
        &[
            &["--target", WASM, "--all-targets"],
            &WASM_PACKAGES[..],
            &ALL_PARTS,
        ]
        .concat(),
    )
}

pub(super) fn deny(_: &mut Report) -> Outcome {
    // Advisories need a host that is not to be had everywhere: see deny.toml.
    let path = places::path_with(&[tools::cargo_deny().folder()?])?;
    let checks = [
        "deny",
        "--workspace",
        "--log-level",
        "error",
        "check",
        "licenses",
        "bans",
        "sources",
    ];
    run(places::cargo().args(checks).env("PATH", path))
}

pub(super) fn doc(_: &mut Report) -> Outcome {
    tools::wasm_target()?;
    let doc = |scope: &[&str]| {
        run(places::cargo()
            .arg("doc")
            .args(scope)
            .args(["--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "-D warnings"))
    };
    doc(&["--workspace"])?;
    // Most of the page, and the channel, are not there on a host.
    doc(&[&["--target", WASM], &WASM_PACKAGES[..], &ALL_PARTS].concat())
}

pub(super) fn page(_: &mut Report) -> Outcome {
    page::build()?;
    page::keeps_to_itself()
}

pub(super) fn host(report: &mut Report) -> Outcome {
    // The server holds the page: built before it, it is the page of this checkout.
    page::build()?;
    run_watched(
        places::cargo().args(["test", "--workspace", "--no-fail-fast"]),
        |line| report.line(line),
    )
}

pub(super) fn python(report: &mut Report) -> Outcome {
    let clients = places::root().join("server/tests/clients/python");
    let interpreter = interpreter::with(&clients.join("requirements.txt"))?;
    let server = built_server("python", &[])?;
    let mut tests = Command::new(interpreter);
    tests
        .arg("run.py")
        .current_dir(&clients)
        .env("FRONTDESK_TEST_SERVER", &server.address)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    run_watched(&mut tests, |line| report.line(line))
}

pub(super) fn javascript(report: &mut Report) -> Outcome {
    let clients = places::root().join("server/tests/clients/javascript");
    let modules = npm::modules("clients", &clients)?;
    let browser = Browser::ready()?;
    // As in `wasm`, the page of the tests is not the server's own.
    let page = format!("127.0.0.1:{}", free_port()?);
    build_server()?;
    run(places::cargo().args(["build", "--workspace", "--example", "descriptors"]))?;
    let descriptors = places::target()?.join("debug/examples/descriptors");
    let allow_origin = ["--allow-origin", &format!("http://{page}")];
    let flags = [allow_origin, FEW_SOCKETS].concat();
    let server = Server::start_with("debug", "javascript", PEOPLE_FOR_EACH_CLIENT, &flags)?;
    let mut tests = Command::new("node");
    tests
        .arg("run.js")
        .current_dir(&clients)
        .env("NODE_PATH", modules)
        .env("FRONTDESK_TEST_SERVER", &server.address)
        .env("FRONTDESK_TEST_PAGE", &page)
        .env("FRONTDESK_DESCRIPTORS", descriptors)
        .env("CHROME", &browser.chrome)
        .env("CHROMEDRIVER", &browser.driver)
        .env("CHROME_FLAGS", Browser::flags().join(" "));
    run_watched(&mut tests, |line| report.line(line))
}

pub(super) fn conformance(report: &mut Report) -> Outcome {
    conformance::sides(&[], |result| report.line(result))
}

pub(super) fn wasm(report: &mut Report) -> Outcome {
    tools::wasm_target()?;
    let browser = Browser::ready()?;
    let path = places::path_with(&[tools::wasm_bindgen()?.folder()?])?;
    // The page that the tests run in has another origin than the server: it has to be listed.
    let page = format!("127.0.0.1:{}", free_port()?);
    build_server()?;
    let allow_origin = ["--allow-origin", &format!("http://{page}")];
    let flags = [allow_origin, FEW_CALLS].concat();
    let server = Server::start_with("debug", "wasm", MANY_PEOPLE, &flags)?;
    let scripted = server::scripted()?;
    let capabilities = capabilities(&browser)?;
    // With the carrier that the page uses by default, then with the other one.
    for selection in [&[][..], &TONIC_WEB_TESTS] {
        run_watched(
            places::cargo()
                .args(["test", "--no-fail-fast", "--target", WASM])
                .args(["--package", "frontdesk-transport"])
                .args(["--package", "frontdesk-web"])
                .args(selection)
                .env("PATH", &path)
                // Compiled into the tests: WebAssembly has no environment to ask.
                .env("FRONTDESK_TEST_SERVER", &server.address)
                .env("FRONTDESK_TEST_SCRIPTED_SERVER", &scripted.address)
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_ADDRESS", &page)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities),
            |line| report.line(line),
        )?;
    }
    Ok(())
}

pub(super) fn browser(report: &mut Report) -> Outcome {
    let browser = Browser::ready()?;
    page::build()?;
    build_server()?;
    run_watched(
        places::cargo()
            .arg("test")
            .args(BROWSER_TESTS)
            .env("FRONTDESK_BINARY", places::server("debug")?)
            .env("FRONTDESK_AXE", axe::script()?)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" "))
            // A browser is many processes: more of them at once only wait for each other.
            .env("RUST_TEST_THREADS", "2"),
        |line| report.line(line),
    )
}

/// Builds the server as the tests have it: a test that starts the binary has it built, too.
fn build_server() -> Outcome {
    let build = ["test", "--workspace", "--no-run", "--test", "import"];
    run(places::cargo().args(build))
}

fn built_server(name: &str, flags: &[&str]) -> Outcome<Server> {
    build_server()?;
    Server::start("debug", name, flags)
}

/// A port that nobody has just now. Another program may take it before it is used, which happens
/// once in many thousand runs.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// The file that tells wasm-bindgen's runner which browser to start, and how.
fn capabilities(browser: &Browser) -> Outcome<PathBuf> {
    let flags: Vec<String> = Browser::flags()
        .iter()
        .map(|flag| format!("{flag:?}"))
        .collect();
    let file = places::scratch()?.join(format!("webdriver-{}.json", std::process::id()));
    let json = format!(
        r#"{{ "goog:chromeOptions": {{ "binary": "{}", "args": [{}] }} }}"#,
        browser.chrome.display(),
        flags.join(", ")
    );
    fs::write(&file, json)?;
    Ok(file)
}
