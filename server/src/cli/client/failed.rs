//! What a command says when the directory refuses it.

use tonic::{Code, Status};

use super::At;
use crate::{csv::shown, failure::Failure};

/// A status in words, and the exit code that goes with it: 2 for what has to be asked otherwise, 1
/// for everything else.
pub(super) fn failed(at: &At, status: &Status) -> Failure {
    let said = said(status);
    let at = match at {
        At::Server(url) => format!("the server at {url}"),
        At::Folder(data) => format!("--data: {}", data.display()),
    };
    match status.code() {
        Code::InvalidArgument => Failure::usage(said),
        Code::NotFound
        | Code::AlreadyExists
        | Code::Aborted
        | Code::FailedPrecondition
        | Code::OutOfRange => Failure::broken(said),
        Code::ResourceExhausted => Failure::broken(format!("{at}: {said}; try again later")),
        Code::Unavailable => Failure::broken(format!("{at} is gone: {said}")),
        Code::DeadlineExceeded => Failure::broken(format!("{at}: it took too long: {said}")),
        Code::Unimplemented => Failure::broken(format!(
            "{at} can't do that: {said}; it is no Frontdesk, or an older one"
        )),
        code => Failure::broken(format!("{at}: {said} ({code:?})")),
    }
}

/// What a status says, as it can go to a terminal: a server may say anything.
fn said(status: &Status) -> String {
    let said = shown(status.message());
    if said.is_empty() {
        return status.code().description().to_owned();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_asked_wrongly_ends_otherwise_than_what_broke() {
        let at = At::Server("http://127.0.0.1:1".to_owned());
        for (status, code, words) in [
            (Status::invalid_argument("email: x"), 2, "email: x"),
            (Status::not_found("no user 7"), 1, "no user 7"),
            (Status::unavailable("broken pipe"), 1, "http://127.0.0.1:1"),
            (Status::unknown("a\u{1b}[2Jb"), 1, "a\\u{1b}[2Jb"),
            (Status::internal(""), 1, "Internal"),
        ] {
            let failure = failed(&at, &status);
            assert_eq!(failure.code(), code, "{failure}");
            assert!(failure.to_string().contains(words), "{failure}");
        }
    }
}
