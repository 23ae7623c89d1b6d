use frontdesk_transport::client::Channel;
use futures_util::stream;
use http::uri::PathAndQuery;
use tonic::{Request, Status, client::Grpc};
use tonic_prost::ProstCodec;
use wasm_bindgen::prelude::wasm_bindgen;

use super::{ADDRESS, SAY, TALK};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console)]
    fn log(text: &str);
}

pub(crate) async fn run() {
    if let Err(status) = calls().await {
        log(&status.to_string());
    }
}

async fn calls() -> Result<(), Status> {
    // A build script can generate both lists from the descriptors.
    let channel = Channel::new(format!("http://{ADDRESS}"))
        .with_client_streaming(&[TALK])
        .with_single_responses(&[SAY]);
    // A generated `EchoClient` does the same.
    let mut echo = Grpc::new(channel);
    let codec = ProstCodec::<String, String>::default;
    let path = PathAndQuery::from_static;

    let request = Request::new("hello".to_owned());
    log(&echo.unary(request, path(SAY), codec()).await?.into_inner());

    let messages = stream::iter(["one", "two"].map(str::to_owned));
    let responses = echo.streaming(Request::new(messages), path(TALK), codec());
    let mut responses = responses.await?.into_inner();
    while let Some(message) = responses.message().await? {
        log(&message);
    }
    Ok(())
}
