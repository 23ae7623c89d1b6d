//! What the log contains and what it does not.

use frontdesk::greeter::HelloRequest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{ACCESS, LoggingServer};
use crate::helpers::frame_message;

#[tokio::test]
async fn names_and_credentials_are_not_logged() {
    let mut server = LoggingServer::start(&["--log", "trace,h2=info,hyper=info"]);
    let headers = [
        ("content-type", "application/grpc-web"),
        ("authorization", "Bearer secret"),
        ("cookie", "session=secret"),
    ];
    let body = frame_message(&HelloRequest {
        name: "Rumpelstiltskin".into(),
    });
    server
        .client
        .send(
            http::Method::POST,
            "/greeter.Greeter/SayHello?token=secret",
            &headers,
            body,
        )
        .await;
    let mut line = String::new();
    while !line.contains(ACCESS) {
        line = server.next_line();
        assert!(
            !line.contains("secret") && !line.contains("Rumpelstiltskin"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn a_client_cannot_fill_the_log_with_frames() {
    // h2 logs these frames as warnings; only an explicit filter for h2 shows them.
    for (filter, expected) in [("info", 0), ("debug", 0), ("info,h2=warn", 100)] {
        let mut server = LoggingServer::start(&["--log", filter]);
        let mut socket = TcpStream::connect(server.client.address)
            .await
            .expect("connected");
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec();
        // Unrequested pongs.
        bytes.extend(b"\0\0\x08\x06\x01\0\0\0\0unwanted".repeat(100));
        // A ping: its pong shows that everything before has been read.
        bytes.extend(b"\0\0\x08\x06\0\0\0\0\0the last");
        socket.write_all(&bytes).await.expect("written");
        let mut response = Vec::new();
        while !response.windows(8).any(|part| part == b"the last") {
            let read = socket.read_buf(&mut response).await.expect("response");
            assert_ne!(read, 0, "closed: {response:?}");
        }
        server.client.get("/last", &[]).await;
        let mut logged = 0;
        loop {
            let line = server.next_line();
            if line.contains("/last") {
                break;
            }
            logged += usize::from(line.contains("PING"));
        }
        assert_eq!(logged, expected, "{filter}");
    }
}

#[test]
fn fewer_sockets_than_calls_are_a_warning() {
    let mut server = LoggingServer::start(&["--max-sockets", "1024"]);
    let line = server.next_line_with("--max-sockets");
    assert!(line.contains("WARN"), "{line}");
}
