//! The binary, started as people start it.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// A server that is a process of its own; ended when it is dropped.
pub(crate) struct Open {
    process: Child,
    pub(crate) url: String,
}

impl Open {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let out = process.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let url = line
            .trim()
            .strip_prefix("Frontdesk is listening on ")
            .unwrap_or_else(|| panic!("{line:?}"))
            .to_owned();
        Self { process, url }
    }

    /// The process, as the system knows it.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Where it answers.
    #[cfg(target_os = "linux")]
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        let authority = self.url.trim_start_matches("http://");
        let address = authority.trim_end_matches('/').parse();
        address.expect("an address")
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
