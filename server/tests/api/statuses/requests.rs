//! Errors of the client.

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ListChangesRequest, ListUsersRequest,
    RestoreUserRequest, UpdateUserRequest, UserRequest, WatchUsersRequest,
};

use crate::helpers::{CallStatus, Server, same_status_everywhere};

fn update(id: i32, name: &str, expected_revision: i64) -> UpdateUserRequest {
    UpdateUserRequest {
        id,
        name: name.to_owned(),
        expected_revision,
        ..UpdateUserRequest::default()
    }
}

#[tokio::test]
async fn invalid_argument_names_the_fields() {
    let server = Server::start().await;
    let fields = async |method: &str, status: CallStatus| {
        assert_eq!(status.code, "3", "{method}: {status:?}");
        let details = status
            .details()
            .bad_request()
            .cloned()
            .expect("BadRequest details");
        let fields = details.field_violations.into_iter();
        fields.map(|violation| violation.field).collect::<Vec<_>>()
    };
    let create = CreateUserRequest {
        name: "\u{7}".to_owned(),
        email: "johnny".to_owned(),
        request_id: "x".repeat(65),
    };
    let status = same_status_everywhere(&server, "CreateUser", &create).await;
    let names = fields("CreateUser", status).await;
    assert_eq!(names, ["name", "email", "request_id"]);
    let status = same_status_everywhere(&server, "UpdateUser", &update(1, "", -1)).await;
    let names = fields("UpdateUser", status).await;
    assert_eq!(names, ["update_mask", "expected_revision"]);
    let delete = DeleteUserRequest {
        id: 1,
        expected_revision: -1,
        ..DeleteUserRequest::default()
    };
    let status = same_status_everywhere(&server, "DeleteUser", &delete).await;
    assert_eq!(fields("DeleteUser", status).await, ["expected_revision"]);
    let list = ListUsersRequest {
        query: "x".repeat(65),
        ..ListUsersRequest::default()
    };
    let status = same_status_everywhere(&server, "ListUsers", &list).await;
    assert_eq!(fields("ListUsers", status).await, ["query"]);
    let list = ListUsersRequest {
        order_by: "shoe size".to_owned(),
        ..ListUsersRequest::default()
    };
    let status = same_status_everywhere(&server, "ListUsers", &list).await;
    assert_eq!(fields("ListUsers", status).await, ["order_by"]);
    let watch = WatchUsersRequest {
        user_id: -1,
        ..WatchUsersRequest::default()
    };
    let status = same_status_everywhere(&server, "WatchUsers", &watch).await;
    assert_eq!(fields("WatchUsers", status).await, ["user_id"]);
    let changes = ListChangesRequest {
        limit: -1,
        ..ListChangesRequest::default()
    };
    let status = same_status_everywhere(&server, "ListChanges", &changes).await;
    assert_eq!(fields("ListChanges", status).await, ["limit"]);
    let empty = ImportUsersRequest::default();
    let status = same_status_everywhere(&server, "ImportUsers", &empty).await;
    assert_eq!(status.code, "3", "{status:?}");
}

#[tokio::test]
async fn not_found_names_the_resource() {
    let server = Server::start().await;
    let id = 4_711;
    let assert_not_found = |method: &str, status: CallStatus| {
        assert_eq!(status.code, "5", "{method}: {status:?}");
        let details = status.details();
        let resource = details.resource_info().expect("ResourceInfo details");
        assert_eq!(resource.resource_name, "4711");
    };
    let status = same_status_everywhere(&server, "GetUser", &UserRequest { id }).await;
    assert_not_found("GetUser", status);
    let status = same_status_everywhere(&server, "UpdateUser", &update(id, "Ada", 0)).await;
    assert_not_found("UpdateUser", status);
    let delete = DeleteUserRequest {
        id,
        ..DeleteUserRequest::default()
    };
    assert_not_found(
        "DeleteUser",
        same_status_everywhere(&server, "DeleteUser", &delete).await,
    );
    let restore = RestoreUserRequest {
        id,
        ..RestoreUserRequest::default()
    };
    let status = same_status_everywhere(&server, "RestoreUser", &restore).await;
    assert_not_found("RestoreUser", status);
}

#[tokio::test]
async fn already_exists_has_the_user_id_and_aborted_has_the_current_revision() {
    let server = Server::start().await;
    let info = |status: &CallStatus| {
        let details = status.details();
        details.error_info().cloned().expect("ErrorInfo")
    };
    let create = CreateUserRequest {
        name: "Johnny".to_owned(),
        email: "JOHN@example.com".to_owned(),
        request_id: String::new(),
    };
    let status = same_status_everywhere(&server, "CreateUser", &create).await;
    assert_eq!(status.code, "6", "{status:?}");
    assert_eq!(info(&status).metadata["user_id"], "1");

    let status = same_status_everywhere(&server, "UpdateUser", &update(1, "Johnny", 999)).await;
    assert_eq!(status.code, "10", "{status:?}");
    assert_eq!(info(&status).metadata["current_revision"], "1");
}

#[tokio::test]
async fn out_of_range_has_the_oldest_revision() {
    let server = Server::start().await;
    let watch = WatchUsersRequest {
        from_revision: Some(1_000_000),
        ..WatchUsersRequest::default()
    };
    let status = same_status_everywhere(&server, "WatchUsers", &watch).await;
    assert_eq!(status.code, "11", "{status:?}");
    let details = status.details();
    let info = details.error_info().expect("ErrorInfo");
    assert_eq!(info.metadata["oldest_revision"], "1");
}
