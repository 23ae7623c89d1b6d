//! `cargo xtask dev`: server and page side by side, rebuilt on every change.

mod options;
mod watcher;

use std::{
    fs,
    process::{Command, Stdio},
    sync::mpsc::RecvTimeoutError,
    time::{Duration, SystemTime},
};

use options::Options;

use crate::{
    Result, page, paths,
    process::{self, Group},
    setup::tools,
};

/// How often the children are checked while no source changes.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// The server that Trunk.toml's proxies lead to.
const DEFAULT_SERVER: &str = "127.0.0.1:50051";

/// Runs both until Ctrl-C, or until one of them ends by itself.
pub(crate) fn run(arguments: &[String]) -> Result {
    let options = Options::parse(arguments)?;
    options.check_ports()?;
    let changes = watcher::watch()?;
    eprintln!(
        "xtask: building the server, then the page \
         (the first time two to three minutes each on two cores)"
    );
    process::run(&mut build_server())?;
    let mut server = start_server(&options)?;
    let page = start_page(&options)?;

    loop {
        match changes.recv_timeout(POLL_INTERVAL) {
            Ok(()) => {
                let previous = build_time()?;
                if process::run(&mut build_server()).is_err() {
                    eprintln!("xtask: the build failed: the previous server keeps running");
                } else if build_time()? != previous {
                    server.stop();
                    server = start_server(&options)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err("the file watcher has ended".into()),
        }
        for (name, child) in [("server", &server), ("page", &page)] {
            if let Some(status) = child.try_wait()? {
                process::yield_to_signal_handler();
                return Err(format!("the {name} has ended: {status}").into());
            }
        }
    }
}

/// When the server's binary was written.
fn build_time() -> Result<SystemTime> {
    Ok(fs::metadata(paths::server_binary("debug")?)?.modified()?)
}

/// With `--workspace`, as the tests are built, to share their builds of dependencies.
fn build_server() -> Command {
    let mut build = paths::cargo();
    build.args(["build", "--workspace", "--bin", "frontdesk"]);
    build
}

fn start_server(options: &Options) -> Result<Group> {
    let Options {
        port, page_port, ..
    } = options;
    let mut server = Command::new(paths::server_binary("debug")?);
    server.arg("serve");
    for address in ["127.0.0.1", "[::1]"] {
        server.args(["--listen", &format!("{address}:{port}")]);
    }
    // The page calls the server directly: trunk does not proxy WebSockets (see Trunk.toml).
    for host in ["127.0.0.1", "localhost"] {
        server.args(["--allow-origin", &format!("http://{host}:{page_port}")]);
    }
    server
        .args(&options.server_flags)
        .current_dir(paths::root());
    Group::start(&mut server)
}

/// Starts `trunk serve`, with `dist/` elsewhere: there it is the release build, which the server
/// embeds.
fn start_page(options: &Options) -> Result<Group> {
    let server = format!("127.0.0.1:{}", options.port);
    let root = paths::root();
    let mut config = root.join("Trunk.toml");
    if server != DEFAULT_SERVER {
        // Trunk resolves paths relative to its configuration and has no flag for several proxies.
        let text = fs::read_to_string(&config)?.replace(DEFAULT_SERVER, &server);
        config = root.join(".trunk-dev.toml");
        fs::write(&config, text)?;
    }
    let dist = paths::scratch()?.join("dev-dist");
    fs::create_dir_all(&dist)?;
    let page = Group::start(
        page::trunk(&[tools::trunk(), tools::wasm_bindgen()?])?
            .arg("--config")
            .arg(config)
            .args(["serve", "--port", &options.page_port.to_string()])
            .arg("--dist")
            .arg(&dist)
            .env("FRONTDESK_PAGE_SERVER", format!("http://{server}"))
            .stdin(Stdio::null()),
    )?;
    let port = options.page_port;
    eprintln!("xtask: open http://127.0.0.1:{port}/ when trunk has built the page");
    Ok(page)
}
