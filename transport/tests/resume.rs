//! Streams that reconnect, in a browser, against `examples/scripted_server`.

#![cfg(target_arch = "wasm32")]

mod helpers;

use std::{cell::RefCell, rc::Rc, time::Duration};

use frontdesk_transport::client::{Channel, ResumableStream, StreamState};
use helpers::{chunk, header_block, message, response, server, stream};
use http::{HeaderMap, HeaderName, HeaderValue};
use js_sys::{Function, Object, Reflect};
use tonic::{Code, Request, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt as _};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The script of a call from `position`: two messages without a status, and success at the end of the
/// stream.
fn script_from(position: u32) -> String {
    if position == 6 {
        return response(&[&chunk(&header_block("grpc-status: 0\r\n"))]);
    }
    let two = [position, position + 1].map(|number| message(&number.to_string()));
    response(&[&chunk(&two.concat())])
}

async fn open(script: String) -> Result<Streaming<String>, Status> {
    stream(Channel::new(server()), Request::new(script)).await
}

#[expect(
    clippy::ptr_arg,
    reason = "the signature is given, and the messages are `String`s"
)]
fn position_after(message: &String) -> u32 {
    message.parse::<u32>().expect("a number") + 1
}

#[wasm_bindgen_test]
async fn each_message_is_returned_once_and_in_order() {
    let states = Rc::new(RefCell::new(Vec::new()));
    let recorded = Rc::clone(&states);
    let mut stream = ResumableStream::new(
        0,
        |position| open(script_from(position)),
        position_after,
        move |state| recorded.borrow_mut().push(state),
    );
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await.expect("no error") {
        messages.push(message);
    }
    assert_eq!(messages, ["0", "1", "2", "3", "4", "5"]);
    let states = states.borrow();
    let count =
        |wanted: fn(&StreamState) -> bool| states.iter().filter(|state| wanted(state)).count();
    assert_eq!(count(|state| *state == StreamState::Connecting), 4);
    assert_eq!(count(|state| *state == StreamState::Open), 4);
    assert_eq!(
        count(|state| matches!(state, StreamState::Waiting { .. })),
        3
    );
}

#[wasm_bindgen_test]
async fn a_status_that_is_not_retryable_ends_the_stream() {
    // `RESOURCE_EXHAUSTED` is only retryable with a `RetryInfo`.
    for code in [Code::OutOfRange, Code::ResourceExhausted] {
        let calls = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&calls);
        let mut stream = ResumableStream::new(
            0,
            move |_: u32| {
                *counted.borrow_mut() += 1;
                let script = response(&[&format!("header grpc-status: {}", code as i32)]);
                open(script)
            },
            position_after,
            |_| {},
        );
        let status = stream.message().await.expect_err("an error");
        assert_eq!((status.code(), *calls.borrow()), (code, 1));
    }
}

#[wasm_bindgen_test]
async fn the_retry_info_of_the_server_is_respected() {
    let retry_delay = Duration::from_millis(300);
    let details = ErrorDetails::with_retry_info(Some(retry_delay));
    let busy = Status::with_error_details(Code::ResourceExhausted, "busy", details);
    let mut fields = HeaderMap::new();
    busy.add_header(&mut fields).expect("header fields");
    let waits = Rc::new(RefCell::new(Vec::new()));
    let recorded = Rc::clone(&waits);
    let mut calls = 0;
    let mut stream = ResumableStream::new(
        6,
        move |position| {
            calls += 1;
            let script = if calls == 1 {
                let line = |(name, value): (&HeaderName, &HeaderValue)| {
                    format!("header {name}: {}", value.to_str().expect("text"))
                };
                let lines: Vec<_> = fields.iter().map(line).collect();
                response(&[&lines.join("\n")])
            } else {
                script_from(position)
            };
            open(script)
        },
        position_after,
        move |state| {
            if let StreamState::Waiting { ms } = state {
                recorded.borrow_mut().push(ms);
            }
        },
    );
    assert_eq!(stream.message().await.expect("no error"), None);
    let [ms] = waits.borrow()[..] else {
        panic!("{waits:?}");
    };
    assert!(ms > 300.0 && ms <= 550.0, "{ms}");
}

#[wasm_bindgen_test]
async fn without_a_network_the_stream_waits_for_one() {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).expect("a navigator");
    let set_online = |online: &str| {
        let property = Object::new();
        let get = Function::new_no_args(&format!("return {online}"));
        let set = |name: &str, value: &JsValue| Reflect::set(&property, &name.into(), value);
        set("get", &get).expect("a property");
        set("configurable", &JsValue::TRUE).expect("a property");
        Reflect::define_property(
            navigator.unchecked_ref::<Object>(),
            &"onLine".into(),
            &property,
        )
        .expect("a configurable property");
    };
    set_online("false");
    let mut stream = ResumableStream::new(
        4,
        |position| open(script_from(position)),
        position_after,
        move |state| {
            if state == StreamState::Offline {
                // The listener is added after this callback.
                let dispatch = "setTimeout(() => dispatchEvent(new Event('online')))";
                _ = Function::new_no_args(dispatch).call0(&JsValue::NULL);
            }
        },
    );
    let mut messages = 0;
    while stream.message().await.expect("no error").is_some() {
        messages += 1;
    }
    set_online("true");
    assert_eq!(messages, 2);
}
