//! The folder and its database.

use std::path::Path;

use indicatif::HumanBytes;

use super::Finding;
use crate::failure::Failure;
use frontdesk_directory::Timestamp;
use frontdesk_store as store;

/// Where the directory is, and who has it open.
pub(super) fn folder(data: &Path) -> Finding {
    let whole = std::path::absolute(data).unwrap_or_else(|_| data.to_owned());
    let whole = whole.display();
    match store::holder(data) {
        Some(holder) => Finding::well("folder", format!("{whole}, open by {holder}")),
        None => Finding::well("folder", format!("{whole}, open by nobody")),
    }
}

/// What is known of the database.
pub(super) struct Database {
    pub(super) finding: Finding,
    /// When its last change was, where that is known.
    pub(super) changed: Option<Timestamp>,
    /// How many bytes it takes, where that is known.
    pub(super) bytes: Option<u64>,
}

/// Whether there is room in what the database may take at most.
pub(super) fn room(bytes: u64, most_mib: u32) -> Finding {
    const WHAT: &str = "room";
    let most = u64::from(most_mib) << 20;
    let words = format!(
        "{} of the {most_mib} MiB of --max-database-mib are taken",
        HumanBytes(bytes)
    );
    // Nine tenths.
    if bytes / 9 < most / 10 {
        Finding::well(WHAT, words)
    } else {
        let how =
            "raise it, or have fewer changes on record with --record-days and --record-changes";
        Finding::not_well(WHAT, format!("{words}: {how}"))
    }
}

/// Whether the database is sound; all of it is read.
pub(super) fn database(data: &Path) -> Database {
    const WHAT: &str = "database";
    if data.is_dir() && !store::is_there(data) || !data.exists() {
        let finding = match store::check(data) {
            // What is left of one, which `serve` would refuse to begin beside.
            Err(failure) if failure.code() == Failure::broken("").code() => {
                Finding::not_well(WHAT, failure.to_string())
            }
            _ => Finding::well(WHAT, "there is none yet: `frontdesk serve` makes one"),
        };
        return Database {
            finding,
            changed: None,
            bytes: None,
        };
    }
    match store::about(data) {
        Ok(about) => Database {
            finding: Finding::well(
                WHAT,
                format!("sound; {} users, revision {}", about.users, about.revision),
            ),
            changed: Some(about.changed),
            bytes: Some(about.bytes),
        },
        Err(failure) => Database {
            finding: Finding::not_well(WHAT, failure.to_string()),
            changed: None,
            bytes: None,
        },
    }
}
