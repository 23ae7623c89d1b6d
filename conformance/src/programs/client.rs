//! `conformance-client <FOLDER>`: the client under test; `FOLDER` holds the page's files.

use std::process::ExitCode;

#[cfg(not(target_arch = "wasm32"))]
#[tokio::main]
async fn main() -> ExitCode {
    let Some(page) = std::env::args_os().nth(1) else {
        eprintln!("Usage: conformance-client <FOLDER WITH THE PAGE>");
        return ExitCode::FAILURE;
    };
    match frontdesk_conformance::client::run(page.into()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conformance-client: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Only `conformance-page` is built for wasm32.
#[cfg(target_arch = "wasm32")]
fn main() -> ExitCode {
    ExitCode::FAILURE
}
