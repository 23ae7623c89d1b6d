//! What a list contains.

use crate::{Cursor, OrderBy, Page, Query, Timestamp};

/// Which users a list contains, in which order, and which range of the list is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Only users that match this search.
    pub query: Option<Query>,
    /// The order. `None` means best matches first, or by id without a search.
    pub order_by: Option<OrderBy>,
    /// Only users that pass this filter.
    pub filter: Filter,
    /// The range of the list that is read.
    pub range: ListRange,
}

impl ListQuery {
    /// All users outside of the trash, by id.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Whether the list contains all users by id, whatever range of it is read. This is the most
    /// frequent list, and the one that needs no search index.
    #[must_use]
    pub fn selects_all_by_id(&self) -> bool {
        self.query.is_none()
            && self.order_by.unwrap_or(OrderBy::ID) == OrderBy::ID
            && self.filter == Filter::default()
    }
}

/// Which users pass, independent of a search. The default passes all users outside of the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// Whether sample users pass.
    pub sample_filter: SampleFilter,
    /// Selects the users in the trash instead of the others.
    pub deleted: bool,
    /// Only users whose last change was at this time or later.
    pub min_update_time: Option<Timestamp>,
}

/// Whether sample users pass a [`Filter`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SampleFilter {
    /// Sample users and others pass.
    #[default]
    Include,
    /// Sample users do not pass.
    Exclude,
    /// Only sample users pass.
    Only,
}

impl SampleFilter {
    /// Whether a user passes.
    #[must_use]
    pub fn accepts(self, sample: bool) -> bool {
        match self {
            Self::Include => true,
            Self::Exclude => !sample,
            Self::Only => sample,
        }
    }
}

/// A range of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ListRange {
    /// The whole list.
    #[default]
    All,
    /// A page, by number.
    Page(Page),
    /// At most this many users after a position.
    After(Cursor, u32),
}
