//! Streams that a page lets go of, in a browser, against a real server: see `channel.rs` for which.

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

/// At once: as many sockets as fit into what browsers open to one server (255), and into what the
/// server lets one client have (256).
const AT_ONCE: usize = 250;
/// The server lets 320 calls be under way: handlers that go on leave none for the next.
const IN_ALL: usize = 1_000;

fn server() -> &'static str {
    option_env!("FRONTDESK_TEST_SERVER").unwrap_or("http://127.0.0.1:50051")
}

/// A conversation in which nobody says anything: its handler waits for as long as it is there.
///
/// A place that is not free yet is asked for again: it has to become free, or this never ends. Of a
/// socket that was refused a browser says only that it did not open.
async fn conversation() -> Streaming<HelloReply> {
    let channel = Channel::new(server()).with_client_streaming(frontdesk::CLIENT_STREAMING);
    let mut greeter = GreeterClient::new(channel);
    loop {
        let silence = stream::pending::<HelloRequest>();
        match greeter.bidi_hello(silence).await {
            Ok(answer) => return answer.into_inner(),
            Err(status) => {
                let reason = Error::from_status(&status).map(Error::reason);
                assert_eq!(reason, Some(Reason::Unreachable), "{status:?}");
            }
        }
    }
}

#[wasm_bindgen_test]
async fn a_thousand_streams_that_are_dropped_give_their_places_back() {
    for _ in 0..IN_ALL / AT_ONCE {
        // Chromium lets sockets wait where many are being opened.
        let streams: Vec<_> = stream::iter(0..AT_ONCE)
            .map(|_| conversation())
            .buffer_unordered(8)
            .collect()
            .await;
        assert_eq!(streams.len(), AT_ONCE);
        drop(streams);
    }
    drop(conversation().await);
}

#[wasm_bindgen_test]
async fn a_thousand_lists_that_are_dropped_leave_no_handler_behind() {
    let mut users = UserServiceClient::new(Channel::new(server()));
    for _ in 0..IN_ALL {
        let answer = users.list_users(ListUsersRequest::default()).await;
        let mut list = answer.expect("there is room for one more").into_inner();
        assert!(list.message().await.expect("an answer").is_some());
    }
}
