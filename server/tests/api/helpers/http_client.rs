//! An HTTP client that exposes every header, byte and trailer of a response.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo};
use prost::Message;
use tokio::net::TcpStream;

use super::{Frame, frame_message, parse_frames};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    Http1,
    Http2,
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: HeaderMap,
}

impl HttpResponse {
    /// The header of this name, or an empty string.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("UTF-8"))
    }

    /// The gRPC status: see [`Self::trailer`].
    pub(crate) fn grpc_status(&self) -> Option<i32> {
        self.trailer("grpc-status")?.parse().ok()
    }

    /// A status field: from the headers, the trailers, or gRPC-Web's trailers frame.
    pub(crate) fn trailer(&self, name: &str) -> Option<String> {
        let in_headers = self.headers.get(name);
        if let Some(value) = in_headers.or_else(|| self.trailers.get(name)) {
            return Some(value.to_str().expect("UTF-8").to_owned());
        }
        if !self
            .header("content-type")
            .starts_with("application/grpc-web")
        {
            return None;
        }
        parse_frames(&self.body)
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

/// A client of one server; opens a connection for each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HttpClient {
    pub(crate) address: SocketAddr,
    pub(crate) version: Version,
}

impl HttpClient {
    pub(crate) async fn post(&self, path: &str, content_type: &str, body: Vec<u8>) -> HttpResponse {
        self.send(Method::POST, path, &[("content-type", content_type)], body)
            .await
    }

    /// Posts one message as binary gRPC-Web.
    pub(crate) async fn grpc_web(&self, path: &str, request: &impl Message) -> HttpResponse {
        self.post(path, "application/grpc-web+proto", frame_message(request))
            .await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> HttpResponse {
        self.send(Method::GET, path, headers, Vec::new()).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> HttpResponse {
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
            .expect("valid request");

        let socket = TcpStream::connect(self.address).await.expect("connected");
        let io = TokioIo::new(socket);
        let response = match self.version {
            Version::Http1 => {
                let (mut sender, connection) =
                    http1::handshake(io).await.expect("HTTP/1.1 handshake");
                tokio::spawn(connection);
                sender.send_request(request).await
            }
            Version::Http2 => {
                let executor = TokioExecutor::new();
                let (mut sender, connection) = http2::handshake(executor, io)
                    .await
                    .expect("HTTP/2 handshake");
                tokio::spawn(connection);
                sender.send_request(request).await
            }
        };
        let (parts, body) = response.expect("response").into_parts();
        let collected = body.collect().await.expect("complete body");
        let trailers = collected.trailers().cloned().unwrap_or_default();
        HttpResponse {
            status: parts.status,
            headers: parts.headers,
            body: collected.to_bytes(),
            trailers,
        }
    }
}
