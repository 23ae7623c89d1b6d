//! The data directory and its database.

use std::path::Path;

use frontdesk_directory::Timestamp;
use frontdesk_store::{self as store, OpenError};
use indicatif::HumanBytes;

use super::check::Check;
use crate::cli::error::CliError;

pub(super) fn directory(data: &Path) -> Check {
    const NAME: &str = "directory";
    let path = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let path = path.display();
    match store::lock_holder(data) {
        Some(holder) => Check::ok(NAME, format!("{path}, open in {holder}")),
        None => Check::ok(NAME, format!("{path}, not in use")),
    }
}

pub(super) struct Database {
    pub(super) check: Check,
    /// `None` if there is no database, or none that can be read.
    pub(super) last_change: Option<Timestamp>,
    pub(super) bytes: Option<u64>,
}

/// Fails at 90 % of the limit.
pub(super) fn size_limit(bytes: u64, limit_mib: u32) -> Check {
    const NAME: &str = "size";
    let limit = u64::from(limit_mib) << 20;
    let message = format!("{} of --max-database-mib {limit_mib}", HumanBytes(bytes));
    if bytes / 9 < limit / 10 {
        Check::ok(NAME, message)
    } else {
        let advice = "raise the limit, or keep fewer changes with --change-log-days and \
                      --change-log-max-changes";
        Check::failed(NAME, format!("{message}: {advice}"))
    }
}

/// Reads the whole database.
pub(super) fn database(data: &Path) -> Database {
    const NAME: &str = "database";
    let unknown = |check| Database {
        check,
        last_change: None,
        bytes: None,
    };
    let failed = |error| Check::failed(NAME, CliError::from(error).to_string());
    if data.is_dir() && !store::has_database(data) || !data.exists() {
        return unknown(match store::check_readable(data) {
            Err(error @ OpenError::DatabaseMissing { .. }) => failed(error),
            _ => Check::ok(NAME, "does not exist yet: `frontdesk serve` creates it"),
        });
    }
    match store::check_integrity(data) {
        Ok(database) => Database {
            check: Check::ok(
                NAME,
                format!(
                    "intact; {} users, revision {}",
                    database.users, database.revision
                ),
            ),
            last_change: Some(database.last_change),
            bytes: Some(database.bytes),
        },
        Err(error) => unknown(failed(error)),
    }
}
