//! Runs the binary in a directory of the test.

mod command;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;

/// A temporary working directory, with the data directory `data` in it.
pub(crate) struct Workspace(TempDir);

impl Workspace {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary directory"))
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(file), content).expect("written");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The binary with `--data data`.
    pub(crate) fn frontdesk(&self, arguments: &[&str]) -> Command {
        let mut command = self.frontdesk_without_data(arguments);
        command.args(["--data", "data"]);
        command
    }

    pub(crate) fn frontdesk_without_data(&self, arguments: &[&str]) -> Command {
        let mut command = command::frontdesk();
        command
            .current_dir(&self.0)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command that must succeed; returns its standard output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.frontdesk(arguments).output().expect("the binary runs");
        let errors = text(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        text(&output.stdout)
    }

    pub(crate) fn database(&self) -> Connection {
        let path = self.path("data/frontdesk.db");
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a database")
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

pub(crate) fn count_users(db: &Connection) -> u64 {
    let users = db.query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0));
    users.expect("a count").unsigned_abs()
}

/// The database is intact, and the counts in it are correct.
pub(crate) fn assert_intact(db: &Connection) {
    let result = db.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0));
    assert_eq!(result.expect("a result"), "ok");
    let wrong = "SELECT count(*) FROM block_counts FULL JOIN \
                 (SELECT id / 1024 AS block, count(*) AS counted FROM users GROUP BY 1) \
                 USING (block) WHERE users IS NOT counted";
    let wrong = db
        .query_row(wrong, [], |row| row.get::<_, i64>(0))
        .expect("a count");
    assert_eq!(wrong, 0, "blocks with a wrong count");
    let total = db.query_row("SELECT total FROM directory", [], |row| {
        row.get::<_, i64>(0)
    });
    assert_eq!(total.expect("a total").unsigned_abs(), count_users(db));
}
