//! What a test knows of users that nobody else changes.

use std::collections::HashMap;

use frontdesk::user::{ListUsersRequest, UserResponse, user_service_client::UserServiceClient};
use tonic::transport::Channel;

/// A user as the server last answered.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) user: UserResponse,
    pub(super) in_bin: bool,
}

/// Everybody in the directory, by id.
pub(super) async fn everybody(
    users: &mut UserServiceClient<Channel>,
) -> HashMap<i32, UserResponse> {
    let answer = users.list_users(ListUsersRequest::default()).await;
    let mut list = answer.expect("a list").into_inner();
    let mut everybody = HashMap::new();
    while let Some(user) = list.message().await.expect("all of it") {
        let twice = everybody.insert(user.id, user);
        assert!(twice.is_none(), "{twice:?} is there twice");
    }
    everybody
}

/// What is known is so.
pub(super) fn assert_as_known(known: &HashMap<i32, Known>, there: &HashMap<i32, UserResponse>) {
    for (id, Known { user, in_bin }) in known {
        match there.get(id) {
            Some(_) if *in_bin => panic!("{user:?} was deleted, and is there"),
            None if !in_bin => panic!("{user:?} was answered, and is not there"),
            Some(there) => assert_eq!(there, user),
            None => {}
        }
    }
}
