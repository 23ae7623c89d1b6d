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
    // build.rs can read both lists off the descriptors.
    let channel =
        Channel::with_streaming(format!("http://{ADDRESS}"), &[TALK]).with_single_responses(&[SAY]);
    // What `EchoClient` would do.
    let mut echo = Grpc::new(channel);
    let codec = ProstCodec::<String, String>::default;
    let path = PathAndQuery::from_static;

    let request = Request::new("hello".to_owned());
    log(&echo.unary(request, path(SAY), codec()).await?.into_inner());

    let words = stream::iter(["one", "two"].map(str::to_owned));
    let answers = echo.streaming(Request::new(words), path(TALK), codec());
    let mut answers = answers.await?.into_inner();
    while let Some(word) = answers.message().await? {
        log(&word);
    }
    Ok(())
}
