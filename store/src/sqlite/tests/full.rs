//! There is no room left.

use super::*;
use frontdesk_directory::{ChangeKind, Rejection};

/// As long as a name may be, so that the room is soon used up.
fn long(number: usize) -> Command {
    let email = format!("{number}.{}@example.org", "x".repeat(50));
    let person = person(&"🙂".repeat(200), &email);
    Command::Create {
        name: person.name,
        email: person.email,
    }
}

fn small(folder: &Folder, bytes: u64) -> Store {
    let keeping = RetentionPolicy {
        bytes: Some(bytes),
        ..RetentionPolicy::default()
    };
    open_keeping(folder, keeping).unwrap_or_else(|failure| panic!("{failure}"))
}

#[test]
fn what_finds_no_room_is_refused_whole_and_the_rest_goes_on() {
    const MEBIBYTE: u64 = 1 << 20;
    let folder = Folder::new();
    let store = small(&folder, MEBIBYTE);
    let (made, refused) = block_on(async {
        // Many at once: they are committed together, and the room ends in the midst of it.
        let edits = (0..2_000).map(|number| store.execute(long(number), None));
        let answers = futures_util::future::join_all(edits).await;
        let mut made: Vec<User> = Vec::new();
        let mut refused = 0;
        for answer in answers {
            match answer {
                Ok(Ok(user)) => made.push(user),
                Err(Error::StorageFull) => refused += 1,
                other => panic!("neither made nor without room: {other:?}"),
            }
        }
        (made, refused)
    });
    assert!(!made.is_empty() && refused > 0, "{refused} refused");
    for user in &made {
        let found = block_on(store.user(user.id)).expect("reads go on");
        assert_eq!(found.as_ref(), Some(user));
    }
    let everybody = 1_000 + made.len();
    let total = i64::try_from(everybody).expect("few");
    assert_eq!(list(&store, 0, 0).0, u64::try_from(total).expect("few"));
    drop(store);
    assert_eq!(
        counts(&folder),
        [total; 3],
        "counted and there are the same"
    );

    // With more room all is well.
    let store = small(&folder, 8 * MEBIBYTE);
    let again = block_on(store.execute(long(5_000), None)).expect("there is room");
    let again = again.expect("created");
    assert_eq!(i64::from(again.id.get()), total + 1);
    let (changes, _) = watch::changes(&store, ChangeLogQuery::default());
    let revisions: Vec<_> = changes.iter().rev().map(|c| c.revision().0).collect();
    let all: Vec<u64> = (1..=again.revision.0).collect();
    assert_eq!(revisions, all, "each revision is a change that was made");
    assert!(
        changes
            .iter()
            .all(|change| change.kind == ChangeKind::Created)
    );
}

#[test]
fn what_is_let_go_of_makes_room() {
    let folder = Folder::new();
    let store = small(&folder, 1 << 20);
    let mut number = 0;
    let full = loop {
        match block_on(store.execute(long(number), None)) {
            Ok(Ok(_)) => number += 1,
            other => break other,
        }
    };
    assert!(matches!(full, Err(Error::StorageFull)), "{full:?}");
    let keeping = RetentionPolicy {
        changes: 100,
        ..RetentionPolicy::default()
    };
    while block_on(store.change(move |changing| {
        let now = changing.now();
        retention::step(changing, keeping, now)
    }))
    .expect("what is old can go")
        == retention::Left::More
    {}
    let made: Result<User, Rejection> = block_on(store.execute(long(number), None)).expect("room");
    made.expect("created");
}
