//! What somebody looks for, and who it is.

use std::time::Duration;

use frontdesk_index::{Needle, fold};
use rusqlite::Connection;

use super::super::{
    facts::Keys,
    row::{Found, Place},
};
use crate::directory::{Filter, Moment, Samples, Selection, Sought, UserId};

/// What somebody looks for, held against users.
#[derive(Clone, Debug)]
pub(super) struct Typed(Sought);

impl Typed {
    /// The text; nothing where it is nothing but accents.
    pub(super) fn needle(&self) -> Option<&Needle> {
        self.0.needle.as_ref()
    }

    /// How well a user matches, the best first: whose id it is, whose whole address, and then by
    /// their texts; `None` where they don't.
    pub(super) fn rank(&self, id: UserId, keys: &Keys) -> Option<u8> {
        if self.0.id == Some(id) {
            return Some(0);
        }
        if self.0.email.as_ref() == Some(&keys.email) {
            return Some(1);
        }
        self.rank_of_text(keys)
    }

    /// How well the texts of a user match.
    pub(super) fn rank_of_text(&self, keys: &Keys) -> Option<u8> {
        let needle = self.needle()?;
        let rank = needle.matches(&keys.name, &fold(&keys.email))?;
        u8::try_from(rank.index() + 2).ok()
    }

    /// Whose id it is, and whose whole address.
    pub(super) fn exactly(&self, db: &Connection) -> rusqlite::Result<[Option<Found>; 2]> {
        let by_id = match self.0.id {
            Some(id) => Found::read(db, Place::Directory, id)?,
            None => None,
        };
        let by_email = match &self.0.email {
            Some(email) => Found::read_email(db, email)?,
            None => None,
        };
        let same = |email: &Found| by_id.as_ref().is_some_and(|id| id.user.id == email.user.id);
        let by_email = by_email.filter(|email| !same(email));
        Ok([by_id, by_email])
    }
}

/// Who belongs to a list. Each row is held against it when it is read: it may have changed since it
/// was found.
#[derive(Clone, Debug)]
pub(super) struct Criteria {
    pub(super) typed: Option<Typed>,
    pub(super) filter: Filter,
}

impl Criteria {
    pub(super) fn new(selection: &Selection) -> Self {
        Self {
            typed: selection
                .query
                .as_ref()
                .map(|query| Typed(Sought::new(query))),
            filter: selection.filter,
        }
    }

    /// In which table its people are.
    pub(super) fn place(&self) -> Place {
        if self.filter.in_bin {
            Place::Bin
        } else {
            Place::Directory
        }
    }

    /// Whether a user belongs to the list; `keep` is how long somebody is in the bin.
    pub(super) fn admit(&self, found: &Found, keep: Duration) -> bool {
        let Found { user, keys } = found;
        let over = self.filter.in_bin && user.changed.after(keep) <= Moment::now();
        let samples = match self.filter.samples {
            Samples::With => true,
            Samples::Without => !user.sample,
            Samples::Only => user.sample,
        };
        let since = self.filter.changed_since;
        !over
            && samples
            && since.is_none_or(|since| user.changed >= since)
            && (self.typed.as_ref()).is_none_or(|typed| typed.rank(user.id, keys).is_some())
    }
}
