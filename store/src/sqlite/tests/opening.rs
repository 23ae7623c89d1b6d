//! What is opened, what is refused, and what is left as it was.

use super::*;
use frontdesk_directory::{ImportBatch, ImportRow};

/// Opening fails, says `words`, and leaves the database as it was.
fn refused(folder: &Folder, code: u8, words: &[&str]) {
    let path = folder.path().join(FILE);
    let before = fs::read(&path).expect("the database");
    let failure = open(folder).err().expect("a refusal");
    for word in words {
        assert!(failure.to_string().contains(word), "{failure}");
    }
    assert_eq!(failure.code(), code, "{failure}");
    assert!(
        fs::read(&path).expect("the database") == before,
        "the file has changed"
    );
}

fn damage(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).expect("the database");
    change(&mut bytes);
    fs::write(path, bytes).expect("the database");
}

#[test]
fn a_newer_database_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    drop(fresh(&folder));
    let db = database(&folder);
    db.pragma_update(None, "user_version", schema::VERSION + 1)
        .expect("newer");
    // A database of a future that has left the WAL behind: nothing may switch it back.
    db.pragma_update(None, "journal_mode", "DELETE")
        .expect("another mode");
    drop(db);
    refused(&folder, 2, &["newer", "frontdesk.db", "--data"]);
}

#[test]
fn another_programs_database_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    database(&folder)
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .expect("a table");
    refused(&folder, 2, &["another program's", "--data"]);
}

#[test]
fn what_is_no_database_is_refused_and_left_as_it_was() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "Dear diary").expect("a file");
    refused(&folder, 1, &["no sound Frontdesk database", "--data"]);
}

#[test]
fn a_damaged_database_is_refused_and_left_as_it_was() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 4] = [
        ("cut short", |bytes| bytes.truncate(bytes.len() / 2)),
        ("header", |bytes| bytes[16..100].fill(0xff)),
        ("schema", |bytes| bytes[100..4_096].fill(0xa5)),
        ("all behind the schema", |bytes| bytes[4_096..].fill(0)),
    ];
    for (what, change) in damages {
        let folder = Folder::new();
        drop(fresh(&folder));
        damage(&folder.path().join(FILE), change);
        eprintln!("{what}");
        refused(&folder, 1, &["no sound Frontdesk database", "backup"]);
    }
}

#[test]
fn a_log_without_its_database_is_never_written_over() {
    let folder = Folder::new();
    drop(fresh(&folder));
    let database = folder.path().join(FILE);
    let wal = database.with_file_name(format!("{FILE}-wal"));
    fs::rename(&database, &wal).expect("something in it");
    let before = fs::read(&wal).expect("the log");
    let failure = open(&folder).err().expect("a refusal").to_string();
    assert!(
        failure.contains("is missing") && failure.contains("put back"),
        "{failure}"
    );
    assert_eq!(fs::read(&wal).expect("the log"), before);
    assert!(!database.exists(), "a database was made");
}

#[test]
fn who_only_reads_makes_nothing_of_an_empty_file() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "").expect("a file");
    assert!(!is_there(folder.path()));
    let refusal = check(folder.path()).expect_err("there is nothing to read");
    assert!(refusal.to_string().contains("is empty"), "{refusal}");
}

#[test]
fn imports_of_before_their_rows_were_known_are_carried_over() {
    let folder = Folder::new();
    drop(fresh(&folder));
    let db = database(&folder);
    db.execute_batch(
        "ALTER TABLE import_batches DROP COLUMN content; PRAGMA user_version = 2; \
         INSERT INTO imports VALUES ('before', 9000000000000, 0, 1, 1, 0, 0, 0); \
         INSERT INTO import_batches VALUES ('before', 1, 1, 0, 0, 1001, '[]')",
    )
    .expect("tables as they were");
    drop(db);
    let store = fresh(&folder);
    let begin = StartImport {
        id: IdempotencyKey::parse("before")
            .expect("an id")
            .expect("one"),
        on_existing: OnExisting::Reject,
        validate_only: false,
    };
    let answered = block_on(async {
        let import = store.import(begin).await.expect("an answer");
        let (mut import, progress) = import.unwrap_or_else(|refused| panic!("{refused}"));
        assert_eq!(progress.last_sequence, 1);
        let ada = ImportRow {
            line: 1,
            person: Ok(person("Ada", "ada@example.org")),
        };
        let batch = ImportBatch {
            sequence: 1,
            rows: vec![ada],
        };
        let taken = import.write(batch).await.expect("it is taken");
        taken.await.expect("an answer")
    });
    let answered = answered.unwrap_or_else(|refused| panic!("{refused}"));
    assert_eq!(answered.counts.created, 1, "as it was answered then");
}

#[test]
fn an_empty_file_is_a_new_directory() {
    let folder = Folder::new();
    fs::write(folder.path().join(FILE), "").expect("a file");
    assert_eq!(list(&fresh(&folder), 0, 0).0, 1_000);
}

/// What a kill leaves while the first start turns to WAL: one page, and a journal that says that
/// there was none before.
fn killed_while_turning_to_wal(folder: &Folder, database: impl AsRef<[u8]>) {
    let path = folder.path().join(FILE);
    fs::write(&path, database).expect("a database");
    let mut journal = vec![0; 512];
    journal[..8].copy_from_slice(&[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]);
    journal[20..28].copy_from_slice(&[0, 0, 2, 0, 0, 0, 16, 0]);
    fs::write(path.with_file_name(format!("{FILE}-journal")), journal).expect("a journal");
}

#[test]
fn a_first_start_that_was_killed_while_it_turned_to_wal_begins_anew() {
    let other = Folder::new();
    let page = other.path().join("page.db");
    let db = Connection::open(&page).expect("a database");
    db.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    drop(db);
    let folder = Folder::new();
    killed_while_turning_to_wal(&folder, fs::read(page).expect("its page"));
    let none = check(folder.path()).expect_err("nothing to read yet");
    assert!(none.to_string().contains("no directory yet"), "{none}");
    assert_eq!(list(&fresh(&folder), 0, 0).0, 1_000);
}

#[test]
fn a_backup_beside_such_a_journal_is_not_emptied() {
    let folder = Folder::new();
    drop(fresh(&folder));
    let backup = fs::read(folder.path().join(FILE)).expect("a database");
    killed_while_turning_to_wal(&folder, backup);
    refused(&folder, 1, &["--data", "can't be"]);
}

#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let folder = Folder::new();
    let path = folder.path().join(FILE);
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(open(&folder).err().map(|why| why.to_string())));
    let refused = receiver.recv_timeout(std::time::Duration::from_secs(10));
    let why = refused.expect("it does not wait").expect("a refusal");
    assert!(why.contains("--data") && why.contains("no file"), "{why}");
}

#[test]
fn the_database_is_kept_safely() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let settings = store.write(|changing| {
        let text: String = changing
            .db
            .pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i32 = changing
            .db
            .pragma_query_value(None, "synchronous", |row| row.get(0))?;
        let foreign_keys: bool = changing
            .db
            .pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        Ok((text, synchronous, foreign_keys))
    });
    let settings = settings.and_then(Pending::wait).expect("settings");
    assert_eq!(settings, ("wal".to_owned(), 2, true));
}

#[test]
fn a_directory_that_knew_no_changes_is_carried_over() {
    let folder = Folder::new();
    let old = database(&folder);
    old.execute_batch(include_str!("../schema.sql"))
        .expect("the tables of before");
    old.execute_batch(
        "INSERT INTO users (id, name, email, email_key, sample) VALUES \
         (1, 'John Doe', 'John@example.com', 'john@example.com', 0), \
         (3, 'Zoë', 'zoe@example.org', 'zoe@example.org', 1); \
         INSERT INTO blocks VALUES (0, 2); \
         UPDATE directory SET total = 2, last_id = 4, revision = 7; \
         PRAGMA user_version = 1;",
    )
    .expect("people");
    drop(old);
    let store = fresh(&folder);
    let zoe = block_on(store.user(UserId::new(3).expect("an id"))).expect("read");
    let zoe = zoe.expect("Zoë");
    assert_eq!(
        (zoe.name.as_str(), zoe.revision.0, zoe.sample),
        ("Zoë", 7, true)
    );
    assert_eq!(list(&store, 0, 0).1, [1, 3]);
    let added = add(&store, vec![person("Ada", "ada@example.org")], Origin::Real);
    assert_eq!(added.new, 1);
    drop(store);
    assert_eq!(counts(&folder), [3; 3]);
    let db = database(&folder);
    let read = |sql| db.query_row(sql, [], |row| row.get::<_, String>(0));
    assert_eq!(
        read("SELECT name_key FROM users WHERE id = 3"),
        Ok("zoe".to_owned())
    );
    assert_eq!(
        read("SELECT oldest || ' ' || revision FROM directory"),
        Ok("8 8".to_owned())
    );
    assert_eq!(
        read("SELECT group_concat(revision) FROM changes"),
        Ok("8".to_owned())
    );
}
