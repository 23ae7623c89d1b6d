//! Logging: `tracing` events to standard error.

mod dropped_lines;
#[cfg(test)]
pub(crate) mod testing;

use std::{
    io::{self, IsTerminal as _},
    panic,
};

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    EnvFilter, Layer, Registry, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use self::dropped_lines::DroppedLines;
use crate::{cli::error::CliError, config::LogFormat};

/// The target of access log lines.
pub(crate) const ACCESS_TARGET: &str = "frontdesk::access";

/// The HTTP/2 library warns about every unexpected frame, so a client could fill the disk at eight
/// bytes per line. Only errors of this target are logged unless the filter names it.
const NOISY_TARGET: &str = "h2";

/// Lines that wait to be written, of about 250 bytes each. Further lines are dropped, so that a
/// request never waits for a slow terminal or pipe.
const BUFFERED_LINES: usize = 16_384;

/// Writes the remaining lines when it is dropped, for up to a second.
#[must_use = "buffered lines are written when it is dropped"]
#[derive(Debug)]
pub struct Telemetry {
    // Dropped first: its last report has to be written.
    _dropped_lines: DroppedLines,
    _writer: WorkerGuard,
}

/// Starts logging.
///
/// # Errors
///
/// The filter is invalid, or a thread cannot be started.
pub fn start(filter: &str, format: LogFormat, access_log: bool) -> Result<Telemetry, CliError> {
    let (writer, guard) = NonBlockingBuilder::default()
        .lossy(true)
        .buffered_lines_limit(BUFFERED_LINES)
        .thread_name("log")
        .finish(io::stderr());
    let dropped_lines = DroppedLines::report(writer.error_counter())
        .map_err(|error| CliError::failed(format!("cannot start a thread for the log: {error}")))?;
    let started = Registry::default()
        .with(parse_filter(filter, access_log)?)
        .with(lines(format, writer))
        .try_init();
    if let Err(error) = started {
        // Tests start several servers in one process.
        tracing::debug!(%error, "logging has already been started");
    }
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "{panic}");
    }));
    Ok(Telemetry {
        _dropped_lines: dropped_lines,
        _writer: guard,
    })
}

fn parse_filter(filter: &str, access_log: bool) -> Result<EnvFilter, CliError> {
    let mut levels = EnvFilter::try_new(filter)
        .map_err(|error| CliError::usage(format!("--log: invalid filter `{filter}`: {error}")))?;
    let quiet = (!filter.contains(NOISY_TARGET)).then(|| format!("{NOISY_TARGET}=error"));
    let no_access_log = (!access_log).then(|| format!("{ACCESS_TARGET}=off"));
    for directive in [quiet, no_access_log].into_iter().flatten() {
        if let Ok(directive) = directive.parse() {
            levels = levels.add_directive(directive);
        }
    }
    Ok(levels)
}

fn lines<S>(format: LogFormat, writer: NonBlocking) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let color = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(color);
    match format {
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
        LogFormat::Text => layer.boxed(),
    }
}
