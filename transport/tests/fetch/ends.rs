//! Answers that end before their end: broken, cut short, too late, not wanted any more.

use std::time::Duration;

use frontdesk_transport::client::Reason;
use js_sys::Function;
use tonic::{Code, Request};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    both,
    helpers::{answer, chunk, message, name, outcome, outcome_of, reason, stream, tell, trailers},
    own,
};

#[wasm_bindgen_test]
async fn a_connection_that_breaks_says_what_was_lost() {
    for (channel, own) in both().into_iter().zip([true, false]) {
        let name = name();
        let wait = format!("wait {name}");
        let plan = answer(&[&chunk(&message("one")), &wait, "reset"]);
        let mut stream = stream(channel, Request::new(plan))
            .await
            .expect("an answer");
        let first = stream.message().await.expect("a message");
        assert_eq!(first.as_deref(), Some("one"));
        tell("go", &name).await;
        let status = stream.message().await.expect_err("it broke");
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        if own {
            assert_eq!(reason(&status), Some(Reason::Broken));
            assert!(status.message().contains("after 10 bytes"), "{status:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_ends_without_its_status_is_no_good_one() {
    let whole = message("one");
    let within = [message("one"), message("two")[..6].to_vec()].concat();
    let nothing = "header grpc-message: why".to_owned();
    for line in [chunk(&whole), chunk(&within), nothing] {
        for channel in both() {
            let cut = outcome(channel, answer(&[&line])).await;
            assert_eq!(cut.code(), Code::Internal, "{line}");
            let status = cut.status.expect("an error");
            assert_eq!(reason(&status), Some(Reason::CutShort));
        }
    }
}

#[wasm_bindgen_test]
async fn a_deadline_counts_before_an_answer_and_within_it() {
    for channel in both() {
        for plan in [
            answer(&["wait never"]),
            answer(&[&chunk(&message("one")), "wait never"]),
        ] {
            let mut request = Request::new(plan);
            request.set_timeout(Duration::from_millis(100));
            let late = outcome_of(channel.clone(), request).await;
            assert_eq!(late.code(), Code::DeadlineExceeded, "{:?}", late.status);
        }
    }
}

#[wasm_bindgen_test]
async fn a_stream_that_is_dropped_is_aborted() {
    for channel in both() {
        let name = name();
        let gone = format!("gone {name}");
        let plan = answer(&[&chunk(&message("one")), &gone]);
        let mut stream = stream(channel, Request::new(plan))
            .await
            .expect("an answer");
        assert!(stream.message().await.expect("a message").is_some());
        drop(stream);
        // Answered when the server has seen it.
        tell("gone", &name).await;
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_has_come_whole_is_not_aborted() {
    let aborted = Function::new_no_args(
        "const abort = AbortController.prototype.abort;
        let count = 0;
        AbortController.prototype.abort = function () { count += 1; return abort.call(this) };
        return () => { AbortController.prototype.abort = abort; return count };",
    );
    let count = aborted.call0(&JsValue::NULL).expect("a function");
    let end = chunk(&trailers("grpc-status: 0\r\n"));
    for line in ["header grpc-status: 0", "header grpc-status: 5", &end] {
        outcome(own(), answer(&[line])).await;
    }
    let count: Function = count.unchecked_into();
    let count = count.call0(&JsValue::NULL).expect("a number");
    assert_eq!(count.as_f64(), Some(0.0));
}
