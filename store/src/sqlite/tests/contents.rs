//! Who is in the directory, and in which order.

use super::*;

#[test]
fn a_new_directory_has_john_doe_and_999_samples() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let john = block_on(store.user(UserId::new(1).expect("an id"))).expect("read");
    let john = john.expect("John");
    assert_eq!(
        (john.id.get(), john.name.as_str(), john.email.as_str()),
        (1, "John Doe", "john@example.com")
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
        .remove_samples(usize::MAX)
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
            changed: 0,
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
            changed: 0,
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
    assert_eq!(added.changed, 1);
    let removed = store
        .remove_samples(usize::MAX)
        .and_then(Pending::wait)
        .expect("removed");
    assert_eq!(removed, 998);
}

#[test]
fn ids_are_never_given_again() {
    let folder = Folder::new();
    let store = fresh(&folder);
    store
        .remove_samples(usize::MAX)
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
        .remove_samples(usize::MAX)
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
        .remove_samples(usize::MAX)
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
    let listing = block_on(store.list(ListQuery::all())).expect("a list");
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
        .write(|changing| {
            let grace = [person("Grace", "grace@example.org")];
            bulk::add(changing, grace, Origin::Real, OnExisting::Reject)?;
            changing.db.execute("INSERT INTO nowhere VALUES (1)", [])
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

#[test]
fn a_list_that_ends_before_its_total_is_no_list() {
    let folder = Folder::new();
    let store = fresh(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(5_000).collect(),
        Origin::Real,
    );
    // As a damaged table does, without a word of SQLite's.
    let lost = database(&folder).execute("DELETE FROM users WHERE id BETWEEN 2500 AND 2599", []);
    assert_eq!(lost.expect("rows"), 100);
    let read = block_on(async {
        let mut listing = store.list(ListQuery::all()).await.expect("a list");
        let (mut users, mut end) = (0, Ok(()));
        while let Some(batch) = poll_fn(|cx| Pin::new(&mut listing.users).poll_next(cx)).await {
            match batch {
                Ok(batch) => users += batch.len(),
                Err(error) => end = Err(error),
            }
        }
        (users, end)
    });
    assert!(read.0 < 5_900, "{}", read.0);
    assert!(matches!(read.1, Err(Error::Internal(_))), "{:?}", read.1);

    let exported = export(folder.path(), |_, _| Ok(()));
    let why = exported.expect_err("a refusal").to_string();
    assert!(why.contains("100 early"), "{why}");
}
