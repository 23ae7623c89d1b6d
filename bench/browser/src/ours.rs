//! All four types of calls over the page's channel, to measure its size.

use frontdesk::{
    CLIENT_STREAMING,
    greeter::{HelloRequest, greeter_client::GreeterClient},
};
use frontdesk_transport::client::Channel;
use futures_channel::mpsc;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Result, to_js};

fn greeter(origin: String) -> GreeterClient<Channel> {
    GreeterClient::new(Channel::new(origin).with_client_streaming(CLIENT_STREAMING))
}

/// A unary call.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn unary(origin: String, name: String) -> Result<String> {
    let reply = greeter(origin).say_hello(HelloRequest { name }).await;
    Ok(reply.map_err(to_js)?.into_inner().message)
}

/// Server streaming.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn server_streaming(origin: String, name: String) -> Result<Vec<String>> {
    let replies = greeter(origin).lots_of_replies(HelloRequest { name }).await;
    let mut replies = replies.map_err(to_js)?.into_inner();
    let mut all = Vec::new();
    while let Some(reply) = replies.message().await.map_err(to_js)? {
        all.push(reply.message);
    }
    Ok(all)
}

fn stream(names: Vec<String>) -> mpsc::UnboundedReceiver<HelloRequest> {
    let (sender, receiver) = mpsc::unbounded();
    for name in names {
        // The receiver exists: this cannot fail.
        let _ = sender.unbounded_send(HelloRequest { name });
    }
    receiver
}

/// Client streaming.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn client_streaming(origin: String, names: Vec<String>) -> Result<String> {
    let reply = greeter(origin).lots_of_greetings(stream(names)).await;
    Ok(reply.map_err(to_js)?.into_inner().message)
}

/// Bidirectional.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn bidirectional(origin: String, names: Vec<String>) -> Result<Vec<String>> {
    let replies = greeter(origin).bidi_hello(stream(names)).await;
    let mut replies = replies.map_err(to_js)?.into_inner();
    let mut all = Vec::new();
    while let Some(reply) = replies.message().await.map_err(to_js)? {
        all.push(reply.message);
    }
    Ok(all)
}
