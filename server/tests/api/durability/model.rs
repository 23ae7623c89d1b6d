//! The expected state of users that only one writer changes.

use std::collections::HashMap;

use frontdesk::user::UserResponse;

/// A user as last acknowledged.
#[derive(Clone, Debug)]
pub(super) struct ExpectedUser {
    pub(super) user: UserResponse,
    pub(super) deleted: bool,
}

pub(super) fn assert_matches(
    expected: &HashMap<i32, ExpectedUser>,
    actual: &HashMap<i32, UserResponse>,
) {
    for (id, ExpectedUser { user, deleted }) in expected {
        match actual.get(id) {
            Some(_) if *deleted => panic!("{user:?} was deleted but is listed"),
            None if !deleted => panic!("{user:?} was acknowledged but is missing"),
            Some(actual) => assert_eq!(actual, user),
            None => {}
        }
    }
}
