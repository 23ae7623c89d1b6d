//! The two types of calls that tonic-web-wasm-client has, over that, for its size.

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tonic_web_wasm_client::Client;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Outcome, words};

/// A unary call.
///
/// # Errors
///
/// Its status, where it is not well.
#[wasm_bindgen]
pub async fn unary(origin: String, name: String) -> Outcome<String> {
    let mut greeter = GreeterClient::new(Client::new(origin));
    let reply = greeter.say_hello(HelloRequest { name }).await;
    Ok(reply.map_err(words)?.into_inner().message)
}

/// Server streaming.
///
/// # Errors
///
/// Its status, where it is not well.
#[wasm_bindgen]
pub async fn server_streaming(origin: String, name: String) -> Outcome<Vec<String>> {
    let mut greeter = GreeterClient::new(Client::new(origin));
    let replies = greeter.lots_of_replies(HelloRequest { name }).await;
    let mut replies = replies.map_err(words)?.into_inner();
    let mut all = Vec::new();
    while let Some(reply) = replies.message().await.map_err(words)? {
        all.push(reply.message);
    }
    Ok(all)
}
