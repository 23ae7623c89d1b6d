//! What is opened, what is rejected, and what is left unchanged.

use std::time::Duration;

use frontdesk_directory::{ImportBatch, ImportRow};

use super::*;
use crate::{Damage, StoreErrorKind};

/// Opening fails and leaves the database unchanged.
fn error(folder: &Folder) -> OpenError {
    let path = folder.path().join(FILE);
    let before = fs::read(&path).expect("the database");
    let error = open(folder).err().expect("an error");
    assert!(
        fs::read(&path).expect("the database") == before,
        "the file has changed"
    );
    assert!(error.to_string().contains("frontdesk.db"), "{error}");
    error
}

fn overwrite(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).expect("the database");
    change(&mut bytes);
    fs::write(path, bytes).expect("the database");
}

/// A database with an older schema: that of the migrations up to `version`.
fn old_database(folder: &Folder, version: i32) -> Connection {
    let db = database(folder);
    for (number, sql) in [
        (1, include_str!("../migrations/1_users.sql")),
        (2, include_str!("../migrations/2_changes.sql")),
        (2, include_str!("../migrations/2_indexes.sql")),
        (3, include_str!("../migrations/3_batch_content.sql")),
    ] {
        if number <= version {
            db.execute_batch(sql).expect("a migration");
        }
    }
    db.pragma_update(None, "user_version", version)
        .expect("the version");
    db
}

#[test]
fn a_database_with_a_newer_schema_is_rejected_and_left_unchanged() {
    let folder = Folder::new();
    drop(new_store(&folder));
    let db = database(&folder);
    db.pragma_update(None, "user_version", schema::VERSION + 1)
        .expect("newer");
    // A future version without WAL must not be switched back to it.
    db.pragma_update(None, "journal_mode", "DELETE")
        .expect("another mode");
    drop(db);
    let error = error(&folder);
    let version = schema::VERSION + 1;
    assert!(
        matches!(error, OpenError::NewerSchema { version: found, supported: schema::VERSION, .. } if found == version),
        "{error:?}"
    );
}

#[test]
fn the_database_of_another_program_is_rejected_and_left_unchanged() {
    let folder = Folder::new();
    database(&folder)
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .expect("a table");
    let error = error(&folder);
    assert!(
        matches!(error, OpenError::ForeignDatabase { .. }),
        "{error:?}"
    );
}

#[test]
fn a_file_that_is_not_a_database_is_rejected_and_left_unchanged() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "Dear diary").expect("a file");
    let error = error(&folder);
    assert!(
        matches!(
            error,
            OpenError::Damaged {
                damage: Damage::Header,
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_damaged_database_is_rejected_and_left_unchanged() {
    type Overwrite = fn(&mut Vec<u8>);
    let damages: [(&str, Overwrite); 4] = [
        ("truncated", |bytes| bytes.truncate(bytes.len() / 2)),
        ("header", |bytes| bytes[16..100].fill(0xff)),
        ("schema", |bytes| bytes[100..4_096].fill(0xa5)),
        ("everything after the schema", |bytes| {
            bytes[4_096..].fill(0);
        }),
    ];
    for (what, change) in damages {
        let folder = Folder::new();
        drop(new_store(&folder));
        overwrite(&folder.path().join(FILE), change);
        let error = error(&folder);
        assert!(
            matches!(error, OpenError::Damaged { .. }),
            "{what}: {error:?}"
        );
    }
}

#[test]
fn a_log_without_its_database_is_never_overwritten() {
    let folder = Folder::new();
    drop(new_store(&folder));
    let database = folder.path().join(FILE);
    let log = database.with_file_name(format!("{FILE}-wal"));
    fs::rename(&database, &log).expect("something in it");
    let before = fs::read(&log).expect("the log");
    match open(&folder).err() {
        Some(OpenError::DatabaseMissing { path, log: found }) => {
            assert_eq!((path, found), (database.clone(), log.clone()));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(fs::read(&log).expect("the log"), before);
    assert!(!database.exists(), "a database was created");
}

#[test]
fn a_reader_does_not_initialize_an_empty_file() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "").expect("a file");
    assert!(!has_database(folder.path()));
    let error = check_readable(folder.path()).expect_err("nothing to read");
    assert!(
        matches!(error, OpenError::NoDirectory { is_empty: true, .. }),
        "{error:?}"
    );
}

#[test]
fn an_empty_file_becomes_a_new_directory() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "").expect("a file");
    assert_eq!(list(&new_store(&folder), 0, 0).0, 1_000);
}

/// As a kill leaves it while the first start switches to WAL: one page, and a journal according to
/// which there was none before.
fn kill_while_switching_to_wal(folder: &Folder, database: impl AsRef<[u8]>) {
    let path = folder.path().join(FILE);
    fs::write(&path, database).expect("a database");
    let mut journal = vec![0; 512];
    journal[..8].copy_from_slice(&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    journal[20..28].copy_from_slice(&[0, 0, 2, 0, 0, 0, 16, 0]);
    fs::write(path.with_file_name(format!("{FILE}-journal")), journal).expect("a journal");
}

#[test]
fn a_first_start_that_was_killed_while_it_switched_to_wal_starts_over() {
    let other = Folder::new();
    let page = other.path().join("page.db");
    let db = Connection::open(&page).expect("a database");
    db.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    drop(db);
    let folder = Folder::new();
    kill_while_switching_to_wal(&folder, fs::read(page).expect("its page"));
    let error = check_readable(folder.path()).expect_err("nothing to read yet");
    assert!(matches!(error, OpenError::NoDirectory { .. }), "{error:?}");
    assert_eq!(list(&new_store(&folder), 0, 0).0, 1_000);
}

#[test]
fn a_backup_beside_such_a_journal_is_not_emptied() {
    let folder = Folder::new();
    drop(new_store(&folder));
    let backup = fs::read(folder.path().join(FILE)).expect("a database");
    kill_while_switching_to_wal(&folder, backup);
    let error = error(&folder);
    assert!(
        matches!(&error, OpenError::Database { source, .. } if source.kind != StoreErrorKind::Damaged),
        "{error:?}"
    );
}

#[test]
fn a_pipe_is_rejected_without_waiting_for_its_writer() {
    let folder = Folder::new();
    let path = folder.path().join(FILE);
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(open(&folder).err()));
    let error = receiver.recv_timeout(Duration::from_secs(10));
    let error = error.expect("it does not wait").expect("an error");
    assert!(matches!(error, OpenError::NotAFile { .. }), "{error:?}");
}

#[test]
fn the_database_is_configured_for_durability() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let settings = store.write(|transaction| {
        let db = transaction.db();
        let mode: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i32 = db.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        let foreign_keys: bool = db.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        Ok((mode, synchronous, foreign_keys))
    });
    let settings = settings.expect("settings");
    assert_eq!(settings, ("wal".to_owned(), 2, true));
}

#[test]
fn a_database_without_a_change_log_is_migrated() {
    let folder = Folder::new();
    old_database(&folder, 1)
        .execute_batch(
            "INSERT INTO users (id, name, email, email_key, sample) VALUES \
             (1, 'John Doe', 'John@example.com', 'john@example.com', 0), \
             (3, 'Zoë', 'zoe@example.org', 'zoe@example.org', 1); \
             INSERT INTO blocks VALUES (0, 2); \
             UPDATE directory SET total = 2, last_id = 4, revision = 7",
        )
        .expect("users");
    let store = new_store(&folder);
    let zoe = block_on(store.user(user_id(3))).expect("read");
    let zoe = zoe.expect("Zoë");
    assert_eq!(
        (zoe.name.as_str(), zoe.revision.0, zoe.sample),
        ("Zoë", 7, true)
    );
    assert_eq!(list(&store, 0, 0).1, [1, 3]);
    let users = vec![new_user("Ada", "ada@example.org")];
    assert_eq!(add(&store, users, Origin::Real).created, 1);
    drop(store);
    assert_eq!(counts(&folder), [3; 3]);
    let db = database(&folder);
    let read = |sql| db.query_row(sql, [], |row| row.get::<_, String>(0));
    assert_eq!(
        read("SELECT name_key FROM users WHERE id = 3"),
        Ok("zoe".to_owned())
    );
    assert_eq!(
        read("SELECT oldest_revision || ' ' || revision FROM directory"),
        Ok("8 8".to_owned())
    );
    assert_eq!(
        read("SELECT group_concat(revision) FROM change_log"),
        Ok("8".to_owned())
    );
}

#[test]
fn an_import_whose_batches_have_no_content_hash_can_be_resumed() {
    let folder = Folder::new();
    old_database(&folder, 2)
        .execute_batch(
            "INSERT INTO imports VALUES ('before', 9000000000000, 0, 1, 1, 0, 0, 0); \
             INSERT INTO import_batches VALUES ('before', 1, 1, 0, 0, 1001, '[]')",
        )
        .expect("an import");
    let store = new_store(&folder);
    let id = IdempotencyKey::parse("before").expect("an id");
    let start = StartImport {
        id: id.expect("not empty"),
        on_existing: OnExisting::Reject,
        validate_only: false,
    };
    let result = block_on(async {
        let import = store.import(start).await.expect("a response");
        let (mut import, progress) = import.unwrap_or_else(|rejection| panic!("{rejection}"));
        assert_eq!(progress.last_sequence, 1);
        let ada = ImportRow {
            line: 1,
            user: Ok(new_user("Ada", "ada@example.org")),
        };
        let batch = ImportBatch {
            sequence: 1,
            rows: vec![ada],
        };
        let written = import.write(batch).await.expect("queued");
        written.await.expect("a response")
    });
    let result = result.unwrap_or_else(|rejection| panic!("{rejection}"));
    assert_eq!(result.counts.created, 1, "the first result");
}

#[test]
fn all_tables_of_the_schema_before_the_actors_are_migrated() {
    let folder = Folder::new();
    old_database(&folder, 3)
        .execute_batch(
            "INSERT INTO users VALUES \
             (1, 'John', 'john@example.com', 2, 8000000000000, 0, 'john@example.com', 'john'); \
             INSERT INTO bin VALUES \
             (2, 'Ada', 'ada@example.org', 4, 8000000000000, 0, 'ada@example.org', 'ada'); \
             INSERT INTO changes VALUES \
             (1, 1, 1, 8000000000000, 'Johnny', 'john@example.com', 0, 0, NULL, NULL), \
             (2, 2, 1, 8000000000000, 'John', 'john@example.com', 0, 0, 'Johnny', 'john@example.com'), \
             (3, 1, 2, 8000000000000, 'Ada', 'ada@example.org', 0, 0, NULL, NULL), \
             (4, 3, 2, 8000000000000, 'Ada', 'ada@example.org', 0, 1, NULL, NULL); \
             INSERT INTO requests (id, at, edit, refused, about, user, name, email, revision, changed, \
             sample, in_bin) VALUES ('key', 8000000000000, 'delete\nid 2', 0, 0, 2, 'Ada', \
             'ada@example.org', 4, 8000000000000, 0, 1); \
             INSERT INTO blocks VALUES (0, 1); \
             UPDATE directory SET total = 1, last_id = 2, revision = 4, oldest = 1, \
             changed = 8000000000000"
        )
        .expect("users and changes");
    let store = new_store(&folder);
    let deleted = execute_with_key(&store, delete(user_id(2)), "key").expect("the response");
    assert_eq!(deleted.revision, Revision(4));
    let (changes, _) = watch::changes(&store, ChangeLogQuery::default());
    assert_eq!(changes.len(), 4);
    assert!(
        changes
            .iter()
            .all(|change| change.actor == Actor::LOCAL_OPERATOR)
    );
    assert_eq!(changes[0].user, deleted);
    let restored = execute(&store, restore(user_id(2))).expect("restored");
    assert_eq!(restored.revision, Revision(5));
    let renamed = execute(&store, rename(user_id(1), "Jack", None)).expect("updated");
    let (changes, _) = watch::changes(&store, ChangeLogQuery::default());
    assert_eq!(changes[0].user, renamed);
    assert_eq!(changes[0].previous_revision, Some(Revision(2)));
    drop(store);
    assert_eq!(counts(&folder), [2; 3]);
}
