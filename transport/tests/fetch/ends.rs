//! Responses that end early: lost connections, missing statuses, deadlines, aborted calls.

use std::time::Duration;

use frontdesk_transport::client::Reason;
use js_sys::Function;
use tonic::{Code, Request};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{
    all_carriers, fetch,
    helpers::{
        chunk, header_block, message, reason, response, run, run_request, signal, stream,
        unique_name, wait_for_abort,
    },
};

#[wasm_bindgen_test]
async fn a_lost_connection_reports_the_bytes_received() {
    for (channel, is_fetch) in all_carriers().into_iter().zip([true, false]) {
        let name = unique_name();
        let wait = format!("wait {name}");
        let script = response(&[&chunk(&message("one")), &wait, "reset"]);
        let mut stream = stream(channel, Request::new(script))
            .await
            .expect("a response");
        let first = stream.message().await.expect("a message");
        assert_eq!(first.as_deref(), Some("one"));
        signal(&name).await;
        let status = stream.message().await.expect_err("a lost connection");
        assert_eq!(status.code(), Code::Unavailable, "{status:?}");
        if is_fetch {
            assert_eq!(reason(&status), Some(Reason::ConnectionLost));
            assert!(status.message().contains("after 10 bytes"), "{status:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn a_response_without_a_status_is_an_error() {
    let whole = message("one");
    let within = [message("one"), message("two")[..6].to_vec()].concat();
    let nothing = "header grpc-message: why".to_owned();
    for line in [chunk(&whole), chunk(&within), nothing] {
        for channel in all_carriers() {
            let outcome = run(channel, response(&[&line])).await;
            assert_eq!(outcome.code(), Code::Internal, "{line}");
            let status = outcome.status.expect("an error");
            assert_eq!(reason(&status), Some(Reason::MissingStatus));
        }
    }
}

#[wasm_bindgen_test]
async fn the_deadline_applies_before_and_during_the_response() {
    for channel in all_carriers() {
        for script in [
            response(&["wait never"]),
            response(&[&chunk(&message("one")), "wait never"]),
        ] {
            let mut request = Request::new(script);
            request.set_timeout(Duration::from_millis(100));
            let outcome = run_request(channel.clone(), request).await;
            let (code, status) = (outcome.code(), outcome.status);
            assert_eq!(code, Code::DeadlineExceeded, "{status:?}");
        }
    }
}

#[wasm_bindgen_test]
async fn dropping_a_stream_aborts_the_call() {
    for channel in all_carriers() {
        let name = unique_name();
        let expect_abort = format!("expect-abort {name}");
        let script = response(&[&chunk(&message("one")), &expect_abort]);
        let mut stream = stream(channel, Request::new(script))
            .await
            .expect("a response");
        assert!(stream.message().await.expect("a message").is_some());
        drop(stream);
        wait_for_abort(&name).await;
    }
}

#[wasm_bindgen_test]
async fn a_complete_response_is_not_aborted() {
    let count_aborts = Function::new_no_args(
        "const abort = AbortController.prototype.abort;
        let count = 0;
        AbortController.prototype.abort = function () { count += 1; return abort.call(this) };
        return () => { AbortController.prototype.abort = abort; return count };",
    );
    let count = count_aborts.call0(&JsValue::NULL).expect("a function");
    let end = chunk(&header_block("grpc-status: 0\r\n"));
    for line in ["header grpc-status: 0", "header grpc-status: 5", &end] {
        run(fetch(), response(&[line])).await;
    }
    let count: Function = count.unchecked_into();
    let count = count.call0(&JsValue::NULL).expect("a number");
    assert_eq!(count.as_f64(), Some(0.0));
}
