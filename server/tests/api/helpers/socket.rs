//! A client of `grpc-websockets` that hides nothing: each frame, each block, how it was closed.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{Method, Request, Response};
use http_body_util::Empty;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message as Sent, protocol::Role},
};

use super::{Version, message};

/// Longer than anything here takes on a machine that has much to do.
pub(crate) const IN_TIME: Duration = Duration::from_secs(30);

/// What every header block has.
pub(crate) const BLOCK: &str = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";

pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// What comes over a socket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// Headers or trailers.
    Block(Block),
    /// A message, without its prefix.
    Message(Bytes),
    /// How it was closed; `None` where the connection was just gone.
    Closed(Option<u16>),
}

/// Headers or trailers: each name with its values, in order.
pub(crate) type Block = BTreeMap<String, Vec<String>>;

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Heard {
    pub(crate) blocks: Vec<Block>,
    pub(crate) messages: Vec<Bytes>,
    pub(crate) closed: Option<u16>,
}

impl Heard {
    /// The status in the last block.
    pub(crate) fn status(&self) -> Option<i32> {
        self.trailer("grpc-status").parse().ok()
    }

    /// The first value of this name in the last block, or nothing.
    pub(crate) fn trailer(&self, name: &str) -> &str {
        let values = self.blocks.last().and_then(|block| block.get(name));
        values.map_or("", |values| &values[0])
    }

    /// The messages, as what they are.
    pub(crate) fn decoded<M: Message + Default>(&self) -> Vec<M> {
        let decoded = self.messages.iter().map(|bytes| M::decode(&bytes[..]));
        decoded.map(|message| message.expect("a message")).collect()
    }
}

/// One socket.
pub(crate) struct Socket {
    pub(crate) ws: WebSocketStream<Box<dyn Io>>,
    buffer: BytesMut,
}

/// What a socket is opened with, over HTTP/1.1.
pub(crate) fn opening(address: SocketAddr, path: &str) -> Request<()> {
    Request::get(format!("ws://{address}{path}"))
        .header("host", address.to_string())
        .header("connection", "Upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "grpc-websockets")
        .body(())
        .expect("a request")
}

/// The same, as bytes.
pub(crate) fn opening_bytes(address: SocketAddr, path: &str) -> Vec<u8> {
    let mut bytes = format!("GET {path} HTTP/1.1\r\n").into_bytes();
    for (name, value) in opening(address, path).headers() {
        bytes.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    bytes.extend(b"\r\n");
    bytes
}

impl Socket {
    /// Opens a socket over HTTP/1.1 and says nothing yet.
    pub(crate) async fn open(address: SocketAddr, path: &str) -> Self {
        let opened = Self::open_with(opening(address, path), address).await;
        opened.expect("a socket").0
    }

    /// The same; the answer where there is no socket.
    pub(crate) async fn open_with(
        request: Request<()>,
        address: SocketAddr,
    ) -> Result<(Self, Response<()>), Box<Response<Option<Vec<u8>>>>> {
        let io = TcpStream::connect(address).await.expect("the server");
        let io: Box<dyn Io> = Box::new(io);
        match client_async(request, io).await {
            Ok((ws, response)) => Ok((Self::over(ws), response.map(drop))),
            Err(Error::Http(response)) => Err(response),
            Err(other) => panic!("{other}"),
        }
    }

    /// Opens a socket over HTTP/2 (RFC 8441).
    pub(crate) async fn open_http2(address: SocketAddr, path: &str) -> Self {
        let response = connect(address, path, "grpc-websockets").await;
        assert_eq!(response.status(), 200);
        let subprotocol = &response.headers()["sec-websocket-protocol"];
        assert_eq!(subprotocol, "grpc-websockets");
        let upgraded = hyper::upgrade::on(response).await.expect("a stream");
        let io: Box<dyn Io> = Box::new(TokioIo::new(upgraded));
        Self::over(WebSocketStream::from_raw_socket(io, Role::Client, None).await)
    }

    /// Opens a socket over this HTTP.
    pub(crate) async fn open_by(version: Version, address: SocketAddr, path: &str) -> Self {
        match version {
            Version::Http1 => Self::open(address, path).await,
            Version::Http2 => Self::open_http2(address, path).await,
        }
    }

    fn over(ws: WebSocketStream<Box<dyn Io>>) -> Self {
        let buffer = BytesMut::new();
        Self { ws, buffer }
    }

    /// Opens a socket and says what every call begins with.
    pub(crate) async fn call(address: SocketAddr, path: &str) -> Self {
        Self::call_with(address, path, "").await
    }

    /// The same, with more lines.
    pub(crate) async fn call_with(address: SocketAddr, path: &str, lines: &str) -> Self {
        let mut socket = Self::open(address, path).await;
        socket.block(lines).await;
        socket
    }

    /// The header block, with these lines as well.
    pub(crate) async fn block(&mut self, lines: &str) {
        self.binary(format!("{BLOCK}{lines}")).await;
    }

    /// A message as WebSocket has them.
    pub(crate) async fn binary(&mut self, bytes: impl Into<Bytes>) {
        self.put(Sent::Binary(bytes.into())).await;
    }

    pub(crate) async fn put(&mut self, sent: Sent) {
        // The server may have closed it already.
        let _ = timeout(IN_TIME, self.ws.send(sent))
            .await
            .expect("sent in time");
    }

    /// A message of the request.
    pub(crate) async fn send(&mut self, what: &impl Message) {
        self.bytes(&message(what)).await;
    }

    /// Bytes of the request.
    pub(crate) async fn bytes(&mut self, bytes: &[u8]) {
        self.binary([&[0], bytes].concat()).await;
    }

    /// The request's end.
    pub(crate) async fn end(&mut self) {
        self.binary(&[1][..]).await;
    }

    /// What comes next.
    pub(crate) async fn next(&mut self) -> Event {
        timeout(IN_TIME, self.next_ever())
            .await
            .expect("an event in time")
    }

    /// What comes next, however long it takes.
    pub(crate) async fn next_ever(&mut self) -> Event {
        loop {
            if let Some(event) = event(&mut self.buffer) {
                return event;
            }
            match self.ws.next().await {
                Some(Ok(Sent::Binary(bytes))) => self.buffer.extend_from_slice(&bytes),
                Some(Ok(Sent::Close(frame))) => {
                    // Says goodbye too.
                    while let Some(Ok(_)) = self.ws.next().await {}
                    return Event::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(Sent::Ping(_) | Sent::Pong(_))) => {}
                Some(Ok(other)) => panic!("{other:?}"),
                Some(Err(_)) | None => return Event::Closed(None),
            }
        }
    }

    /// The next event, which is to be a message.
    pub(crate) async fn message<M: Message + Default>(&mut self) -> M {
        match self.next().await {
            Event::Message(bytes) => M::decode(bytes).expect("a message"),
            other => panic!("{other:?}"),
        }
    }

    /// The next event, which is to be headers or trailers.
    pub(crate) async fn headers(&mut self) -> Block {
        match self.next().await {
            Event::Block(block) => block,
            other => panic!("{other:?}"),
        }
    }

    /// All that comes until it is closed.
    pub(crate) async fn rest(&mut self) -> Heard {
        let mut heard = Heard {
            blocks: Vec::new(),
            messages: Vec::new(),
            closed: None,
        };
        loop {
            match self.next().await {
                Event::Block(block) => heard.blocks.push(block),
                Event::Message(bytes) => heard.messages.push(bytes),
                Event::Closed(code) => {
                    heard.closed = code;
                    return heard;
                }
            }
        }
    }
}

/// Asks for a socket over HTTP/2, with this subprotocol.
pub(crate) async fn connect(
    address: SocketAddr,
    path: &str,
    subprotocol: &str,
) -> Response<hyper::body::Incoming> {
    let io = TcpStream::connect(address).await.expect("the server");
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(io))
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    loop {
        let request = Request::builder()
            .method(Method::CONNECT)
            .uri(format!("http://{address}{path}"))
            .extension(hyper::ext::Protocol::from_static("websocket"))
            .header("sec-websocket-version", "13")
            .header("sec-websocket-protocol", subprotocol)
            .body(Empty::<Bytes>::new())
            .expect("a request");
        match sender.send_request(request).await {
            Ok(response) => return response,
            // The server's settings have to be here before it may be asked.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

/// The next frame in what came of an answer, once it is there.
pub(crate) fn event(buffer: &mut BytesMut) -> Option<Event> {
    let mut head = buffer.get(..5)?;
    let flag = head.get_u8();
    let length = head.get_u32() as usize;
    if buffer.len() < 5 + length {
        return None;
    }
    buffer.advance(5);
    let payload = buffer.split_to(length).freeze();
    Some(match flag {
        0 => Event::Message(payload),
        0x80 => Event::Block(parse(&payload)),
        other => panic!("a frame with flags {other:#x}"),
    })
}

fn parse(block: &[u8]) -> Block {
    let text = std::str::from_utf8(block).expect("text");
    let mut fields = Block::new();
    for line in text.lines() {
        let (name, value) = line.split_once(':').expect("a field");
        let values = fields.entry(name.to_owned()).or_default();
        values.push(value.trim().to_owned());
    }
    fields
}
