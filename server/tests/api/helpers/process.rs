//! The binary as a separate process.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
};

use frontdesk::user::user_service_client::UserServiceClient;
use tonic::transport::{Channel, Endpoint};

use super::frontdesk;

/// A server process; killed without warning when it is dropped.
pub(crate) struct ServerProcess {
    process: Child,
    pub(crate) url: String,
}

/// `frontdesk` with this data directory and a free port.
pub(crate) fn serve_command(data: &Path) -> Command {
    let mut command = frontdesk();
    command
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(data);
    command
}

impl ServerProcess {
    /// Starts the process and waits until it serves.
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command.stderr(Stdio::null()))
    }

    /// The same, with the log of the process.
    pub(crate) fn start_with_log(command: &mut Command) -> (Self, BufReader<ChildStderr>) {
        let mut server = Self::spawn(command.stderr(Stdio::piped()));
        let log = server.process.stderr.take().expect("captured stderr");
        (server, BufReader::new(log))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("process started");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("captured stdout");
        BufReader::new(stdout).read_line(&mut line).expect("line");
        let start = line.find("http").unwrap_or_else(|| panic!("{line:?}"));
        let url = line[start..].trim_end().trim_end_matches('/').to_owned();
        Self { process, url }
    }

    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let (_, authority) = self.url.split_once("://").expect("URL");
        authority.parse().expect("valid address")
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        let id = self.id().to_string();
        let status = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for the exit status.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        self.process.wait().expect("process exit").code()
    }

    /// A client with its own connection.
    pub(crate) async fn users(&self) -> UserServiceClient<Channel> {
        let endpoint = Endpoint::from_shared(self.url.clone()).expect("valid address");
        UserServiceClient::new(endpoint.connect().await.expect("connected"))
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
