//! Dropping streams cancels their calls, in a browser, against the server described in `channel.rs`.

#![cfg(target_arch = "wasm32")]

use frontdesk::{
    greeter::{HelloReply, HelloRequest, greeter_client::GreeterClient},
    user::{ListUsersRequest, user_service_client::UserServiceClient},
};
use frontdesk_transport::client::{Channel, Error, Reason};
use futures_util::{StreamExt as _, stream};
use tonic::Streaming;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Below the limits on sockets to one server (browsers: 255) and from one client (server: 256).
const CONCURRENT: usize = 250;
/// The server accepts 320 concurrent calls: handlers that keep running would exhaust them.
const TOTAL: usize = 1_000;

fn server() -> &'static str {
    option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051")
}

/// A conversation without requests: its handler runs until the call is cancelled.
///
/// Retries until the limits allow another call. The browser reports a rejected socket only as one
/// that failed to open.
async fn idle_conversation() -> Streaming<HelloReply> {
    let channel = Channel::new(server()).with_client_streaming(frontdesk::CLIENT_STREAMING);
    let mut greeter = GreeterClient::new(channel);
    loop {
        let requests = stream::pending::<HelloRequest>();
        match greeter.bidi_hello(requests).await {
            Ok(reply) => return reply.into_inner(),
            Err(status) => {
                let reason = Error::from_status(&status).map(Error::reason);
                assert_eq!(reason, Some(Reason::Unreachable), "{status:?}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_thousand_dropped_streams_release_their_permits() {
    for _ in 0..TOTAL / CONCURRENT {
        // Chromium queues sockets if many are being opened.
        let streams: Vec<_> = stream::iter(0..CONCURRENT)
            .map(|_| idle_conversation())
            .buffer_unordered(8)
            .collect()
            .await;
        assert_eq!(streams.len(), CONCURRENT);
        drop(streams);
    }
    drop(idle_conversation().await);
}

#[wasm_bindgen_test]
async fn a_thousand_dropped_lists_stop_their_handlers() {
    let mut users = UserServiceClient::new(Channel::new(server()));
    for _ in 0..TOTAL {
        let reply = users.list_users(ListUsersRequest::default()).await;
        let mut list = reply.expect("a free permit").into_inner();
        assert!(list.message().await.expect("a message").is_some());
    }
}
