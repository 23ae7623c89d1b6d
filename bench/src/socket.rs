//! `grpc-websockets` from outside of a browser, without more than a call needs.

use bytes::{Buf as _, BytesMut};
use frontdesk::greeter::{HelloReply, HelloRequest};
use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{Outcome, wire::framed};

const HEADERS: &str = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";
const PREFIX: usize = 5;
/// The flag of a block of headers or trailers.
const BLOCK: u8 = 0x80;

/// One open `BidiHello`.
pub(crate) struct Talk {
    socket: WebSocketStream<TcpStream>,
    buffer: BytesMut,
}

impl Talk {
    /// Opens a socket to the server at `origin`, with the call in it.
    pub(crate) async fn begin(origin: &str) -> Outcome<Self> {
        let address = origin.trim_start_matches("http://");
        let url = format!("ws://{address}/greeter.Greeter/BidiHello");
        let mut request = url.into_client_request()?;
        request
            .headers_mut()
            .insert("sec-websocket-protocol", "grpc-websockets".parse()?);
        let connection = TcpStream::connect(address).await?;
        connection.set_nodelay(true)?;
        let (mut socket, _) = client_async(request, connection).await?;
        socket.send(Message::binary(HEADERS)).await?;
        let buffer = BytesMut::new();
        Ok(Self { socket, buffer })
    }

    /// Sends a name and waits until it is greeted.
    pub(crate) async fn greet(&mut self, name: &str) -> Outcome<HelloReply> {
        let request = framed(&HelloRequest { name: name.into() })?;
        let mut sent = vec![0];
        sent.extend(request);
        self.socket.send(Message::binary(sent)).await?;
        loop {
            while let Some((flag, body)) = self.frame()? {
                if flag & BLOCK == 0 {
                    return Ok(HelloReply::decode(body)?);
                }
            }
            match self.socket.next().await.ok_or("the socket is closed")?? {
                Message::Binary(bytes) => self.buffer.extend_from_slice(&bytes),
                Message::Close(why) => return Err(format!("closed: {why:?}").into()),
                _ => {}
            }
        }
    }

    fn frame(&mut self) -> Outcome<Option<(u8, BytesMut)>> {
        let [flag, a, b, c, d, ..] = self.buffer[..] else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d]))?;
        if self.buffer.len() < PREFIX + length {
            return Ok(None);
        }
        self.buffer.advance(PREFIX);
        Ok(Some((flag, self.buffer.split_to(length))))
    }
}
