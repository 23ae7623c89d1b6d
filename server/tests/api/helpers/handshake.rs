//! WebSocket handshakes: over HTTP/1.1 (RFC 6455) and over HTTP/2 (RFC 8441).

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

/// An HTTP/1.1 request that opens a socket.
pub(crate) fn handshake_request(address: SocketAddr, path: &str) -> Request<()> {
    Request::get(format!("ws://{address}{path}"))
        .header("host", address.to_string())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "grpc-websockets")
        .body(())
        .expect("valid request")
}

/// The same request as bytes.
pub(crate) fn handshake_bytes(address: SocketAddr, path: &str) -> Vec<u8> {
    let mut bytes = format!("GET {path} HTTP/1.1\r\n").into_bytes();
    for (name, value) in handshake_request(address, path).headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes
}

/// Sends an extended CONNECT with this subprotocol.
pub(crate) async fn connect_http2(
    address: SocketAddr,
    path: &str,
    subprotocol: &str,
) -> Response<hyper::body::Incoming> {
    let io = TcpStream::connect(address).await.expect("connected");
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io))
        .await
        .expect("HTTP/2 handshake");
    tokio::spawn(connection);
    loop {
        let request = Request::builder()
            .method(Method::CONNECT)
            .uri(format!("http://{address}{path}"))
            .extension(hyper::ext::Protocol::from_static("websocket"))
            .header("sec-websocket-version", "13")
            .header("sec-websocket-protocol", subprotocol)
            .body(Empty::<Bytes>::new())
            .expect("valid request");
        match sender.send_request(request).await {
            Ok(response) => return response,
            // Extended CONNECT is an error until the server's SETTINGS have arrived.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}
