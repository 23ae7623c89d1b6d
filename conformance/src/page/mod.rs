//! Runs in the browser: makes one call with the page's channel and reports the result.

mod call;
mod recording_channel;
mod sleep;

use crate::proto::{
    ClientCompatRequest, ClientCompatResponse, ClientErrorResult,
    client_compat_response::Result as CallResult,
};

/// Makes the call that `request` describes.
pub async fn run(request: ClientCompatRequest) -> ClientCompatResponse {
    let test_name = request.test_name.clone();
    let result = match call::make(request).await {
        Ok(response) => CallResult::Response(response),
        Err(message) => CallResult::Error(ClientErrorResult { message }),
    };
    ClientCompatResponse {
        test_name,
        result: Some(result),
    }
}
