//! Shared by the tests of the client: scripts for `examples/scripted_server`, and their outcomes.

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

/// The path of all calls; each test decides of which type the method is.
pub(crate) const PATH: &str = "/test.Scripted/Call";

/// The origin of the scripted server, fixed at compile time.
pub(crate) fn server() -> &'static str {
    option_env!("FRONTDESK_TEST_SCRIPTED_SERVER").unwrap_or_default()
}

/// A frame with a message that contains this string.
pub(crate) fn message(text: &str) -> Vec<u8> {
    let length = u8::try_from(text.len()).expect("short");
    let mut frame = vec![0, 0, 0, 0, length + 2, 0x0a, length];
    frame.extend(text.as_bytes());
    frame
}

/// A frame with a header block.
pub(crate) fn header_block(lines: &str) -> Vec<u8> {
    let length = u8::try_from(lines.len()).expect("short");
    let mut frame = vec![0x80, 0, 0, 0, length];
    frame.extend(lines.as_bytes());
    frame
}

/// The command that sends these bytes.
pub(crate) fn chunk(bytes: &[u8]) -> String {
    bytes.iter().fold("chunk ".to_owned(), |mut line, byte| {
        write!(line, "{byte:02x}").expect("strings never fail");
        line
    })
}

/// The script of a gRPC-Web response with these commands.
pub(crate) fn response(lines: &[&str]) -> String {
    [&["status 200 OK", GRPC_WEB], lines].concat().join("\n")
}

/// A unique name for an event of the scripted server.
pub(crate) fn unique_name() -> String {
    format!("{:.0}", js_sys::Math::random() * 1e15)
}

/// Ends the command `wait name`.
pub(crate) async fn signal(name: &str) {
    get("signal", name).await;
}

/// Returns when the command `expect-abort name` has seen the client abort its call.
pub(crate) async fn wait_for_abort(name: &str) {
    get("wait-for", name).await;
}

async fn get(action: &str, name: &str) {
    let url = format!("{}/{action}/{name}", server());
    JsFuture::from(fetch(&url)).await.expect("a response");
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

/// A unary call.
pub(crate) async fn unary(channel: Channel, request: Request<String>) -> Result<String, Status> {
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.expect("always ready");
    let path = PathAndQuery::from_static(PATH);
    let codec = ProstCodec::<String, String>::default();
    let response = grpc.unary(request, path, codec).await;
    response.map(Response::into_inner)
}

pub(crate) async fn stream(
    channel: Channel,
    request: Request<String>,
) -> Result<Streaming<String>, Status> {
    call(channel, request).await.map(Response::into_inner)
}

/// The outcome of a server-streaming call.
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

/// The outcome of a call with this script.
pub(crate) async fn run(channel: Channel, script: String) -> Outcome {
    run_request(channel, Request::new(script)).await
}

pub(crate) async fn run_request(channel: Channel, request: Request<String>) -> Outcome {
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
                    let trailers = stream.trailers().await.expect("trailers after the end");
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
    Error::from_status(status).map(Error::reason)
}
