//! What is written down, where and how: `tracing` to standard error.

mod gathered;
mod plain;
#[cfg(test)]
pub(crate) mod testing;

use std::{
    io::{self, IsTerminal as _},
    panic,
};

use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

use self::plain::Plain;
use crate::{config::LogFormat, failure::Failure};

/// A library that warns of each odd frame of a peer's: a stranger who sends nothing else would fill
/// the disk, eight bytes for one. Whoever wants to see it names it in the filter.
const PEERS_DOING: &str = "h2";

/// Writes what is left when it is dropped.
#[must_use = "lines that wait are written when it is dropped"]
#[derive(Debug)]
pub struct Telemetry(#[expect(dead_code, reason = "held for its drop")] gathered::Guard);

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
    let (writer, guard) = gathered::to(io::stderr(), |lines| {
        tracing::warn!(
            lines,
            "lines of this log were lost: they were not taken fast enough"
        );
    })
    .map_err(|error| Failure::broken(format!("the log: no thread can be started: {error}")))?;
    subscribe(levels, format, writer);
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "{panic}");
    }));
    Ok(Telemetry(guard))
}

fn subscribe<W>(filter: EnvFilter, format: LogFormat, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let in_colour = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|unwanted| unwanted.is_empty());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(writer)
        .with_ansi(in_colour);
    // A second start in one process (tests) keeps the first one's.
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Human if in_colour => builder.try_init(),
        LogFormat::Human => builder.event_format(Plain).fmt_fields(Plain).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(%error, "kept the subscriber that was there");
    }
}
