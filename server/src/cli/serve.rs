//! `frontdesk serve`.

use std::{future::Future, io::Write as _, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use tokio::{net::TcpListener, runtime::Runtime, signal};

use crate::{
    app,
    config::{Flags, Settings},
    failure::Failure,
    http::listen,
    telemetry,
};
use frontdesk_store::{Lock, RetentionPolicy, Store};

/// How often it is looked for what has been kept for long enough.
const LOOK: Duration = Duration::from_mins(1);

/// The flags of `frontdesk serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    flags: Flags,

    /// A file of settings.
    #[arg(
        long,
        value_name = "FILE",
        env = "FRONTDESK_CONFIG",
        hide_env = true,
        help = "TOML file with settings: each as here, without the dashes before it and with _ for those inside [default: none] [env: FRONTDESK_CONFIG]"
    )]
    config: Option<PathBuf>,
}

/// Serves until SIGINT or SIGTERM.
///
/// # Errors
///
/// Where a setting can't be had; nothing has been made or answered then.
pub fn run(arguments: ServeArgs) -> Result<(), Failure> {
    let mut settings = Settings::load(arguments.flags, arguments.config.as_ref())?;
    let _telemetry = telemetry::start(&settings.log, settings.log_format)?;
    settings.max_connections = raise_open_files(settings.max_connections);
    warn_of_few_sockets(&settings);
    let runtime = Runtime::new()
        .map_err(|error| Failure::broken(format!("the runtime can't be started: {error}")))?;
    let served = runtime.block_on(serve(&settings));
    // Calls that were cut off hold the store: it is closed when they are gone.
    runtime.shutdown_timeout(Duration::from_secs(1));
    served
}

async fn serve(settings: &Settings) -> Result<(), Failure> {
    app::check(settings)?;
    let stop = told_to_stop(settings.tls_cert.is_none())?;
    // The ports first: where one is taken, no folder has been made.
    let listeners = listen::bind(
        &settings.listen,
        settings.listen != Settings::default_listen(),
    )?;
    let lock = Lock::take(&settings.data, "frontdesk serve")?;
    let store = Store::open_to_find(&lock, keeping(settings))?;
    let addresses = addresses(&listeners, scheme(settings))?;
    lock.describe(&addresses.join(" and "))
        .map_err(|error| Failure::broken(format!("--data: can't write there: {error}")))?;
    announce(&addresses);
    app::run(listeners, settings, Arc::new(store), stop).await
}

/// How much is kept, and for how long.
pub(super) fn keeping(settings: &Settings) -> RetentionPolicy {
    let days = |days: u32| Duration::from_hours(24 * u64::from(days));
    RetentionPolicy {
        bin: days(settings.bin_days),
        record: days(settings.record_days),
        changes: settings.record_changes.into(),
        bytes: settings.max_database_mib.map(|mib| u64::from(mib) << 20),
        look: Some(LOOK),
    }
}

/// How many files are open at most where there may be so many connections.
pub(super) fn open_files(connections: u32) -> u64 {
    /// For the database, the log, the listeners and the runtime.
    const OTHERS: u64 = 256;
    u64::from(connections) + OTHERS
}

/// Every connection is an open file, and many systems allow 1,024 unless asked for more. How many
/// connections there can be: what the database needs is not theirs.
fn raise_open_files(connections: u32) -> u32 {
    let wanted = open_files(connections);
    match rlimit::increase_nofile_limit(wanted) {
        Ok(limit) if limit < wanted => {
            let room = limit.saturating_sub(open_files(0)).max(limit / 2).max(1);
            let connections = u32::try_from(room).unwrap_or(connections).min(connections);
            tracing::warn!(
                limit,
                wanted,
                connections,
                "fewer files may be open than --max-connections needs: so many connections are taken"
            );
            connections
        }
        Ok(_) => connections,
        Err(error) => {
            tracing::warn!(%error, "the limit of open files can't be raised");
            connections
        }
    }
}

/// A socket too many is turned away before it is open, and a browser does not tell its page why.
fn warn_of_few_sockets(settings: &Settings) {
    let (sockets, calls) = (settings.max_sockets, settings.max_calls);
    if sockets <= calls {
        tracing::warn!(
            sockets,
            calls,
            "--max-sockets is not more than --max-calls: pages that are turned away are not told why"
        );
    }
}

fn scheme(settings: &Settings) -> &'static str {
    if settings.tls_cert.is_some() {
        "https"
    } else {
        "http"
    }
}

fn addresses(listeners: &[TcpListener], scheme: &str) -> Result<Vec<String>, Failure> {
    listeners
        .iter()
        .map(|listener| {
            listener
                .local_addr()
                .map(|address| format!("{scheme}://{address}/"))
        })
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::broken(format!("--listen: an address is not known: {error}")))
}

/// On standard output, for whoever started it: the only lines that ever go there.
fn announce(addresses: &[String]) {
    let mut out = std::io::stdout().lock();
    for address in addresses {
        tracing::info!(address, "open");
        // Nobody listening is no reason not to serve.
        let _ = writeln!(out, "Frontdesk is open on {address}");
    }
    let _ = out.flush();
}

/// Done at the first SIGINT or SIGTERM; a second one ends the process where it stands. So is it at a
/// SIGHUP, where that `ends` it, as when its terminal closes: with a certificate it has that read
/// again.
fn told_to_stop(hangup_ends: bool) -> Result<impl Future<Output = ()>, Failure> {
    let unheard = |error| Failure::broken(format!("can't listen for signals: {error}"));
    let mut interrupt =
        signal::unix::signal(signal::unix::SignalKind::interrupt()).map_err(unheard)?;
    let mut terminate =
        signal::unix::signal(signal::unix::SignalKind::terminate()).map_err(unheard)?;
    let mut hangup = signal::unix::signal(signal::unix::SignalKind::hangup()).map_err(unheard)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv(), if hangup_ends => {}
        }
        tokio::spawn(async move {
            // As shells tell of whom a signal has ended: 128 and its number.
            let code = tokio::select! {
                _ = interrupt.recv() => 130,
                _ = terminate.recv() => 143,
            };
            // Not by the log, whose lines would be gathered first. Nobody may read it.
            let _ = writeln!(std::io::stderr(), "frontdesk: told twice: ending at once");
            std::process::exit(code);
        });
    })
}
