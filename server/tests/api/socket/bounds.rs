//! Nothing is unbounded: sockets, silence, rest.

use std::time::Duration;

use bytes::Bytes;
use frontdesk::greeter::{HelloReply, HelloRequest};
use futures_util::future::join_all;
use prost::Message as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message as Sent;

use crate::helpers::{
    BLOCK, Event, IN_TIME, Server, Socket, Version, Wire, opening, opening_bytes,
};

const TALK: &str = "/greeter.Greeter/BidiHello";

/// A socket whose conversation has begun.
async fn talk(desk: &Server) -> Socket {
    let mut socket = Socket::call(desk.address, TALK).await;
    socket.headers().await;
    socket
}

/// Whether it is still talked over.
async fn answers(socket: &mut Socket) -> bool {
    socket.send(&HelloRequest { name: "Ada".into() }).await;
    socket.message::<HelloReply>().await.message == "Hello, Ada!"
}

async fn refusal(desk: &Server) -> Option<http::Response<()>> {
    let request = opening(desk.address, TALK);
    match Socket::open_with(request, desk.address).await {
        Ok(_) => None,
        Err(response) => Some(response.map(drop)),
    }
}

#[tokio::test]
async fn one_socket_too_many_is_turned_away_until_one_is_closed() {
    for (sockets, of_one_client, status) in [(2, 256, 503), (256, 2, 429)] {
        let desk = Server::open_with(|settings| {
            settings.max_sockets = sockets;
            settings.max_client_sockets = of_one_client;
        })
        .await;
        let mut first = talk(&desk).await;
        let mut second = talk(&desk).await;
        let refused = refusal(&desk).await.expect("one too many");
        assert_eq!(refused.status(), status);
        assert!(refused.headers().contains_key("retry-after"));
        assert!(answers(&mut first).await && answers(&mut second).await);

        drop(first);
        let let_in = async { while refusal(&desk).await.is_some() {} };
        timeout(IN_TIME, let_in).await.expect("a place in time");
    }
}

#[tokio::test]
async fn one_call_too_many_is_told_so_over_its_socket() {
    let desk = Server::open_with(|settings| settings.max_calls = 1).await;
    let _first = talk(&desk).await;
    let mut second = Socket::call(desk.address, TALK).await;
    let heard = second.rest().await;
    assert_eq!((heard.status(), heard.closed), (Some(8), Some(1000)));
    assert!(!heard.trailer("grpc-status-details-bin").is_empty());
}

#[tokio::test]
async fn a_socket_keeps_its_connections_place() {
    let desk = Server::open_with(|settings| settings.max_connections = 1).await;
    let mut socket = talk(&desk).await;
    let wire = Wire {
        address: desk.address,
        version: Version::Http1,
    };
    let second = timeout(Duration::from_millis(500), wire.get("/healthz", &[])).await;
    assert!(second.is_err(), "it was let in");
    assert!(answers(&mut socket).await);
    drop(socket);
    let third = timeout(IN_TIME, wire.get("/healthz", &[])).await;
    assert_eq!(third.expect("it is let in").status, 200);
}

#[tokio::test]
async fn a_message_may_be_as_large_over_a_socket_as_elsewhere() {
    const LARGEST: usize = 100_000;
    let desk = Server::open_with(|settings| settings.max_request_bytes = 100_000).await;
    // Ada, and a field that nobody knows: its number, its length in three bytes, and so many bytes.
    let ada = HelloRequest { name: "Ada".into() }.encode_to_vec();
    let padding = LARGEST - ada.len() - 4;
    let mut largest = ada;
    largest.push(15 << 3 | 2);
    prost::encode_length_delimiter(padding, &mut largest).expect("there is room");
    largest.resize(LARGEST, b'x');
    let length = u32::try_from(LARGEST).expect("a length").to_be_bytes();
    let framed = [&[0][..], &length, &largest].concat();
    let mut socket = talk(&desk).await;
    socket.bytes(&framed).await;
    assert_eq!(socket.message::<HelloReply>().await.message, "Hello, Ada!");
}

#[tokio::test]
async fn a_socket_that_says_nothing_is_closed() {
    let desk = Server::open_with(|settings| settings.header_timeout = 1).await;
    let mut socket = Socket::open(desk.address, TALK).await;
    let heard = socket.rest().await;
    assert_eq!((heard.status(), heard.closed), (Some(14), Some(1008)));
}

#[tokio::test]
async fn a_header_block_that_never_ends_is_not_waited_for() {
    let desk = Server::open_with(|settings| settings.header_timeout = 1).await;
    // One message in fragments without end, some of which have nothing in them; pings and no block.
    let endless = [
        (
            [0x02, 0x81, 0, 0, 0, 0, b'x'].as_slice(),
            [0, 0x81, 0, 0, 0, 0, b'x'].as_slice(),
        ),
        (&[0x02, 0x80, 0, 0, 0, 0], &[0, 0x80, 0, 0, 0, 0]),
        (&[0x89, 0x80, 0, 0, 0, 0], &[0x89, 0x80, 0, 0, 0, 0]),
    ];
    let closed = endless.map(async |(first, next)| {
        let socket = TcpStream::connect(desk.address).await.expect("the server");
        let (mut answers, mut socket) = socket.into_split();
        let opening = opening_bytes(desk.address, TALK);
        socket.write_all(&opening).await.expect("sent");
        socket.write_all(first).await.expect("sent");
        let goes_on = async {
            // Far fewer bytes than a block may have, and never a rest as long as it may take.
            let mut pulse = tokio::time::interval(Duration::from_millis(50));
            while socket.write_all(next).await.is_ok() {
                pulse.tick().await;
            }
            std::future::pending::<()>().await;
        };
        let mut answer = Vec::new();
        let closed = async {
            tokio::select! {
                read = answers.read_to_end(&mut answer) => read,
                () = goes_on => unreachable!(),
            }
        };
        // Closed or reset: what is still sent may take the goodbye with it.
        let _ = timeout(IN_TIME, closed)
            .await
            .expect("it is closed in time");
        let code = 1008_u16.to_be_bytes();
        assert!(
            answer.windows(2).any(|two| two == code),
            "{first:?}: {answer:?}"
        );
    });
    join_all(closed).await;
}

#[tokio::test]
async fn a_conversation_may_rest_but_not_for_ever() {
    let desk = Server::open_with(|settings| {
        settings.header_timeout = 1;
        settings.idle_timeout = 4;
    })
    .await;
    let mut socket = talk(&desk).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(answers(&mut socket).await, "a person may think");
    let heard = socket.rest().await;
    assert_eq!((heard.status(), heard.closed), (Some(4), Some(1000)));
}

#[tokio::test]
async fn who_answers_pings_is_left_alone_and_who_does_not_is_let_go_of() {
    let desk = Server::open_with(|settings| {
        settings.keepalive = 1;
        settings.max_calls = 2;
    })
    .await;
    let mut alive = talk(&desk).await;
    let mut deaf = Deaf::talk(&desk).await;
    // Nothing but pings for longer than it takes to be let go of.
    let quiet = timeout(Duration::from_secs(4), alive.next_ever()).await;
    assert!(quiet.is_err(), "it was ended: {quiet:?}");
    assert!(answers(&mut alive).await);

    let frames = deaf.rest().await;
    assert!(frames.windows(2).any(|two| two == [0x89, 0]), "a ping");
    let code = [&[0x88, 20][..], &1008_u16.to_be_bytes()].concat();
    assert!(frames.windows(4).any(|four| four == code), "{frames:?}");
    // And its place is free.
    let mut next = talk(&desk).await;
    assert!(answers(&mut next).await);
}

/// A client that hears everything and answers nothing.
struct Deaf(TcpStream);

impl Deaf {
    async fn talk(desk: &Server) -> Self {
        let mut socket = TcpStream::connect(desk.address).await.expect("the server");
        let length = u8::try_from(BLOCK.len()).expect("a short block");
        assert!(length < 126);
        let opening = opening_bytes(desk.address, TALK);
        let bytes = [
            &opening[..],
            &[0x82, 0x80 | length, 0, 0, 0, 0],
            BLOCK.as_bytes(),
        ];
        socket.write_all(&bytes.concat()).await.expect("sent");
        Self(socket)
    }

    async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let read = timeout(IN_TIME, self.0.read_to_end(&mut rest)).await;
        read.expect("it is closed in time").expect("in good order");
        rest
    }
}

#[tokio::test]
async fn pings_are_answered() {
    use futures_util::StreamExt as _;

    let desk = Server::open().await;
    let mut socket = talk(&desk).await;
    let question = Bytes::from_static(b"well?");
    socket.put(Sent::Ping(question.clone())).await;
    let answer = timeout(IN_TIME, socket.ws.next()).await.expect("in time");
    let answer = answer.expect("a message").expect("a good one");
    assert_eq!(answer, Sent::Pong(question));
}

#[tokio::test]
async fn an_http2_connection_with_nothing_but_a_socket_is_not_idle() {
    let desk = Server::open_with(|settings| settings.idle_timeout = 1).await;
    let mut socket = Socket::open_http2(desk.address, "/grpc.health.v1.Health/Watch").await;
    socket.block("").await;
    socket.bytes(&[0; 5]).await;
    socket.end().await;
    socket.headers().await;
    assert!(matches!(socket.next().await, Event::Message(_)));
    let quiet = timeout(Duration::from_secs(4), socket.next_ever()).await;
    assert!(quiet.is_err(), "it was ended: {quiet:?}");
}
