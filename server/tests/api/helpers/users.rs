//! Reads and writes of the directory, as tests need them.

use std::collections::HashMap;

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ListUsersRequest, RestoreUserRequest, UpdateUserRequest,
    UserRequest, UserResponse, user_service_client::UserServiceClient,
};
use tonic::transport::Channel;

pub(crate) type Users = UserServiceClient<Channel>;

pub(crate) async fn create_user(users: &mut Users, name: &str, email: &str) -> UserResponse {
    let request = CreateUserRequest {
        name: name.into(),
        email: email.into(),
        ..CreateUserRequest::default()
    };
    let created = users.create_user(request).await;
    created.expect("user created").into_inner()
}

pub(crate) async fn update_name(users: &mut Users, id: i32, name: &str) -> UserResponse {
    let request = UpdateUserRequest {
        id,
        name: name.into(),
        ..UpdateUserRequest::default()
    };
    let updated = users.update_user(request).await;
    updated.expect("user updated").into_inner()
}

pub(crate) async fn delete_user(users: &mut Users, id: i32) -> UserResponse {
    let request = DeleteUserRequest {
        id,
        ..DeleteUserRequest::default()
    };
    let deleted = users.delete_user(request).await;
    deleted.expect("user deleted").into_inner()
}

pub(crate) async fn restore_user(users: &mut Users, id: i32) -> UserResponse {
    let request = RestoreUserRequest {
        id,
        ..RestoreUserRequest::default()
    };
    let restored = users.restore_user(request).await;
    restored.expect("user restored").into_inner()
}

pub(crate) async fn user_by_id(users: &mut Users, id: i32) -> UserResponse {
    let user = users.get_user(UserRequest { id }).await;
    user.expect("user").into_inner()
}

/// All users, by id.
pub(crate) async fn list_all_users(users: &mut Users) -> HashMap<i32, UserResponse> {
    let list = users.list_users(ListUsersRequest::default()).await;
    let mut list = list.expect("list").into_inner();
    let mut all = HashMap::new();
    while let Some(user) = list.message().await.expect("complete list") {
        let duplicate = all.insert(user.id, user);
        assert!(duplicate.is_none(), "{duplicate:?} is listed twice");
    }
    all
}

/// A user with a long name and email, to fill a database.
pub(crate) fn long_user(number: usize, request_id: String) -> CreateUserRequest {
    CreateUserRequest {
        name: "n".repeat(200),
        email: format!("{number}@{}.example.org", "e".repeat(60)),
        request_id,
    }
}
