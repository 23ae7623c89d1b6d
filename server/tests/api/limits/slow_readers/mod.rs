//! A client that reads too slowly is disconnected (`--send-timeout`); an idle stream is not.

mod responses;
mod streams;
mod trickle;

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::{
    body::Incoming,
    client::conn::http2::{self, SendRequest},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::TcpStream;

use crate::helpers::frame_message;

/// 400 of them fill the socket buffers.
const HTTP1_LIST: &str = "POST /user.UserService/ListUsers HTTP/1.1\r\nhost: frontdesk\r\n\
                          content-type: application/grpc-web\r\ncontent-length: 5\r\n\r\n\
                          \0\0\0\0\0";

/// An HTTP/2 connection with this window for each stream.
async fn connect_with_window(address: SocketAddr, window: u32) -> SendRequest<Full<Bytes>> {
    let socket = TcpStream::connect(address).await.expect("connected");
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(socket))
        .await
        .expect("HTTP/2 handshake");
    tokio::spawn(connection);
    sender
}

async fn call(
    sender: &mut SendRequest<Full<Bytes>>,
    url: String,
    headers: &[(&str, &str)],
    request: &impl Message,
) -> Response<Incoming> {
    let mut call = Request::post(url).header("content-type", "application/grpc");
    for (name, value) in headers {
        call = call.header(*name, *value);
    }
    let body = Full::new(Bytes::from(frame_message(request)));
    let call = call.body(body).expect("valid request");
    sender.send_request(call).await.expect("response")
}
