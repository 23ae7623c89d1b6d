//! Messages and exit codes for statuses.

use tonic::{Code, Status};

use crate::cli::{error::CliError, output::printable};

/// A request that has to be changed is a usage error (exit code 2). `target` is where the call was
/// sent.
pub(super) fn to_error(target: &str, status: &Status) -> CliError {
    let message = message(status);
    match status.code() {
        Code::InvalidArgument => CliError::usage(message),
        Code::NotFound
        | Code::AlreadyExists
        | Code::Aborted
        | Code::FailedPrecondition
        | Code::OutOfRange => CliError::failed(message),
        Code::ResourceExhausted => {
            CliError::failed(format!("{target}: {message}; try again later"))
        }
        Code::Unavailable => CliError::failed(format!("{target}: unavailable: {message}")),
        Code::DeadlineExceeded => CliError::failed(format!("{target}: timed out: {message}")),
        Code::Unimplemented => CliError::failed(format!(
            "{target}: {message}; it is not a Frontdesk server, or an older version"
        )),
        code => CliError::failed(format!("{target}: {message} ({code:?})")),
    }
}

fn message(status: &Status) -> String {
    let message = printable(status.message());
    if message.is_empty() {
        return status.code().description().to_owned();
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_request_has_another_exit_code_than_a_failure() {
        for (status, code, expected) in [
            (Status::invalid_argument("email: x"), 2, "email: x"),
            (Status::not_found("no user 7"), 1, "no user 7"),
            (Status::unavailable("broken pipe"), 1, "http://127.0.0.1:1"),
            (Status::unknown("a\u{1b}[2Jb"), 1, "a\\u{1b}[2Jb"),
            (Status::internal(""), 1, "Internal"),
        ] {
            let error = to_error("http://127.0.0.1:1", &status);
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
