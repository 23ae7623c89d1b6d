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
        // That the desk is gone, the banner says: here is what it means for what was asked.
        Failure::Unreachable => words(
            "This did not come through.",
            "Try again, or wait: the page tries by itself once the desk is back.",
        ),
        Failure::TooLate => words(
            "The desk took too long to answer.",
            "It may be busy, or the connection poor. Try again.",
        ),
        Failure::CutShort => words(
            "The answer broke off.",
            "What has come stays. Try again for the rest.",
        ),
        Failure::Refused(refusal) => refused(refusal),
    }
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
            message: message.to_owned(),
            fields: Vec::new(),
            request: None,
        })
    }

    #[test]
    fn each_status_has_words_of_its_own() {
        let mut titles: HashSet<_> = CODES
            .into_iter()
            .map(|code| of(&refusal(code, "")).title)
            .collect();
        for failure in [Failure::Unreachable, Failure::TooLate, Failure::CutShort] {
            titles.insert(of(&failure).title);
        }
        assert_eq!(titles.len(), CODES.len() + 3);
    }

    #[test]
    fn each_status_says_what_to_do_in_a_sentence() {
        for code in CODES {
            let advice = of(&refusal(code, "")).advice;
            assert!(advice.ends_with('.'), "{advice}");
        }
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
            message: "internal error".to_owned(),
            fields: Vec::new(),
            request: Some("8f3a".to_owned()),
        }));
        assert!(said.advice.ends_with("report number 8f3a."));
    }
}
