//! Calls that are timed.

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

use crate::{Outcome, words};

#[wasm_bindgen]
extern "C" {
    type Performance;
    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;
}

/// Milliseconds, as exact as the browser tells them.
fn now() -> Outcome<f64> {
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into())?;
    Ok(performance.unchecked_into::<Performance>().now())
}

/// One `BidiHello`: so many names, each sent when the one before has been answered. The
/// milliseconds that each took.
///
/// # Errors
///
/// The call's status, where it is not well.
#[wasm_bindgen]
pub async fn round_trips(origin: String, names: u32) -> Outcome<Vec<f64>> {
    let channel = Channel::new(origin).with_client_streaming(CLIENT_STREAMING);
    let (mut sender, receiver) = mpsc::channel(1);
    let mut replies = GreeterClient::new(channel)
        .bidi_hello(receiver)
        .await
        .map_err(words)?
        .into_inner();
    let mut times = Vec::new();
    for _ in 0..names {
        let began = now()?;
        let request = HelloRequest { name: "Ada".into() };
        let sent = sender.send(request).await;
        sent.map_err(|gone| JsValue::from_str(&gone.to_string()))?;
        let reply = replies.message().await.map_err(words)?;
        reply.ok_or("the call ended early")?;
        times.push(now()? - began);
    }
    Ok(times)
}

/// Streams everybody so many times, by a socket or by `fetch`: the messages a second.
///
/// # Errors
///
/// The call's status, where it is not well.
#[wasm_bindgen]
pub async fn messages_a_second(origin: String, by_socket: bool, times: u32) -> Outcome<f64> {
    let via = if by_socket {
        Carrier::WebSocket
    } else {
        Carrier::Fetch
    };
    let mut client = UserServiceClient::new(Channel::new(origin));
    let mut count = 0_u32;
    let began = now()?;
    for _ in 0..times {
        let mut request = Request::new(ListUsersRequest::default());
        request.extensions_mut().insert(via);
        let answer = client.list_users(request).await.map_err(words)?;
        let mut users = answer.into_inner();
        while users.message().await.map_err(words)?.is_some() {
            count += 1;
        }
    }
    Ok(f64::from(count) * 1_000.0 / (now()? - began))
}
