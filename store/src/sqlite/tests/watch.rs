//! Changes as they are published, from the change log and from memory.

use std::sync::Arc;

use frontdesk_directory::{Watch, WatchStream};
use futures_util::FutureExt as _;

use super::*;
use crate::recent_changes::LIMIT;

fn new_users(numbers: std::ops::Range<usize>) -> Vec<NewUser> {
    numbers
        .map(|n| new_user(&format!("User {n}"), &format!("{n}@example.org")))
        .collect()
}

fn add_new(store: &Store, numbers: std::ops::Range<usize>) {
    add(store, new_users(numbers), Origin::Real);
}

fn start(store: &Store, after: u64) -> Result<Watch, Error> {
    block_on(store.watch(Some(Revision(after))))
}

fn watch(store: &Store, after: u64) -> WatchStream {
    start(store, after).expect("a watch").changes
}

fn revisions(batch: &[Arc<Change>]) -> impl Iterator<Item = u64> {
    batch.iter().map(|change| change.revision().0)
}

/// The revisions that a watch yields, up to and including this one.
async fn read_to(watch: &mut WatchStream, last: u64) -> Vec<u64> {
    let mut read = Vec::new();
    while read.last().is_none_or(|read| *read < last) {
        let batch = next(watch).await.expect("no end").expect("a batch");
        assert!(!batch.is_empty() && batch.len() <= 256);
        read.extend(revisions(&batch));
    }
    read
}

/// Removes the lower end of the change log.
pub(super) fn trim(store: &Store, revision: i64) {
    let trimmed = store.write(move |transaction| {
        let sql = "DELETE FROM change_log WHERE revision <= ?1";
        let removed = transaction.db().execute(sql, [revision])?;
        transaction.trimmed(revision);
        Ok(removed)
    });
    trimmed.expect("trimmed");
}

/// All changes of a query, and the length of each batch.
pub(super) fn changes(store: &Store, query: ChangeLogQuery) -> (Vec<Change>, Vec<usize>) {
    block_on(async {
        let mut changes = store.changes(query);
        let (mut all, mut batches) = (Vec::new(), Vec::new());
        while let Some(batch) = next(&mut changes).await {
            let batch = batch.expect("a batch");
            batches.push(batch.len());
            all.extend(batch);
        }
        (all, batches)
    })
}

#[test]
fn a_watch_yields_each_change_once_and_in_order_from_the_change_log_and_from_memory() {
    let folder = Folder::new();
    let store = new_store(&folder);
    // More than memory holds: the watch starts in the change log.
    add_new(&store, 0..LIMIT + 500);
    let head = 1_500 + LIMIT as u64;
    let Watch {
        after,
        head: reported,
        mut changes,
    } = start(&store, 0).expect("a watch");
    assert_eq!((after, reported), (Revision(0), Revision(head)));
    block_on(async {
        let read = read_to(&mut changes, head).await;
        assert_eq!(read, (1..=head).collect::<Vec<_>>());
        assert!(next(&mut changes).now_or_never().is_none(), "caught up");
    });
    add_new(&store, 10_000..10_010);
    let read = block_on(read_to(&mut changes, head + 10));
    assert_eq!(read, (head + 1..=head + 10).collect::<Vec<_>>());
}

#[test]
fn a_slow_watcher_reads_the_change_log_and_then_memory_again() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut changes = watch(&store, 1_000);
    add_new(&store, 0..10);
    assert_eq!(block_on(read_to(&mut changes, 1_010)).len(), 10);
    // More than memory holds.
    add_new(&store, 10..LIMIT + 1_000);
    assert!(store.0.recent.after(Revision(1_010), 1).is_empty());
    let head = 2_000 + LIMIT as u64;
    let read = block_on(read_to(&mut changes, head));
    assert_eq!(read, (1_011..=head).collect::<Vec<_>>());
}

#[test]
fn waiting_watchers_are_woken_and_share_the_change() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut watchers: Vec<_> = (0..3).map(|_| watch(&store, 1_000)).collect();
    let batches = block_on(async {
        let all = futures_util::future::join_all(watchers.iter_mut().map(next));
        let writer = store.clone();
        let added = std::thread::spawn(move || add_new(&writer, 0..1));
        let batches = all.await;
        added.join().expect("added");
        batches
    });
    let batches: Vec<_> = batches
        .into_iter()
        .map(|batch| batch.expect("no end").expect("a batch"))
        .collect();
    assert!(
        batches
            .iter()
            .all(|batch| Arc::ptr_eq(&batch[0], &batches[0][0]))
    );
}

#[test]
fn recent_changes_are_limited_by_bytes_too() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let huge = |n| NewUser {
        name: Name::from_trusted("👩".repeat(200)),
        email: Email::from_trusted(format!("{n:0>242}@example.org")),
    };
    add(&store, (0..LIMIT).map(huge).collect(), Origin::Real);
    let retained = (0..)
        .map_while(|back| {
            let before_it = Revision(1_000 + LIMIT as u64 - 1 - back);
            (!store.0.recent.after(before_it, 1).is_empty()).then_some(())
        })
        .count();
    assert!((1_000..2_500).contains(&retained), "{retained}");
    // A watcher that is behind them misses nothing.
    let mut changes = watch(&store, 1_000);
    let head = 1_000 + LIMIT as u64;
    assert_eq!(block_on(read_to(&mut changes, head)).len(), LIMIT);
}

#[test]
fn the_changes_of_one_transaction_arrive_together() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut changes = watch(&store, 1_000);
    add_new(&store, 0..5);
    let batch = block_on(next(&mut changes));
    let batch = batch.expect("no end").expect("a batch");
    assert_eq!(
        revisions(&batch).collect::<Vec<_>>(),
        [1_001, 1_002, 1_003, 1_004, 1_005]
    );
}

#[test]
fn a_watcher_from_before_a_restart_continues_after_it() {
    let folder = Folder::new();
    let store = new_store(&folder);
    add_new(&store, 0..10);
    drop(store);
    let store = new_store(&folder);
    let mut changes = watch(&store, 1_004);
    add_new(&store, 10..20);
    let read = block_on(read_to(&mut changes, 1_020));
    assert_eq!(read, (1_005..=1_020).collect::<Vec<_>>());
}

#[test]
fn a_watch_without_a_revision_starts_at_the_head() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut watch = block_on(store.watch(None)).expect("a watch");
    assert_eq!(watch.after, Revision(1_000));
    block_on(async {
        assert!(next(&mut watch.changes).now_or_never().is_none());
    });
    add_new(&store, 0..1);
    assert_eq!(block_on(read_to(&mut watch.changes, 1_001)), [1_001]);
}

#[test]
fn a_watch_from_a_revision_that_is_too_old_or_too_new_is_rejected() {
    let folder = Folder::new();
    let store = new_store(&folder);
    trim(&store, 400);
    assert!(matches!(
        start(&store, 399),
        Err(Error::RevisionTooOld {
            oldest: Revision(401)
        })
    ));
    let mut changes = watch(&store, 400);
    assert_eq!(block_on(read_to(&mut changes, 1_000)).len(), 600);
    assert!(start(&store, 1_000).is_ok());
    assert!(matches!(
        start(&store, 1_001),
        Err(Error::RevisionTooNew {
            newest: Revision(1_000),
            oldest: Revision(401)
        })
    ));
    assert!(start(&store, u64::MAX).is_err());
}

#[test]
fn a_client_that_has_read_a_commit_before_it_was_published_may_watch_from_there() {
    let folder = Folder::new();
    let store = new_store(&folder);
    // As between a commit and its publication: the tables are ahead of the feed.
    database(&folder)
        .execute_batch(
            "INSERT INTO change_log \
             (revision, kind, user_id, update_time, name, email, sample, in_trash) \
             VALUES (1001, 3, 7, 0, 'Ada', 'ada@example.org', 0, 0); \
             UPDATE directory SET revision = 1001",
        )
        .expect("a change");
    let mut changes = watch(&store, 1_001);
    block_on(async {
        assert!(next(&mut changes).now_or_never().is_none());
    });
    add_new(&store, 0..1);
    assert_eq!(block_on(read_to(&mut changes, 1_002)), [1_002]);
}

#[test]
fn a_watcher_that_the_trimmed_change_log_no_longer_reaches_gets_an_error() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut changes = watch(&store, 0);
    let first = block_on(next(&mut changes));
    let first = first.expect("no end").expect("a batch");
    trim(&store, 900);
    // What was read ahead may still arrive, without a gap.
    let (read, error) = block_on(async {
        let mut read: Vec<u64> = revisions(&first).collect();
        loop {
            match next(&mut changes).await.expect("no end") {
                Ok(batch) => read.extend(revisions(&batch)),
                Err(error) => break (read, error),
            }
        }
    });
    assert!(
        matches!(
            error,
            Error::RevisionTooOld {
                oldest: Revision(901)
            }
        ),
        "{error:?}"
    );
    assert!(read.iter().copied().eq(1..=read.len() as u64) && read.len() <= 512);
}

#[test]
fn trimming_neither_wakes_nor_ends_a_watch_that_keeps_up() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut changes = watch(&store, 1_000);
    block_on(async {
        assert!(next(&mut changes).now_or_never().is_none());
    });
    trim(&store, 1_000);
    add_new(&store, 0..1);
    trim(&store, 1_001);
    let read = block_on(read_to(&mut changes, 1_001));
    assert_eq!(read, [1_001], "from memory");
}

#[test]
fn a_gap_in_the_change_log_is_damage_and_never_skipped() {
    let folder = Folder::new();
    drop(new_store(&folder));
    let db = database(&folder);
    db.execute("DELETE FROM change_log WHERE revision = 700", [])
        .expect("a gap");
    drop(db);
    let store = new_store(&folder);
    let mut changes = watch(&store, 600);
    let error = block_on(async {
        loop {
            if let Err(error) = next(&mut changes).await.expect("no end") {
                break error;
            }
        }
    });
    assert!(matches!(error, Error::Internal(_)), "{error:?}");
}

#[test]
fn a_change_is_the_same_in_a_watch_and_in_the_change_log() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let mut watched = watch(&store, 1_000);
    let ada = user_id(1_001);
    for command in [
        create("Ada", "ada@example.org"),
        rename(ada, "Ada Lovelace", None),
        delete(ada),
        restore(ada),
    ] {
        execute(&store, command).expect("a change");
    }
    assert_eq!(remove_samples(&store, 1), 1);
    let published: Vec<Change> = block_on(async {
        let mut published = Vec::new();
        while published.len() < 5 {
            let batch = next(&mut watched).await.expect("no end").expect("a batch");
            published.extend(batch.iter().map(|change| Change::clone(change)));
        }
        published
    });
    let kinds: Vec<_> = published.iter().map(|change| change.kind).collect();
    assert_eq!(
        kinds,
        [
            ChangeKind::Created,
            ChangeKind::Updated,
            ChangeKind::Deleted,
            ChangeKind::Restored,
            ChangeKind::Deleted,
        ]
    );
    // To the trash, and past it.
    assert!(published[2].user.purge_time.is_some() && published[4].user.purge_time.is_none());
    drop(watched);
    drop(store);
    let store = new_store(&folder);
    let mut watched = watch(&store, 1_000);
    let batch = block_on(next(&mut watched));
    let batch = batch.expect("no end").expect("a batch");
    assert!(batch.iter().map(|change| &**change).eq(&published));
    let of_ada = ChangeLogQuery {
        user: Some(ada),
        ..ChangeLogQuery::default()
    };
    let (of_ada, _) = changes(&store, of_ada);
    assert!(of_ada.iter().rev().eq(&published[..4]));
}

#[test]
fn the_change_log_is_read_newest_first_up_to_a_limit_and_before_a_revision() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let revisions = |query| -> Vec<u64> {
        let (changes, _) = changes(&store, query);
        changes.iter().map(|change| change.revision().0).collect()
    };
    let (all, batches) = changes(&store, ChangeLogQuery::default());
    assert_eq!(all.len(), 1_000);
    assert_eq!(batches, [256, 256, 256, 232]);
    assert_eq!(
        revisions(ChangeLogQuery::default()),
        (1..=1_000).rev().collect::<Vec<_>>()
    );
    for (before, limit, expected) in [
        (Some(4), None, vec![3, 2, 1]),
        (Some(1), None, vec![]),
        (None, Some(2), vec![1_000, 999]),
        (Some(900), Some(300), (600..900).rev().collect()),
        (Some(900), Some(256), (644..900).rev().collect()),
        (Some(u64::MAX), Some(1), vec![1_000]),
    ] {
        let query = ChangeLogQuery {
            user: None,
            before: before.map(Revision),
            limit: limit.and_then(std::num::NonZeroU32::new),
        };
        assert_eq!(revisions(query), expected, "{query:?}");
    }
    let unknown = ChangeLogQuery {
        user: UserId::new(i32::MAX),
        ..ChangeLogQuery::default()
    };
    assert!(revisions(unknown).is_empty());
}
