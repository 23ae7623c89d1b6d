//! `conformance-client <folder>`: the client under test, with the page's files in that folder.

use std::process::ExitCode;

#[cfg(not(target_arch = "wasm32"))]
#[tokio::main]
async fn main() -> ExitCode {
    let Some(page) = std::env::args_os().nth(1) else {
        eprintln!("conformance-client: say which folder the page's files are in");
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

/// For the browser there is the page only.
#[cfg(target_arch = "wasm32")]
fn main() -> ExitCode {
    ExitCode::FAILURE
}
