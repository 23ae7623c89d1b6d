//! One line for each request.

use frontdesk::{greeter::HelloRequest, user::ListUsersRequest};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::{ACCESS, LoggingServer};

#[tokio::test]
async fn every_request_is_logged_with_its_request_id() {
    let mut server = LoggingServer::start(&[]);
    let ada = HelloRequest { name: "Ada".into() };
    let response = server
        .client
        .grpc_web("/greeter.Greeter/SayHello", &ada)
        .await;
    let line = server.next_line_with("SayHello");
    assert!(line.contains(response.header("x-request-id")), "{line}");
    assert!(line.contains("OK"), "{line}");
    server.client.get("/no-such-file.js", &[]).await;
    assert!(server.next_line_with("no-such-file").contains("404"));
}

#[tokio::test]
async fn the_json_format_has_one_object_per_line() {
    let mut server = LoggingServer::start(&["--log-format", "json"]);
    let request = ListUsersRequest {
        page: -1,
        ..ListUsersRequest::default()
    };
    server
        .client
        .grpc_web("/user.UserService/ListUsers", &request)
        .await;
    let line = server.next_line_with("ListUsers");
    let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(line["grpc.status"], "INVALID_ARGUMENT");
    assert_eq!(line["target"], ACCESS);
}

#[tokio::test]
async fn a_call_whose_client_disconnects_is_logged_as_cancelled() {
    let mut server = LoggingServer::start(&[]);
    let mut socket = TcpStream::connect(server.client.address)
        .await
        .expect("connected");
    let head = "POST /grpc.health.v1.Health/Watch HTTP/1.1\r\nhost: frontdesk\r\n\
                content-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\0\0\0\0\0";
    socket.write_all(head.as_bytes()).await.expect("written");
    let mut first = [0];
    socket.read_exact(&mut first).await.expect("response");
    drop(socket);
    assert!(server.next_line_with("Watch").contains("CANCELLED"));
}
