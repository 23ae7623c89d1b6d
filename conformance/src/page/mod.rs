//! What runs in the browser: one call by the page's channel, as the runner wants it.

mod call;
mod recorder;
mod timer;

use crate::wire::{
    ClientCompatRequest, ClientCompatResponse, ClientErrorResult,
    client_compat_response::Result as Outcome,
};

/// Makes a call and tells what came of it.
pub async fn run(request: ClientCompatRequest) -> ClientCompatResponse {
    let test_name = request.test_name.clone();
    let outcome = match call::make(request).await {
        Ok(response) => Outcome::Response(response),
        Err(message) => Outcome::Error(ClientErrorResult { message }),
    };
    ClientCompatResponse {
        test_name,
        result: Some(outcome),
    }
}
