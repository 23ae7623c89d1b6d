//! What the store does with the context of a call.

use std::time::{Duration, Instant};

use super::*;

fn execute_in(context: &RequestContext, store: &Store, command: Command) -> CommandResult<User> {
    block_on(Directory::execute(store, context, command, None))
}

#[test]
fn the_change_log_names_who_made_a_change() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let context = RequestContext {
        caller: Actor::from_trusted("ada".to_owned()),
        ..RequestContext::local()
    };
    let renamed = execute_in(&context, &store, rename(user_id(1), "Johnny", None));
    renamed.expect("a response").expect("updated");
    execute(&store, rename(user_id(1), "John Doe", None)).expect("updated");
    drop(store);
    let store = new_store(&folder);
    let (changes, _) = watch::changes(&store, ChangeLogQuery::default());
    let actors: Vec<_> = changes.iter().map(|change| &change.actor).collect();
    assert_eq!(*actors[0], Actor::LOCAL_OPERATOR);
    assert_eq!(*actors[1], context.caller);
    assert!(actors[2..].iter().all(|by| **by == Actor::LOCAL_OPERATOR));
}

#[test]
fn a_command_is_not_executed_after_its_deadline() {
    let folder = Folder::new();
    let store = new_store(&folder);
    let with_deadline = |deadline| RequestContext {
        deadline: Some(deadline),
        ..RequestContext::local()
    };
    let late = execute_in(&with_deadline(Instant::now()), &store, delete(user_id(1)));
    assert!(matches!(late, Err(Error::DeadlineExceeded)), "{late:?}");
    assert!(block_on(store.user(user_id(1))).expect("read").is_some());
    let in_time = with_deadline(Instant::now() + Duration::from_hours(1));
    let deleted = execute_in(&in_time, &store, delete(user_id(1)));
    deleted.expect("a response").expect("deleted");
}
