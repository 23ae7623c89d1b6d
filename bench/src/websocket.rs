//! A minimal `grpc-websockets` client.

use bytes::{Buf as _, BytesMut};
use frontdesk::greeter::{HelloReply, HelloRequest};
use futures_util::{SinkExt as _, StreamExt as _};
use prost::Message as _;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

use crate::{Result, request_body::encode};

const HEADERS: &str = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";
const PREFIX_LENGTH: usize = 5;
/// The flag of a frame with headers or trailers.
const HEADER_BLOCK: u8 = 0x80;

/// An open `BidiHello` call.
pub(crate) struct BidiHello {
    socket: WebSocketStream<TcpStream>,
    buffer: BytesMut,
}

impl BidiHello {
    /// Opens a WebSocket to the server at `origin` and starts the call.
    pub(crate) async fn open(origin: &str) -> Result<Self> {
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

    /// Sends a name and waits for the reply.
    pub(crate) async fn greet(&mut self, name: &str) -> Result<HelloReply> {
        let request = encode(&HelloRequest { name: name.into() })?;
        let mut sent = vec![0];
        sent.extend(request);
        self.socket.send(Message::binary(sent)).await?;
        loop {
            while let Some((flag, body)) = self.next_frame()? {
                if flag & HEADER_BLOCK == 0 {
                    return Ok(HelloReply::decode(body)?);
                }
            }
            match self
                .socket
                .next()
                .await
                .ok_or("the WebSocket has ended")??
            {
                Message::Binary(bytes) => self.buffer.extend_from_slice(&bytes),
                Message::Close(frame) => return Err(format!("closed: {frame:?}").into()),
                _ => {}
            }
        }
    }

    /// The next complete frame in the buffer.
    fn next_frame(&mut self) -> Result<Option<(u8, BytesMut)>> {
        let [flag, a, b, c, d, ..] = self.buffer[..] else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_be_bytes([a, b, c, d]))?;
        if self.buffer.len() < PREFIX_LENGTH + length {
            return Ok(None);
        }
        self.buffer.advance(PREFIX_LENGTH);
        Ok(Some((flag, self.buffer.split_to(length))))
    }
}
