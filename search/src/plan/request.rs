//! The request that a plan is made for.

use frontdesk_directory::{ListRange, MatchRank, OrderBy, ParsedQuery, UserId};

use crate::id_filter::IdFilter;

/// What a list contains, as far as a plan depends on it.
#[derive(Clone, Debug)]
pub struct ListRequest<'a> {
    /// The search; `None` for all users.
    pub query: Option<&'a ParsedQuery>,
    /// The users that the query names exactly, by rank. Only the store can look them up: email
    /// addresses are not part of the index.
    pub exact: &'a [ExactMatch],
    /// The order; `None` for the best matches first, or by id without a query.
    pub order_by: Option<OrderBy>,
    /// Which users pass.
    pub filter: IdFilter,
    /// The range that is read.
    pub range: &'a ListRange,
}

/// A user whose id or email address is the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactMatch {
    /// The user.
    pub id: UserId,
    /// [`MatchRank::Id`] or [`MatchRank::Email`].
    pub rank: MatchRank,
    /// Whether the query's text occurs in the user's texts as well, see [`ParsedQuery::text_rank`].
    pub matches_text: bool,
}
