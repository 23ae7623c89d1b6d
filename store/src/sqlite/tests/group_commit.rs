//! What is queued for the writer is committed together.

use std::sync::mpsc;

use super::{super::writer::job, *};

#[test]
fn a_job_that_fails_half_way_is_undone_and_the_rest_of_its_group_is_committed() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let writer = store.0.writer().expect("the writer runs").clone();
    let send = |job| writer.blocking_send(job).expect("the writer runs");
    // What is queued while the writer is blocked is one group.
    let (release, blocked) = mpsc::channel::<()>();
    let (running, started) = mpsc::channel();
    let (block, _response) = job(None, None, move |_| {
        Ok(running.send(()).is_ok() && blocked.recv().is_ok())
    });
    send(block);
    started.recv().expect("the writer is blocked");
    let add = |name: &str, email: &str| {
        let user = new_user(name, email);
        job(None, None, move |transaction| {
            bulk::add(transaction, [user.clone()], Origin::Real)
        })
    };
    let (before, added_before) = add("Eve", "eve@example.org");
    send(before);
    let (failing, failed) = job(None, None, |transaction| {
        let bob = [new_user("Bob", "bob@example.org")];
        bulk::add(transaction, bob, Origin::Real)?;
        Err::<(), _>(rusqlite::Error::QueryReturnedNoRows)
    });
    send(failing);
    let (after, added_after) = add("Ada", "ada@example.org");
    send(after);
    // This response is no longer awaited.
    let (unwanted, response) = add("Mallory", "mallory@example.org");
    drop(response);
    send(unwanted);
    release.send(()).expect("the writer waits");
    assert!(failed.blocking_recv().expect("a response").is_err());
    for added in [added_before, added_after] {
        let added = added.blocking_recv().expect("a response").expect("added");
        assert_eq!(added.created, 1);
    }

    let grace = execute(&store, create("Grace", "grace@example.org")).expect("created");
    assert_eq!(grace.id.get(), 1_003, "the failed job used no id");
    assert_eq!(grace.revision.0, 1_003, "nor a revision");
    // The writer ends when its last sender is dropped.
    drop(writer);
    drop(store);
    assert_eq!(counts(&folder), [1_003; 3]);
}
