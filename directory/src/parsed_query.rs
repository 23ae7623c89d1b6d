//! What a search query matches.

use crate::{
    Email, Query, UserId,
    text::{Rank, SearchTerm, fold},
};

/// A [`Query`] and everything it can mean: a text, a user's id, a user's email address.
///
/// This is the one rule for which users a query matches: lists, pages and watches all apply
/// [`ParsedQuery::rank`].
#[derive(Clone, Debug)]
pub struct ParsedQuery {
    term: Option<SearchTerm>,
    id: Option<UserId>,
    email_key: Option<String>,
}

/// How well a user matches a query. The best rank is the smallest, so ranks sort as lists do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MatchRank {
    /// The query is the user's id.
    Id,
    /// The query is the user's whole email address.
    Email,
    /// The query's text occurs in the name or the email address.
    Text(Rank),
}

impl MatchRank {
    /// The rank as a number from 0; sorts as the ranks do. Part of the [`Cursor`](crate::Cursor) of
    /// a list that is sorted by rank.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Id => 0,
            Self::Email => 1,
            Self::Text(rank) => 2 + rank.index(),
        }
    }
}

impl ParsedQuery {
    /// Determines everything that a query can mean.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        // Digits of other scripts are folded to ASCII. `+7` is only a text.
        let digits = fold(query.as_str());
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        Self {
            term: SearchTerm::new(query.as_str()),
            id: digits
                .parse()
                .ok()
                .filter(|_| is_number)
                .and_then(UserId::new),
            email_key: Email::parse(query.as_str())
                .ok()
                .map(|email| email.key().into_owned()),
        }
    }

    /// The text to search for. `None` if nothing is left of it after folding, as of a query that
    /// consists of accents: no text contains it.
    #[must_use]
    pub fn term(&self) -> Option<&SearchTerm> {
        self.term.as_ref()
    }

    /// The id that the query is, if it is a number.
    #[must_use]
    pub fn id(&self) -> Option<UserId> {
        self.id
    }

    /// The [`Email::key`] of the address that the query is, if it is one.
    #[must_use]
    pub fn email_key(&self) -> Option<&str> {
        self.email_key.as_deref()
    }

    /// How well a user matches; `None` if it does not. `name_key` is the [`fold`]ed name and
    /// `email_key` the [`Email::key`].
    #[must_use]
    pub fn rank(&self, id: UserId, name_key: &str, email_key: &str) -> Option<MatchRank> {
        if self.id == Some(id) {
            return Some(MatchRank::Id);
        }
        if self.email_key() == Some(email_key) {
            return Some(MatchRank::Email);
        }
        self.text_rank(name_key, email_key).map(MatchRank::Text)
    }

    /// How well the texts of a user match, regardless of whether the query is its id or its email
    /// address.
    #[must_use]
    pub fn text_rank(&self, name_key: &str, email_key: &str) -> Option<Rank> {
        self.term()?.matches(name_key, &fold(email_key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(query: &str, id: i32, name: &str, email: &str) -> Option<MatchRank> {
        let query = Query::parse(query).expect("short enough").expect("a query");
        let id = UserId::new(id).expect("an id");
        let email = Email::parse(email).expect("an email address");
        ParsedQuery::new(&query).rank(id, &fold(name), &email.key())
    }

    #[test]
    fn an_id_ranks_before_an_email_address_and_that_before_texts() {
        assert_eq!(rank("77", 77, "Ada 77", "a@x.org"), Some(MatchRank::Id));
        assert_eq!(
            rank("77", 78, "Ada 77", "a@x.org"),
            Some(MatchRank::Text(Rank::WordPrefix))
        );
        assert_eq!(rank("A@X.org", 1, "Ada", "a@x.ORG"), Some(MatchRank::Email));
        assert_eq!(
            rank("ada", 1, "Ada", "a@x.org"),
            Some(MatchRank::Text(Rank::Exact))
        );
        assert_eq!(rank("bob", 1, "Ada", "a@x.org"), None);
    }

    #[test]
    fn indexes_sort_as_ranks_do() {
        let texts = Rank::ALL.into_iter().map(MatchRank::Text);
        let ranks: Vec<_> = [MatchRank::Id, MatchRank::Email]
            .into_iter()
            .chain(texts)
            .collect();
        assert!(ranks.is_sorted());
        for (index, rank) in ranks.into_iter().enumerate() {
            assert_eq!(rank.index(), index);
        }
    }

    #[test]
    fn the_key_of_an_email_address_folds_like_the_address() {
        for character in '\u{80}'..='\u{2ffff}' {
            if let Ok(email) = Email::parse(&format!("a{character}@example.org")) {
                let key = email.key();
                assert_eq!(fold(&key), fold(email.as_str()), "{character:?}");
            }
        }
    }
}
