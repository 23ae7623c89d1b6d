//! What is written down, where and how: `tracing` to standard error.

use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    panic, thread,
    time::Duration,
};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use crate::{config::LogFormat, failure::Failure};

/// How many lines may wait to be written. A terminal or a pipe that takes none must not hold up
/// answers: what does not fit any more is dropped.
const WAITING_LINES: usize = 16 * 1024;

/// How much is written at once at the most.
const WRITE_BYTES: usize = 64 * 1024;

/// How long lines are gathered after a write. A thread that is woken for each line costs a busy
/// server a tenth of its time; nobody misses a line for so long.
const GATHERING: Duration = Duration::from_millis(5);

/// A library that warns of each odd frame of a peer's: a stranger who sends nothing else would fill
/// the disk, eight bytes for one. Whoever wants to see it names it in the filter.
const PEERS_DOING: &str = "h2";

/// Writes what is left when it is dropped.
#[must_use = "lines that wait are written when it is dropped"]
#[derive(Debug)]
pub struct Telemetry(#[expect(dead_code, reason = "held for its drop")] WorkerGuard);

/// Starts writing.
///
/// # Errors
///
/// Where `filter` can't be read; names the setting.
pub fn start(filter: &str, format: LogFormat) -> Result<Telemetry, Failure> {
    let mut levels = EnvFilter::try_new(filter)
        .map_err(|error| Failure::usage(format!("--log: `{filter}` is no filter: {error}")))?;
    if !filter.contains(PEERS_DOING)
        && let Ok(quiet) = format!("{PEERS_DOING}=error").parse()
    {
        levels = levels.add_directive(quiet);
    }
    let (writer, guard) = NonBlockingBuilder::default()
        .buffered_lines_limit(WAITING_LINES)
        // Flushed whenever nothing waits: under load many lines go in one write.
        .finish(Gathering(BufWriter::with_capacity(
            WRITE_BYTES,
            io::stderr(),
        )));
    subscribe(levels, format, writer);
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "{panic}");
    }));
    Ok(Telemetry(guard))
}

/// A writer that takes its time after each flush: what is logged meanwhile waits in the queue, and
/// wakes nobody.
struct Gathering<W>(W);

impl<W: Write> Write for Gathering<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        thread::sleep(GATHERING);
        Ok(())
    }
}

fn subscribe<W>(filter: EnvFilter, format: LogFormat, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    // A second start in one process (tests) keeps the first one's.
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Human => builder.try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "kept the subscriber that was there");
    }
}
