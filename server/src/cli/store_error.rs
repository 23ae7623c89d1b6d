//! Messages and exit codes for a data directory that cannot be opened.

use std::io;

use frontdesk_store::OpenError;

use super::error::CliError;

impl From<OpenError> for CliError {
    /// What the user can change is a usage error (exit code 2).
    fn from(error: OpenError) -> Self {
        use OpenError as E;
        match &error {
            E::FolderNotWritable { folder, source } => {
                let error = CliError::usage(format!(
                    "--data: cannot write to {}: {source}",
                    folder.display()
                ));
                match source.kind() {
                    io::ErrorKind::StorageFull => {
                        error.with_hint("free disk space, or use another data directory")
                    }
                    _ => error,
                }
            }
            E::Locked { folder, holder } => CliError::usage(format!(
                "--data: {} is in use by {}; stop it first, or use another data directory",
                folder.display(),
                holder.as_deref().unwrap_or("another process")
            )),
            E::NoDirectory { path, is_empty } => CliError::usage(format!(
                "--data: there is no directory yet: {} {}",
                path.display(),
                if *is_empty {
                    "is empty"
                } else {
                    "does not exist"
                }
            )),
            E::ForeignDatabase { path } => CliError::usage(format!(
                "--data: {} is the database of another program; nothing was changed",
                path.display()
            )),
            E::OlderSchema { path } => CliError::usage(format!(
                "--data: {} was created by an older version; run `frontdesk serve` to migrate it",
                path.display()
            )),
            E::NewerSchema {
                path,
                version,
                supported,
            } => CliError::usage(format!(
                "--data: {} was created by a newer version (schema {version}; this version \
                 supports up to {supported}); use that version; nothing was changed",
                path.display()
            )),
            E::NotAFile { .. } | E::NotReadable { .. } | E::NotWritable { .. } => {
                CliError::usage(format!("--data: {error}"))
            }
            E::DatabaseMissing { path, log } => CliError::failed(format!(
                "--data: {} is missing, but its write-ahead log {} exists and may contain all \
                 changes; put back the database, or move the log away",
                path.display(),
                log.display()
            )),
            E::Damaged { path, damage } => CliError::failed(format!(
                "--data: the database {} is damaged ({damage}); nothing was changed; move the \
                 whole data directory away and put a backup into a new one, or use another one",
                path.display()
            )),
            E::Migration { .. } | E::Database { .. } => {
                CliError::failed(format!("--data: {error}"))
            }
            E::SqliteTooOld { .. } | E::Thread(_) => CliError::failed(error.to_string()),
        }
    }
}
