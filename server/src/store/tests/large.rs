//! Work that has no savepoint of its own.

use std::sync::mpsc;

use super::{super::writer::large, *};
use crate::directory::Refused;

#[test]
fn large_work_that_fails_half_way_leaves_nothing_of_itself_nor_of_what_was_to_be_committed_with_it()
{
    let folder = Folder::new();
    let store = fresh(&folder);
    let writer = store.writer().expect("the writer is there").clone();
    let send = |work| writer.blocking_send(work).expect("the writer is there");
    // All that comes while the writer is held up is one group.
    let (go_on, held) = mpsc::channel::<()>();
    let (begins, begun) = mpsc::channel();
    let (holding, _) = work(move |_| Ok(begins.send(()).is_ok() && held.recv().is_ok()));
    send(holding);
    begun.recv().expect("the writer is at it");
    let (failing, failed) = large(|changing| {
        let bob = [person("Bob", "bob@example.org")];
        people::add(changing, bob, Origin::Real, OnExisting::Refuse)?;
        Err::<(), _>(rusqlite::Error::QueryReturnedNoRows)
    });
    send(failing);
    let (beside, answer) = work(|changing| {
        let eve = [person("Eve", "eve@example.org")];
        people::add(changing, eve, Origin::Real, OnExisting::Refuse)
    });
    send(beside);
    go_on.send(()).expect("the writer waits");
    assert!(failed.blocking_recv().expect("an answer").is_err());
    assert!(answer.blocking_recv().expect("an answer").is_err());

    let grace = person("Grace", "grace@example.org");
    let (name, email) = (grace.name, grace.email);
    let made = block_on(store.edit(Edit::Create { name, email }, None));
    let made: Result<User, Refused> = made.expect("it goes on");
    assert_eq!(
        made.expect("created").id.get(),
        1_001,
        "as if none had been"
    );
    // The writer ends with the last who could give it work.
    drop(writer);
    drop(store);
    assert_eq!(counts(&folder), [1_001; 3]);
}
