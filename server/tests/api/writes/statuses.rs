//! Each status of the contract is the same over native gRPC, gRPC-Web and a WebSocket: the code, the
//! words, the details.

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ListChangesRequest, ListUsersRequest,
    RestoreUserRequest, UpdateUserRequest, UserRequest, WatchUsersRequest,
};

use super::told::{Told, everywhere};
use crate::helpers::Server;

fn update(id: i32, name: &str, expected_revision: i64) -> UpdateUserRequest {
    UpdateUserRequest {
        id,
        name: name.to_owned(),
        expected_revision,
        ..UpdateUserRequest::default()
    }
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let desk = Server::open().await;
    let fields = async |method: &str, told: Told| {
        assert_eq!(told.code, "3", "{method}: {told:?}");
        let bad = told.details().bad_request().cloned().expect("bad fields");
        let fields = bad.field_violations.into_iter();
        fields.map(|violation| violation.field).collect::<Vec<_>>()
    };
    let create = CreateUserRequest {
        name: "\u{7}".to_owned(),
        email: "nobody".to_owned(),
        request_id: "x".repeat(65),
    };
    let told = everywhere(&desk, "CreateUser", &create).await;
    let named = fields("CreateUser", told).await;
    assert_eq!(named, ["name", "email", "request_id"]);
    let told = everywhere(&desk, "UpdateUser", &update(1, "", -1)).await;
    let named = fields("UpdateUser", told).await;
    assert_eq!(named, ["update_mask", "expected_revision"]);
    let delete = DeleteUserRequest {
        id: 1,
        expected_revision: -1,
        ..DeleteUserRequest::default()
    };
    let told = everywhere(&desk, "DeleteUser", &delete).await;
    assert_eq!(fields("DeleteUser", told).await, ["expected_revision"]);
    let list = ListUsersRequest {
        query: "x".repeat(65),
        ..ListUsersRequest::default()
    };
    let told = everywhere(&desk, "ListUsers", &list).await;
    assert_eq!(fields("ListUsers", told).await, ["query"]);
    let list = ListUsersRequest {
        order_by: "shoe size".to_owned(),
        ..ListUsersRequest::default()
    };
    let told = everywhere(&desk, "ListUsers", &list).await;
    assert_eq!(fields("ListUsers", told).await, ["order_by"]);
    let watch = WatchUsersRequest {
        user_id: -1,
        ..WatchUsersRequest::default()
    };
    let told = everywhere(&desk, "WatchUsers", &watch).await;
    assert_eq!(fields("WatchUsers", told).await, ["user_id"]);
    let changes = ListChangesRequest {
        limit: -1,
        ..ListChangesRequest::default()
    };
    let told = everywhere(&desk, "ListChanges", &changes).await;
    assert_eq!(fields("ListChanges", told).await, ["limit"]);
    let nothing = ImportUsersRequest::default();
    let told = everywhere(&desk, "ImportUsers", &nothing).await;
    assert_eq!(told.code, "3", "{told:?}");
}

#[tokio::test]
async fn who_is_not_there_is_not_found() {
    let desk = Server::open().await;
    let id = 4_711;
    let is_named = |method: &str, told: Told| {
        assert_eq!(told.code, "5", "{method}: {told:?}");
        let details = told.details();
        let resource = details.resource_info().expect("what is not there");
        assert_eq!(resource.resource_name, "4711");
    };
    let told = everywhere(&desk, "GetUser", &UserRequest { id }).await;
    is_named("GetUser", told);
    let told = everywhere(&desk, "UpdateUser", &update(id, "Ada", 0)).await;
    is_named("UpdateUser", told);
    let delete = DeleteUserRequest {
        id,
        ..DeleteUserRequest::default()
    };
    is_named("DeleteUser", everywhere(&desk, "DeleteUser", &delete).await);
    let restore = RestoreUserRequest {
        id,
        ..RestoreUserRequest::default()
    };
    let told = everywhere(&desk, "RestoreUser", &restore).await;
    is_named("RestoreUser", told);
}

#[tokio::test]
async fn an_email_that_is_taken_and_a_change_in_between_say_by_whom_and_since_when() {
    let desk = Server::open().await;
    let info = |told: &Told| {
        let details = told.details();
        details.error_info().cloned().expect("ErrorInfo")
    };
    let create = CreateUserRequest {
        name: "Somebody".to_owned(),
        email: "JOHN@example.com".to_owned(),
        request_id: String::new(),
    };
    let told = everywhere(&desk, "CreateUser", &create).await;
    assert_eq!(told.code, "6", "{told:?}");
    assert_eq!(info(&told).metadata["user_id"], "1");

    let told = everywhere(&desk, "UpdateUser", &update(1, "Johnny", 999)).await;
    assert_eq!(told.code, "10", "{told:?}");
    assert_eq!(info(&told).metadata["current_revision"], "1");
}

#[tokio::test]
async fn a_watch_from_where_the_directory_never_was_says_from_where_it_could_be() {
    let desk = Server::open().await;
    let watch = WatchUsersRequest {
        from_revision: Some(1_000_000),
        ..WatchUsersRequest::default()
    };
    let told = everywhere(&desk, "WatchUsers", &watch).await;
    assert_eq!(told.code, "11", "{told:?}");
    let details = told.details();
    let info = details.error_info().expect("ErrorInfo");
    assert_eq!(info.metadata["oldest_revision"], "1");
}
