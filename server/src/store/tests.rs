//! The store as a directory, and what it refuses to open.

use std::{fs, future::poll_fn, path::Path, pin::Pin};

use futures_core::Stream;
use rusqlite::Connection;

use super::{testing::Folder, *};
use crate::directory::{Email, Name};

fn open(folder: &Folder) -> Result<Store, Failure> {
    Store::open(&Lock::take(folder.path(), "test")?)
}

fn fresh(folder: &Folder) -> Store {
    open(folder).unwrap_or_else(|failure| panic!("{failure}"))
}

fn person(name: &str, email: &str) -> NewUser {
    NewUser {
        name: Name::parse(name).expect("a name"),
        email: Email::parse(email).expect("an address"),
    }
}

fn add(store: &Store, people: Vec<NewUser>, origin: Origin) -> Added {
    let pending = store.add(people, origin).expect("the writer is there");
    pending.wait().expect("added")
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// Total and ids of a list, and how many users came in each batch.
fn list(store: &Store, page: i32, size: i32) -> (u64, Vec<i32>, Vec<usize>) {
    block_on(async {
        let selection = Selection::parse(page, size).expect("a selection");
        let mut listing = store.list(selection).await.expect("a list");
        let (mut ids, mut batches) = (Vec::new(), Vec::new());
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.rows).poll_next(cx)).await {
            let batch = batch.expect("a batch");
            batches.push(batch.len());
            ids.extend(batch.iter().map(|user| user.id.get()));
        }
        (listing.total, ids, batches)
    })
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.path().join(FILE)).expect("the database")
}

/// The counts, as they are kept and as they are.
fn counts(folder: &Folder) -> [i64; 3] {
    let db = database(folder);
    let count = |sql| db.query_row(sql, [], |row| row.get(0)).expect("a count");
    [
        count("SELECT total FROM directory"),
        count("SELECT coalesce(sum(users), 0) FROM blocks"),
        count("SELECT count(*) FROM users"),
    ]
}

#[test]
fn a_new_directory_has_john_doe_and_999_samples() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let john = block_on(store.user(UserId::new(1).expect("an id"))).expect("read");
    let john = john.expect("John").into_parts();
    assert_eq!(
        john,
        (1, "John Doe".to_owned(), "john@example.com".to_owned())
    );
    let (total, ids, _) = list(&store, 0, 0);
    assert_eq!(total, 1_000);
    assert!(ids.into_iter().eq(1..=1_000));
    drop(store);
    assert_eq!(counts(&folder), [1_000; 3]);
}

#[test]
fn a_directory_is_furnished_once() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let removed = store
        .remove_samples()
        .and_then(Pending::wait)
        .expect("removed");
    assert_eq!(removed, 999);
    drop(store);
    let (total, ids, _) = list(&fresh(&folder), 0, 0);
    assert_eq!((total, ids), (1, vec![1]));
    assert_eq!(counts(&folder), [1; 3]);
}

#[test]
fn nobody_is_found_where_nobody_is() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for id in [1_001, i32::MAX] {
        let found = block_on(store.user(UserId::new(id).expect("an id"))).expect("read");
        assert_eq!(found, None);
    }
}

#[test]
fn the_email_decides_who_is_there_already() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = person("Ada Lovelace", "ada@example.org");
    let added = add(&store, vec![ada.clone(), ada.clone()], Origin::Real);
    assert_eq!(
        added,
        Added {
            new: 1,
            already_there: 1,
            taken: vec![]
        }
    );
    let people = vec![
        person("Ada Lovelace", "ADA@EXAMPLE.ORG"),
        person("Somebody Else", "Ada@example.org"),
        person("Grace Hopper", "grace@example.org"),
    ];
    let added = add(&store, people, Origin::Real);
    let holder = UserId::new(1_001).expect("an id");
    assert_eq!(
        added,
        Added {
            new: 1,
            already_there: 1,
            taken: vec![(1, holder)]
        }
    );
    let (total, ids, _) = list(&store, 0, 0);
    assert_eq!((total, ids.last()), (1_002, Some(&1_002)));
}

#[test]
fn a_sample_who_really_comes_stays_when_the_samples_go() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let sample = Samples::starting_at(2).next().expect("a sample");
    let added = add(&store, vec![sample], Origin::Real);
    assert_eq!(added.already_there, 1);
    let removed = store
        .remove_samples()
        .and_then(Pending::wait)
        .expect("removed");
    assert_eq!(removed, 998);
}

#[test]
fn ids_are_never_given_again() {
    let folder = Folder::new();
    let store = fresh(&folder);
    store
        .remove_samples()
        .and_then(Pending::wait)
        .expect("removed");
    add(&store, vec![person("Ada", "ada@example.org")], Origin::Real);
    assert_eq!(list(&store, 0, 0).1, [1, 1_001]);
}

#[test]
fn everybody_comes_in_batches_and_pages_are_cut_from_the_same_order() {
    let folder = Folder::new();
    let store = fresh(&folder);
    // Holes of every sort: whole blocks gone, the beginning gone, and people behind them.
    add(
        &store,
        Samples::starting_at(5_000).take(6_000).collect(),
        Origin::Real,
    );
    store
        .remove_samples()
        .and_then(Pending::wait)
        .expect("removed");
    add(
        &store,
        Samples::starting_at(20_000).take(3_000).collect(),
        Origin::Sample,
    );
    add(
        &store,
        Samples::starting_at(30_000).take(999).collect(),
        Origin::Real,
    );
    store
        .remove_samples()
        .and_then(Pending::wait)
        .expect("removed");
    let (total, everybody, batches) = list(&store, 0, 0);
    assert_eq!(total, 7_000);
    assert_eq!(batches, [1_000; 7]);
    assert!(everybody.is_sorted());
    for size in [1_usize, 7, 50, 1_000] {
        for number in [
            1, 2, 3, 6, 7, 8, 139, 140, 141, 999, 1_000, 6_999, 7_000, 7_001,
        ] {
            let page = list(
                &store,
                i32::try_from(number).expect("a page"),
                i32::try_from(size).expect("a size"),
            );
            let skipped = (number - 1) * size;
            let expected: Vec<_> = everybody.iter().skip(skipped).take(size).copied().collect();
            assert_eq!(page.1, expected, "page {number} of {size}");
            assert_eq!(page.0, 7_000);
        }
    }
    assert!(list(&store, i32::MAX, i32::MAX).1.is_empty());
    drop(store);
    assert_eq!(counts(&folder), [7_000; 3]);
}

#[test]
fn a_list_that_is_dropped_lets_the_store_go() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(10_000).collect(),
        Origin::Real,
    );
    let listing = block_on(store.list(Selection::Everybody)).expect("a list");
    drop(store);
    assert!(open(&folder).is_err(), "the list still holds the folder");
    drop(listing);
    fresh(&folder);
}

#[test]
fn closing_takes_the_wal_back_into_the_database() {
    let folder = Folder::new();
    drop(fresh(&folder));
    assert!(!folder.path().join("frontdesk.db-wal").exists());
}

#[test]
fn a_failing_change_takes_none_of_the_others_with_it() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let good = store
        .add(vec![person("Ada", "ada@example.org")], Origin::Real)
        .expect("queued");
    let bad = store
        .write(|db| {
            people::add(db, [person("Grace", "grace@example.org")], Origin::Real)?;
            db.execute("INSERT INTO nowhere VALUES (1)", [])
        })
        .expect("queued");
    let after = store
        .add(vec![person("Linus", "linus@example.org")], Origin::Real)
        .expect("queued");
    assert!(good.wait().is_ok());
    assert!(matches!(bad.wait(), Err(Error::Internal(_))));
    assert!(after.wait().is_ok());
    assert_eq!(list(&store, 0, 0).0, 1_002);
    drop(store);
    assert_eq!(counts(&folder), [1_002; 3]);
}

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
    thread::spawn(move || sender.send(open(&folder).err().map(|why| why.to_string())));
    let refused = receiver.recv_timeout(std::time::Duration::from_secs(10));
    let why = refused.expect("it does not wait").expect("a refusal");
    assert!(why.contains("--data") && why.contains("no file"), "{why}");
}

#[test]
fn the_database_is_kept_safely() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let settings = store.write(|db| {
        let text: String = db.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i32 = db.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        let foreign_keys: bool = db.pragma_query_value(None, "foreign_keys", |row| row.get(0))?;
        Ok((text, synchronous, foreign_keys))
    });
    let settings = settings.and_then(Pending::wait).expect("settings");
    assert_eq!(settings, ("wal".to_owned(), 2, true));
}
