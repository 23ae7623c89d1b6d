//! Commands that change one user, and commands that are sent again.

use super::*;

fn revision(store: &Store) -> u64 {
    let all = store.list(ListQuery::all());
    block_on(all).expect("a list").revision.0
}

#[test]
fn every_change_has_the_next_revision() {
    let folder = Folder::new();
    let store = new_store(&folder);
    assert_eq!(revision(&store), 1_000);
    let ada = execute(&store, create("Ada", "ada@example.org")).expect("created");
    assert_eq!((ada.id.get(), ada.revision), (1_001, Revision(1_001)));
    let ada = execute(&store, rename(ada.id, "Ada Lovelace", None)).expect("updated");
    assert_eq!(ada.revision, Revision(1_002));
    let deleted = execute(&store, delete(ada.id)).expect("deleted");
    assert_eq!(deleted.revision, Revision(1_003));
    assert!(deleted.purge_time > Some(deleted.update_time));
    assert_eq!(block_on(store.user(ada.id)).expect("read"), None);
    let restored = execute(&store, restore(ada.id)).expect("restored");
    assert_eq!(
        (restored.revision, restored.purge_time),
        (Revision(1_004), None)
    );
    assert_eq!(block_on(store.user(ada.id)).expect("read"), Some(restored));
    assert_eq!(revision(&store), 1_004);
    drop(store);
    assert_eq!(counts(&folder), [1_001; 3]);
}

#[test]
fn an_update_that_changes_nothing_has_no_revision() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let john = execute(&store, rename(user_id(1), "John Doe", None)).expect("unchanged");
    assert_eq!(john.revision, Revision(1));
    assert_eq!(revision(&store), 1_000);
}

#[test]
fn an_expected_revision_prevents_a_lost_update() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let john = user_id(1);
    let renamed = execute(&store, rename(john, "Johnny", Some(Revision(1)))).expect("updated");
    let mismatch = Err(Rejection::RevisionMismatch(renamed.revision));
    let stale = rename(john, "Jack", Some(Revision(1)));
    assert_eq!(execute(&store, stale), mismatch);
    let stale = Command::Delete {
        id: john,
        expected: Some(Revision(1)),
    };
    assert_eq!(execute(&store, stale), mismatch);
    assert_eq!(block_on(store.user(john)).expect("read"), Some(renamed));
}

#[test]
fn an_email_is_unique_but_free_while_its_user_is_in_the_trash() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let ada = execute(&store, create("Ada", "ada@example.org")).expect("created");
    let rejected = execute(&store, create("Ida", "ADA@example.org"));
    assert_eq!(rejected, Err(Rejection::EmailTaken(ada.id)));
    let change_email = |id| Command::Update {
        id,
        name: None,
        email: Some(Email::parse("Ada@Example.org").expect("an email")),
        expected: None,
    };
    let rejected = execute(&store, change_email(user_id(1)));
    assert_eq!(rejected, Err(Rejection::EmailTaken(ada.id)));
    // The user's own email, in another case.
    let ada = execute(&store, change_email(ada.id)).expect("updated");
    assert_eq!(ada.email.as_str(), "Ada@Example.org");

    execute(&store, delete(ada.id)).expect("deleted");
    let ida = execute(&store, create("Ida", "ada@example.org")).expect("created");
    let rejected = execute(&store, restore(ada.id));
    assert_eq!(rejected, Err(Rejection::EmailTaken(ida.id)));
}

#[test]
fn an_unknown_user_cannot_be_updated_deleted_or_restored() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let unknown = user_id(1_001);
    for command in [
        rename(unknown, "Ada", None),
        delete(unknown),
        restore(unknown),
        // Not in the trash.
        restore(user_id(1)),
    ] {
        let rejection = execute(&store, command).expect_err("a rejection");
        assert!(
            matches!(rejection, Rejection::UserNotFound(_)),
            "{rejection:?}"
        );
    }
    assert_eq!(revision(&store), 1_000);
}

#[test]
fn a_command_that_is_sent_again_returns_its_first_response_and_changes_nothing() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let first = execute_with_key(&store, create("Ada", "ada@example.org"), "one");
    let rejected = execute_with_key(&store, create("Ida", "ada@example.org"), "two");
    assert_eq!(rejected, Err(Rejection::EmailTaken(user_id(1_001))));
    execute(&store, rename(user_id(1_001), "Grace", None)).expect("updated");
    drop(store);
    // Also after a restart.
    let store = new_store(&folder);
    let again = execute_with_key(&store, create("Ada", "ada@example.org"), "one");
    assert_eq!(again, first);
    let again = execute_with_key(&store, create("Ida", "ada@example.org"), "two");
    assert_eq!(again, rejected);
    let other = execute_with_key(&store, create("Grace", "grace@example.org"), "one");
    assert_eq!(other, Err(Rejection::IdempotencyKeyReused));
    assert_eq!(revision(&store), 1_002);
}
