//! The binary `frontdesk`.

use std::process::ExitCode;

use frontdesk_server::commands;

fn main() -> ExitCode {
    match commands::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("frontdesk: {failure}");
            ExitCode::from(failure.code())
        }
    }
}
