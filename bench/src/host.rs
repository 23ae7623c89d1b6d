//! A process that serves: its address, its memory, its end.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use crate::Outcome;

/// How all of them say that they answer, on standard output.
pub(crate) const OPEN: &str = "Frontdesk is listening on ";

/// `USER_HZ`: what Linux counts a process's time in, on every architecture that it has today.
const TICKS_A_SECOND: f64 = 100.0;

/// A running server; killed when dropped.
pub(crate) struct Host {
    process: Child,
    /// Without a slash at the end: `http://127.0.0.1:40001`.
    pub(crate) origin: String,
}

impl Host {
    /// Frontdesk with the directory at `data`, with the settings it has by itself.
    ///
    /// It logs as always; what it logs is thrown away.
    pub(crate) fn frontdesk(data: &Path) -> Outcome<Self> {
        Self::frontdesk_with(data, &[])
    }

    /// The same, with these flags.
    pub(crate) fn frontdesk_with(data: &Path, flags: &[&str]) -> Outcome<Self> {
        let mut command = Command::new(binary()?);
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(flags);
        Self::start(command)
    }

    /// What it is measured against: `tonic`, `tonic-web`.
    pub(crate) fn bare(kind: &str) -> Outcome<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.args(["serve", kind]);
        Self::start(command)
    }

    fn start(mut command: Command) -> Outcome<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let output = process.stdout.take().ok_or("standard output is a pipe")?;
        let mut host = Self {
            process,
            origin: String::new(),
        };
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        host.origin = lines
            .find_map(|line| Some(line.strip_prefix(OPEN)?.trim_end_matches('/').to_owned()))
            .ok_or("the server ended before it answered")?;
        // Reads on, so that the server never waits for a reader.
        thread::spawn(move || lines.for_each(drop));
        Ok(host)
    }

    /// Bytes of memory in use now.
    pub(crate) fn memory(&self) -> Outcome<u64> {
        self.memory_as("VmRSS:")
    }

    /// The most bytes of memory that were in use at any time since [`Host::forget_peak`].
    pub(crate) fn peak_memory(&self) -> Outcome<u64> {
        self.memory_as("VmHWM:")
    }

    /// The processor's seconds that were spent in it and for it, as exact as the system counts.
    pub(crate) fn processor_time(&self) -> Outcome<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name, in brackets, may have spaces; `utime` and `stime` are the 14th and 15th word.
        let (_, words) = stat.rsplit_once(')').ok_or("the system says no time")?;
        let ticks = words.split_whitespace().skip(11).take(2);
        let ticks = ticks.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
        Ok(ticks / TICKS_A_SECOND)
    }

    /// Has the system count the peak anew.
    pub(crate) fn forget_peak(&self) -> Outcome {
        Ok(fs::write(
            format!("/proc/{}/clear_refs", self.process.id()),
            "5",
        )?)
    }

    fn memory_as(&self, entry: &str) -> Outcome<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kibibytes = status
            .lines()
            .find_map(|line| line.strip_prefix(entry)?.trim().strip_suffix(" kB"))
            .ok_or("the system does not say how much memory is in use")?;
        Ok(kibibytes.parse::<u64>()? * 1024)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _already_ended = self.process.kill();
        let _ended = self.process.wait();
    }
}

/// The binary `frontdesk`.
pub(crate) fn binary() -> Outcome<PathBuf> {
    Ok(frontdesk_e2e::given("FRONTDESK_BINARY")?.into())
}
