//! Queries of the change log.

use std::num::NonZeroU32;

use crate::{Revision, UserId};

/// Which changes to read from the change log: all of them by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeLogQuery {
    /// Only changes of this user.
    pub user: Option<UserId>,
    /// Only changes before this revision.
    pub before: Option<Revision>,
    /// At most this many changes, the newest.
    pub limit: Option<NonZeroU32>,
}
