//! The server under test: the binary, with a directory of its own.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tempfile::TempDir;

use crate::{Outcome, given, wait::until};

/// How the server says that it answers, on standard output.
const OPEN: &str = "Frontdesk is listening on ";

/// A directory, and a server of it that can be killed and started again.
pub struct Desk {
    data: TempDir,
    server: Child,
    /// `http://127.0.0.1:40001`, the same for every start.
    pub origin: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl Desk {
    /// A new directory: John Doe and the sample people.
    pub async fn open() -> Outcome<Self> {
        Self::open_with(&[]).await
    }

    /// A new directory on which `commands` have been run before the server starts.
    pub async fn open_with(commands: &[&[&OsStr]]) -> Outcome<Self> {
        let data = TempDir::new()?;
        for command in commands {
            let ended = frontdesk(data.path(), command)?.output()?;
            assert!(ended.status.success(), "{command:?} failed: {ended:?}");
        }
        let log = Arc::default();
        let (server, origin) = start(data.path(), "127.0.0.1:0", &log).await?;
        Ok(Self {
            data,
            server,
            origin,
            log,
        })
    }

    /// `kill -9`: the server has no time for anything.
    pub fn kill(&mut self) -> Outcome {
        self.server.kill()?;
        self.server.wait()?;
        Ok(())
    }

    /// Starts the server again, at the address it had.
    pub async fn restart(&mut self) -> Outcome {
        let address = self.origin.trim_start_matches("http://").to_owned();
        (self.server, _) = start(self.data.path(), &address, &self.log).await?;
        Ok(())
    }

    /// What the server has logged so far, one entry a line.
    pub fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The directory goes, too: there is nothing that it had to write.
        let _already_killed = self.kill();
    }
}

/// The binary with the directory at `data`, and no setting but those in `arguments`.
fn frontdesk(data: &Path, arguments: &[&OsStr]) -> Outcome<Command> {
    let mut command = Command::new(given("FRONTDESK_BINARY")?);
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

/// Starts a server and waits until it says where it answers.
async fn start(
    data: &Path,
    address: &str,
    log: &Arc<Mutex<Vec<String>>>,
) -> Outcome<(Child, String)> {
    let mut server = frontdesk(data, &["serve", "--listen", address].map(OsStr::new))?
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let output = server.stdout.take().ok_or("standard output is a pipe")?;
    let errors = server.stderr.take().ok_or("standard error is a pipe")?;
    let said = Arc::new(Mutex::new(Vec::new()));
    collect(output, Arc::clone(&said));
    collect(errors, Arc::clone(log));
    let origin = until("the server to open", async || {
        if let Some(status) = server.try_wait()? {
            panic!("the server ended ({status}): {log:?}");
        }
        let said = said.lock().unwrap_or_else(PoisonError::into_inner);
        let address = said
            .iter()
            .find_map(|line: &String| line.strip_prefix(OPEN));
        Ok(address.map(|address| address.trim_end_matches('/').to_owned()))
    })
    .await?;
    Ok((server, origin))
}

/// Reads to the end, so that the server never waits for a reader.
fn collect(from: impl Read + Send + 'static, into: Arc<Mutex<Vec<String>>>) {
    thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            into.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(line);
        }
    });
}
