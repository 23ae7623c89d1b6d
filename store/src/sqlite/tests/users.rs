//! The users of a directory, and their order.

use super::*;

#[test]
fn a_new_directory_has_john_doe_and_999_samples() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let john = block_on(store.user(user_id(1))).expect("read");
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
fn a_directory_is_initialized_once() {
    let folder = Folder::new();
    let store = new_store(&folder);
    assert_eq!(remove_samples(&store, usize::MAX), 999);
    drop(store);
    let (total, ids, _) = list(&new_store(&folder), 0, 0);
    assert_eq!((total, ids), (1, vec![1]));
    assert_eq!(counts(&folder), [1; 3]);
}

#[test]
fn an_unknown_id_has_no_user() {
    let folder = Folder::new();
    let store = new_store(&folder);
    for id in [1_001, i32::MAX] {
        assert_eq!(block_on(store.user(user_id(id))).expect("read"), None);
    }
}

#[test]
fn the_email_decides_whether_a_user_exists() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let ada = new_user("Ada Lovelace", "ada@example.org");
    let added = add(&store, vec![ada.clone(), ada.clone()], Origin::Real);
    let expected = Added {
        created: 1,
        updated: 0,
        unchanged: 1,
        rejected: vec![],
    };
    assert_eq!(added, expected);
    let users = vec![
        new_user("Ada Lovelace", "ADA@EXAMPLE.ORG"),
        new_user("Another Name", "Ada@example.org"),
        new_user("Grace Hopper", "grace@example.org"),
    ];
    let added = add(&store, users, Origin::Real);
    let expected = Added {
        rejected: vec![(1, user_id(1_001))],
        ..expected
    };
    assert_eq!(added, expected);
    let (total, ids, _) = list(&store, 0, 0);
    assert_eq!((total, ids.last()), (1_002, Some(&1_002)));
}

#[test]
fn a_sample_that_is_added_as_a_real_user_stays_when_the_samples_are_removed() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let sample = Samples::starting_at(2).next().expect("a sample");
    let added = add(&store, vec![sample], Origin::Real);
    assert_eq!(added.updated, 1);
    assert_eq!(remove_samples(&store, usize::MAX), 998);
}

#[test]
fn ids_are_never_reused() {
    let folder = Folder::new();
    let store = new_store(&folder);
    remove_samples(&store, usize::MAX);
    add(
        &store,
        vec![new_user("Ada", "ada@example.org")],
        Origin::Real,
    );
    assert_eq!(list(&store, 0, 0).1, [1, 1_001]);
}

#[test]
fn pages_are_cut_from_the_order_of_the_whole_list() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let samples = |first, count| Samples::starting_at(first).take(count).collect();
    // Gaps of every kind: whole blocks, the start, and ids that are followed by others.
    add(&store, samples(5_000, 6_000), Origin::Real);
    remove_samples(&store, usize::MAX);
    add(&store, samples(20_000, 3_000), Origin::Sample);
    add(&store, samples(30_000, 999), Origin::Real);
    remove_samples(&store, usize::MAX);
    let (total, all, batches) = list(&store, 0, 0);
    assert_eq!(total, 7_000);
    assert_eq!(batches, [1_000; 7]);
    assert!(all.is_sorted());
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
            let expected: Vec<_> = all.iter().skip(skipped).take(size).copied().collect();
            assert_eq!(page.1, expected, "page {number} of {size}");
            assert_eq!(page.0, 7_000);
        }
    }
    assert!(list(&store, i32::MAX, i32::MAX).1.is_empty());
    drop(store);
    assert_eq!(counts(&folder), [7_000; 3]);
}

#[test]
fn a_list_that_is_being_read_keeps_the_store_open() {
    let folder = Folder::new();
    let store = new_store(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(10_000).collect(),
        Origin::Real,
    );
    let list = block_on(store.list(ListQuery::all())).expect("a list");
    drop(store);
    assert!(open(&folder).is_err(), "the list holds the folder");
    drop(list);
    new_store(&folder);
}

#[test]
fn closing_copies_the_wal_back_into_the_database() {
    let folder = Folder::new();
    drop(new_store(&folder));
    assert!(!folder.path().join("frontdesk.db-wal").exists());
}

#[test]
fn a_job_that_fails_does_not_fail_the_others() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let before = store
        .add_users(vec![new_user("Ada", "ada@example.org")], Origin::Real)
        .expect("queued");
    let failed = store.0.queue_blocking(|transaction| {
        let grace = [new_user("Grace", "grace@example.org")];
        bulk::add(transaction, grace, Origin::Real)?;
        transaction
            .db()
            .execute("INSERT INTO nowhere VALUES (1)", [])
    });
    let failed = failed.expect("queued");
    let after = store
        .add_users(vec![new_user("Linus", "linus@example.org")], Origin::Real)
        .expect("queued");
    assert!(before.wait().is_ok());
    let failed = failed.blocking_recv().expect("a response");
    assert!(matches!(failed, Err(Error::Internal(_))));
    assert!(after.wait().is_ok());
    assert_eq!(list(&store, 0, 0).0, 1_002);
    drop(store);
    assert_eq!(counts(&folder), [1_002; 3]);
}

#[test]
fn a_list_that_ends_before_its_total_is_an_error() {
    let folder = Folder::new();
    let store = new_store(&folder);
    add(
        &store,
        Samples::starting_at(5_000).take(5_000).collect(),
        Origin::Real,
    );
    // As a damaged table does, without an error from SQLite.
    let deleted = database(&folder).execute("DELETE FROM users WHERE id BETWEEN 2500 AND 2599", []);
    assert_eq!(deleted.expect("rows"), 100);
    let (users, end) = block_on(async {
        let mut list = store.list(ListQuery::all()).await.expect("a list");
        let (mut users, mut end) = (0, Ok(()));
        while let Some(batch) = next(&mut list.users).await {
            match batch {
                Ok(batch) => users += batch.len(),
                Err(error) => end = Err(error),
            }
        }
        (users, end)
    });
    assert!(users < 5_900, "{users}");
    assert!(matches!(end, Err(Error::Internal(_))), "{end:?}");

    let exported = export(folder.path(), |_, _| Ok(()));
    let error = exported.expect_err("an error").to_string();
    assert!(error.contains("100 users are missing"), "{error}");
}
