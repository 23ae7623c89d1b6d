//! The log of the server process.

mod access;
mod content;
mod sockets;

use std::{
    io::{BufRead as _, BufReader},
    process::ChildStderr,
};

use tempfile::TempDir;

use crate::helpers::{HttpClient, ServerProcess, Version, serve_command};

/// The target of the access log.
const ACCESS: &str = "frontdesk::access";

/// A server process and its log.
struct LoggingServer {
    client: HttpClient,
    log: BufReader<ChildStderr>,
    _process: ServerProcess,
    _data: TempDir,
}

impl LoggingServer {
    fn start(arguments: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("temporary directory");
        let mut command = serve_command(data.path());
        let (process, log) = ServerProcess::start_with_log(command.args(arguments));
        let (address, version) = (process.address(), Version::Http1);
        Self {
            client: HttpClient { address, version },
            log,
            _process: process,
            _data: data,
        }
    }

    fn next_line(&mut self) -> String {
        let mut line = String::new();
        let read = self.log.read_line(&mut line).expect("line");
        assert_ne!(read, 0, "end of the log");
        line
    }

    /// The next line that contains `text`.
    fn next_line_with(&mut self, text: &str) -> String {
        loop {
            let line = self.next_line();
            if line.contains(text) {
                return line;
            }
        }
    }
}
