//! chromedriver, one for each test, and the commands to it that fantoccini has no name for.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;
use url::{ParseError, Url};

use crate::{Outcome, given};

/// How chromedriver says that it answers, on standard output.
const STARTED: &str = "started successfully on port ";
const GRACE: Duration = Duration::from_secs(5);

/// A running chromedriver; it and its browser end when this is dropped.
pub(crate) struct Driver {
    process: Child,
    /// Where it takes commands.
    pub(crate) address: String,
}

impl Driver {
    /// Starts one on a port of its own choice.
    pub(crate) fn start() -> Outcome<Self> {
        let mut process = Command::new(given("CHROMEDRIVER")?)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take().ok_or("standard output is a pipe")?;
        let mut driver = Self {
            process,
            address: String::new(),
        };
        let mut lines = BufReader::new(output).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| Some(line.split_once(STARTED)?.1.trim_end_matches('.').to_owned()))
            .ok_or("chromedriver ended before it answered")?;
        // Reads on, so that the driver never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end, it ends its browser first; killed, it would leave it behind.
        if let Ok(process) = i32::try_from(self.process.id()) {
            let _gone = kill(Pid::from_raw(process), Signal::SIGTERM);
        }
        let deadline = Instant::now() + GRACE;
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(10));
        }
        let _ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A command by its path below the session's.
#[derive(Debug)]
pub(crate) struct Raw {
    path: String,
    body: Option<Value>,
}

impl Raw {
    /// Asks for something.
    pub(crate) fn get(path: String) -> Self {
        Self { path, body: None }
    }

    /// Has something done.
    pub(crate) fn post(path: &str, body: Value) -> Self {
        Self {
            path: path.to_owned(),
            body: Some(body),
        }
    }
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        match &self.body {
            Some(body) => (Method::POST, Some(body.to_string())),
            None => (Method::GET, None),
        }
    }
}
