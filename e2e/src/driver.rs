//! chromedriver, and commands that fantoccini does not provide.

use std::{
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::Value;
use url::{ParseError, Url};

use crate::{TestResult, env_var};

/// Precedes the port on chromedriver's standard output.
const READY: &str = "started successfully on port ";
const BROWSER_EXIT_TIMEOUT: Duration = Duration::from_secs(10);

/// A running chromedriver. Stops it and its browser on drop.
pub struct Driver {
    process: Child,
    pub address: String,
    /// The `WebDriver` session of the browser, once it is started.
    pub session: Option<String>,
}

impl Driver {
    /// Starts chromedriver on a port of its choice. It picks one that is free for IPv4 and exits if
    /// that is in use for IPv6: retried a few times.
    pub fn start() -> TestResult<Self> {
        const ATTEMPTS: usize = 5;
        let mut last = String::new();
        for _ in 0..ATTEMPTS {
            match Self::try_start()? {
                Ok(driver) => return Ok(driver),
                Err(output) => last = output,
            }
        }
        Err(format!("chromedriver failed to start {ATTEMPTS} times: {last}").into())
    }

    /// Returns the output of chromedriver if it exits before it is ready.
    fn try_start() -> TestResult<Result<Self, String>> {
        let mut process = Command::new(env_var("CHROMEDRIVER")?)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("stdout is not a pipe")?;
        let mut driver = Self {
            process,
            address: String::new(),
            session: None,
        };
        let mut lines = BufReader::new(stdout).lines();
        let mut output = Vec::new();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let port = line.split_once(READY);
            let port = port.map(|(_, port)| port.trim_end_matches('.').to_owned());
            output.push(line);
            port
        });
        let Some(port) = port else {
            return Ok(Err(output.join("; ")));
        };
        // Keeps reading, so that chromedriver never blocks on its output.
        thread::spawn(move || lines.for_each(drop));
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(Ok(driver))
    }

    /// Closes the browser, which would survive chromedriver. With blocking I/O, because it runs in
    /// `drop`, also while a failed test unwinds.
    fn end_session(&self) -> io::Result<()> {
        let (Some(session), Some((_, host))) = (&self.session, self.address.split_once("//"))
        else {
            return Ok(());
        };
        let mut connection = TcpStream::connect(host)?;
        connection.set_read_timeout(Some(BROWSER_EXIT_TIMEOUT))?;
        write!(
            connection,
            "DELETE /session/{session} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        )?;
        // chromedriver responds once the browser has exited, and keeps the connection open.
        connection.read_exact(&mut [0])?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _session_ended = self.end_session();
        let _killed = self.process.kill();
        let _exited = self.process.wait();
    }
}

/// A command by its path below the session.
#[derive(Debug)]
pub struct RawCommand {
    path: String,
    body: Option<Value>,
}

impl RawCommand {
    #[must_use]
    pub fn get(path: String) -> Self {
        Self { path, body: None }
    }

    #[must_use]
    pub fn post(path: &str, body: Value) -> Self {
        Self {
            path: path.to_owned(),
            body: Some(body),
        }
    }
}

impl WebDriverCompatibleCommand for RawCommand {
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
