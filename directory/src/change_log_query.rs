//! Which changes on record are wanted.

use std::num::NonZeroU32;

use super::{Revision, UserId};

/// Which changes on record are wanted: all of them where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeLogQuery {
    /// Only those of this user.
    pub user: Option<UserId>,
    /// Only those before this revision.
    pub before: Option<Revision>,
    /// Only so many, the newest.
    pub limit: Option<NonZeroU32>,
}
