//! `frontdesk serve`.

use std::{future::Future, io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use frontdesk_store::{Lock, RetentionPolicy, Store};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    signal::unix::{Signal, SignalKind, signal},
};

use super::{error::CliError, output::note};
use crate::{
    app,
    config::{Flags, Settings},
    http::listen,
    telemetry,
};

const RETENTION_INTERVAL: Duration = Duration::from_mins(1);

/// The arguments of `frontdesk serve`.
#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    flags: Flags,

    /// Configuration file in TOML format. The keys are the names of the flags with `_` for `-`, as
    /// in `max_calls = 500` [default: none]
    #[arg(long, value_name = "FILE", env = "FRONTDESK_CONFIG")]
    config: Option<PathBuf>,
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
///
/// A setting is invalid, or an address, the data directory or the database cannot be used.
pub(super) fn run(arguments: ServeArgs) -> Result<(), CliError> {
    let (mut settings, sources) = Settings::load(arguments.flags, arguments.config.as_deref())?;
    let _telemetry = telemetry::start(&settings.log, settings.log_format, settings.access_log)?;
    tracing::debug!(settings = %sources, "loaded the settings");
    settings.max_connections = raise_file_limit(settings.max_connections);
    warn_if_few_sockets(&settings);
    let runtime = Runtime::new()
        .map_err(|error| CliError::failed(format!("cannot start the runtime: {error}")))?;
    let served = runtime.block_on(serve(&settings));
    // Calls that were aborted still use the store; it is closed after them.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

async fn serve(settings: &Settings) -> Result<(), CliError> {
    app::check(settings)?;
    let stop = stop_signal(settings.tls_cert.is_none())?;
    // Before the data directory, which is not created if a port is in use.
    let listeners = listen::bind(
        &settings.listen,
        settings.listen != Settings::default().listen,
    )?;
    let lock = Lock::acquire(&settings.data, "frontdesk serve")?;
    let store = Store::open_searchable(&lock, retention_policy(settings))?;
    let urls = urls(&listeners, settings.tls_cert.is_some())?;
    lock.publish_addresses(&urls.join(" and "))
        .map_err(|error| CliError::failed(format!("--data: cannot be written: {error}")))?;
    announce(&urls);
    app::run(listeners, settings, Arc::new(store), stop).await?;
    Ok(())
}

pub(super) fn retention_policy(settings: &Settings) -> RetentionPolicy {
    let days = |days: u32| Duration::from_hours(24 * u64::from(days));
    RetentionPolicy {
        trash: days(settings.trash_days),
        change_log: days(settings.change_log_days),
        max_changes: settings.change_log_max_changes.into(),
        max_database_bytes: settings.max_database_mib.map(|mib| u64::from(mib) << 20),
        sweep_interval: Some(RETENTION_INTERVAL),
    }
}

/// The number of open files that a server with this many connections needs.
pub(super) fn required_files(connections: u32) -> u64 {
    /// Database, log, listeners and runtime.
    const OTHER_FILES: u64 = 256;
    u64::from(connections) + OTHER_FILES
}

/// Many systems have a soft limit of 1,024 open files. Returns how many connections are possible.
fn raise_file_limit(connections: u32) -> u32 {
    let required = required_files(connections);
    match rlimit::increase_nofile_limit(required) {
        Ok(limit) if limit < required => {
            let possible = limit
                .saturating_sub(required_files(0))
                .max(limit / 2)
                .max(1);
            let connections = u32::try_from(possible)
                .unwrap_or(connections)
                .min(connections);
            tracing::warn!(
                limit,
                required,
                connections,
                "the limit of open files is too low for --max-connections; using fewer connections"
            );
            connections
        }
        Ok(_) => connections,
        Err(error) => {
            tracing::warn!(%error, "cannot raise the limit of open files");
            connections
        }
    }
}

fn warn_if_few_sockets(settings: &Settings) {
    let (sockets, calls) = (settings.max_sockets, settings.max_calls);
    if sockets <= calls {
        tracing::warn!(
            sockets,
            calls,
            "--max-sockets should be greater than --max-calls: browsers do not report to a page why \
             a WebSocket handshake was rejected"
        );
    }
}

fn urls(listeners: &[TcpListener], tls: bool) -> Result<Vec<String>, CliError> {
    let scheme = if tls { "https" } else { "http" };
    listeners
        .iter()
        .map(|listener| {
            let address = listener.local_addr()?;
            Ok(format!("{scheme}://{address}/"))
        })
        .collect::<std::io::Result<_>>()
        .map_err(|error| CliError::failed(format!("--listen: unknown local address: {error}")))
}

/// Prints the only lines on standard output, which a parent process may read.
fn announce(urls: &[String]) {
    let mut out = std::io::stdout().lock();
    for url in urls {
        tracing::info!(url, "listening");
        // Standard output may be closed.
        let _ = writeln!(out, "Frontdesk is listening on {url}");
    }
    let _ = out.flush();
}

/// Resolves at the first SIGINT or SIGTERM; the second one exits at once.
///
/// SIGHUP, which a closed terminal sends, has the same effect if `hangup_stops`; otherwise it
/// reloads the certificate.
fn stop_signal(hangup_stops: bool) -> Result<impl Future<Output = ()>, CliError> {
    let listen = |kind| -> Result<Signal, CliError> {
        signal(kind).map_err(|error| CliError::failed(format!("cannot handle signals: {error}")))
    };
    let mut interrupt = listen(SignalKind::interrupt())?;
    let mut terminate = listen(SignalKind::terminate())?;
    let mut hangup = listen(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv(), if hangup_stops => {}
        }
        tokio::spawn(async move {
            // 128 and the number of the signal, as shells report it.
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            };
            // Not in the log, which may be blocked.
            note("frontdesk: second signal received, exiting immediately");
            std::process::exit(code);
        });
    })
}
