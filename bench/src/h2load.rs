//! Requests per second, measured by h2load.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::Result;

/// A run that takes longer is killed.
const TIMEOUT: Duration = Duration::from_mins(1);

/// A request that is sent repeatedly.
pub(crate) struct Load<'a> {
    pub(crate) url: String,
    /// A file.
    pub(crate) body: &'a Path,
    pub(crate) content_type: &'static str,
    pub(crate) protocol: Protocol,
    /// Per run.
    pub(crate) requests: u32,
}

#[derive(Clone, Copy)]
pub(crate) enum Protocol {
    /// Sequential requests on each connection.
    Http1,
    /// Concurrent requests on each connection.
    Http2 { streams: u32 },
}

const CONNECTIONS: u32 = 8;

impl Load<'_> {
    /// Runs h2load and returns the requests per second; an error unless every response has HTTP status
    /// 200.
    pub(crate) fn run(&self) -> Result<f64> {
        let mut command = Command::new("h2load");
        command
            .args(["--requests", &self.requests.to_string()])
            .args(["--clients", &CONNECTIONS.to_string(), "--threads", "1"])
            .args(["--header", &format!("content-type: {}", self.content_type)])
            .args(["--header", "te: trailers"])
            .arg("--data")
            .arg(self.body);
        match self.protocol {
            Protocol::Http1 => command.arg("--h1"),
            Protocol::Http2 { streams } => {
                command.args(["--max-concurrent-streams", &streams.to_string()])
            }
        };
        command
            .arg(&self.url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let output = wait_with_timeout(command.spawn()?)?;
        let success = format!("{} succeeded, 0 failed, 0 errored", self.requests);
        if !output.contains(&success) {
            return Err(format!("not all requests to {} succeeded:\n{output}", self.url).into());
        }
        parse_rate(&output).ok_or_else(|| format!("h2load printed no rate:\n{output}").into())
    }
}

fn wait_with_timeout(mut process: Child) -> Result<String> {
    let deadline = Instant::now() + TIMEOUT;
    // Its output fits into the pipe's buffer.
    while process.try_wait()?.is_none() {
        if Instant::now() > deadline {
            process.kill()?;
            return Err(format!("h2load did not end within {TIMEOUT:?}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(String::from_utf8(process.wait_with_output()?.stdout)?)
}

/// Parses the number in `finished in 1.52s, 131200.50 req/s, 8.01MB/s`.
fn parse_rate(output: &str) -> Option<f64> {
    let line = output
        .lines()
        .find(|line| line.starts_with("finished in "))?;
    line.split(", ")
        .find_map(|part| part.strip_suffix(" req/s"))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::parse_rate;

    #[test]
    fn the_rate_is_parsed() {
        let output = "progress: 100% done\n\nfinished in 1.52s, 131200.50 req/s, 8.01MB/s\n";
        assert_eq!(parse_rate(output), Some(131_200.5));
        assert_eq!(parse_rate("nothing"), None);
    }
}
