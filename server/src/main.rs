//! The binary `frontdesk`.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use frontdesk_server::cli;

/// A server that answers small requests spends a tenth of its time in the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where nobody can be told, the exit code still does.
            let _ = writeln!(io::stderr(), "frontdesk: {failure}");
            ExitCode::from(failure.code())
        }
    }
}
