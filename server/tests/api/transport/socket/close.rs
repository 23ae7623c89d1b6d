//! How a call ends when the client closes its socket or the server shuts down.

use frontdesk::greeter::HelloReply;
use tokio_tungstenite::tungstenite::{Message as WsMessage, protocol::CloseFrame};

use super::{BIDI_HELLO, LOTS_OF_GREETINGS, SAY_HELLO, hello};
use crate::helpers::{BOTH, Event, Server, Socket, wait_for_permit, wait_until_no_permit};

#[tokio::test]
async fn a_closed_socket_cancels_its_call() {
    let server = Server::start_with(|settings| settings.max_calls = 1).await;
    let mut greeter = server.greeter().await;
    for version in BOTH {
        // A call with a response stream, and one that waits for its request.
        for path in [BIDI_HELLO, LOTS_OF_GREETINGS] {
            for sends_close_frame in [true, false] {
                let mut socket = Socket::start_call_over(version, server.address, path).await;
                wait_until_no_permit(&mut greeter).await;
                if sends_close_frame {
                    let frame = CloseFrame {
                        code: 1000.into(),
                        reason: "done".into(),
                    };
                    socket.send_ws(WsMessage::Close(Some(frame))).await;
                    let response = socket.response().await;
                    assert_eq!(response.end(), (None, Some(1000)));
                }
                drop(socket);
                wait_for_permit(&mut greeter).await;
            }
        }
    }
}

#[tokio::test]
async fn a_shutdown_closes_sockets_and_ends_their_calls() {
    for version in BOTH {
        let mut server = Server::start_with(|settings| settings.shutdown_timeout = 2).await;
        let mut idle = Socket::open_over(version, server.address, BIDI_HELLO).await;
        let mut streaming = Socket::start_call_over(version, server.address, BIDI_HELLO).await;
        streaming.receive_headers().await;
        streaming.send(&hello("Ada")).await;
        streaming.receive::<HelloReply>().await;
        let mut waiting = Socket::start_call_over(version, server.address, LOTS_OF_GREETINGS).await;
        waiting.send(&hello("Ada")).await;
        // Its response shows that the earlier requests have arrived.
        let mut probe = Socket::start_call(server.address, SAY_HELLO).await;
        probe.finish().await;
        probe.response().await;

        server.shut_down();
        // A socket without a call is closed; calls end with a status.
        assert_eq!(idle.next_event().await, Event::Closed(Some(1001)));
        for mut stream in [streaming, waiting] {
            let response = stream.response().await;
            assert_eq!(response.end(), (Some(14), Some(1000)));
            assert!(!response.trailer("grpc-status-details-bin").is_empty());
        }
        server.wait().await;
    }
}
