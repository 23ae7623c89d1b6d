//! What the tests of the page's channel share: plans for `examples/crooked`, and what comes of them.

#![allow(dead_code, reason = "each test file uses some of it")]

use std::fmt::Write as _;

use frontdesk_transport::client::{Channel, Error, Reason};
use http::{HeaderMap, uri::PathAndQuery};
use js_sys::Promise;
use tonic::{Code, Request, Response, Status, Streaming, client::Grpc};
use tonic_prost::ProstCodec;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str) -> Promise;
}

const GRPC_WEB: &str = "header content-type: application/grpc-web+proto";

/// Where all calls go: what kind of method it is, each test says.
pub(crate) const PATH: &str = "/crooked.Server/Answer";

/// Its origin, fixed when this is compiled.
pub(crate) fn crooked() -> &'static str {
    option_env!("FRONTDESK_TEST_CROOKED").unwrap_or_default()
}

/// Frames, as they are sent.
pub(crate) fn message(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("short");
    let mut frame = vec![0, 0, 0, 0, length + 2, 0x0a, length];
    frame.extend(text.as_bytes());
    frame
}

pub(crate) fn trailers(lines: &str) -> Vec<u8> {
    let length = u8::try_from(lines.len()).expect("short");
    let mut frame = vec![0x80, 0, 0, 0, length];
    frame.extend(lines.as_bytes());
    frame
}

pub(crate) fn chunk(bytes: &[u8]) -> String {
    bytes.iter().fold("chunk ".to_owned(), |mut line, byte| {
        write!(line, "{byte:02x}").expect("a text grows");
        line
    })
}

/// The head of a gRPC-Web answer, and these lines.
pub(crate) fn answer(lines: &[&str]) -> String {
    [&["status 200 OK", GRPC_WEB], lines].concat().join("\n")
}

/// A name that no other case has.
pub(crate) fn name() -> String {
    format!("{:.0}", js_sys::Math::random() * 1e15)
}

pub(crate) async fn tell(what: &str, name: &str) {
    let url = format!("{}/{what}/{name}", crooked());
    JsFuture::from(fetch(&url))
        .await
        .expect("the server is there");
}

pub(crate) async fn call(
    channel: Channel,
    request: Request<String>,
) -> Result<Response<Streaming<String>>, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.expect("always ready");
    let path = PathAndQuery::from_static(PATH);
    let codec = ProstCodec::<String, String>::default();
    grpc.server_streaming(request, path, codec).await
}

/// The same for a method whose answer is one message.
pub(crate) async fn unary(channel: Channel, request: Request<String>) -> Result<String, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.expect("always ready");
    let path = PathAndQuery::from_static(PATH);
    let codec = ProstCodec::<String, String>::default();
    let answer = grpc.unary(request, path, codec).await;
    answer.map(Response::into_inner)
}

pub(crate) async fn stream(
    channel: Channel,
    request: Request<String>,
) -> Result<Streaming<String>, Status> {
    call(channel, request).await.map(Response::into_inner)
}

/// What comes of a plan: the messages, the trailers, the status.
pub(crate) struct Outcome {
    pub(crate) messages: Vec<String>,
    pub(crate) trailers: HeaderMap,
    pub(crate) status: Option<Status>,
}

impl Outcome {
    pub(crate) fn code(&self) -> Code {
        self.status.as_ref().map_or(Code::Ok, Status::code)
    }
}

pub(crate) async fn outcome(channel: Channel, plan: String) -> Outcome {
    outcome_of(channel, Request::new(plan)).await
}

pub(crate) async fn outcome_of(channel: Channel, request: Request<String>) -> Outcome {
    let mut outcome = Outcome {
        messages: Vec::new(),
        trailers: HeaderMap::new(),
        status: None,
    };
    match stream(channel, request).await {
        Err(status) => outcome.status = Some(status),
        Ok(mut stream) => loop {
            match stream.message().await {
                Ok(Some(message)) => outcome.messages.push(message),
                Ok(None) => {
                    let trailers = stream.trailers().await.expect("read to its end");
                    outcome.trailers = trailers.unwrap_or_default().into_headers();
                    break;
                }
                Err(status) => {
                    outcome.status = Some(status);
                    break;
                }
            }
        },
    }
    outcome
}

pub(crate) fn reason(status: &Status) -> Option<Reason> {
    Error::of(status).map(Error::reason)
}
