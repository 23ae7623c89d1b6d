//! Whether the server accepts one more call (`--max-calls`).

use frontdesk::greeter::{HelloRequest, greeter_client::GreeterClient};
use tokio::time::timeout;
use tonic::{Code, transport::Channel};

use super::{Server, TIMEOUT};

/// Whether a call is accepted now. Panics if it fails for another reason than the limit.
pub(crate) async fn has_permit(greeter: &mut GreeterClient<Channel>) -> bool {
    let request = HelloRequest { name: "Ada".into() };
    match greeter.say_hello(request).await {
        Ok(_) => true,
        Err(status) => {
            assert_eq!(status.code(), Code::ResourceExhausted);
            false
        }
    }
}

/// Waits until a call is accepted.
pub(crate) async fn wait_for_permit(greeter: &mut GreeterClient<Channel>) {
    let accepted = async { while !has_permit(greeter).await {} };
    timeout(TIMEOUT, accepted).await.expect("permit in time");
}

/// Waits until other calls hold all permits.
pub(crate) async fn wait_until_no_permit(greeter: &mut GreeterClient<Channel>) {
    let rejected = async { while has_permit(greeter).await {} };
    timeout(TIMEOUT, rejected)
        .await
        .expect("all permits taken in time");
}

/// Waits until a call over a new connection is accepted.
pub(crate) async fn acquire_permit(server: &Server) {
    wait_for_permit(&mut server.greeter().await).await;
}
