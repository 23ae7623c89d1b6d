//! How sockets end before their time: by their peer, and when the server goes down.

use frontdesk::greeter::{HelloReply, HelloRequest};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Message as Sent, protocol::CloseFrame};

use crate::helpers::{Event, IN_TIME, Server, Socket, Version, has_a_place};

const BOTH: [Version; 2] = [Version::Http1, Version::Http2];
const TALK: &str = "/greeter.Greeter/BidiHello";
const GREETINGS: &str = "/greeter.Greeter/LotsOfGreetings";

#[tokio::test]
async fn a_socket_that_is_closed_cancels_its_call() {
    let desk = Server::open_with(|settings| settings.max_calls = 1).await;
    let mut greeter = desk.greeter().await;
    for version in BOTH {
        // A call that streams, and one that still waits for its request.
        for path in [TALK, GREETINGS] {
            for says_goodbye in [true, false] {
                let mut socket = Socket::open_by(version, desk.address, path).await;
                socket.block("").await;
                let begun = async { while has_a_place(&mut greeter).await {} };
                timeout(IN_TIME, begun).await.expect("it holds the place");
                if says_goodbye {
                    let goodbye = CloseFrame {
                        code: 1000.into(),
                        reason: "enough".into(),
                    };
                    socket.put(Sent::Close(Some(goodbye))).await;
                    let heard = socket.rest().await;
                    assert_eq!((heard.status(), heard.closed), (None, Some(1000)));
                }
                drop(socket);
                let ended = async { while !has_a_place(&mut greeter).await {} };
                timeout(IN_TIME, ended).await.expect("it is cancelled");
            }
        }
    }
}

#[tokio::test]
async fn sockets_are_told_when_the_server_goes_down() {
    for version in BOTH {
        let mut desk = Server::open_with(|settings| settings.shutdown_timeout = 2).await;
        let mut silent = Socket::open_by(version, desk.address, TALK).await;
        let mut talks = Socket::open_by(version, desk.address, TALK).await;
        talks.block("").await;
        talks.headers().await;
        talks.send(&HelloRequest { name: "Ada".into() }).await;
        talks.message::<HelloReply>().await;
        let mut waits = Socket::open_by(version, desk.address, GREETINGS).await;
        waits.block("").await;
        waits.send(&HelloRequest { name: "Ada".into() }).await;
        // Its answer shows that what was sent before has arrived as well.
        let mut probe = Socket::call(desk.address, "/greeter.Greeter/SayHello").await;
        probe.end().await;
        probe.rest().await;

        desk.tell_to_stop();
        // Who has no call is sent away; a stream is ended, be it the answer or the request.
        assert_eq!(silent.next().await, Event::Closed(Some(1001)));
        for mut stream in [talks, waits] {
            let heard = stream.rest().await;
            assert_eq!((heard.status(), heard.closed), (Some(14), Some(1000)));
            assert!(!heard.trailer("grpc-status-details-bin").is_empty());
        }
        desk.stopped().await;
    }
}
