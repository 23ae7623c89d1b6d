//! Failures in words: what happened, and what to do about it.

use super::failure::{Code, Failure, Refusal};

/// What a person reads when something failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened.
    pub title: &'static str,
    /// What to do.
    pub advice: String,
}

/// `failure`, for the person who waits for the answer.
#[must_use]
pub fn of(failure: &Failure) -> Words {
    match failure {
        // That the desk is gone, the banner says: here is what it means for what was asked. A proxy
        // that says so is as good as nobody.
        Failure::Unreachable
        | Failure::NotGrpc {
            code: Code::Unavailable,
            ..
        } => words(
            "This did not come through.",
            "Try again, or wait: the page tries by itself once the desk is back.",
        ),
        Failure::NotGrpc { http, code } => not_grpc(*http, *code),
        Failure::Malformed => words(
            "The answer can't be read.",
            "Something on the way may have changed it. Try again; if it stays so, reload the page.",
        ),
        Failure::TooLate => words(
            "The time that the call was given is up.",
            "It may have been short, the desk busy, or the connection poor. Try again.",
        ),
        Failure::CutShort => words(
            "The answer broke off.",
            "What has come stays until it begins anew: try again, or wait until the desk is back.",
        ),
        Failure::Refused(refusal) => refused(refusal),
    }
}

/// Something answered, and it was not the desk. The number is for whoever is told of it.
fn not_grpc(http: u16, code: Code) -> Words {
    let (title, advice) = match code {
        Code::Unauthenticated => (
            "Something on the way asks for a sign-in.",
            "Reload the page to sign in",
        ),
        Code::PermissionDenied => (
            "Calls from this page are not allowed.",
            "Tell whoever runs the server",
        ),
        _ => (
            "What answers at this address is not Frontdesk.",
            "Reload the page; if it stays so, tell whoever runs the server",
        ),
    };
    let mut said = words(title, advice);
    said.advice.push_str(" (HTTP status ");
    said.advice.push_str(&http.to_string());
    said.advice.push_str(").");
    said
}

fn refused(refusal: &Refusal) -> Words {
    let (title, advice) = match refusal.code {
        Code::Cancelled => ("The call was broken off.", "Try again."),
        Code::Unknown => (
            "The desk answered with something that makes no sense here.",
            "Try again; if it stays so, reload the page.",
        ),
        Code::InvalidArgument => (
            "The desk can't take it like this.",
            "Change what you entered.",
        ),
        Code::DeadlineExceeded => (
            "The desk did not finish in time.",
            "It may be busy. Try again in a moment.",
        ),
        Code::NotFound => (
            "There is no such entry.",
            "It may have been removed. Look in the directory.",
        ),
        Code::AlreadyExists => ("There is one already.", "Choose another, or open that one."),
        Code::PermissionDenied => (
            "You may not do this.",
            "Ask whoever keeps the directory for the permission.",
        ),
        Code::ResourceExhausted => (
            "The desk has too much to do.",
            "Wait a few seconds, then try again.",
        ),
        Code::FailedPrecondition => (
            "This can't be done as things stand.",
            "Reload to see how they stand.",
        ),
        Code::Aborted => (
            "Somebody else changed it meanwhile.",
            "Look at what it is now, then try again.",
        ),
        Code::OutOfRange => (
            "That lies beyond what there is.",
            "Start from the beginning.",
        ),
        Code::Unimplemented => (
            "This desk can't do that.",
            "The page may be newer than the server: reload it.",
        ),
        Code::Internal => (
            "Something broke at the desk.",
            "It is not your doing. Try again.",
        ),
        Code::Unavailable => (
            "The desk is closing or restarting.",
            "The page tries again by itself once it is back.",
        ),
        Code::DataLoss => ("The directory is damaged.", "Tell whoever runs the server."),
        Code::Unauthenticated => (
            "The desk does not know who you are.",
            "Sign in, then try again.",
        ),
    };
    let mut said = words(title, advice);
    match refusal.code {
        // Here the server's own words say more than ours: they name the field.
        Code::InvalidArgument if !refusal.message.is_empty() => {
            said.advice = sentence(&refusal.message);
        }
        Code::Internal => {
            if let Some(request) = &refusal.request {
                said.advice.push_str(" If it stays so, report number ");
                said.advice.push_str(request);
                said.advice.push('.');
            }
        }
        _ => {}
    }
    said
}

fn words(title: &'static str, advice: &str) -> Words {
    Words {
        title,
        advice: advice.to_owned(),
    }
}

/// `text` with a capital letter and a full stop.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let mut said: String = letters
        .next()
        .map(|first| first.to_uppercase().collect())
        .unwrap_or_default();
    said.push_str(letters.as_str());
    if !said.is_empty() && !said.ends_with(['.', '!', '?', '…']) {
        said.push('.');
    }
    said
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const CODES: [Code; 16] = [
        Code::Cancelled,
        Code::Unknown,
        Code::InvalidArgument,
        Code::DeadlineExceeded,
        Code::NotFound,
        Code::AlreadyExists,
        Code::PermissionDenied,
        Code::ResourceExhausted,
        Code::FailedPrecondition,
        Code::Aborted,
        Code::OutOfRange,
        Code::Unimplemented,
        Code::Internal,
        Code::Unavailable,
        Code::DataLoss,
        Code::Unauthenticated,
    ];

    fn refusal(code: Code, message: &str) -> Failure {
        Failure::Refused(Refusal {
            code,
            may_pass: false,
            message: message.to_owned(),
            fields: Vec::new(),
            request: None,
        })
    }

    fn foreign(http: u16, code: Code) -> Failure {
        Failure::NotGrpc { http, code }
    }

    #[test]
    fn each_status_has_words_of_its_own() {
        let mut titles: HashSet<_> = CODES
            .into_iter()
            .map(|code| of(&refusal(code, "")).title)
            .collect();
        let unsaid = [
            Failure::Unreachable,
            Failure::Malformed,
            Failure::TooLate,
            Failure::CutShort,
            foreign(401, Code::Unauthenticated),
            foreign(403, Code::PermissionDenied),
            foreign(404, Code::Unimplemented),
        ];
        titles.extend(unsaid.iter().map(|failure| of(failure).title));
        assert_eq!(titles.len(), CODES.len() + unsaid.len());
    }

    #[test]
    fn what_is_not_frontdesk_is_told_with_its_http_status() {
        for (http, code) in [
            (200, Code::Unknown),
            (400, Code::Internal),
            (404, Code::Unimplemented),
            (500, Code::Unknown),
        ] {
            let said = of(&foreign(http, code));
            assert_eq!(said.title, "What answers at this address is not Frontdesk.");
            let number = format!(" (HTTP status {http}).");
            assert!(said.advice.ends_with(&number), "{}", said.advice);
        }
    }

    #[test]
    fn whom_something_on_the_way_keeps_out_is_told_what_to_do() {
        let said = of(&foreign(401, Code::Unauthenticated));
        assert_eq!(said.advice, "Reload the page to sign in (HTTP status 401).");
        let said = of(&foreign(403, Code::PermissionDenied));
        assert_eq!(
            said.advice,
            "Tell whoever runs the server (HTTP status 403)."
        );
    }

    #[test]
    fn a_proxy_without_a_server_behind_it_is_a_server_that_is_not_there() {
        for http in [429, 502, 503, 504] {
            let said = of(&foreign(http, Code::Unavailable));
            assert_eq!(said, of(&Failure::Unreachable), "{http}");
        }
    }

    #[test]
    fn each_status_says_what_to_do_in_a_sentence() {
        for code in CODES {
            let advice = of(&refusal(code, "")).advice;
            assert!(advice.ends_with('.'), "{advice}");
        }
    }

    #[test]
    fn a_deadline_that_the_page_kept_is_not_blamed_on_the_desk() {
        assert!(!of(&Failure::TooLate).title.contains("desk"));
        let told = refusal(Code::DeadlineExceeded, "");
        assert!(of(&told).title.contains("desk"), "it said so itself");
    }

    #[test]
    fn a_bad_field_is_told_in_the_servers_words() {
        let said = of(&refusal(Code::InvalidArgument, "name must not be empty"));
        assert_eq!(said.advice, "Name must not be empty.");
    }

    #[test]
    fn the_servers_fault_names_the_number_to_report() {
        let said = of(&Failure::Refused(Refusal {
            code: Code::Internal,
            may_pass: false,
            message: "internal error".to_owned(),
            fields: Vec::new(),
            request: Some("8f3a".to_owned()),
        }));
        assert!(said.advice.ends_with("report number 8f3a."));
    }
}
