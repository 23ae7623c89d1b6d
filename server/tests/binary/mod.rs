//! Running the real binary in a folder of the test's own.

use std::{
    env, fs,
    path::PathBuf,
    process::{self, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use rusqlite::{Connection, OpenFlags};

/// A folder that commands run in, gone with the test. The directory is in `data` there.
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("frontdesk-test-{}-{number}", process::id()));
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(file), content).expect("a file for the test");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// The binary, to be run here, with no settings from outside.
    pub(crate) fn frontdesk(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        command
            .current_dir(&self.0)
            .args(arguments)
            .args(["--data", "data"]);
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("FRONTDESK_") {
                command.env_remove(name);
            }
        }
        command
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

impl Drop for Place {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
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
    let wrong = "SELECT count(*) FROM blocks FULL JOIN \
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
