//! A `grpc-websockets` client that exposes every frame, every header block and the close code.

use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Request, Response};
use hyper_util::rt::TokioIo;
use prost::Message;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message as WsMessage, protocol::Role},
};

use super::{
    Event, TIMEOUT, Version, connect_http2, frame_message, handshake_request, parse_event,
    socket_events::{HeaderBlock, SocketResponse},
};

/// The header block that every call starts with.
pub(crate) const REQUEST_HEADERS: &str =
    "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";

pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

pub(crate) struct Socket {
    pub(crate) ws: WebSocketStream<Box<dyn Io>>,
    buffer: BytesMut,
}

impl Socket {
    /// Opens a socket over HTTP/1.1; sends nothing yet.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> Self {
        let opened = Self::try_open(handshake_request(address, path), address).await;
        opened.expect("open socket").0
    }

    /// Sends this handshake; the response is the error if it is rejected.
    pub(crate) async fn try_open(
        request: Request<()>,
        address: SocketAddr,
    ) -> Result<(Self, Response<()>), Box<Response<Option<Vec<u8>>>>> {
        let io = TcpStream::connect(address).await.expect("connected");
        let io: Box<dyn Io> = Box::new(io);
        match client_async(request, io).await {
            Ok((ws, response)) => Ok((Self::new(ws), response.map(drop))),
            Err(Error::Http(response)) => Err(response),
            Err(other) => panic!("{other}"),
        }
    }

    pub(crate) async fn open_http2(address: SocketAddr, path: &str) -> Self {
        let response = connect_http2(address, path, "grpc-websockets").await;
        assert_eq!(response.status(), 200);
        let subprotocol = &response.headers()["sec-websocket-protocol"];
        assert_eq!(subprotocol, "grpc-websockets");
        let upgraded = hyper::upgrade::on(response).await.expect("upgraded");
        let io: Box<dyn Io> = Box::new(TokioIo::new(upgraded));
        Self::new(WebSocketStream::from_raw_socket(io, Role::Client, None).await)
    }

    pub(crate) async fn open_over(version: Version, address: SocketAddr, path: &str) -> Self {
        match version {
            Version::Http1 => Self::open(address, path).await,
            Version::Http2 => Self::open_http2(address, path).await,
        }
    }

    fn new(ws: WebSocketStream<Box<dyn Io>>) -> Self {
        let buffer = BytesMut::new();
        Self { ws, buffer }
    }

    /// Opens a socket over HTTP/1.1 and sends the header block.
    pub(crate) async fn start_call(address: SocketAddr, path: &str) -> Self {
        Self::start_call_with(address, path, "").await
    }

    /// The same with additional header lines.
    pub(crate) async fn start_call_with(address: SocketAddr, path: &str, lines: &str) -> Self {
        let mut socket = Self::open(address, path).await;
        socket.send_headers(lines).await;
        socket
    }

    /// Opens a socket over this version of HTTP and sends the header block.
    pub(crate) async fn start_call_over(version: Version, address: SocketAddr, path: &str) -> Self {
        let mut socket = Self::open_over(version, address, path).await;
        socket.send_headers("").await;
        socket
    }

    /// Sends the header block with these additional lines.
    pub(crate) async fn send_headers(&mut self, lines: &str) {
        self.send_binary(format!("{REQUEST_HEADERS}{lines}")).await;
    }

    /// Sends a binary WebSocket message.
    pub(crate) async fn send_binary(&mut self, bytes: impl Into<Bytes>) {
        self.send_ws(WsMessage::Binary(bytes.into())).await;
    }

    pub(crate) async fn send_ws(&mut self, message: WsMessage) {
        // Fails if the server has closed the socket already.
        let _ = timeout(TIMEOUT, self.ws.send(message))
            .await
            .expect("written in time");
    }

    /// Sends one request message.
    pub(crate) async fn send(&mut self, message: &impl Message) {
        self.send_bytes(&frame_message(message)).await;
    }

    /// Sends bytes of the request body.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        self.send_binary([&[0], bytes].concat()).await;
    }

    /// Ends the request.
    pub(crate) async fn finish(&mut self) {
        self.send_binary(&[1][..]).await;
    }

    pub(crate) async fn next_event(&mut self) -> Event {
        timeout(TIMEOUT, self.next_event_without_timeout())
            .await
            .expect("event in time")
    }

    pub(crate) async fn next_event_without_timeout(&mut self) -> Event {
        loop {
            if let Some(event) = parse_event(&mut self.buffer) {
                return event;
            }
            match self.ws.next().await {
                Some(Ok(WsMessage::Binary(bytes))) => self.buffer.extend_from_slice(&bytes),
                Some(Ok(WsMessage::Close(frame))) => {
                    // Polling sends the closing handshake.
                    while let Some(Ok(_)) = self.ws.next().await {}
                    return Event::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(WsMessage::Ping(_) | WsMessage::Pong(_))) => {}
                Some(Ok(other)) => panic!("{other:?}"),
                Some(Err(_)) | None => return Event::Closed(None),
            }
        }
    }

    /// Receives one message; panics if another event comes first.
    pub(crate) async fn receive<M: Message + Default>(&mut self) -> M {
        match self.next_event().await {
            Event::Message(bytes) => M::decode(bytes).expect("valid message"),
            other => panic!("{other:?}"),
        }
    }

    /// Receives headers or trailers; panics if another event comes first.
    pub(crate) async fn receive_headers(&mut self) -> HeaderBlock {
        match self.next_event().await {
            Event::Headers(block) => block,
            other => panic!("{other:?}"),
        }
    }

    /// Reads the rest of the response until the socket is closed.
    pub(crate) async fn response(&mut self) -> SocketResponse {
        let mut response = SocketResponse::default();
        loop {
            match self.next_event().await {
                Event::Headers(block) => response.header_blocks.push(block),
                Event::Message(bytes) => response.messages.push(bytes),
                Event::Closed(code) => {
                    response.close_code = code;
                    return response;
                }
            }
        }
    }
}
