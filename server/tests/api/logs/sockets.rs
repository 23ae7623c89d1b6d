//! One line for each socket.

use frontdesk::greeter::{HelloReply, HelloRequest};

use super::{ACCESS, LoggingServer};
use crate::helpers::{BOTH, Socket};

// Reading the log blocks this thread; the HTTP/2 connection needs another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_socket_is_logged_when_its_call_has_ended() {
    let mut server = LoggingServer::start(&["--log-format", "json", "--max-calls", "300"]);
    let address = server.client.address;
    let path = "/greeter.Greeter/BidiHello";
    for version in BOTH {
        let mut socket = Socket::start_call_over(version, address, path).await;
        let id = socket.receive_headers().await["x-request-id"][0].clone();
        let name = "Ada".to_owned();
        socket.send(&HelloRequest { name }).await;
        socket.receive::<HelloReply>().await;
        // The call is not logged yet: the next line is that of a later request.
        server.client.get("/healthz", &[]).await;
        let line = server.next_line_with(ACCESS);
        assert!(line.contains("/healthz"), "{line}");
        socket.finish().await;
        socket.response().await;
        let line = server.next_line_with(ACCESS);
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&line["path"], &line["id"]), (&path.into(), &id.into()));
        assert_eq!(line["grpc.status"], "OK");
        // Headers, a message with `Hello, Ada!`, trailers.
        assert!(line["bytes"].as_u64().expect("number") > 100, "{line}");

        let cancelled = Socket::open_over(version, address, path).await;
        drop(cancelled);
        let line = server.next_line_with(ACCESS);
        assert!(
            line.contains("BidiHello") && line.contains("CANCELLED"),
            "{line}"
        );

        let mut rejected = Socket::open_over(version, address, path).await;
        rejected.send_binary(&b""[..]).await;
        rejected.response().await;
        let line = server.next_line_with(ACCESS);
        assert!(line.contains("INVALID_ARGUMENT"), "{line}");
    }
    // A rejected handshake is logged as any other request.
    let rejection = server.client.get(path, &[("upgrade", "websocket")]).await;
    assert_eq!(rejection.status, 426);
    let line = server.next_line_with(ACCESS);
    assert!(line.contains("426"), "{line}");
}
