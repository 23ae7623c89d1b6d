//! Streams that are not read.

use std::time::Duration;

use frontdesk::user::ListUsersRequest;
use http_body_util::BodyExt as _;
use tokio::{io::AsyncWriteExt as _, net::TcpStream, time::timeout};
use tokio_stream::StreamExt as _;

use super::{HTTP1_LIST, call, connect_with_window};
use crate::helpers::{
    Server, TIMEOUT, Version, acquire_permit, has_permit, wait_for_permit, wait_until_no_permit,
};

#[tokio::test]
async fn an_unread_stream_releases_its_permit_at_its_deadline() {
    let server = Server::start_with(|settings| settings.max_calls = 1).await;
    let mut sender = connect_with_window(server.address, 1_024).await;
    let mut greeter = server.greeter().await;
    let url = format!("{}/user.UserService/ListUsers", server.url());
    let list = ListUsersRequest::default();
    let unread = call(&mut sender, url, &[("grpc-timeout", "2S")], &list).await;
    assert_eq!(unread.headers()["x-total-count"], "1000");

    assert!(
        !has_permit(&mut greeter).await,
        "the stream holds the permit"
    );
    wait_for_permit(&mut greeter).await;
    drop(unread);
}

#[tokio::test]
async fn an_unread_stream_releases_its_permit_after_the_send_timeout() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let mut sender = connect_with_window(server.address, 1_024).await;
    let url = format!("{}/user.UserService/ListUsers", server.url());
    let unread = call(&mut sender, url, &[], &ListUsersRequest::default()).await;

    let mut greeter = server.greeter().await;
    assert!(
        !has_permit(&mut greeter).await,
        "the stream holds the permit"
    );
    wait_for_permit(&mut greeter).await;

    // The status is there for a client that reads later.
    let read = timeout(TIMEOUT, unread.into_body().collect()).await;
    let read = read.expect("end of stream").expect("complete body");
    assert_eq!(read.trailers().expect("trailers")["grpc-status"], "4");
}

#[tokio::test]
async fn an_unread_http1_connection_is_closed() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 1;
        settings.max_connections = 2;
        settings.send_timeout = 1;
    })
    .await;
    let mut unread = TcpStream::connect(server.address).await.expect("connected");
    unread
        .write_all(HTTP1_LIST.repeat(400).as_bytes())
        .await
        .expect("written");

    let mut greeter = server.greeter().await;
    wait_until_no_permit(&mut greeter).await;
    wait_for_permit(&mut greeter).await;

    // `greeter` has one of the two connections, `unread` had the other.
    let client = server.http(Version::Http1);
    let third = timeout(TIMEOUT, client.get("/healthz", &[])).await;
    assert_eq!(third.expect("accepted in time").status, 200);
    drop(unread);
}

#[tokio::test]
async fn a_connection_is_closed_when_unread_streams_exceed_the_call_limit() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let url = || format!("{}/user.UserService/ListUsers", server.url());
    let list = ListUsersRequest::default();
    let mut first = connect_with_window(server.address, 1_024).await;
    let mut second = connect_with_window(server.address, 1_024).await;
    let unread = call(&mut first, url(), &[], &list).await;
    acquire_permit(&server).await;
    let another = call(&mut second, url(), &[], &list).await;
    acquire_permit(&server).await;

    let read = timeout(TIMEOUT, another.into_body().collect()).await;
    assert!(
        read.expect("end of stream").is_err(),
        "the connection is closed"
    );
    let read = timeout(TIMEOUT, unread.into_body().collect()).await;
    let read = read.expect("end of stream").expect("complete body");
    assert_eq!(read.trailers().expect("trailers")["grpc-status"], "4");
}

#[tokio::test]
async fn a_stream_without_messages_stays_open() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 1;
        settings.send_timeout = 1;
    })
    .await;
    let mut watch = server.watch_health().await;
    let more = timeout(Duration::from_secs(3), watch.next()).await;
    assert!(more.is_err(), "the stream ended: {more:?}");
    assert!(
        !has_permit(&mut server.greeter().await).await,
        "the stream holds the permit"
    );
}
