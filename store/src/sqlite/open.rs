//! Opening the database: looked at first, and touched only if it is ours and sound.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::{
    bulk::{self, Origin},
    error,
    metadata::{Metadata, WriteTransaction},
    samples::Samples,
    schema,
};
use crate::failure::Failure;
use frontdesk_directory::{Email, Name, NewUser, OnExisting};

/// Earlier ones can corrupt a WAL database.
const OLDEST_SQLITE: i32 = 3_051_003;
/// How every database of `SQLite`'s begins.
pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Page cache of the writer. The system keeps the file's pages as well: with sixteen times as much an
/// import of a million users was no faster, and took as much more memory.
const WRITER_CACHE_KIB: i32 = 4 * 1_024;
/// Page cache of all readers together.
const READERS_CACHE_KIB: usize = 16 * 1_024;
/// A commit that makes the WAL so many pages long (of 4 KiB) takes it back into the database, as far as
/// the checkpointer has not.
const CHECKPOINT_PAGES: i32 = 16_000;

/// How many sample people a new directory has.
const FIRST_SAMPLES: usize = 999;

/// Opens the database for its one writer; makes and furnishes it where there is none, and brings
/// older tables up to date. Then it may take so many bytes.
pub(super) fn writer(path: &Path, most: Option<u64>) -> Result<Connection, Failure> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let version = rusqlite::version();
        return Err(Failure::broken(format!(
            "SQLite {version} is too old: 3.51.3 is needed"
        )));
    }
    let found = examine(path)?;
    let broken = |error: &rusqlite::Error| refusal(path, error);
    let mut db = connect(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
    )
    .map_err(|error| broken(&error))?;
    if db.is_readonly("main").map_err(|error| broken(&error))? {
        let path = path.display();
        return Err(Failure::usage(format!("--data: {path} can't be written")));
    }
    prepare(&db).map_err(|error| broken(&error))?;
    if found != Found::UpToDate {
        schema::migrate(&mut db).map_err(|error| {
            let why = match &error {
                rusqlite_migration::Error::RusqliteError { err, .. } => error::explain(err),
                other => other.to_string(),
            };
            let path = path.display();
            Failure::broken(format!("--data: {path} can't be brought up to date: {why}"))
        })?;
    }
    furnish(&db).map_err(|error| broken(&error))?;
    if let Some(most) = most {
        limit(&db, most).map_err(|error| broken(&error))?;
    }
    Ok(db)
}

/// Keeps the database from growing beyond so many bytes, or beyond what it has by now. What is freed in
/// it is used again.
fn limit(db: &Connection, bytes: u64) -> rusqlite::Result<()> {
    let page: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = i64::try_from(bytes).unwrap_or(i64::MAX) / page;
    let set: i64 = db.pragma_update_and_check(None, "max_page_count", pages, |row| row.get(0))?;
    if set > pages {
        tracing::warn!(
            bytes = set * page,
            most = bytes,
            "the database is larger than --max-database-mib allows, and will not grow"
        );
    }
    Ok(())
}

/// A new directory is not empty: user 1 is John Doe, as clients in the field expect, and sample
/// people show what a directory looks like. It is new as long as nobody ever was in it.
fn furnish(db: &Connection) -> rusqlite::Result<()> {
    if Metadata::read(db)?.last_id > 0 {
        return Ok(());
    }
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    let mut changing = WriteTransaction::begin(&transaction)?;
    let john = NewUser {
        name: Name::from_trusted("John Doe".to_owned()),
        email: Email::from_trusted("john@example.com".to_owned()),
    };
    bulk::add(&mut changing, [john], Origin::Real, OnExisting::Reject)?;
    let samples = Samples::starting_at(2).take(FIRST_SAMPLES);
    bulk::add(&mut changing, samples, Origin::Sample, OnExisting::Reject)?;
    changing.end()?;
    transaction.commit()
}

fn prepare(db: &Connection) -> rusqlite::Result<()> {
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
}

/// Reads much that is wanted once, over the writer's connection.
pub(super) fn with_small_cache<T>(
    db: &Connection,
    read: impl FnOnce() -> rusqlite::Result<T>,
) -> rusqlite::Result<T> {
    const SMALL_KIB: i32 = 2 * 1_024;
    db.pragma_update(None, "cache_size", -SMALL_KIB)?;
    let read = read();
    db.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    read
}

/// Opens the database as a file, for who puts on disk what others wrote; it is there.
pub(super) fn file(path: &Path) -> Result<Arc<File>, Failure> {
    let unopened = |error| {
        let path = path.display();
        Failure::broken(format!("--data: {path} can't be opened: {error}"))
    };
    File::open(path).map(Arc::new).map_err(unopened)
}

/// Opens the database for who writes nothing but moves what is written; it is there and sound.
pub(super) fn beside_the_writer(path: &Path) -> Result<Connection, Failure> {
    let open = || {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        Ok(db)
    };
    open().map_err(|error| refusal(path, &error))
}

/// Opens the database for one of `readers` readers; it is there and sound.
pub(super) fn reader(path: &Path, readers: usize) -> Result<Connection, Failure> {
    let open = || {
        let db = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let cache = i32::try_from(READERS_CACHE_KIB / readers.max(1)).unwrap_or(i32::MAX);
        db.pragma_update(None, "cache_size", -cache)?;
        Ok(db)
    };
    open().map_err(|error| refusal(path, &error))
}

/// Opens the database of a folder that may be another Frontdesk's, to read it only.
pub(super) fn visitor(path: &Path) -> Result<Connection, Failure> {
    match examine(path)? {
        Found::Nothing => {
            let is = if path.exists() { "empty" } else { "missing" };
            let path = path.display();
            Err(Failure::usage(format!(
                "--data: there is no directory yet: {path} is {is}"
            )))
        }
        Found::Older => Err(Failure::usage(format!(
            "--data: {} is of an older Frontdesk: `frontdesk serve` brings it up to date",
            path.display(),
        ))),
        Found::UpToDate => reader(path, 1),
    }
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY_TIMEOUT)?;
    db.pragma_update(None, "foreign_keys", "ON")?;
    Ok(db)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Nothing,
    Older,
    UpToDate,
}

/// Looks at what is there without changing a byte of it.
fn examine(path: &Path) -> Result<Found, Failure> {
    if !has_header(path)? || was_empty(path) {
        let wal = beside(path, "-wal");
        if !path.exists() && fs::metadata(&wal).is_ok_and(|wal| wal.len() > 0) {
            return Err(Failure::broken(format!(
                "--data: {} is missing, and {} is there, which may have all that was written: put \
                 back the one, or move away the other",
                path.display(),
                wal.display()
            )));
        }
        return Ok(Found::Nothing);
    }
    let header = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .and_then(|db| Ok((Header::read(&db)?, db)))
        .map_err(|error| refusal(path, &error));
    let (header, db) = header?;
    let at = path.display();
    match header {
        // Killed before the first transaction of its first start.
        Header {
            application: 0,
            version: 0,
            tables: 0,
        } => Ok(Found::Nothing),
        Header { application, .. } if application != schema::APPLICATION_ID => Err(Failure::usage(
            format!("--data: {at} is another program's database; nothing was changed"),
        )),
        Header { version, .. } if version > schema::VERSION => Err(Failure::usage(format!(
            "--data: {at} is of a newer Frontdesk (tables {version}, known here up to {}): use \
             that one; nothing was changed",
            schema::VERSION,
        ))),
        Header { version, .. } if version < schema::VERSION => Ok(Found::Older),
        _ => sound(&db)
            .map_err(|error| refusal(path, &error))
            .and_then(|sound| {
                let damaged = || Failure::broken(damage(path, "its counts contradict each other"));
                sound.then_some(Found::UpToDate).ok_or_else(damaged)
            }),
    }
}

/// What `SQLite` keeps beside a database under this ending.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether a kill came while the first start turned an empty file to WAL, which writes its first
/// page: the journal beside it says that there was nothing before. Who only reads can't take that
/// page back; who writes does, and begins anew.
///
/// A file of more pages was never left so by us: a journal beside a backup that was put there since
/// would have it emptied, so that one is left as it is.
fn was_empty(path: &Path) -> bool {
    /// How a journal begins that is to be played back, and where it says how many pages there were.
    const JOURNAL: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    const PAGES: std::ops::Range<usize> = 16..20;
    const PAGE: u64 = 4_096;
    let mut header = [0; PAGES.end];
    let read =
        File::open(beside(path, "-journal")).and_then(|mut file| file.read_exact(&mut header));
    read.is_ok()
        && header.starts_with(&JOURNAL)
        && header[PAGES] == [0; 4]
        && fs::metadata(path).is_ok_and(|file| file.len() <= PAGE)
}

/// As much of a file's beginning as tells whether it is a database: [`MAGIC`], then.
pub(super) fn beginning(path: &Path) -> io::Result<Vec<u8>> {
    let mut beginning = Vec::with_capacity(MAGIC.len());
    let mut file = File::open(path)?.take(MAGIC.len() as u64);
    file.read_to_end(&mut beginning)?;
    Ok(beginning)
}

/// Whether there is a file with anything in it; one that is no database is refused.
fn has_header(path: &Path) -> Result<bool, Failure> {
    // To open a pipe would wait for whoever writes into it, and hear no signal meanwhile.
    if fs::metadata(path).is_ok_and(|there| !there.is_file()) {
        let path = path.display();
        return Err(Failure::usage(format!("--data: {path} is no file")));
    }
    match beginning(path) {
        Ok(nothing) if nothing.is_empty() => Ok(false),
        Ok(beginning) if beginning == MAGIC => Ok(true),
        Ok(_) => Err(Failure::broken(damage(path, "it does not begin like one"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => {
            let path = path.display();
            Err(Failure::usage(format!(
                "--data: {path} can't be read: {error}"
            )))
        }
    }
}

struct Header {
    application: i32,
    version: i32,
    tables: u32,
}

impl Header {
    fn read(db: &Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            application: db.pragma_query_value(None, "application_id", |row| row.get(0))?,
            version: db.pragma_query_value(None, "user_version", |row| row.get(0))?,
            tables: db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?,
        })
    }
}

/// What can be told in a few milliseconds of a database of any size: the tables are there, can be
/// read at both ends, and agree on how many users there are.
fn sound(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT (SELECT total FROM directory) = (SELECT coalesce(sum(users), 0) FROM blocks) \
         AND (SELECT count(*) FROM (SELECT name, email, email_key, sample FROM users \
              WHERE id IN ((SELECT min(id) FROM users), (SELECT max(id) FROM users)))) >= 0",
        [],
        |row| row.get::<_, Option<bool>>(0),
    )
    .map(|sound| sound.unwrap_or(false))
}

pub(super) fn refusal(path: &Path, error: &rusqlite::Error) -> Failure {
    let what = error::explain(error);
    if error::is_damage(error) || matches!(error, rusqlite::Error::SqlInputError { .. }) {
        return Failure::broken(damage(path, &what));
    }
    Failure::broken(format!(
        "--data: {} can't be opened: {what}",
        path.display()
    ))
}

pub(super) fn damage(path: &Path, why: &str) -> String {
    format!(
        "--data: {} is no sound Frontdesk database ({why}); nothing was changed: move the \
         whole folder away and put a backup into a new one, or name another folder",
        path.display(),
    )
}
