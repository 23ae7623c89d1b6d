//! Unary responses that are not read.

use frontdesk::greeter::HelloRequest;
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::{call, connect_with_window};
use crate::helpers::{Server, TIMEOUT, acquire_permit, has_permit, wait_for_permit};

#[tokio::test]
async fn an_unread_unary_response_holds_no_permit() {
    let server = Server::start_with(|settings| settings.max_calls = 1).await;
    let mut sender = connect_with_window(server.address, 0).await;
    let url = format!("{}/greeter.Greeter/SayHello", server.url());
    let request = HelloRequest { name: "Ada".into() };
    let unread = call(&mut sender, url, &[], &request).await;
    acquire_permit(&server).await;
    drop(unread);
}

#[tokio::test]
async fn a_connection_with_many_unread_unary_responses_is_closed() {
    let server = Server::start_with(|settings| {
        settings.max_calls = 2;
        settings.send_timeout = 1;
    })
    .await;
    let url = || format!("{}/greeter.Greeter/SayHello", server.url());
    let request = HelloRequest { name: "Ada".into() };
    let mut sender = connect_with_window(server.address, 0).await;
    let mut unread = Vec::new();
    // Two that hold no permit, two that hold the only ones.
    for _ in 0..4 {
        unread.push(call(&mut sender, url(), &[], &request).await);
    }
    let mut greeter = server.greeter().await;
    assert!(
        !has_permit(&mut greeter).await,
        "two responses hold the permits"
    );
    wait_for_permit(&mut greeter).await;
    let closed = async { while sender.ready().await.is_ok() {} };
    timeout(TIMEOUT, closed).await.expect("closed in time");
}

#[tokio::test]
async fn a_connection_with_an_unread_unary_response_is_closed_after_the_send_timeout() {
    let server = Server::start_with(|settings| settings.send_timeout = 1).await;
    let url = format!("{}/greeter.Greeter/SayHello", server.url());
    let request = HelloRequest { name: "Ada".into() };
    let mut sender = connect_with_window(server.address, 0).await;
    let unread = call(&mut sender, url, &[], &request).await;
    let read = timeout(TIMEOUT, unread.into_body().collect()).await;
    assert!(
        read.expect("end of stream").is_err(),
        "the connection is closed"
    );
}
