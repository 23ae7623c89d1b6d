//! The steps of `cargo xtask test`, one function each.
//!
//! Host packages are always built with `--workspace`: a package built alone can get other features
//! of its dependencies, and they would be compiled again. Targets that `cargo test` does not
//! include by default are selected by name.

use std::{fs, net::TcpListener, path::PathBuf, process::Command};

use super::{WASM_SELECTION, report::Report};
use crate::{
    Result, conformance, page, paths,
    process::{run, run_inspected},
    setup::{browser::Browser, conformance_suite::Suite, npm, python as python_setup, tools},
    test_server::{self, Server},
};

/// Unary and server-streaming calls over tonic-web-wasm-client, and the tests that make such calls.
const TONIC_WEB_TESTS: [&str; 8] = [
    "--features",
    "frontdesk-web/tonic-web-wasm-client",
    "--test",
    "fetch",
    "--test",
    "channel",
    "--test",
    "cancellation",
];
/// `test = false` in its manifest: it needs a browser.
const BROWSER_TESTS: [&str; 3] = ["--workspace", "--test", "browser"];
/// More users than all buffers between server and page hold: a list that the page does not read
/// to its end is still being sent.
const MORE_USERS_THAN_BUFFERS_HOLD: u32 = 400_000;
/// As many as a slow client reads within two seconds, and still more than buffers hold.
const USERS_FOR_SLOW_CLIENTS: u32 = 100_000;
/// Fewer sockets than the JavaScript clients close in sequence: a socket that the server does not
/// release makes the tests fail.
const SOCKET_LIMIT: [&str; 2] = ["--max-client-sockets", "16"];
/// Fewer calls than the page's tests cancel in total, and more than they have open at once: a
/// handler that outlives its call makes the tests fail.
const CALL_LIMIT: [&str; 2] = ["--max-calls", "320"];

pub(super) fn fmt(_: &mut Report) -> Result {
    run(paths::cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn clippy(_: &mut Report) -> Result {
    tools::install_wasm_target()?;
    let clippy = |selection: &[&str]| {
        let mut clippy = paths::cargo();
        clippy.arg("clippy").args(selection);
        enable_suite(&mut clippy);
        run(clippy.args(["--", "-D", "warnings"]))
    };
    clippy(&["--workspace", "--all-targets"])?;
    clippy(&BROWSER_TESTS)?;
    clippy(&[&["--all-targets"], &WASM_SELECTION[..]].concat())
}

pub(super) fn deny(_: &mut Report) -> Result {
    // Without advisories: see deny.toml. The first run downloads crates that no build here needs:
    // cargo-deny fetches the dependencies of all platforms.
    let path = paths::path_with(&[tools::cargo_deny().folder()?])?;
    run(paths::cargo()
        .args(["deny", "--workspace", "--log-level", "error"])
        .args(["check", "licenses", "bans", "sources"])
        .env("PATH", path))
}

pub(super) fn doc(_: &mut Report) -> Result {
    tools::install_wasm_target()?;
    let doc = |selection: &[&str]| {
        let mut doc = paths::cargo();
        doc.args(["doc", "--no-deps", "--document-private-items"])
            .args(selection)
            .env("RUSTDOCFLAGS", "-D warnings");
        enable_suite(&mut doc);
        run(&mut doc)
    };
    doc(&["--workspace"])?;
    // Most of the page and of the channel is compiled for wasm32 only.
    doc(&WASM_SELECTION)
}

pub(super) fn page(_: &mut Report) -> Result {
    page::build()?;
    page::check_contents()
}

pub(super) fn host(report: &mut Report) -> Result {
    // The server embeds the page.
    page::build()?;
    run_inspected(
        paths::cargo().args(["test", "--workspace", "--no-fail-fast"]),
        |line| report.inspect_line(line),
    )
}

pub(super) fn python(report: &mut Report) -> Result {
    let clients = paths::root().join("server/tests/clients/python");
    let interpreter = python_setup::environment(&clients.join("requirements.txt"))?;
    build_server()?;
    let server = Server::start("python", 0, &[])?;
    run_inspected(
        Command::new(interpreter)
            .arg("run.py")
            .current_dir(&clients)
            .env("FRONTDESK_TEST_SERVER", &server.origin)
            .env("PYTHONDONTWRITEBYTECODE", "1"),
        |line| report.inspect_line(line),
    )
}

pub(super) fn javascript(report: &mut Report) -> Result {
    let clients = paths::root().join("server/tests/clients/javascript");
    let modules = npm::modules("clients", &clients)?;
    let browser = Browser::find_or_install()?;
    // The tests' page has another origin, which the server must allow.
    let page = format!("127.0.0.1:{}", free_port()?);
    let page_origin = format!("http://{page}");
    build_server()?;
    run(paths::cargo().args(["build", "--workspace", "--example", "descriptors"]))?;
    let descriptors = paths::target()?.join("debug/examples/descriptors");
    let flags = [["--allow-origin", &page_origin], SOCKET_LIMIT].concat();
    let server = Server::start("javascript", USERS_FOR_SLOW_CLIENTS, &flags)?;
    run_inspected(
        Command::new("node")
            .arg("run.js")
            .current_dir(&clients)
            .env("NODE_PATH", modules)
            .env("FRONTDESK_TEST_SERVER", &server.origin)
            .env("FRONTDESK_TEST_PAGE", &page)
            .env("FRONTDESK_DESCRIPTORS", descriptors)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" ")),
        |line| report.inspect_line(line),
    )
}

pub(super) fn conformance(report: &mut Report) -> Result {
    conformance::test_sides(&[], |summary| report.inspect_line(summary))
}

pub(super) fn wasm(report: &mut Report) -> Result {
    tools::install_wasm_target()?;
    let browser = Browser::find_or_install()?;
    let path = paths::path_with(&[tools::wasm_bindgen()?.folder()?])?;
    // As in `javascript`.
    let page = format!("127.0.0.1:{}", free_port()?);
    let page_origin = format!("http://{page}");
    build_server()?;
    let flags = [["--allow-origin", &page_origin], CALL_LIMIT].concat();
    let server = Server::start("wasm", MORE_USERS_THAN_BUFFERS_HOLD, &flags)?;
    let scripted = test_server::start_scripted()?;
    let capabilities = capabilities(&browser)?;
    // With the carrier that the page uses by default, then with tonic-web-wasm-client.
    for selection in [&[][..], &TONIC_WEB_TESTS] {
        run_inspected(
            paths::cargo()
                .args(["test", "--no-fail-fast"])
                .args(["--target", "wasm32-unknown-unknown"])
                .args(["--package", "frontdesk-transport"])
                .args(["--package", "frontdesk-web"])
                .args(selection)
                .env("PATH", &path)
                // Read at compile time: WebAssembly has no environment.
                .env("FRONTDESK_TEST_SERVER", &server.origin)
                .env("FRONTDESK_TEST_SCRIPTED_SERVER", &scripted.origin)
                .env("CHROMEDRIVER", &browser.driver)
                .env("WASM_BINDGEN_TEST_ADDRESS", &page)
                .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
                .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities),
            |line| report.inspect_line(line),
        )?;
    }
    Ok(())
}

pub(super) fn browser(report: &mut Report) -> Result {
    let browser = Browser::find_or_install()?;
    page::build()?;
    build_server()?;
    run_inspected(
        paths::cargo()
            .arg("test")
            .args(BROWSER_TESTS)
            .env("FRONTDESK_BINARY", paths::server_binary("debug")?)
            .env("FRONTDESK_AXE", npm::axe_script()?)
            .env("CHROME", &browser.chrome)
            .env("CHROMEDRIVER", &browser.driver)
            .env("CHROME_FLAGS", Browser::flags().join(" "))
            // A browser has many processes: more browsers at once only wait for each other.
            .env("RUST_TEST_THREADS", "2"),
        |line| report.inspect_line(line),
    )
}

/// Builds `target/debug/frontdesk` with the same features as the step `host`: building a test that
/// starts the binary builds the binary, too.
fn build_server() -> Result {
    run(paths::cargo().args(["test", "--workspace", "--no-run", "--test", "import"]))
}

/// Includes the code that depends on the conformance suite. If the suite cannot be installed, the
/// step `conformance` fails; this one only prints what it leaves out.
fn enable_suite(cargo: &mut Command) {
    match Suite::find_or_install() {
        Ok(suite) => _ = suite.enable(cargo),
        Err(error) => println!("without frontdesk-conformance: {error}"),
    }
}

/// A port that is free at the moment. Another program could bind it before the tests do, which is
/// unlikely enough.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Writes the file from which wasm-bindgen-test-runner reads how to start the browser.
fn capabilities(browser: &Browser) -> Result<PathBuf> {
    let flags: Vec<String> = Browser::flags()
        .iter()
        .map(|flag| format!("{flag:?}"))
        .collect();
    let file = paths::scratch()?.join(format!("webdriver-{}.json", std::process::id()));
    let json = format!(
        r#"{{ "goog:chromeOptions": {{ "binary": "{}", "args": [{}] }} }}"#,
        browser.chrome.display(),
        flags.join(", ")
    );
    fs::write(&file, json)?;
    Ok(file)
}
