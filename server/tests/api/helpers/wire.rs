//! An HTTP client that hides nothing: every header, byte and trailer of an answer.

use std::net::SocketAddr;

use bytes::{Buf as _, Bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::TcpStream;

/// Which HTTP is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
}

impl Answer {
    /// The header of this name, as text; nothing where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("text"))
    }

    /// The gRPC status, wherever it stands.
    pub(crate) fn grpc_status(&self) -> Option<i32> {
        self.trailer("grpc-status")?.parse().ok()
    }

    /// A field of the trailers, wherever they stand: headers, trailers, or gRPC-Web's last frame.
    pub(crate) fn trailer(&self, name: &str) -> Option<String> {
        let in_headers = self.headers.get(name);
        if let Some(value) = in_headers.or_else(|| self.trailers.get(name)) {
            return Some(value.to_str().expect("text").to_owned());
        }
        if !self
            .header("content-type")
            .starts_with("application/grpc-web")
        {
            return None;
        }
        frames(&self.body)
            .into_iter()
            .find_map(|frame| match frame {
                Frame::Trailers(text) => text.lines().find_map(|line| {
                    let (field, value) = line.split_once(':')?;
                    (field == name).then(|| value.trim().to_owned())
                }),
                Frame::Message(_) => None,
            })
    }
}

/// A client of one server; each call has a connection of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wire {
    pub(crate) address: SocketAddr,
    pub(crate) version: Version,
}

impl Wire {
    pub(crate) async fn post(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer {
        self.send(Method::POST, path, &[("content-type", content_type)], body)
            .await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, Vec::new()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let uri = match self.version {
            Version::Http1 => path.to_owned(),
            Version::Http2 => format!("http://{}{path}", self.address),
        };
        let mut request = Request::builder().method(method).uri(uri);
        if self.version == Version::Http1 {
            request = request.header("host", self.address.to_string());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Full::new(Bytes::from(body)))
            .expect("a request");

        let socket = TcpStream::connect(self.address).await.expect("the server");
        let io = TokioIo::new(socket);
        let response = match self.version {
            Version::Http1 => {
                let (mut sender, connection) = http1::handshake(io).await.expect("HTTP/1.1");
                tokio::spawn(connection);
                sender.send_request(request).await
            }
            Version::Http2 => {
                let executor = TokioExecutor::new();
                let (mut sender, connection) =
                    http2::handshake(executor, io).await.expect("HTTP/2");
                tokio::spawn(connection);
                sender.send_request(request).await
            }
        };
        let (parts, body) = response.expect("an answer").into_parts();
        let collected = body.collect().await.expect("a whole body");
        let trailers = collected.trailers().cloned().unwrap_or_default();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: collected.to_bytes(),
            trailers,
        }
    }
}

/// A message as it goes over the wire: not compressed, its length, its bytes.
pub(crate) fn message(message: &impl Message) -> Vec<u8> {
    let bytes = message.encode_to_vec();
    let length = u32::try_from(bytes.len()).expect("a small message");
    let mut framed = vec![0];
    framed.extend_from_slice(&length.to_be_bytes());
    framed.extend_from_slice(&bytes);
    framed
}

/// One frame of a gRPC or gRPC-Web body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    Message(Bytes),
    Trailers(String),
}

/// Takes a body apart; panics where it is not whole frames.
pub(crate) fn frames(body: &Bytes) -> Vec<Frame> {
    let mut rest = body.clone();
    let mut frames = Vec::new();
    while rest.has_remaining() {
        let flags = rest.get_u8();
        let length = rest.get_u32() as usize;
        let payload = rest.split_to(length);
        frames.push(match flags {
            0 => Frame::Message(payload),
            0x80 => Frame::Trailers(String::from_utf8(payload.to_vec()).expect("text")),
            other => panic!("a frame with flags {other:#x}"),
        });
    }
    frames
}
