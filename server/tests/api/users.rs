//! `GetUser`.

use frontdesk::user::UserRequest;
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::helpers::{Server, user_by_id};

#[tokio::test]
async fn a_user_is_read_by_id() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let user = user_by_id(&mut users, 1).await;
    assert_eq!((user.id, user.name.as_str()), (1, "John Doe"));
    assert_eq!(user.email, "john@example.com");
}

#[tokio::test]
async fn an_unknown_id_is_not_found() {
    let server = Server::start().await;
    let mut users = server.users().await;
    for id in [0, -1, i32::MIN, 1_001, i32::MAX] {
        let status = users
            .get_user(UserRequest { id })
            .await
            .expect_err("missing user");
        assert_eq!(status.code(), Code::NotFound);
        let resource = status
            .get_details_resource_info()
            .expect("ResourceInfo details");
        assert_eq!(resource.resource_type, "user.User");
        assert_eq!(resource.resource_name, id.to_string());
    }
}

#[tokio::test]
async fn every_response_has_its_own_request_id() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let mut id = async || {
        let response = users.get_user(UserRequest { id: 1 }).await.expect("user 1");
        response
            .metadata()
            .get("x-request-id")
            .expect("x-request-id")
            .clone()
    };
    assert_ne!(id().await, id().await);
}
