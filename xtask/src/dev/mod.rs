//! `cargo xtask dev`: server and page side by side, rebuilt on every change.

mod changes;

use std::{
    fs,
    process::{Command, Stdio},
    sync::mpsc::RecvTimeoutError,
    time::{Duration, SystemTime},
};

use crate::{
    Outcome, page, places,
    process::{self, Group},
    setup::tools,
};

/// How long the loop sleeps where nothing changes: a child that died is noticed after that.
const TICK: Duration = Duration::from_millis(200);

/// Where `trunk serve` puts the page: the server reaches it there through its proxies.
const PAGE: &str = "http://127.0.0.1:8080";
/// The server that trunk's proxies lead to: the page makes its calls there itself.
const SERVER: &str = "http://127.0.0.1:50051";
/// The other name that people type for it.
const PAGE_BY_NAME: &str = "http://localhost:8080";

/// Runs both until Ctrl-C, or until one of them ends by itself; `flags` go to `frontdesk serve`.
pub(crate) fn run(flags: &[String]) -> Outcome {
    let changes = changes::watch()?;
    eprintln!("xtask: building the server (two to four minutes the first time)");
    process::run(&mut build())?;
    let mut server = serve(flags)?;
    // A folder of its own: `dist/` is the page for use, and is built into the server.
    let mut trunk = page::trunk(&[tools::trunk(), tools::wasm_bindgen()?])?;
    let dist = places::scratch()?.join("dev-dist");
    fs::create_dir_all(&dist)?;
    let page = Group::start(
        trunk
            .args(["serve", "--dist"])
            .arg(&dist)
            .env("FRONTDESK_PAGE_SERVER", SERVER)
            .stdin(Stdio::null()),
    )?;
    eprintln!("xtask: the page will be on {PAGE}/ when trunk has built it");

    loop {
        match changes.recv_timeout(TICK) {
            Ok(()) => {
                let before = built()?;
                // Built beside the running one, which stays when this fails.
                if process::run(&mut build()).is_err() {
                    eprintln!("xtask: that does not build: the server before it keeps running");
                } else if built()? != before {
                    server.stop();
                    server = serve(flags)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("nobody watches the files".into()),
        }
        for (name, child) in [("server", &server), ("page", &page)] {
            if let Some(status) = child.ended()? {
                process::yield_to_signal_handler();
                return Err(format!("the {name} has ended by itself: {status}").into());
            }
        }
    }
}

/// When the server was built.
fn built() -> Outcome<SystemTime> {
    Ok(fs::metadata(places::server("debug")?)?.modified()?)
}

fn build() -> Command {
    let mut build = places::cargo();
    build.args(["build", "--package", "frontdesk-server"]);
    build
}

fn serve(flags: &[String]) -> Outcome<Group> {
    let mut server = Command::new(places::server("debug")?);
    server
        .args([
            "serve",
            "--allow-origin",
            PAGE,
            "--allow-origin",
            PAGE_BY_NAME,
        ])
        .args(flags)
        .current_dir(places::root());
    Group::start(&mut server)
}
