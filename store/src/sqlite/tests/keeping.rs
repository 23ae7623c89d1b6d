//! What is kept for a time only.

use std::time::Duration;

use super::{
    super::retention::{Left, step},
    *,
};
use frontdesk_directory::{Command, IdempotencyKey, Rejection, Timestamp};

const DAY: Duration = Duration::from_hours(24);

/// All the steps there are at this time; how many that were.
fn sweep(store: &Store, keeping: RetentionPolicy, now: Timestamp) -> usize {
    let mut steps = 0;
    loop {
        steps += 1;
        let step = store.write(move |changing| step(changing, keeping, now));
        let left = step.expect("the writer is there").wait().expect("a step");
        if left == Left::Nothing {
            return steps;
        }
    }
}

fn later(days: u32) -> Timestamp {
    Timestamp::from(std::time::SystemTime::now()).after(days * DAY)
}

fn edit(store: &Store, edit: Command, id: &str) -> Result<User, Rejection> {
    let id = IdempotencyKey::parse(id).expect("an id");
    block_on(store.execute(edit, id)).expect("the directory answers")
}

fn delete(id: i32) -> Command {
    let id = UserId::new(id).expect("an id");
    Command::Delete { id, expected: None }
}

fn count(folder: &Folder, table: &str) -> i64 {
    let db = database(folder);
    let count = format!("SELECT count(*) FROM {table}");
    db.query_row(&count, [], |row| row.get(0)).expect("a count")
}

/// The ends of the record as they are said, and as they are.
fn record(folder: &Folder) -> ([i64; 2], [Option<i64>; 2]) {
    let db = database(folder);
    let ends = |sql| db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
    let said: (Option<i64>, Option<i64>) =
        ends("SELECT oldest, revision FROM directory").expect("the facts");
    let is = ends("SELECT min(revision), max(revision) FROM changes").expect("the record");
    let said = [said.0, said.1].map(Option::unwrap_or_default);
    (said, [is.0, is.1])
}

#[test]
fn nothing_goes_before_its_time() {
    let folder = Folder::new();
    let store = fresh(&folder);
    edit(&store, delete(7), "one").expect("deleted");
    assert_eq!(
        sweep(
            &store,
            RetentionPolicy::default(),
            Timestamp::from(std::time::SystemTime::now())
        ),
        1
    );
    assert_eq!(count(&folder, "bin"), 1);
    assert_eq!(count(&folder, "requests"), 1);
    assert_eq!(record(&folder), ([1, 1_001], [Some(1), Some(1_001)]));
}

#[test]
fn the_bin_is_emptied_of_those_whose_time_is_over() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for id in 1..=600 {
        edit(&store, delete(id), "").expect("deleted");
    }
    let keeping = RetentionPolicy::default();
    sweep(&store, keeping, later(29));
    assert_eq!(count(&folder, "bin"), 600);
    assert!(sweep(&store, keeping, later(31)) >= 3, "in small steps");
    assert_eq!(count(&folder, "bin"), 0);
    let restore = Command::Restore {
        id: UserId::new(7).expect("an id"),
        expected: None,
    };
    assert!(matches!(
        edit(&store, restore, ""),
        Err(Rejection::UserNotFound(_))
    ));
    // Nobody who watches or lists has missed anything: they were deleted before.
    drop(store);
    assert_eq!(counts(&folder), [400; 3]);
}

#[test]
fn the_record_loses_what_is_too_old_at_its_lower_end_only() {
    let folder = Folder::new();
    let store = fresh(&folder);
    // As if the first half had been made forty days ago.
    let aged = store.write(|changing| {
        let old = changing.now().before(40 * DAY);
        changing.db.execute(
            "UPDATE changes SET changed = ?1 WHERE revision <= 500",
            [old.0],
        )
    });
    aged.expect("the writer is there").wait().expect("aged");
    assert_eq!(
        sweep(
            &store,
            RetentionPolicy::default(),
            Timestamp::from(std::time::SystemTime::now())
        ),
        2
    );
    assert_eq!(record(&folder), ([501, 1_000], [Some(501), Some(1_000)]));
    assert!(matches!(
        block_on(store.watch(Some(Revision(499)))),
        Err(Error::RevisionTooOld {
            oldest: Revision(501)
        })
    ));
    // With all of it gone, the next change is the first on record.
    sweep(&store, RetentionPolicy::default(), later(31));
    assert_eq!(record(&folder), ([1_001, 1_000], [None, None]));
    edit(&store, delete(7), "").expect("deleted");
    assert_eq!(
        record(&folder),
        ([1_001, 1_001], [Some(1_001), Some(1_001)])
    );
    drop(store);
    drop(fresh(&folder));
    assert_eq!(
        record(&folder),
        ([1_001, 1_001], [Some(1_001), Some(1_001)])
    );
}

#[test]
fn the_record_loses_what_is_too_much() {
    let folder = Folder::new();
    let store = fresh(&folder);
    for (changes, oldest, steps) in [(1_000, 1, 1), (999, 2, 1), (300, 701, 3), (0, 1_001, 2)] {
        let keeping = RetentionPolicy {
            changes,
            ..RetentionPolicy::default()
        };
        assert_eq!(
            sweep(
                &store,
                keeping,
                Timestamp::from(std::time::SystemTime::now())
            ),
            steps,
            "{changes}"
        );
        assert_eq!(record(&folder).0, [oldest, 1_000]);
    }
    assert_eq!(count(&folder, "changes"), 0);
}

#[test]
fn requests_are_forgotten_after_a_day_and_imports_with_their_batches() {
    let folder = Folder::new();
    let store = fresh(&folder);
    edit(&store, delete(7), "one").expect("deleted");
    let begun = store.write(|changing| {
        changing.db.execute_batch(&format!(
            "INSERT INTO imports VALUES ('a', {0}, 0, 20, 20, 0, 0, 0), ('b', {1}, 0, 1, 1, 0, 0, 0); \
             WITH n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20) \
             INSERT INTO import_batches SELECT 'a', n, 1, 0, 0, 1, '[]', NULL FROM n; \
             INSERT INTO import_batches VALUES ('b', 1, 1, 0, 0, 1, '[]', NULL)",
            changing.now().0,
            changing.now().after(DAY / 2).0,
        ))
    });
    begun.expect("the writer is there").wait().expect("begun");
    sweep(
        &store,
        RetentionPolicy::default(),
        Timestamp::from(std::time::SystemTime::now()),
    );
    let left = || ["requests", "imports", "import_batches"].map(|table| count(&folder, table));
    assert_eq!(left(), [1, 2, 21]);
    let a_day = Timestamp::from(std::time::SystemTime::now()).after(DAY + Duration::from_mins(1));
    assert!(
        sweep(&store, RetentionPolicy::default(), a_day) >= 3,
        "in small steps"
    );
    assert_eq!(left(), [0, 1, 1]);
    sweep(&store, RetentionPolicy::default(), later(2));
    assert_eq!(left(), [0; 3]);
}

#[test]
fn a_request_that_is_made_again_after_its_time_holds_up_none_that_is_older() {
    let folder = Folder::new();
    let store = fresh(&folder);
    edit(&store, delete(7), "one").expect("deleted");
    edit(&store, delete(8), "two").expect("deleted");
    let aged = store.write(|changing| {
        let old = changing.now().before(2 * DAY);
        changing.db.execute("UPDATE requests SET at = ?1", [old.0])
    });
    aged.expect("the writer is there").wait().expect("aged");
    let again = edit(&store, delete(7), "one");
    assert!(
        matches!(again, Err(Rejection::UserNotFound(_))),
        "it is a new one"
    );
    let order = || -> Vec<String> {
        let db = database(&folder);
        let mut ids = db
            .prepare("SELECT id FROM requests ORDER BY number")
            .expect("SQL");
        let ids = ids.query_map([], |row| row.get(0)).expect("a query");
        ids.collect::<Result<_, _>>().expect("the ids")
    };
    assert_eq!(order(), ["two", "one"]);
    sweep(
        &store,
        RetentionPolicy::default(),
        Timestamp::from(std::time::SystemTime::now()),
    );
    assert_eq!(order(), ["one"]);
}

#[test]
fn the_keeper_looks_by_itself_and_never_holds_up_the_end() {
    let folder = Folder::new();
    let keeping = RetentionPolicy {
        changes: 10,
        look: Some(Duration::from_hours(1)),
        ..RetentionPolicy::default()
    };
    let store = open_keeping(&folder, keeping).unwrap_or_else(|failure| panic!("{failure}"));
    // It looks at once; what is written behind it is answered when it is done.
    while store.0.live.now().oldest < Revision(991) {
        add(&store, vec![], Origin::Real);
    }
    let begun = std::time::Instant::now();
    drop(store);
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "it waited for the next look"
    );
    assert_eq!(count(&folder, "changes"), 10);
}

#[test]
fn where_nothing_is_changed_nothing_is_written() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let db = database(&folder);
    let seen = || -> (i64, i64) {
        let changed = db.query_row("SELECT changed FROM directory", [], |row| row.get(0));
        let wal = db.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1));
        (changed.expect("a time"), wal.expect("its length"))
    };
    let before = seen();
    let nobody = UserId::new(4_711).expect("an id");
    let gone = block_on(store.execute(
        Command::Delete {
            id: nobody,
            expected: None,
        },
        None,
    ));
    gone.expect("an answer").expect_err("nobody has that id");
    let keeping = RetentionPolicy::default();
    let swept = store.write(move |changing| {
        let now = changing.now();
        step(changing, keeping, now)
    });
    let left = swept.and_then(Pending::wait).expect("swept");
    assert_eq!(left, Left::Nothing);
    assert_eq!(seen(), before, "the time of the last change, and the log");
}
