use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tempfile::TempDir;

use crate::{TestResult, env_var, wait::until};

/// The line on standard output that states the server's address.
const READY: &str = "Frontdesk is listening on ";

/// The server binary with its own data directory. Can be killed and restarted.
pub struct TestServer {
    data: TempDir,
    process: Child,
    /// Such as `http://127.0.0.1:40001`; stays the same after a restart.
    pub origin: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl TestServer {
    /// Starts a server with a new directory: John Doe and the sample users.
    pub async fn start() -> TestResult<Self> {
        Self::start_after(&[]).await
    }

    /// Runs commands on a new directory, then starts the server.
    pub async fn start_after(commands: &[&[&OsStr]]) -> TestResult<Self> {
        let data = TempDir::new()?;
        for command in commands {
            let output = frontdesk(data.path(), command)?.output()?;
            assert!(output.status.success(), "{command:?} failed: {output:?}");
        }
        let log = Arc::default();
        let (process, origin) = spawn(data.path(), "127.0.0.1:0", &log).await?;
        Ok(Self {
            data,
            process,
            origin,
            log,
        })
    }

    /// Kills the server with SIGKILL.
    pub fn kill(&mut self) -> TestResult {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Starts the server again at the same address.
    pub async fn restart(&mut self) -> TestResult {
        let address = self.origin.trim_start_matches("http://").to_owned();
        (self.process, _) = spawn(self.data.path(), &address, &self.log).await?;
        Ok(())
    }

    /// The lines that the server has logged so far.
    pub fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let _already_killed = self.kill();
    }
}

/// The binary with the data directory `data` and no other settings from the environment.
fn frontdesk(data: &Path, arguments: &[&OsStr]) -> TestResult<Command> {
    let mut command = Command::new(env_var("FRONTDESK_BINARY")?);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("FRONTDESK_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .arg("--data")
        .arg(data)
        .current_dir(data)
        .stdin(Stdio::null());
    Ok(command)
}

/// Starts a server and waits until it accepts connections.
async fn spawn(
    data: &Path,
    address: &str,
    log: &Arc<Mutex<Vec<String>>>,
) -> TestResult<(Child, String)> {
    let mut server = frontdesk(data, &["serve", "--listen", address].map(OsStr::new))?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let stdout = server.stdout.take().ok_or("stdout is not a pipe")?;
    let stderr = server.stderr.take().ok_or("stderr is not a pipe")?;
    let output = Arc::new(Mutex::new(Vec::new()));
    collect(stdout, Arc::clone(&output));
    collect(stderr, Arc::clone(log));
    let origin = until("the server to start", async || {
        if let Some(status) = server.try_wait()? {
            panic!("the server exited ({status}): {log:?}");
        }
        let output = output.lock().unwrap_or_else(PoisonError::into_inner);
        let address = output
            .iter()
            .find_map(|line: &String| line.strip_prefix(READY));
        Ok(address.map(|address| address.trim_end_matches('/').to_owned()))
    })
    .await?;
    Ok((server, origin))
}

/// Reads lines to the end, so that the server never blocks on its output.
fn collect(from: impl Read + Send + 'static, into: Arc<Mutex<Vec<String>>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}
