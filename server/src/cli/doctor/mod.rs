//! `frontdesk doctor`.

mod check;
mod ports;
mod storage;
mod system;

use clap::Args;
use frontdesk_store as store;

use self::check::{Check, Outcome};
use super::{error::CliError, location::Location, output::print};
use crate::app;

/// The release and its commit.
pub(super) const VERSION: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " (",
    env!("FRONTDESK_COMMIT"),
    ")"
);

/// The arguments of `frontdesk doctor`.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    #[command(flatten)]
    location: Location,
}

/// Checks what a server needs, without changing anything.
///
/// # Errors
///
/// A check failed, or the settings are invalid.
pub(super) fn run(arguments: DoctorArgs) -> Result<(), CliError> {
    let (settings, sources) = arguments.location.settings()?;
    let data = &settings.data;
    let mut checks = vec![
        Check::ok("frontdesk", VERSION),
        Check::ok("sqlite", store::sqlite_version()),
        match app::check(&settings) {
            Ok(()) => Check::ok("settings", sources.to_string()),
            Err(error) => Check::failed("settings", error.to_string()),
        },
        storage::directory(data),
    ];
    let database = storage::database(data);
    checks.push(database.check);
    if let Some((bytes, limit)) = database.bytes.zip(settings.max_database_mib) {
        checks.push(storage::size_limit(bytes, limit));
    }
    checks.push(system::disk(data));
    checks.extend(ports::all(&settings));
    checks.push(system::clock(database.last_change));
    checks.push(system::open_files(settings.max_connections));

    let mut failed = 0;
    for Check { name, outcome } in checks {
        let (label, message) = match outcome {
            Outcome::Ok(message) => ("ok", message),
            Outcome::Failed(message) => {
                failed += 1;
                ("FAILED", message)
            }
        };
        print(&format!("{label:6}  {name:10}  {message}"))?;
    }
    match failed {
        0 => Ok(()),
        1 => Err(CliError::failed("1 check failed")),
        failed => Err(CliError::failed(format!("{failed} checks failed"))),
    }
}
