//! chromedriver, one for each test, and the commands to it that fantoccini has no name for.

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

use crate::{Outcome, given};

/// How chromedriver says that it answers, on standard output.
const STARTED: &str = "started successfully on port ";
/// How long a browser may take to end.
const GRACE: Duration = Duration::from_secs(10);

/// A running chromedriver; it and its browser end when this is dropped.
pub struct Driver {
    process: Child,
    /// Where it takes commands.
    pub address: String,
    /// The browser that it drives, when there is one.
    pub session: Option<String>,
}

impl Driver {
    /// Starts one on a port of its own choice: free for IPv4 as it chooses it, it may be taken for IPv6,
    /// and then chromedriver ends.
    pub fn start() -> Outcome<Self> {
        const TRIES: usize = 5;
        let mut said = String::new();
        for _ in 0..TRIES {
            match Self::try_start()? {
                Ok(driver) => return Ok(driver),
                Err(words) => said = words,
            }
        }
        Err(format!("chromedriver ended before it answered, {TRIES} times: {said}").into())
    }

    /// A driver, or what it said before it ended.
    fn try_start() -> Outcome<Result<Self, String>> {
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
            session: None,
        };
        let mut lines = BufReader::new(output).lines();
        let mut said = Vec::new();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let port = line.split_once(STARTED);
            let port = port.map(|(_, port)| port.trim_end_matches('.').to_owned());
            said.push(line);
            port
        });
        let Some(port) = port else {
            return Ok(Err(said.join("; ")));
        };
        // Reads on, so that the driver never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        driver.address = format!("http://127.0.0.1:{port}");
        Ok(Ok(driver))
    }
}

impl Driver {
    /// Ends the browser: a driver that is ended leaves it behind.
    ///
    /// By hand, because it has to work where a test has failed and nobody waits for futures.
    fn end_session(&self) -> io::Result<()> {
        let (Some(session), Some((_, host))) = (&self.session, self.address.split_once("//"))
        else {
            return Ok(());
        };
        let mut connection = TcpStream::connect(host)?;
        connection.set_read_timeout(Some(GRACE))?;
        write!(
            connection,
            "DELETE /session/{session} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        )?;
        // The answer is the end of the browser; the driver keeps the connection open after it.
        connection.read_exact(&mut [0])?;
        Ok(())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _browser_gone = self.end_session();
        let _driver_gone = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// A command by its path below the session's.
#[derive(Debug)]
pub struct Raw {
    path: String,
    body: Option<Value>,
}

impl Raw {
    /// Asks for something.
    #[must_use]
    pub fn get(path: String) -> Self {
        Self { path, body: None }
    }

    /// Has something done.
    #[must_use]
    pub fn post(path: &str, body: Value) -> Self {
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
