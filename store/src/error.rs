//! Errors as values. The command line converts them to messages for users.

use std::{fmt, io, path::PathBuf};

/// Why a data directory cannot be opened or read. Nothing in it was changed.
///
/// `Display` is written for the log.
#[derive(Debug)]
pub enum OpenError {
    /// The folder cannot be created or written.
    FolderNotWritable { folder: PathBuf, source: io::Error },
    /// Another process holds the folder; `holder` is its own description of itself.
    Locked {
        folder: PathBuf,
        holder: Option<String>,
    },
    /// The database is neither a file nor missing.
    NotAFile { path: PathBuf },
    /// The database file cannot be read.
    NotReadable { path: PathBuf, source: io::Error },
    /// The database file cannot be written.
    NotWritable { path: PathBuf },
    /// The folder holds no directory: the database is missing or empty.
    NoDirectory { path: PathBuf, is_empty: bool },
    /// The database is missing, but its write-ahead log is not: it may contain everything that was
    /// written.
    DatabaseMissing { path: PathBuf, log: PathBuf },
    /// The database belongs to another program.
    ForeignDatabase { path: PathBuf },
    /// The schema is older and has to be migrated first.
    OlderSchema { path: PathBuf },
    /// The schema is newer than the newest one that this build supports.
    NewerSchema {
        path: PathBuf,
        version: i32,
        supported: i32,
    },
    /// The schema could not be migrated.
    Migration { path: PathBuf, source: StoreError },
    /// The database is damaged.
    Damaged { path: PathBuf, damage: Damage },
    /// The database cannot be opened or read for another reason.
    Database { path: PathBuf, source: StoreError },
    /// `SQLite` is older than the oldest version that is known not to corrupt a database.
    SqliteTooOld {
        version: &'static str,
        required: &'static str,
    },
    /// A thread could not be started.
    Thread(io::Error),
}

/// How a database is damaged.
#[derive(Debug)]
pub enum Damage {
    /// The file does not begin like a database.
    Header,
    /// The stored user counts contradict each other.
    Counts,
    /// What `SQLite`'s integrity check found.
    Integrity(String),
    /// An error of `SQLite` that only damage explains.
    Sqlite(StoreError),
}

/// A failed operation on the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    /// What it means for the operator.
    pub kind: StoreErrorKind,
    /// The database's own message.
    pub message: String,
}

/// What a failed operation on the database means for the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreErrorKind {
    /// The disk is full, or the database has reached its size limit.
    Full,
    /// The database is damaged.
    Damaged,
    /// The database cannot be written.
    NotWritable,
    /// Another program holds the database.
    Locked,
    /// The disk failed.
    Io,
    /// Anything else.
    Other,
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FolderNotWritable { folder, source } => {
                write!(f, "folder {} is not writable: {source}", folder.display())
            }
            Self::Locked { folder, holder } => {
                let holder = holder.as_deref().unwrap_or("another process");
                write!(f, "folder {} is in use by {holder}", folder.display())
            }
            Self::NotAFile { path } => write!(f, "{} is not a file", path.display()),
            Self::NotReadable { path, source } => {
                write!(f, "{} is not readable: {source}", path.display())
            }
            Self::NotWritable { path } => write!(f, "{} is not writable", path.display()),
            Self::NoDirectory { path, is_empty } => {
                let state = if *is_empty { "empty" } else { "missing" };
                write!(f, "{} is {state}", path.display())
            }
            Self::DatabaseMissing { path, log } => {
                let (path, log) = (path.display(), log.display());
                write!(f, "{path} is missing, but its log {log} is not")
            }
            Self::ForeignDatabase { path } => {
                write!(f, "{} belongs to another program", path.display())
            }
            Self::OlderSchema { path } => write!(f, "{} has an older schema", path.display()),
            Self::NewerSchema {
                path,
                version,
                supported,
            } => {
                let path = path.display();
                write!(
                    f,
                    "{path} has schema {version}, supported up to {supported}"
                )
            }
            Self::Migration { path, source } => {
                write!(f, "{} cannot be migrated: {source}", path.display())
            }
            Self::Damaged { path, damage } => write!(f, "{} is damaged: {damage}", path.display()),
            Self::Database { path, source } => {
                write!(f, "{} cannot be opened: {source}", path.display())
            }
            Self::SqliteTooOld { version, required } => {
                write!(f, "SQLite {version} is too old, {required} is required")
            }
            Self::Thread(source) => write!(f, "a thread cannot be started: {source}"),
        }
    }
}

impl std::error::Error for OpenError {}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header => f.write_str("it does not begin like a database"),
            Self::Counts => f.write_str("its user counts contradict each other"),
            Self::Integrity(finding) => f.write_str(finding),
            Self::Sqlite(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = match self.kind {
            StoreErrorKind::Full => "the disk is full, or the database has reached its size limit",
            StoreErrorKind::Damaged => "the database is damaged",
            StoreErrorKind::NotWritable => "the database cannot be written",
            StoreErrorKind::Locked => "another program holds the database",
            StoreErrorKind::Io => "the disk failed",
            StoreErrorKind::Other => return write!(f, "SQLite: {}", self.message),
        };
        write!(f, "{meaning} (SQLite: {})", self.message)
    }
}

impl std::error::Error for StoreError {}
