//! Streams that go on where they were broken off, in a browser, against a server that answers as it
//! is told to (`examples/crooked`).

#![cfg(target_arch = "wasm32")]

mod helpers;

use std::{cell::RefCell, rc::Rc, time::Duration};

use frontdesk_transport::client::{Channel, Resumed, State};
use http::{HeaderMap, HeaderName, HeaderValue};
use js_sys::{Function, Object, Reflect};
use tonic::{Code, Request, Status};
use tonic_types::{ErrorDetails, StatusExt as _};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use helpers::{answer, chunk, crooked, message, stream, trailers};

wasm_bindgen_test_configure!(run_in_browser);

/// Two messages from a position on, and then no status; the last position ends well.
fn plan(position: u32) -> String {
    if position == 6 {
        return answer(&[&chunk(&trailers("grpc-status: 0\r\n"))]);
    }
    let two = [position, position + 1].map(|it| message(&it.to_string()));
    answer(&[&chunk(&two.concat())])
}

#[expect(
    clippy::ptr_arg,
    reason = "it is told of messages, and these are `String`s"
)]
fn position_after(message: &String) -> u32 {
    message.parse::<u32>().expect("a number") + 1
}

#[wasm_bindgen_test]
async fn each_message_comes_once_and_in_order() {
    let states = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&states);
    let mut resumed = Resumed::new(
        0,
        |position| stream(Channel::new(crooked()), Request::new(plan(position))),
        position_after,
        move |state| told.borrow_mut().push(state),
    );
    let mut messages = Vec::new();
    while let Some(message) = resumed.message().await.expect("it goes on") {
        messages.push(message);
    }
    assert_eq!(messages, ["0", "1", "2", "3", "4", "5"]);
    let states = states.borrow();
    let count = |wanted: fn(&State) -> bool| states.iter().filter(|it| wanted(it)).count();
    assert_eq!(count(|it| *it == State::Connecting), 4);
    assert_eq!(count(|it| *it == State::Live), 4);
    assert_eq!(count(|it| matches!(it, State::Waiting { .. })), 3);
}

#[wasm_bindgen_test]
async fn what_will_not_get_better_is_the_end() {
    // Too much, without a word on when it is less, is too much the next time.
    for code in [Code::OutOfRange, Code::ResourceExhausted] {
        let calls = Rc::new(RefCell::new(0));
        let counted = Rc::clone(&calls);
        let mut resumed = Resumed::new(
            0,
            move |_: u32| {
                *counted.borrow_mut() += 1;
                let plan = answer(&[&format!("header grpc-status: {}", code as i32)]);
                stream(Channel::new(crooked()), Request::new(plan))
            },
            position_after,
            |_| {},
        );
        let status = resumed.message().await.expect_err("no good end");
        assert_eq!((status.code(), *calls.borrow()), (code, 1));
    }
}

#[wasm_bindgen_test]
async fn who_is_told_when_to_come_again_does_not_come_sooner() {
    let asked = Duration::from_millis(300);
    let details = ErrorDetails::with_retry_info(Some(asked));
    let busy = Status::with_error_details(Code::ResourceExhausted, "busy", details);
    let mut fields = HeaderMap::new();
    busy.add_header(&mut fields).expect("header fields");
    let waits = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&waits);
    let mut calls = 0;
    let mut resumed = Resumed::new(
        6,
        move |position| {
            calls += 1;
            let plan = if calls == 1 {
                let line = |(name, value): (&HeaderName, &HeaderValue)| {
                    format!("header {name}: {}", value.to_str().expect("text"))
                };
                let lines: Vec<_> = fields.iter().map(line).collect();
                answer(&[&lines.join("\n")])
            } else {
                plan(position)
            };
            stream(Channel::new(crooked()), Request::new(plan))
        },
        position_after,
        move |state| {
            if let State::Waiting { ms } = state {
                told.borrow_mut().push(ms);
            }
        },
    );
    assert_eq!(resumed.message().await.expect("a good end"), None);
    let [ms] = waits.borrow()[..] else {
        panic!("{waits:?}");
    };
    assert!(ms > 300.0 && ms <= 550.0, "{ms}");
}

#[wasm_bindgen_test]
async fn without_a_network_it_waits_for_one() {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).expect("a navigator");
    let pretend = |online: &str| {
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
        .expect("the browser lets it be changed");
    };
    pretend("false");
    let mut resumed = Resumed::new(
        4,
        |position| stream(Channel::new(crooked()), Request::new(plan(position))),
        position_after,
        move |state| {
            if state == State::Offline {
                // It listens from the next turn on.
                let back = "setTimeout(() => dispatchEvent(new Event('online')))";
                _ = Function::new_no_args(back).call0(&JsValue::NULL);
            }
        },
    );
    let mut messages = 0;
    while resumed.message().await.expect("it goes on").is_some() {
        messages += 1;
    }
    pretend("true");
    assert_eq!(messages, 2);
}
