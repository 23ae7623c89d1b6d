//! What somebody looks for, and who it is.

use std::time::Duration;

use frontdesk_directory::text::{SearchTerm, fold};
use rusqlite::Connection;

use super::super::row::{Keys, StoredUser, Table};
use frontdesk_directory::{Filter, ListQuery, ParsedQuery, SampleFilter, Timestamp, UserId};

/// What somebody looks for, held against users.
#[derive(Clone, Debug)]
pub(super) struct QueryMatcher(ParsedQuery);

impl QueryMatcher {
    /// The text; nothing where it is nothing but accents.
    pub(super) fn needle(&self) -> Option<&SearchTerm> {
        self.0.term()
    }

    /// How well a user matches, the best first: whose id it is, whose whole address, and then by
    /// their texts; `None` where they don't.
    pub(super) fn rank(&self, id: UserId, keys: &Keys) -> Option<u8> {
        let rank = self.0.rank(id, &keys.name, &keys.email)?;
        u8::try_from(rank.index()).ok()
    }

    /// How well the texts of a user match.
    pub(super) fn rank_of_text(&self, keys: &Keys) -> Option<u8> {
        let needle = self.needle()?;
        let rank = needle.matches(&keys.name, &fold(&keys.email))?;
        u8::try_from(rank.index() + 2).ok()
    }

    /// Whose id it is, and whose whole address.
    pub(super) fn exactly(&self, db: &Connection) -> rusqlite::Result<[Option<StoredUser>; 2]> {
        let by_id = match self.0.id() {
            Some(id) => StoredUser::read(db, Table::Users, id)?,
            None => None,
        };
        let by_email = match self.0.email_key() {
            Some(email) => StoredUser::read_email(db, email)?,
            None => None,
        };
        let same =
            |email: &StoredUser| by_id.as_ref().is_some_and(|id| id.user.id == email.user.id);
        let by_email = by_email.filter(|email| !same(email));
        Ok([by_id, by_email])
    }
}

/// Who belongs to a list. Each row is held against it when it is read: it may have changed since it
/// was found.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    pub(super) typed: Option<QueryMatcher>,
    pub(super) filter: Filter,
}

impl Criteria {
    pub(super) fn new(selection: &ListQuery) -> Self {
        Self {
            typed: selection
                .query
                .as_ref()
                .map(|query| QueryMatcher(ParsedQuery::new(query))),
            filter: selection.filter,
        }
    }

    /// In which table its people are.
    pub(super) fn place(&self) -> Table {
        if self.filter.deleted {
            Table::Trash
        } else {
            Table::Users
        }
    }

    /// Whether a user belongs to the list; `keep` is how long somebody is in the bin.
    pub(super) fn admit(&self, found: &StoredUser, keep: Duration) -> bool {
        let StoredUser { user, keys } = found;
        let over = self.filter.deleted
            && user.update_time.saturating_add(keep)
                <= Timestamp::from(std::time::SystemTime::now());
        let samples = match self.filter.sample_filter {
            SampleFilter::Include => true,
            SampleFilter::Exclude => !user.sample,
            SampleFilter::Only => user.sample,
        };
        let since = self.filter.min_update_time;
        !over
            && samples
            && since.is_none_or(|since| user.update_time >= since)
            && (self.typed.as_ref()).is_none_or(|typed| typed.rank(user.id, keys).is_some())
    }
}
