//! The two types of calls that tonic-web-wasm-client supports, to measure its size.

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tonic_web_wasm_client::Client;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Result, to_js};

/// A unary call.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn unary(origin: String, name: String) -> Result<String> {
    let mut greeter = GreeterClient::new(Client::new(origin));
    let reply = greeter.say_hello(HelloRequest { name }).await;
    Ok(reply.map_err(to_js)?.into_inner().message)
}

/// Server streaming.
///
/// # Errors
///
/// The status, unless it is `OK`.
#[wasm_bindgen]
pub async fn server_streaming(origin: String, name: String) -> Result<Vec<String>> {
    let mut greeter = GreeterClient::new(Client::new(origin));
    let replies = greeter.lots_of_replies(HelloRequest { name }).await;
    let mut replies = replies.map_err(to_js)?.into_inner();
    let mut all = Vec::new();
    while let Some(reply) = replies.message().await.map_err(to_js)? {
        all.push(reply.message);
    }
    Ok(all)
}
