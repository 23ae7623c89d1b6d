//! Which users a list contains.

use std::time::{Duration, SystemTime};

use frontdesk_directory::{
    Filter, ListQuery, MatchRank, OrderBy, ParsedQuery, SortField, Timestamp,
};

use crate::sqlite::row::{StoredUser, Table};

/// Which users a list contains, and in which order. Every row is checked when it is read: it can have
/// changed since it was found.
#[derive(Clone, Debug)]
pub(super) struct ListCriteria {
    pub(super) query: Option<ParsedQuery>,
    pub(super) filter: Filter,
    /// `None` for the best matches first.
    pub(super) order_by: Option<OrderBy>,
}

impl ListCriteria {
    pub(super) fn new(list: &ListQuery) -> Self {
        let query = list.query.as_ref().map(ParsedQuery::new);
        let default_order = query.is_none().then_some(OrderBy::ID);
        Self {
            query,
            filter: list.filter,
            order_by: list.order_by.or(default_order),
        }
    }

    pub(super) fn table(&self) -> Table {
        if self.filter.deleted {
            Table::Trash
        } else {
            Table::Users
        }
    }

    /// Whether the list contains a user.
    pub(super) fn contains(&self, stored: &StoredUser, trash_retention: Duration) -> bool {
        let user = &stored.user;
        let is_expired = self.filter.deleted
            && user.update_time.saturating_add(trash_retention)
                <= Timestamp::from(SystemTime::now());
        let min_update_time = self.filter.min_update_time;
        !is_expired
            && self.filter.sample_filter.accepts(user.sample)
            && min_update_time.is_none_or(|min| user.update_time >= min)
            && (self.query.as_ref()).is_none_or(|query| rank(query, stored).is_some())
    }

    /// The key that a user is sorted by, as bytes that sort as the list does.
    pub(super) fn sort_key(&self, stored: &StoredUser) -> Vec<u8> {
        let keys = &stored.keys;
        match self.order_by.map(|order_by| order_by.field) {
            Some(SortField::Id) => Vec::new(),
            Some(SortField::Name) => keys.name.as_bytes().to_vec(),
            Some(SortField::Email) => keys.email.as_bytes().to_vec(),
            Some(SortField::UpdateTime) => keys.revision.to_be_bytes().to_vec(),
            None => {
                let query = self.query.as_ref();
                let rank = query.and_then(|query| rank(query, stored));
                let rank = rank.and_then(|rank| u8::try_from(rank.index()).ok());
                rank.into_iter().collect()
            }
        }
    }
}

pub(super) fn rank(query: &ParsedQuery, stored: &StoredUser) -> Option<MatchRank> {
    let keys = &stored.keys;
    query.rank(stored.user.id, &keys.name, &keys.email)
}
