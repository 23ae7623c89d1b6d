//! What is stored for a limited time.

use std::time::{Duration, Instant};

use super::{
    super::sweep::{Progress, step},
    *,
};

const DAY: Duration = Duration::from_hours(24);

/// Sweeps until nothing is left to do at `now`; returns the number of steps.
fn sweep(store: &Store, policy: RetentionPolicy, now: Timestamp) -> usize {
    let mut steps = 0;
    loop {
        steps += 1;
        let step = store.write(move |transaction| step(transaction, policy, now));
        if step.expect("swept") == Progress::Done {
            return steps;
        }
    }
}

fn in_days(days: u32) -> Timestamp {
    now().saturating_add(days * DAY)
}

fn count(folder: &Folder, table: &str) -> i64 {
    let db = database(folder);
    let count = format!("SELECT count(*) FROM {table}");
    db.query_row(&count, [], |row| row.get(0)).expect("a count")
}

/// The ends of the change log: as stored in the metadata, and as they are.
fn change_log(folder: &Folder) -> ([i64; 2], [Option<i64>; 2]) {
    let db = database(folder);
    let ends = |sql| db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let stored: (Option<i64>, Option<i64>) =
        ends("SELECT oldest_revision, revision FROM directory").expect("the metadata");
    let actual = ends("SELECT min(revision), max(revision) FROM change_log").expect("the ends");
    let stored = [stored.0, stored.1].map(Option::unwrap_or_default);
    (stored, [actual.0, actual.1])
}

#[test]
fn nothing_is_removed_before_it_expires() {
    let folder = Folder::new();
    let store = new_store(&folder);
    execute_with_key(&store, delete(user_id(7)), "one").expect("deleted");
    assert_eq!(sweep(&store, RetentionPolicy::default(), now()), 1);
    assert_eq!(count(&folder, "trash"), 1);
    assert_eq!(count(&folder, "idempotency_keys"), 1);
    assert_eq!(change_log(&folder), ([1, 1_001], [Some(1), Some(1_001)]));
}

#[test]
fn expired_users_are_purged_from_the_trash() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for id in 1..=600 {
        execute(&store, delete(user_id(id))).expect("deleted");
    }
    let policy = RetentionPolicy::default();
    sweep(&store, policy, in_days(29));
    assert_eq!(count(&folder, "trash"), 600);
    assert!(sweep(&store, policy, in_days(31)) >= 3, "in small steps");
    assert_eq!(count(&folder, "trash"), 0);
    let rejected = execute(&store, restore(user_id(7)));
    assert!(matches!(rejected, Err(Rejection::UserNotFound(_))));
    // Lists and watches are not affected: the users were deleted before.
    drop(store);
    assert_eq!(counts(&folder), [400; 3]);
}

#[test]
fn expired_changes_are_trimmed_from_the_lower_end_of_the_change_log() {
    let folder = Folder::new();
    let store = new_store(&folder);
    // As if the first half was made forty days ago.
    let aged = store.write(|transaction| {
        let old = transaction.now().saturating_sub(40 * DAY);
        transaction.db().execute(
            "UPDATE change_log SET update_time = ?1 WHERE revision <= 500",
            [old.0],
        )
    });
    aged.expect("aged");
    assert_eq!(sweep(&store, RetentionPolicy::default(), now()), 2);
    assert_eq!(
        change_log(&folder),
        ([501, 1_000], [Some(501), Some(1_000)])
    );
    assert!(matches!(
        block_on(store.watch(Some(Revision(499)))),
        Err(Error::RevisionTooOld {
            oldest: Revision(501)
        })
    ));
    // After all of it was trimmed, the next change is the oldest.
    sweep(&store, RetentionPolicy::default(), in_days(31));
    assert_eq!(change_log(&folder), ([1_001, 1_000], [None, None]));
    execute(&store, delete(user_id(7))).expect("deleted");
    let one = ([1_001, 1_001], [Some(1_001), Some(1_001)]);
    assert_eq!(change_log(&folder), one);
    drop(store);
    drop(new_store(&folder));
    assert_eq!(change_log(&folder), one);
}

#[test]
fn the_change_log_has_a_maximum_length() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for (max_changes, oldest, steps) in [(1_000, 1, 1), (999, 2, 1), (300, 701, 3), (0, 1_001, 2)] {
        let policy = RetentionPolicy {
            max_changes,
            ..RetentionPolicy::default()
        };
        assert_eq!(sweep(&store, policy, now()), steps, "{max_changes}");
        assert_eq!(change_log(&folder).0, [oldest, 1_000]);
    }
    assert_eq!(count(&folder, "change_log"), 0);
}

#[test]
fn idempotency_keys_and_imports_expire_after_a_day() {
    let folder = Folder::new();
    let store = new_store(&folder);
    execute_with_key(&store, delete(user_id(7)), "one").expect("deleted");
    let started = store.write(|transaction| {
        transaction.db().execute_batch(&format!(
            "INSERT INTO imports VALUES ('a', {0}, 0, 20, 20, 0, 0, 0), ('b', {1}, 0, 1, 1, 0, 0, 0); \
             WITH n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20) \
             INSERT INTO import_batches SELECT 'a', n, 1, 0, 0, 1, '[]', NULL FROM n; \
             INSERT INTO import_batches VALUES ('b', 1, 1, 0, 0, 1, '[]', NULL)",
            transaction.now().0,
            transaction.now().saturating_add(DAY / 2).0,
        ))
    });
    started.expect("started");
    sweep(&store, RetentionPolicy::default(), now());
    let left =
        || ["idempotency_keys", "imports", "import_batches"].map(|table| count(&folder, table));
    assert_eq!(left(), [1, 2, 21]);
    let a_day = now().saturating_add(DAY + Duration::from_mins(1));
    assert!(
        sweep(&store, RetentionPolicy::default(), a_day) >= 3,
        "in small steps"
    );
    assert_eq!(left(), [0, 1, 1]);
    sweep(&store, RetentionPolicy::default(), in_days(2));
    assert_eq!(left(), [0; 3]);
}

#[test]
fn a_key_that_is_used_again_after_it_expired_does_not_delay_the_removal_of_older_ones() {
    let folder = Folder::new();
    let store = new_store(&folder);
    execute_with_key(&store, delete(user_id(7)), "one").expect("deleted");
    execute_with_key(&store, delete(user_id(8)), "two").expect("deleted");
    let aged = store.write(|transaction| {
        let old = transaction.now().saturating_sub(2 * DAY);
        let sql = "UPDATE idempotency_keys SET create_time = ?1";
        transaction.db().execute(sql, [old.0])
    });
    aged.expect("aged");
    let again = execute_with_key(&store, delete(user_id(7)), "one");
    assert!(
        matches!(again, Err(Rejection::UserNotFound(_))),
        "it is a new command"
    );
    let keys = || -> Vec<String> {
        let db = database(&folder);
        let mut keys = db
            .prepare("SELECT key FROM idempotency_keys ORDER BY number")
            .expect("SQL");
        let keys = keys.query_map([], |row| row.get(0)).expect("a query");
        keys.collect::<Result<_, _>>().expect("the keys")
    };
    assert_eq!(keys(), ["two", "one"]);
    sweep(&store, RetentionPolicy::default(), now());
    assert_eq!(keys(), ["one"]);
}

#[test]
fn the_sweeper_starts_at_once_and_never_delays_closing() {
    let folder = Folder::new();
    let policy = RetentionPolicy {
        max_changes: 10,
        sweep_interval: Some(Duration::from_hours(1)),
        ..RetentionPolicy::default()
    };
    let store = open_with(&folder, policy).unwrap_or_else(|error| panic!("{error}"));
    // What queues behind a step is done after it.
    while store.0.head.borrow().oldest < Revision(991) {
        add(&store, vec![], Origin::Real);
    }
    let started = Instant::now();
    drop(store);
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "it waited for the next sweep"
    );
    assert_eq!(count(&folder, "change_log"), 10);
}

#[test]
fn nothing_is_written_when_nothing_changes() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let db = database(&folder);
    let state = || -> (i64, i64) {
        let time = db.query_row("SELECT update_time FROM directory", [], |row| row.get(0));
        let wal = db.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1));
        (time.expect("a time"), wal.expect("a length"))
    };
    let before = state();
    execute(&store, delete(user_id(4_711))).expect_err("no such user");
    assert_eq!(sweep(&store, RetentionPolicy::default(), now()), 1);
    assert_eq!(
        state(),
        before,
        "the time of the last change and the length of the WAL"
    );
}
