//! Limits on sockets and calls.

use std::time::Duration;

use tokio::time::timeout;

use super::{BIDI_HELLO, is_open, start_bidi_hello};
use crate::helpers::{Server, Socket, TIMEOUT, Version, handshake_request};

/// The response to a rejected handshake.
async fn rejection(server: &Server) -> Option<http::Response<()>> {
    let request = handshake_request(server.address, BIDI_HELLO);
    match Socket::try_open(request, server.address).await {
        Ok(_) => None,
        Err(response) => Some(response.map(drop)),
    }
}

#[tokio::test]
async fn a_socket_over_the_limit_is_rejected_until_another_is_closed() {
    for (sockets, client_sockets, status) in [(2, 256, 503), (256, 2, 429)] {
        let server = Server::start_with(|settings| {
            settings.max_sockets = sockets;
            settings.max_client_sockets = client_sockets;
        })
        .await;
        let mut first = start_bidi_hello(&server).await;
        let mut second = start_bidi_hello(&server).await;
        let rejected = rejection(&server).await.expect("rejected handshake");
        assert_eq!(rejected.status(), status);
        assert!(rejected.headers().contains_key("retry-after"));
        assert!(is_open(&mut first).await && is_open(&mut second).await);

        drop(first);
        let accepted = async { while rejection(&server).await.is_some() {} };
        timeout(TIMEOUT, accepted).await.expect("permit in time");
    }
}

#[tokio::test]
async fn a_call_over_the_limit_is_rejected_over_its_socket() {
    let server = Server::start_with(|settings| settings.max_calls = 1).await;
    let _first = start_bidi_hello(&server).await;
    let mut second = Socket::start_call(server.address, BIDI_HELLO).await;
    let response = second.response().await;
    assert_eq!(response.end(), (Some(8), Some(1000)));
    assert!(!response.trailer("grpc-status-details-bin").is_empty());
}

#[tokio::test]
async fn a_socket_counts_as_a_connection() {
    let server = Server::start_with(|settings| settings.max_connections = 1).await;
    let mut socket = start_bidi_hello(&server).await;
    let client = server.http(Version::Http1);
    let second = timeout(Duration::from_millis(500), client.get("/healthz", &[])).await;
    assert!(second.is_err(), "the second connection was accepted");
    assert!(is_open(&mut socket).await);
    drop(socket);
    let third = timeout(TIMEOUT, client.get("/healthz", &[])).await;
    assert_eq!(third.expect("accepted in time").status, 200);
}
