//! What somebody looks for.

use crate::text::{SearchTerm, fold};

use super::{Email, Query, UserId};

/// What somebody looks for, and who may be meant by it: a text, somebody's id, somebody's address.
#[derive(Clone, Debug)]
pub struct ParsedQuery {
    /// Nothing where the text is nothing but accents: nobody has it.
    pub needle: Option<SearchTerm>,
    /// Whose id it is.
    pub id: Option<UserId>,
    /// The key of the email that it is, whole.
    pub email: Option<String>,
}

impl ParsedQuery {
    /// What these words mean, whatever they are.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let digits = fold(query.as_str());
        // Not `+7`, which is a text.
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            needle: SearchTerm::new(query.as_str()),
            id: digits
                .parse()
                .ok()
                .filter(|_| is_number)
                .and_then(UserId::new),
            email: Email::parse(query.as_str())
                .ok()
                .map(|email| email.key().into_owned()),
        }
    }
}
