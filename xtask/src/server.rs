//! A server for the tests: a new directory, a port that was free.

use std::{
    env,
    fs::{self, File},
    io::BufRead as _,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::{
    Outcome, places,
    process::{Group, run},
};

/// How the server says that it answers, on standard output.
const OPEN: &str = "Frontdesk is open on ";
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; ended, and its directory removed, when dropped.
pub(crate) struct Server {
    /// Where it answers, without a slash at the end: `http://127.0.0.1:40001`.
    pub(crate) address: String,
    folder: PathBuf,
    _group: Group,
}

impl Server {
    /// Starts the binary that `profile` built, for the tests called `name`, with further `flags`.
    ///
    /// What it logs lies in `target/xtask/<name>.log` afterwards.
    pub(crate) fn start(profile: &str, name: &str, flags: &[&str]) -> Outcome<Self> {
        Self::start_with(profile, name, 0, flags)
    }

    /// The same, with so many sample people more than a new directory has.
    pub(crate) fn start_with(
        profile: &str,
        name: &str,
        people: u32,
        flags: &[&str],
    ) -> Outcome<Self> {
        let folder = places::scratch()?.join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        if people > 0 {
            let mut seed = Command::new(places::server(profile)?);
            without_settings(&mut seed)
                .args(["seed", "--count", &people.to_string(), "--data"])
                .arg(&folder)
                .current_dir(&folder);
            run(&mut seed)?;
        }
        let log = places::scratch()?.join(format!("{name}.log"));

        let mut command = Command::new(places::server(profile)?);
        without_settings(&mut command)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .args(flags)
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?);
        let said = format!("what it said: {}", log.display());
        let (group, address) =
            first_line(&mut command, OPEN).map_err(|it| format!("{it}; {said}"))?;
        Ok(Self {
            address,
            folder,
            _group: group,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The files of a running server may be removed on Unix; what stays is in target/.
        let _left = fs::remove_dir_all(&self.folder);
    }
}

/// A running `transport/examples/scripted_server`; stopped when dropped.
pub(crate) struct ScriptedServer {
    /// Its origin.
    pub(crate) address: String,
    _group: Group,
}

/// Builds and starts the server whose responses are scripted by the tests.
///
/// Built before it is waited for, and with the workspace: alone it would want other features of
/// what it depends on, and a clean clone would build half of the tree once more.
pub(crate) fn scripted() -> Outcome<ScriptedServer> {
    let build = ["build", "--workspace", "--example", "scripted_server"];
    run(places::cargo().args(build))?;
    let mut command = Command::new(places::target()?.join("debug/examples/scripted_server"));
    command.stdout(Stdio::piped());
    let (group, address) =
        first_line(&mut command, "http://").map_err(|it| format!("scripted_server: {it}"))?;
    Ok(ScriptedServer {
        address: format!("http://{address}"),
        _group: group,
    })
}

/// Starts `command` and waits for the line that begins with `opening`: what follows in it.
fn first_line(command: &mut Command, opening: &'static str) -> Outcome<(Group, String)> {
    let group = Group::start(command)?;
    let (sender, receiver) = mpsc::channel();
    let output = group
        .output()
        .ok_or("the server's standard output is no pipe")?;
    // Reads on after that line, so that the server never writes to a closed pipe.
    thread::spawn(move || {
        for line in output.lines().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(opening) {
                let _nobody_waits = sender.send(rest.trim_end_matches('/').to_owned());
            }
        }
    });
    match receiver.recv_timeout(PATIENCE) {
        Ok(rest) => Ok((group, rest)),
        Err(RecvTimeoutError::Timeout) => {
            Err(format!("the server did not open within {} s", PATIENCE.as_secs()).into())
        }
        Err(RecvTimeoutError::Disconnected) => Err("the server ended before it opened".into()),
    }
}

/// Takes off what the user may have set for a server of their own.
fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("FRONTDESK_") {
            command.env_remove(name);
        }
    }
    command
}
