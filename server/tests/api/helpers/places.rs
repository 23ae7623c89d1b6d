//! Whether a desk has room for one more call.

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tokio::time::timeout;
use tonic::{Code, transport::Channel};

use super::IN_TIME;

/// Whether a call gets a place now; any other failure than that there is none is the test's.
pub(crate) async fn has_a_place(greeter: &mut GreeterClient<Channel>) -> bool {
    let request = HelloRequest { name: "Ada".into() };
    match greeter.say_hello(request).await {
        Ok(_) => true,
        Err(status) => {
            assert_eq!(status.code(), Code::ResourceExhausted);
            false
        }
    }
}

/// Done when a call has got a place.
pub(crate) async fn gets_a_place(greeter: &mut GreeterClient<Channel>) {
    let waits = async { while !has_a_place(greeter).await {} };
    timeout(IN_TIME, waits).await.expect("a place in time");
}
