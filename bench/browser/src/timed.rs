//! Calls whose time is measured.

use frontdesk::{
    CLIENT_STREAMING,
    greeter::{HelloRequest, greeter_client::GreeterClient},
    user::{ListUsersRequest, user_service_client::UserServiceClient},
};
use frontdesk_transport::client::{Carrier, Channel};
use futures_channel::mpsc;
use futures_util::SinkExt as _;
use tonic::Request;
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

use crate::{Result, to_js};

#[wasm_bindgen]
extern "C" {
    type Performance;
    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;
}

/// The browser's clock, in milliseconds.
fn now() -> Result<f64> {
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into())?;
    Ok(performance.unchecked_into::<Performance>().now())
}

/// Sends `names` names in one `BidiHello`, each after the reply to the previous one. Returns the
/// round-trip times in milliseconds.
///
/// # Errors
///
/// The call's status, unless it is `OK`.
#[wasm_bindgen]
pub async fn round_trips(origin: String, names: u32) -> Result<Vec<f64>> {
    let channel = Channel::new(origin).with_client_streaming(CLIENT_STREAMING);
    let (mut sender, receiver) = mpsc::channel(1);
    let mut replies = GreeterClient::new(channel)
        .bidi_hello(receiver)
        .await
        .map_err(to_js)?
        .into_inner();
    let mut times = Vec::new();
    for _ in 0..names {
        let start = now()?;
        let request = HelloRequest { name: "Ada".into() };
        let sent = sender.send(request).await;
        sent.map_err(|error| JsValue::from_str(&error.to_string()))?;
        let reply = replies.message().await.map_err(to_js)?;
        reply.ok_or("the call ended early")?;
        times.push(now()? - start);
    }
    Ok(times)
}

/// Lists all users `times` times, over a WebSocket or `fetch`. Returns the messages per second.
///
/// # Errors
///
/// The call's status, unless it is `OK`.
#[wasm_bindgen]
pub async fn messages_per_second(origin: String, over_websocket: bool, times: u32) -> Result<f64> {
    let via = if over_websocket {
        Carrier::WebSocket
    } else {
        Carrier::Fetch
    };
    let mut client = UserServiceClient::new(Channel::new(origin));
    let mut count = 0_u32;
    let start = now()?;
    for _ in 0..times {
        let mut request = Request::new(ListUsersRequest::default());
        request.extensions_mut().insert(via);
        let response = client.list_users(request).await.map_err(to_js)?;
        let mut users = response.into_inner();
        while users.message().await.map_err(to_js)?.is_some() {
            count += 1;
        }
    }
    Ok(f64::from(count) * 1_000.0 / (now()? - start))
}
