//! Changes as they come, from the record and from memory.

use std::sync::Arc;

use futures_util::FutureExt as _;

use super::{super::recent_changes::RECENT, *};
use frontdesk_directory::{Change, ChangeKind, ChangeLogQuery, Command, WatchStream};

fn people(range: std::ops::Range<usize>) -> Vec<NewUser> {
    range
        .map(|n| person(&format!("Person {n}"), &format!("{n}@example.org")))
        .collect()
}

fn watch(store: &Store, from: u64) -> Result<frontdesk_directory::Watch, Error> {
    block_on(store.watch(Some(Revision(from))))
}

fn revisions(batch: &[Arc<Change>]) -> impl Iterator<Item = u64> {
    batch.iter().map(|news| news.revision().0)
}

/// The revisions of what a watch says, up to and with this one.
async fn said(watch: &mut WatchStream, last: u64) -> Vec<u64> {
    let mut said = Vec::new();
    while said.last().is_none_or(|said| *said < last) {
        let batch = next(watch).await.expect("no end").expect("a batch");
        assert!(!batch.is_empty() && batch.len() <= 256);
        said.extend(revisions(&batch));
    }
    said
}

async fn refusal(watch: &mut WatchStream) -> Error {
    loop {
        match next(watch).await.expect("no end") {
            Ok(_) => {}
            Err(error) => return error,
        }
    }
}

pub(super) fn forget(store: &Store, up_to: i64) {
    let forget = store.write(move |changing| {
        let gone = changing
            .db
            .execute("DELETE FROM changes WHERE revision <= ?1", [up_to])?;
        changing.forget(up_to);
        Ok(gone)
    });
    forget
        .expect("the writer is there")
        .wait()
        .expect("forgotten");
}

pub(super) fn changes(store: &Store, history: ChangeLogQuery) -> (Vec<Change>, Vec<usize>) {
    block_on(async {
        let mut changes = store.changes(history);
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
fn a_watch_tells_of_each_change_once_and_in_order_from_the_record_and_from_memory() {
    let folder = Folder::new();
    let store = fresh(&folder);
    // More than memory keeps, so the watch begins in the record and goes over.
    add(&store, people(0..RECENT + 500), Origin::Real);
    let head = 1_500 + RECENT as u64;
    let frontdesk_directory::Watch {
        after: from,
        head: seen,
        changes: mut news,
    } = watch(&store, 0).expect("a watch");
    assert_eq!((from, seen), (Revision(0), Revision(head)));
    block_on(async {
        assert_eq!(said(&mut news, head).await, (1..=head).collect::<Vec<_>>());
        assert!(next(&mut news).now_or_never().is_none(), "all is said");
    });
    add(&store, people(10_000..10_010), Origin::Real);
    let come = block_on(said(&mut news, head + 10));
    assert_eq!(come, (head + 1..=head + 10).collect::<Vec<_>>());
}

#[test]
fn who_stops_taking_is_served_from_the_record_and_then_from_memory_again() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut news = watch(&store, 1_000).expect("a watch").changes;
    add(&store, people(0..10), Origin::Real);
    assert_eq!(block_on(said(&mut news, 1_010)).len(), 10);
    // Much comes while nothing is taken: memory has lost what is next.
    add(&store, people(10..RECENT + 1_000), Origin::Real);
    assert!(store.0.live.after(Revision(1_010), 1).is_empty());
    let head = 2_000 + RECENT as u64;
    let rest = block_on(said(&mut news, head));
    assert_eq!(rest, (1_011..=head).collect::<Vec<_>>());
}

#[test]
fn a_watcher_that_waits_is_woken_and_all_share_the_change() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut watchers: Vec<_> = (0..3)
        .map(|_| watch(&store, 1_000).expect("a watch").changes)
        .collect();
    let heard = block_on(async {
        let all = watchers.iter_mut().map(next);
        let all = futures_util::future::join_all(all);
        let writer = store.clone();
        let added = std::thread::spawn(move || add(&writer, people(0..1), Origin::Real));
        let heard = all.await;
        added.join().expect("added");
        heard
    });
    let heard: Vec<_> = heard
        .into_iter()
        .map(|batch| batch.expect("no end").expect("a batch"))
        .collect();
    assert!(
        heard
            .iter()
            .all(|batch| Arc::ptr_eq(&batch[0], &heard[0][0]))
    );
}

#[test]
fn memory_is_bounded_by_bytes_too() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let huge = |n| NewUser {
        name: Name::from_trusted("👩".repeat(200)),
        email: Email::from_trusted(format!("{n:0>242}@example.org")),
    };
    add(&store, (0..RECENT).map(huge).collect(), Origin::Real);
    let kept = (0..)
        .map_while(|back| {
            let before_it = Revision(1_000 + RECENT as u64 - 1 - back);
            (!store.0.live.after(before_it, 1).is_empty()).then_some(())
        })
        .count();
    assert!((1_000..2_500).contains(&kept), "{kept}");
    // Who is behind that misses nothing.
    let mut news = watch(&store, 1_000).expect("a watch").changes;
    let head = 1_000 + RECENT as u64;
    assert_eq!(block_on(said(&mut news, head)).len(), RECENT);
}

#[test]
fn what_one_transaction_changes_is_told_together() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut news = watch(&store, 1_000).expect("a watch").changes;
    add(&store, people(0..5), Origin::Real);
    let batch = block_on(next(&mut news)).expect("no end").expect("a batch");
    assert_eq!(
        revisions(&batch).collect::<Vec<_>>(),
        [1_001, 1_002, 1_003, 1_004, 1_005]
    );
}

#[test]
fn who_was_there_before_a_restart_goes_on_behind_it() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(&store, people(0..10), Origin::Real);
    drop(store);
    let store = fresh(&folder);
    let mut news = watch(&store, 1_004).expect("a watch").changes;
    add(&store, people(10..20), Origin::Real);
    let said = block_on(said(&mut news, 1_020));
    assert_eq!(said, (1_005..=1_020).collect::<Vec<_>>());
}

#[test]
fn a_watch_that_says_no_revision_begins_with_what_comes() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut watching = block_on(store.watch(None)).expect("a watch");
    assert_eq!(watching.after, Revision(1_000));
    block_on(async {
        assert!(next(&mut watching.changes).now_or_never().is_none());
    });
    add(&store, people(0..1), Origin::Real);
    assert_eq!(block_on(said(&mut watching.changes, 1_001)), [1_001]);
}

#[test]
fn a_watch_too_far_back_or_ahead_of_the_directory_is_refused() {
    let folder = Folder::new();
    let store = fresh(&folder);
    forget(&store, 400);
    assert!(matches!(
        watch(&store, 399),
        Err(Error::RevisionTooOld {
            oldest: Revision(401)
        })
    ));
    let mut news = watch(&store, 400).expect("a watch").changes;
    assert_eq!(block_on(said(&mut news, 1_000)).len(), 600);
    assert!(watch(&store, 1_000).is_ok());
    assert!(matches!(
        watch(&store, 1_001),
        Err(Error::RevisionTooNew {
            newest: Revision(1_000),
            oldest: Revision(401)
        })
    ));
    assert!(watch(&store, u64::MAX).is_err());
}

#[test]
fn who_has_read_a_commit_that_is_not_told_of_yet_may_watch_from_there() {
    let folder = Folder::new();
    let store = fresh(&folder);
    // As between a commit and the word of it: the tables are further than what is known of them.
    database(&folder)
        .execute_batch(
            "INSERT INTO changes (revision, kind, user, changed, name, email, sample, in_bin) \
             VALUES (1001, 3, 7, 0, 'Ada', 'ada@example.org', 0, 0); \
             UPDATE directory SET revision = 1001",
        )
        .expect("a change");
    let mut news = watch(&store, 1_001).expect("a watch").changes;
    block_on(async {
        assert!(next(&mut news).now_or_never().is_none());
    });
    add(&store, people(0..1), Origin::Real);
    assert_eq!(block_on(said(&mut news, 1_002)), [1_002]);
}

#[test]
fn a_watcher_that_is_overtaken_by_forgetting_is_told() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut news = watch(&store, 0).expect("a watch").changes;
    let first = block_on(next(&mut news)).expect("no end").expect("a batch");
    forget(&store, 900);
    // What was read ahead may still be said; there is no gap in it.
    let (said, error) = block_on(async {
        let mut said: Vec<u64> = revisions(&first).collect();
        loop {
            match next(&mut news).await.expect("no end") {
                Ok(batch) => said.extend(revisions(&batch)),
                Err(error) => break (said, error),
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
    assert!(said.iter().copied().eq(1..=said.len() as u64) && said.len() <= 512);
}

#[test]
fn forgetting_wakes_nobody_and_ends_no_watch_that_keeps_up() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut news = watch(&store, 1_000).expect("a watch").changes;
    block_on(async {
        assert!(next(&mut news).now_or_never().is_none());
    });
    forget(&store, 1_000);
    add(&store, people(0..1), Origin::Real);
    forget(&store, 1_001);
    assert_eq!(block_on(said(&mut news, 1_001)), [1_001], "memory has it");
}

#[test]
fn a_hole_in_the_record_is_damage_and_never_passed_over() {
    let folder = Folder::new();
    drop(fresh(&folder));
    let db = database(&folder);
    db.execute("DELETE FROM changes WHERE revision = 700", [])
        .expect("a hole");
    drop(db);
    let store = fresh(&folder);
    let mut news = watch(&store, 600).expect("a watch").changes;
    assert!(matches!(block_on(refusal(&mut news)), Error::Internal(_)));
}

#[test]
fn what_was_changed_is_read_from_the_record_as_it_was_told() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let mut live = watch(&store, 1_000).expect("a watch").changes;
    let ada = UserId::new(1_001).expect("an id");
    let expected = None;
    for edit in [
        Command::Create {
            name: Name::parse("Ada").expect("a name"),
            email: Email::parse("ada@example.org").expect("an address"),
        },
        Command::Update {
            id: ada,
            name: Some(Name::parse("Ada Lovelace").expect("a name")),
            email: None,
            expected,
        },
        Command::Delete { id: ada, expected },
        Command::Restore { id: ada, expected },
    ] {
        let edited = block_on(store.execute(edit, None)).expect("an answer");
        edited.expect("a change");
    }
    let removed = store.remove_samples(1).expect("the writer is there");
    assert_eq!(removed.wait().expect("removed"), 1);
    let told: Vec<Change> = block_on(async {
        let mut told = Vec::new();
        while told.len() < 5 {
            let batch = next(&mut live).await.expect("no end").expect("a batch");
            told.extend(batch.iter().map(|news| Change::clone(news)));
        }
        told
    });
    let kinds: Vec<_> = told.iter().map(|change| change.kind).collect();
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
    // In the bin, and past it.
    assert!(told[2].user.purge_time.is_some() && told[4].user.purge_time.is_none());
    drop(live);
    drop(store);
    let store = fresh(&folder);
    let news = block_on(async {
        let mut news = store
            .watch(Some(Revision(1_000)))
            .await
            .expect("a watch")
            .changes;
        next(&mut news).await.expect("no end").expect("a batch")
    });
    assert!(news.iter().map(|news| &**news).eq(&told));
    let hers = ChangeLogQuery {
        user: Some(ada),
        ..ChangeLogQuery::default()
    };
    let (hers, _) = changes(&store, hers);
    assert!(hers.iter().rev().eq(&told[..4]));
}

#[test]
fn the_record_is_listed_newest_first_up_to_a_limit_and_before_a_revision() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let revisions = |history| -> Vec<u64> {
        let (changes, _) = changes(&store, history);
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
        let history = ChangeLogQuery {
            user: None,
            before: before.map(Revision),
            limit: limit.and_then(std::num::NonZeroU32::new),
        };
        assert_eq!(revisions(history), expected, "{history:?}");
    }
    let nobodys = ChangeLogQuery {
        user: UserId::new(i32::MAX),
        ..ChangeLogQuery::default()
    };
    assert!(revisions(nobodys).is_empty());
}
