//! The same list over other paths and transports.

use frontdesk::{
    unqualified,
    user::{ListUsersRequest, UserResponse},
};

use super::{collect, list_users, query};
use crate::helpers::{BOTH, Frame, Server, messages, parse_frames};

#[tokio::test]
async fn the_unqualified_service_returns_the_same_list() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let channel = server.channel().await;
    let mut unqualified = unqualified::user_service_client::UserServiceClient::new(channel);
    let request = ListUsersRequest {
        page: 2,
        page_size: 10,
        order_by: "email desc".to_owned(),
        ..query("an")
    };
    let list = unqualified.list_users(request.clone()).await.expect("list");
    let list = collect(list).await;
    assert_eq!(
        (list.users.len(), list.next_page_token.is_some()),
        (10, true)
    );
    assert_eq!(list, list_users(&mut users, request).await);
}

#[tokio::test]
async fn grpc_web_returns_the_same_list() {
    let server = Server::start().await;
    let mut users = server.users().await;
    let request = ListUsersRequest {
        page: 1,
        page_size: 3,
        ..query("a")
    };
    let native = list_users(&mut users, request.clone()).await;
    for version in BOTH {
        let client = server.http(version);
        let path = "/user.UserService/ListUsers";
        let response = client.grpc_web(path, &request).await;
        assert_eq!(response.header("x-total-count"), native.total.to_string());
        assert_eq!(
            Some(response.header("x-next-page-token")),
            native.next_page_token.as_deref()
        );
        let mut frames = parse_frames(&response.body);
        let end = Frame::Trailers("grpc-status:0\r\n".into());
        assert_eq!(frames.pop(), Some(end));
        assert_eq!(messages::<UserResponse>(&frames), native.users);
        let rejected = client.grpc_web(path, &query(&"x".repeat(65))).await;
        assert_eq!(rejected.grpc_status(), Some(3));
    }
}
