//! What waits for the writer is committed together.

use std::sync::mpsc;

use super::{super::writer::work, *};
use frontdesk_directory::Rejection;

#[test]
fn work_that_fails_half_way_leaves_nothing_and_takes_nothing_of_what_was_to_be_committed_with_it() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let writer = store.writer().expect("the writer is there").clone();
    let send = |work| writer.blocking_send(work).expect("the writer is there");
    // All that comes while the writer is held up is one group.
    let (go_on, held) = mpsc::channel::<()>();
    let (begins, begun) = mpsc::channel();
    let (holding, _waits) = work(move |_| Ok(begins.send(()).is_ok() && held.recv().is_ok()));
    send(holding);
    begun.recv().expect("the writer is at it");
    let adds = |name: &str, email: &str| {
        let person = person(name, email);
        work(move |changing| {
            bulk::add(changing, [person.clone()], Origin::Real, OnExisting::Reject)
        })
    };
    let (before, added_before) = adds("Eve", "eve@example.org");
    send(before);
    let (failing, failed) = work(|changing| {
        let bob = [person("Bob", "bob@example.org")];
        bulk::add(changing, bob, Origin::Real, OnExisting::Reject)?;
        Err::<(), _>(rusqlite::Error::QueryReturnedNoRows)
    });
    send(failing);
    let (behind, added_behind) = adds("Ada", "ada@example.org");
    send(behind);
    // Whoever has gone by then wants nothing any more.
    let (unwanted, gone) = adds("Mallory", "mallory@example.org");
    drop(gone);
    send(unwanted);
    go_on.send(()).expect("the writer waits");
    assert!(failed.blocking_recv().expect("an answer").is_err());
    for added in [added_before, added_behind] {
        let added = added.blocking_recv().expect("an answer").expect("added");
        assert_eq!(added.new, 1);
    }

    let grace = person("Grace", "grace@example.org");
    let (name, email) = (grace.name, grace.email);
    let made = block_on(store.execute(Command::Create { name, email }, None));
    let made: Result<User, Rejection> = made.expect("it goes on");
    let made = made.expect("created");
    assert_eq!(made.id.get(), 1_003, "as if the one had never been");
    assert_eq!(made.revision.0, 1_003, "without a hole");
    // The writer ends with the last who could give it work.
    drop(writer);
    drop(store);
    assert_eq!(counts(&folder), [1_003; 3]);
}
