//! A server in its own process.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use crate::binary::Workspace;

/// `frontdesk serve`; killed when it is dropped.
pub(crate) struct Server {
    process: Child,
    pub(crate) url: String,
}

impl Server {
    /// Listens on a free port.
    pub(crate) fn start(workspace: &Workspace) -> Self {
        Self::start_with(workspace, &["--listen", "127.0.0.1:0"])
    }

    pub(crate) fn start_with(workspace: &Workspace, flags: &[&str]) -> Self {
        let arguments = [&["serve", "--log", "error"], flags].concat();
        let mut process = workspace
            .frontdesk(&arguments)
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let out = process.stdout.take().expect("its output");
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).expect("a line");
        let url = line
            .trim()
            .strip_prefix("Frontdesk is listening on ")
            .unwrap_or_else(|| panic!("{line:?}"))
            .trim_end_matches('/')
            .to_owned();
        Self { process, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
