//! Texts for errors: what happened, and what the user can do about it.

use tonic::Code;

use super::error::{Error, ServerStatus};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorText {
    pub title: &'static str,
    pub advice: String,
}

pub fn describe(error: &Error) -> ErrorText {
    match error {
        // A proxy without a server behind it looks the same to the user as no server.
        Error::Unreachable
        | Error::NotGrpc {
            code: Code::Unavailable,
            ..
        } => text(
            "Can't reach the server.",
            "Your request is sent when the server is available again.",
        ),
        Error::NotGrpc { http_status, code } => not_grpc(*http_status, *code),
        Error::Malformed => text(
            "The reply could not be read.",
            "Try again; if it happens again, reload the page.",
        ),
        Error::DeadlineExceeded => text(
            "The deadline passed.",
            "It may have been too short, or the connection slow. Try again.",
        ),
        Error::Interrupted => text(
            "Connection lost.",
            "What arrived is still shown. Try again, or wait until the server is available again.",
        ),
        Error::Status(status) => server_status(status),
    }
}

/// Includes the HTTP status, which helps an administrator to find the cause.
fn not_grpc(http_status: u16, code: Code) -> ErrorText {
    let (title, advice) = match code {
        Code::Unauthenticated => (
            "A proxy requires you to sign in.",
            "Reload the page to sign in",
        ),
        Code::PermissionDenied => (
            "Calls from this page are not allowed.",
            "Contact the administrator",
        ),
        _ => (
            "The server at this address is not Frontdesk.",
            "Reload the page; if that does not help, contact the administrator",
        ),
    };
    let mut text = text(title, advice);
    text.advice.push_str(" (HTTP status ");
    text.advice.push_str(&http_status.to_string());
    text.advice.push_str(").");
    text
}

fn server_status(status: &ServerStatus) -> ErrorText {
    let (title, advice) = match status.code {
        Code::Ok | Code::Unknown => (
            "The server returned an unknown error.",
            "Try again; if it happens again, reload the page.",
        ),
        Code::Cancelled => ("The call was cancelled.", "Try again."),
        Code::InvalidArgument => ("The server rejected the input.", "Change what you entered."),
        Code::DeadlineExceeded => (
            "The server did not finish in time.",
            "It may be busy. Try again in a moment.",
        ),
        Code::NotFound => (
            "Not found.",
            "It may have been deleted. Look in the directory.",
        ),
        Code::AlreadyExists => (
            "This already exists.",
            "Choose another, or open the existing one.",
        ),
        Code::PermissionDenied => (
            "You don't have permission to do this.",
            "Ask the administrator for permission.",
        ),
        Code::ResourceExhausted => (
            "The server is overloaded.",
            "Wait a few seconds, then try again.",
        ),
        Code::FailedPrecondition => (
            "This is not possible in the current state.",
            "Reload to see the current state.",
        ),
        Code::Aborted => (
            "Someone else changed this in the meantime.",
            "Look at the current version, then try again.",
        ),
        Code::OutOfRange => ("The request is out of range.", "Start from the beginning."),
        Code::Unimplemented => (
            "The server does not support this.",
            "The page may be newer than the server. Reload it.",
        ),
        Code::Internal => ("Internal server error.", "Try again."),
        Code::Unavailable => (
            "The server is restarting or shutting down.",
            "The page tries again when the server is back.",
        ),
        Code::DataLoss => ("The directory is damaged.", "Contact the administrator."),
        Code::Unauthenticated => ("You are not signed in.", "Sign in, then try again."),
    };
    let mut text = text(title, advice);
    match status.code {
        // The server's message names the field.
        Code::InvalidArgument if !status.message.is_empty() => {
            text.advice = sentence(&status.message);
        }
        Code::Internal => {
            if let Some(request_id) = &status.request_id {
                text.advice
                    .push_str(" If it happens again, report request ");
                text.advice.push_str(request_id);
                text.advice.push('.');
            }
        }
        _ => {}
    }
    text
}

fn text(title: &'static str, advice: &str) -> ErrorText {
    ErrorText {
        title,
        advice: advice.to_owned(),
    }
}

/// `text` with a capital letter and a full stop.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let mut sentence: String = chars
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    sentence.push_str(chars.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn error_codes() -> impl Iterator<Item = Code> {
        (1..=16).map(Code::from_i32)
    }

    fn status(code: Code, message: &str) -> Error {
        Error::Status(ServerStatus {
            code,
            is_retryable: false,
            message: message.to_owned(),
            field_violations: Vec::new(),
            request_id: None,
        })
    }

    fn not_grpc(http_status: u16, code: Code) -> Error {
        Error::NotGrpc { http_status, code }
    }

    #[test]
    fn each_error_has_its_own_title() {
        let mut titles: HashSet<_> = error_codes()
            .map(|code| describe(&status(code, "")).title)
            .collect();
        let local = [
            Error::Unreachable,
            Error::Malformed,
            Error::DeadlineExceeded,
            Error::Interrupted,
            not_grpc(401, Code::Unauthenticated),
            not_grpc(403, Code::PermissionDenied),
            not_grpc(404, Code::Unimplemented),
        ];
        titles.extend(local.iter().map(|error| describe(error).title));
        assert_eq!(titles.len(), error_codes().count() + local.len());
    }

    #[test]
    fn a_response_that_is_not_grpc_is_reported_with_its_http_status() {
        for (http_status, code) in [
            (200, Code::Unknown),
            (400, Code::Internal),
            (404, Code::Unimplemented),
            (500, Code::Unknown),
        ] {
            let text = describe(&not_grpc(http_status, code));
            assert_eq!(text.title, "The server at this address is not Frontdesk.");
            let suffix = format!(" (HTTP status {http_status}).");
            assert!(text.advice.ends_with(&suffix), "{}", text.advice);
        }
    }

    #[test]
    fn a_proxy_that_denies_access_is_reported_with_what_to_do() {
        let text = describe(&not_grpc(401, Code::Unauthenticated));
        assert_eq!(text.advice, "Reload the page to sign in (HTTP status 401).");
        let text = describe(&not_grpc(403, Code::PermissionDenied));
        assert_eq!(text.advice, "Contact the administrator (HTTP status 403).");
    }

    #[test]
    fn a_proxy_without_a_server_is_reported_as_an_unreachable_server() {
        for http_status in [429, 502, 503, 504] {
            let text = describe(&not_grpc(http_status, Code::Unavailable));
            assert_eq!(text, describe(&Error::Unreachable), "{http_status}");
        }
    }

    #[test]
    fn the_advice_is_a_sentence() {
        for code in error_codes() {
            let advice = describe(&status(code, "")).advice;
            assert!(advice.ends_with('.'), "{advice}");
        }
    }

    #[test]
    fn only_a_deadline_reported_by_the_server_is_blamed_on_it() {
        assert!(!describe(&Error::DeadlineExceeded).title.contains("server"));
        let reported = status(Code::DeadlineExceeded, "");
        assert!(describe(&reported).title.contains("server"));
    }

    #[test]
    fn a_field_violation_is_reported_with_the_servers_description() {
        let text = describe(&status(Code::InvalidArgument, "name must not be empty"));
        assert_eq!(text.advice, "Name must not be empty.");
    }

    #[test]
    fn an_internal_error_includes_the_request_id() {
        let text = describe(&Error::Status(ServerStatus {
            code: Code::Internal,
            is_retryable: false,
            message: "internal error".to_owned(),
            field_violations: Vec::new(),
            request_id: Some("8f3a".to_owned()),
        }));
        assert!(text.advice.ends_with("report request 8f3a."));
    }
}
