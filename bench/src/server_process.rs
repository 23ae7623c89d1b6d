//! A server under test: its address, memory and CPU time.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use frontdesk::user::user_service_client::UserServiceClient;
use tonic::transport::{Channel, Endpoint};

use crate::Result;

/// Precedes the server's address on its standard output.
pub(crate) const ADDRESS_PREFIX: &str = "Frontdesk is listening on ";

/// `USER_HZ`, the unit of CPU times in `/proc` on all current architectures.
const TICKS_PER_SECOND: f64 = 100.0;

pub(crate) type Users = UserServiceClient<Channel>;

/// A running server; killed when dropped.
pub(crate) struct ServerProcess {
    process: Child,
    /// Such as `http://127.0.0.1:40001`.
    pub(crate) origin: String,
}

impl ServerProcess {
    /// Starts Frontdesk with the directory at `data` and default settings. Its log is discarded.
    pub(crate) fn start(data: &Path) -> Result<Self> {
        Self::start_with(data, &[])
    }

    /// Like [`ServerProcess::start`], with additional flags.
    pub(crate) fn start_with(data: &Path, flags: &[&str]) -> Result<Self> {
        let mut command = Command::new(binary()?);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(flags);
        Self::spawn(command)
    }

    /// Starts a baseline: `tonic` or `tonic-web`.
    pub(crate) fn start_baseline(kind: &str) -> Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["serve", kind]);
        Self::spawn(command)
    }

    fn spawn(mut command: Command) -> Result<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process
            .stdout
            .take()
            .ok_or("standard output is not a pipe")?;
        let mut server = Self {
            process,
            origin: String::new(),
        };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        server.origin = lines
            .find_map(|line| {
                Some(
                    line.strip_prefix(ADDRESS_PREFIX)?
                        .trim_end_matches('/')
                        .to_owned(),
                )
            })
            .ok_or("the server ended during start")?;
        // Reads to the end, so that the server never blocks on a full pipe.
        thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    /// A client with a connection of its own.
    pub(crate) async fn users(&self) -> Result<Users> {
        let endpoint = Endpoint::from_shared(self.origin.clone())?;
        Ok(UserServiceClient::new(endpoint.connect().await?))
    }

    /// The resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.status_entry("VmRSS:")
    }

    /// The peak of the resident memory since [`ServerProcess::reset_peak_memory`], in bytes.
    pub(crate) fn peak_memory(&self) -> Result<u64> {
        self.status_entry("VmHWM:")
    }

    /// User and system CPU time in seconds, in steps of 10 ms.
    pub(crate) fn cpu_time(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name, in parentheses, may contain spaces; `utime` and `stime` are fields 14 and 15.
        let (_, fields) = stat
            .rsplit_once(')')
            .ok_or("unexpected format of /proc/<pid>/stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS_PER_SECOND)
    }

    pub(crate) fn reset_peak_memory(&self) -> Result {
        Ok(fs::write(
            format!("/proc/{}/clear_refs", self.process.id()),
            "5",
        )?)
    }

    fn status_entry(&self, entry: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(entry)?.trim().strip_suffix(" kB"))
            .ok_or("unexpected format of /proc/<pid>/status")?;
        Ok(kibibytes.parse::<u64>()? * 1024)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Fails if the process has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The binary `frontdesk`.
pub(crate) fn binary() -> Result<PathBuf> {
    Ok(frontdesk_e2e::env_var("FRONTDESK_BINARY")?.into())
}
