//! h2load: so many requests, how many a second.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::Outcome;

/// No run takes longer; one that would is broken off and is an error.
const LIMIT: Duration = Duration::from_mins(1);

/// One kind of request, to be sent again and again.
pub(crate) struct Load<'a> {
    /// The address of the method.
    pub(crate) url: String,
    /// The file with the body.
    pub(crate) body: &'a Path,
    pub(crate) content_type: &'static str,
    pub(crate) protocol: Protocol,
    /// How many requests a run has.
    pub(crate) requests: u32,
}

#[derive(Clone, Copy)]
pub(crate) enum Protocol {
    /// One request at a time on each connection.
    Http1,
    /// This many at a time.
    Http2 { streams: u32 },
}

const CONNECTIONS: u32 = 8;

impl Load<'_> {
    /// One run; the requests a second. Every answer has to have come, with HTTP status 200.
    pub(crate) fn run(&self) -> Outcome<f64> {
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
        let said = bounded(command.spawn()?)?;
        let all = format!("{} succeeded, 0 failed, 0 errored", self.requests);
        if !said.contains(&all) {
            return Err(format!("not all requests to {} were answered:\n{said}", self.url).into());
        }
        rate(&said).ok_or_else(|| format!("h2load says no rate:\n{said}").into())
    }
}

fn bounded(mut process: Child) -> Outcome<String> {
    let deadline = Instant::now() + LIMIT;
    // What it says at the end fits into a pipe: it does not wait for a reader.
    while process.try_wait()?.is_none() {
        if Instant::now() > deadline {
            process.kill()?;
            return Err(format!("h2load did not end within {LIMIT:?}").into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    Ok(String::from_utf8(process.wait_with_output()?.stdout)?)
}

/// The number in `finished in 1.52s, 131200.50 req/s, 8.01MB/s`.
fn rate(said: &str) -> Option<f64> {
    let line = said.lines().find(|line| line.starts_with("finished in "))?;
    line.split(", ")
        .find_map(|part| part.strip_suffix(" req/s"))?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn the_rate_is_found_in_what_h2load_says() {
        let said = "progress: 100% done\n\nfinished in 1.52s, 131200.50 req/s, 8.01MB/s\n";
        assert_eq!(rate(said), Some(131_200.5));
        assert_eq!(rate("nothing"), None);
    }
}
