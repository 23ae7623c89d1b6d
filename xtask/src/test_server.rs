//! Servers that tests run against.

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
    Result, paths,
    process::{Group, run},
};

/// Precedes the server's address on its standard output.
const ADDRESS_PREFIX: &str = "Frontdesk is listening on ";
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// A running Frontdesk server with a new directory, on a free port. When dropped, the server is
/// ended and its directory removed.
pub(crate) struct Server {
    /// Its origin, such as `http://127.0.0.1:40001`.
    pub(crate) origin: String,
    folder: PathBuf,
    _group: Group,
}

impl Server {
    /// Starts the debug binary with `flags`, for the tests called `name`, with `sample_users` users
    /// in addition to those of a new directory.
    ///
    /// Its log is written to `target/xtask/<name>.log`.
    pub(crate) fn start(name: &str, sample_users: u32, flags: &[&str]) -> Result<Self> {
        let folder = paths::scratch()?.join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let binary = paths::server_binary("debug")?;
        if sample_users > 0 {
            let mut seed = Command::new(&binary);
            remove_settings(&mut seed)
                .args(["seed", "--count", &sample_users.to_string(), "--data"])
                .arg(&folder)
                .current_dir(&folder);
            run(&mut seed)?;
        }
        let log = paths::scratch()?.join(format!("{name}.log"));

        let mut command = Command::new(binary);
        remove_settings(&mut command)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(&folder)
            .args(flags)
            .current_dir(&folder)
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?);
        let (group, address) = start_and_read(&mut command, ADDRESS_PREFIX)
            .map_err(|error| format!("{error}; see its log {}", log.display()))?;
        Ok(Self {
            origin: address,
            folder,
            _group: group,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Unix allows removing files that the server still has open; leftovers stay in target/.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A running `transport/examples/scripted_server`; ended when dropped.
pub(crate) struct ScriptedServer {
    pub(crate) origin: String,
    _group: Group,
}

/// Builds and starts the server whose responses are scripted by the tests.
///
/// Built with `--workspace`: alone, the package would get other features of its dependencies and
/// they would be compiled again.
pub(crate) fn start_scripted() -> Result<ScriptedServer> {
    run(paths::cargo().args(["build", "--workspace", "--example", "scripted_server"]))?;
    let mut command = Command::new(paths::target()?.join("debug/examples/scripted_server"));
    command.stdout(Stdio::piped());
    let (group, address) = start_and_read(&mut command, "http://")
        .map_err(|error| format!("scripted_server: {error}"))?;
    Ok(ScriptedServer {
        origin: format!("http://{address}"),
        _group: group,
    })
}

/// Starts `command`, waits for a line that begins with `prefix`, and returns the rest of that line.
fn start_and_read(command: &mut Command, prefix: &'static str) -> Result<(Group, String)> {
    let group = Group::start(command)?;
    let (sender, receiver) = mpsc::channel();
    let stdout = group
        .stdout()
        .ok_or("the server's standard output is not a pipe")?;
    // Reads to the end, so that the server never writes to a closed pipe.
    thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix(prefix) {
                // Fails if the timeout has passed.
                let _ = sender.send(rest.trim_end_matches('/').to_owned());
            }
        }
    });
    match receiver.recv_timeout(START_TIMEOUT) {
        Ok(rest) => Ok((group, rest)),
        Err(RecvTimeoutError::Timeout) => {
            let seconds = START_TIMEOUT.as_secs();
            Err(format!("the server did not start within {seconds} s").into())
        }
        Err(RecvTimeoutError::Disconnected) => Err("the server ended during start".into()),
    }
}

/// Removes the settings that the user may have made for a server of their own.
fn remove_settings(command: &mut Command) -> &mut Command {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("FRONTDESK_") {
            command.env_remove(name);
        }
    }
    command
}
