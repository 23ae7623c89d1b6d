//! Running the real binary in a folder of the test's own.

mod command;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A folder that commands run in, gone with the test. The directory is in `data` there.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder for the test"))
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(file), content).expect("a file for the test");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The binary, to be run on the directory here, with no settings from outside.
    pub(crate) fn frontdesk(&self, arguments: &[&str]) -> Command {
        let mut command = self.anywhere(arguments);
        command.args(["--data", "data"]);
        command
    }

    /// The same, with no word on where the directory is.
    pub(crate) fn anywhere(&self, arguments: &[&str]) -> Command {
        let mut command = command::frontdesk();
        command
            .current_dir(&self.0)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command that is to succeed; answers what it says on standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.frontdesk(arguments).output().expect("the binary runs");
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        text(&output.stdout)
    }

    /// The database, as it is on disk.
    pub(crate) fn database(&self) -> Connection {
        let path = self.path("data/frontdesk.db");
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database")
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// How many users there are.
pub(crate) fn total(db: &Connection) -> u64 {
    let total = db.query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0));
    total.expect("a count").unsigned_abs()
}

/// The database is whole, and what is counted about it is so.
pub(crate) fn assert_sound(db: &Connection) {
    let verdict = db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(verdict.expect("a verdict"), "ok");
    let wrong = "SELECT count(*) FROM block_counts FULL JOIN \
                 (SELECT id / 1024 AS block, count(*) AS counted FROM users GROUP BY 1) \
                 USING (block) WHERE users IS NOT counted";
    let wrong = db
        .query_row(wrong, [], |row| row.get::<_, i64>(0))
        .expect("blocks");
    assert_eq!(wrong, 0, "blocks with a wrong count");
    let counted = db.query_row("SELECT total FROM directory", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(counted.expect("a total").unsigned_abs(), total(db));
}
