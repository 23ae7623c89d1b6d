//! Each status of the contract is the same over native gRPC, gRPC-Web and a WebSocket: the code, the
//! words, the details.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, ImportUsersRequest, ListChangesRequest, ListUsersRequest,
    RestoreUserRequest, UpdateUserRequest, UserRequest, WatchUsersRequest,
};
use frontdesk_server::store::Keeping;
use prost::Message as _;
use tonic::Code;
use tonic_types::{ErrorDetails, StatusExt as _, pb};

use crate::helpers::{Desk, Socket, Version, Wire, message};

/// A status, as it came over the wire.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    code: String,
    words: String,
    details: String,
}

async fn native(desk: &Desk, path: &str, request: Vec<u8>) -> Told {
    posted(desk, Version::Http2, "application/grpc", path, request).await
}

async fn web(desk: &Desk, path: &str, request: Vec<u8>) -> Told {
    let content_type = "application/grpc-web+proto";
    posted(desk, Version::Http1, content_type, path, request).await
}

async fn posted(
    desk: &Desk,
    version: Version,
    content_type: &str,
    path: &str,
    request: Vec<u8>,
) -> Told {
    let address = desk.address;
    let wire = Wire { address, version };
    let answer = wire.post(path, content_type, request).await;
    let field = |name| answer.trailer(name).unwrap_or_default();
    Told {
        code: field("grpc-status"),
        words: field("grpc-message"),
        details: field("grpc-status-details-bin"),
    }
}

async fn socket(desk: &Desk, path: &str, request: Vec<u8>) -> Told {
    let mut socket = Socket::call(desk.address, path).await;
    socket.bytes(&request).await;
    socket.end().await;
    let heard = socket.rest().await;
    let field = |name| heard.trailer(name).to_owned();
    Told {
        code: field("grpc-status"),
        words: field("grpc-message"),
        details: field("grpc-status-details-bin"),
    }
}

impl Told {
    fn details(&self) -> ErrorDetails {
        let bytes = STANDARD_NO_PAD.decode(self.details.trim_end_matches('='));
        let status = pb::Status::decode(&bytes.expect("base64")[..]).expect("a status");
        let details = status.encode_to_vec().into();
        let code = Code::from_i32(status.code);
        tonic::Status::with_details(code, status.message, details).get_error_details()
    }
}

/// The same over all three, with a package and without; which it is.
async fn everywhere(desk: &Desk, method: &str, request: &impl prost::Message) -> Told {
    let framed = message(request);
    let path = format!("/user.UserService/{method}");
    let told = native(desk, &path, framed.clone()).await;
    assert_eq!(told, web(desk, &path, framed.clone()).await, "{method}");
    assert_eq!(told, socket(desk, &path, framed.clone()).await, "{method}");
    let plain = format!("/UserService/{method}");
    assert_eq!(told, native(desk, &plain, framed).await, "{method}");
    told
}

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
    let desk = Desk::open().await;
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
        id: -1,
        ..WatchUsersRequest::default()
    };
    let told = everywhere(&desk, "WatchUsers", &watch).await;
    assert_eq!(fields("WatchUsers", told).await, ["id"]);
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
    let desk = Desk::open().await;
    let id = 4_711;
    let requests: [(&str, Vec<u8>); 4] = [
        ("GetUser", UserRequest { id }.encode_to_vec()),
        ("UpdateUser", update(id, "Ada", 0).encode_to_vec()),
        (
            "DeleteUser",
            DeleteUserRequest {
                id,
                ..DeleteUserRequest::default()
            }
            .encode_to_vec(),
        ),
        (
            "RestoreUser",
            RestoreUserRequest {
                id,
                ..RestoreUserRequest::default()
            }
            .encode_to_vec(),
        ),
    ];
    for (method, request) in requests {
        let length = u32::try_from(request.len()).expect("short").to_be_bytes();
        let framed = [&[0][..], &length, &request].concat();
        let path = format!("/user.UserService/{method}");
        let told = native(&desk, &path, framed.clone()).await;
        assert_eq!(told, web(&desk, &path, framed.clone()).await);
        assert_eq!(told, socket(&desk, &path, framed).await);
        assert_eq!(told.code, "5", "{method}: {told:?}");
        let details = told.details();
        let resource = details.resource_info().expect("what is not there");
        assert_eq!(resource.resource_name, "4711");
    }
}

#[tokio::test]
async fn an_email_that_is_taken_and_a_change_in_between_say_by_whom_and_since_when() {
    let desk = Desk::open().await;
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
    let desk = Desk::open().await;
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

#[tokio::test]
async fn a_database_that_may_not_grow_refuses_what_is_new_and_says_to_wait() {
    let keeping = Keeping {
        bytes: Some(1 << 20),
        ..Keeping::default()
    };
    let desk = Desk::open_keeping(keeping, |_| {}).await;
    let mut users = desk.users().await;
    let long = |number: usize| CreateUserRequest {
        name: "n".repeat(200),
        email: format!("{number}@{}.example.org", "e".repeat(60)),
        request_id: String::new(),
    };
    let mut number = 0;
    while users.create_user(long(number)).await.is_ok() {
        number += 1;
    }
    let told = everywhere(&desk, "CreateUser", &long(number)).await;
    assert_eq!(told.code, "8", "{told:?}");
    let details = told.details();
    let retry = details.retry_info().and_then(|info| info.retry_delay);
    assert!(retry.is_some(), "{details:?}");
    // Who is there still is.
    let john = users.get_user(UserRequest { id: 1 }).await;
    assert_eq!(john.expect("he is there").into_inner().name, "John Doe");
}
