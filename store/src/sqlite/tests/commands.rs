//! Changes of one user, and requests that are sent again.

use super::*;
use frontdesk_directory::{Command, IdempotencyKey, Rejection, Revision};

fn edit(store: &Store, edit: Command) -> Result<User, Rejection> {
    block_on(store.execute(edit, None)).expect("the directory answers")
}

fn again(store: &Store, edit: Command, id: &str) -> Result<User, Rejection> {
    let id = IdempotencyKey::parse(id).expect("an id");
    block_on(store.execute(edit, id)).expect("the directory answers")
}

fn create(name: &str, email: &str) -> Command {
    let NewUser { name, email } = person(name, email);
    Command::Create { name, email }
}

fn rename(id: UserId, name: &str, expected: Option<Revision>) -> Command {
    Command::Update {
        id,
        name: Some(Name::parse(name).expect("a name")),
        email: None,
        expected,
    }
}

fn revision(store: &Store) -> u64 {
    let everybody = store.list(ListQuery::all());
    block_on(everybody).expect("a list").revision.0
}

fn id(number: i32) -> UserId {
    UserId::new(number).expect("an id")
}

#[test]
fn every_change_makes_the_next_revision() {
    let folder = Folder::new();
    let store = fresh(&folder);
    assert_eq!(revision(&store), 1_000);
    let ada = edit(&store, create("Ada", "ada@example.org")).expect("created");
    assert_eq!((ada.id.get(), ada.revision), (1_001, Revision(1_001)));
    let ada = edit(&store, rename(ada.id, "Ada Lovelace", None)).expect("updated");
    assert_eq!(ada.revision, Revision(1_002));
    let delete = Command::Delete {
        id: ada.id,
        expected: None,
    };
    let gone = edit(&store, delete).expect("deleted");
    assert_eq!(gone.revision, Revision(1_003));
    assert!(gone.purge_time > Some(gone.update_time));
    assert_eq!(block_on(store.user(ada.id)).expect("read"), None);
    let restore = Command::Restore {
        id: ada.id,
        expected: None,
    };
    let back = edit(&store, restore).expect("restored");
    assert_eq!((back.revision, back.purge_time), (Revision(1_004), None));
    assert_eq!(block_on(store.user(ada.id)).expect("read"), Some(back));
    assert_eq!(revision(&store), 1_004);
    drop(store);
    assert_eq!(counts(&folder), [1_001; 3]);
}

#[test]
fn what_changes_nothing_makes_no_revision() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let john = edit(&store, rename(id(1), "John Doe", None)).expect("unchanged");
    assert_eq!(john.revision, Revision(1));
    assert_eq!(revision(&store), 1_000);
}

#[test]
fn an_expected_revision_keeps_a_change_from_being_overwritten() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let john = edit(&store, rename(id(1), "Johnny", Some(Revision(1)))).expect("updated");
    let refused = edit(&store, rename(id(1), "Jack", Some(Revision(1))));
    assert_eq!(refused, Err(Rejection::RevisionMismatch(john.revision)));
    let delete = Command::Delete {
        id: id(1),
        expected: Some(Revision(1)),
    };
    assert_eq!(
        edit(&store, delete),
        Err(Rejection::RevisionMismatch(john.revision))
    );
    assert_eq!(block_on(store.user(id(1))).expect("read"), Some(john));
}

#[test]
fn an_email_is_one_users_only_but_free_while_they_are_in_the_bin() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let ada = edit(&store, create("Ada", "ada@example.org")).expect("created");
    let refused = edit(&store, create("Ida", "ADA@example.org"));
    assert_eq!(refused, Err(Rejection::EmailTaken(ada.id)));
    let take = Command::Update {
        id: id(1),
        name: None,
        email: Some(Email::parse("Ada@Example.org").expect("an address")),
        expected: None,
    };
    assert_eq!(edit(&store, take), Err(Rejection::EmailTaken(ada.id)));
    // Her own, written in another way.
    let own = Command::Update {
        id: ada.id,
        name: None,
        email: Some(Email::parse("Ada@Example.org").expect("an address")),
        expected: None,
    };
    let ada = edit(&store, own).expect("updated");
    assert_eq!(ada.email.as_str(), "Ada@Example.org");

    let delete = Command::Delete {
        id: ada.id,
        expected: None,
    };
    edit(&store, delete).expect("deleted");
    let ida = edit(&store, create("Ida", "ada@example.org")).expect("created");
    let restore = Command::Restore {
        id: ada.id,
        expected: None,
    };
    assert_eq!(edit(&store, restore), Err(Rejection::EmailTaken(ida.id)));
}

#[test]
fn who_is_not_there_can_be_neither_changed_nor_deleted_nor_restored() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let nobody = id(1_001);
    let expected = None;
    for edit_of_nobody in [
        rename(nobody, "Ada", None),
        Command::Delete {
            id: nobody,
            expected,
        },
        Command::Restore {
            id: nobody,
            expected,
        },
        // They are there, and not in the bin.
        Command::Restore {
            id: id(1),
            expected,
        },
    ] {
        let refused = edit(&store, edit_of_nobody).expect_err("a refusal");
        assert!(matches!(refused, Rejection::UserNotFound(_)), "{refused:?}");
    }
    assert_eq!(revision(&store), 1_000);
}

#[test]
fn a_request_that_is_sent_again_is_answered_again_and_changes_nothing() {
    let folder = Folder::new();
    let store = fresh(&folder);
    let first = again(&store, create("Ada", "ada@example.org"), "one");
    let refused = again(&store, create("Ida", "ada@example.org"), "two");
    assert_eq!(refused, Err(Rejection::EmailTaken(id(1_001))));
    edit(&store, rename(id(1_001), "Somebody Else", None)).expect("updated");
    drop(store);
    // Also by the next who opens the directory.
    let store = fresh(&folder);
    assert_eq!(
        again(&store, create("Ada", "ada@example.org"), "one"),
        first
    );
    assert_eq!(
        again(&store, create("Ida", "ada@example.org"), "two"),
        refused
    );
    let other = again(&store, create("Grace", "grace@example.org"), "one");
    assert_eq!(other, Err(Rejection::IdempotencyKeyReused));
    assert_eq!(revision(&store), 1_002);
}
