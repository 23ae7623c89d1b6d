//! A full disk.

use super::{super::sweep, *};

const MEBIBYTE: u64 = 1 << 20;

/// As long as a name can be, so that the space is used up soon.
fn long(number: usize) -> Command {
    let email = format!("{number}.{}@example.org", "x".repeat(50));
    create(&"🙂".repeat(200), &email)
}

fn small(folder: &Folder, bytes: u64) -> Store {
    let policy = RetentionPolicy {
        max_database_bytes: Some(bytes),
        ..RetentionPolicy::default()
    };
    open_with(folder, policy).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_change_without_space_is_rejected_whole_and_the_others_are_written() {
    let folder = Folder::new();
    let store = small(&folder, MEBIBYTE);
    let (created, rejected) = block_on(async {
        // Many at once: they are committed together, and the space ends within a group.
        let commands = (0..2_000).map(|number| store.execute(long(number), None));
        let responses = futures_util::future::join_all(commands).await;
        let mut created: Vec<User> = Vec::new();
        let mut rejected = 0;
        for response in responses {
            match response {
                Ok(Ok(user)) => created.push(user),
                Err(Error::StorageFull) => rejected += 1,
                other => panic!("neither created nor without space: {other:?}"),
            }
        }
        (created, rejected)
    });
    assert!(!created.is_empty() && rejected > 0, "{rejected} rejected");
    for user in &created {
        let found = block_on(store.user(user.id)).expect("reads continue");
        assert_eq!(found.as_ref(), Some(user));
    }
    let total = i64::try_from(1_000 + created.len()).expect("few");
    assert_eq!(list(&store, 0, 0).0, total.unsigned_abs());
    drop(store);
    assert_eq!(counts(&folder), [total; 3]);

    // With more space everything works again.
    let store = small(&folder, 8 * MEBIBYTE);
    let last = execute(&store, long(5_000)).expect("created");
    assert_eq!(i64::from(last.id.get()), total + 1);
    let (changes, _) = watch::changes(&store, ChangeLogQuery::default());
    let revisions: Vec<_> = changes.iter().rev().map(|c| c.revision().0).collect();
    let all: Vec<u64> = (1..=last.revision.0).collect();
    assert_eq!(revisions, all, "each revision is a change that was made");
    assert!(
        changes
            .iter()
            .all(|change| change.kind == ChangeKind::Created)
    );
}

#[test]
fn the_retention_sweep_frees_space() {
    let folder = Folder::new();
    let store = small(&folder, MEBIBYTE);
    let mut number = 0;
    let full = loop {
        match block_on(store.execute(long(number), None)) {
            Ok(Ok(_)) => number += 1,
            other => break other,
        }
    };
    assert!(matches!(full, Err(Error::StorageFull)), "{full:?}");
    let policy = RetentionPolicy {
        max_changes: 100,
        ..RetentionPolicy::default()
    };
    let step = || {
        store.write(move |transaction| {
            let now = transaction.now();
            sweep::step(transaction, policy, now)
        })
    };
    while step().expect("swept") == sweep::Progress::More {}
    execute(&store, long(number)).expect("created");
}
