//! The users that a query names exactly.

use frontdesk_directory::ParsedQuery;
use frontdesk_search::ExactMatch;
use rusqlite::Connection;

use super::list_criteria::rank;
use crate::sqlite::row::{StoredUser, Table};

/// The users outside of the trash whose id or email address the query is, by rank.
pub(super) fn exact_matches(
    db: &Connection,
    query: &ParsedQuery,
) -> rusqlite::Result<Vec<ExactMatch>> {
    let by_id = match query.id() {
        Some(id) => StoredUser::read(db, Table::Users, id)?,
        None => None,
    };
    let by_email = match query.email_key() {
        Some(key) => StoredUser::read_email(db, key)?,
        None => None,
    };
    let mut matches: Vec<ExactMatch> = [by_id, by_email]
        .into_iter()
        .flatten()
        .filter_map(|stored| {
            let keys = &stored.keys;
            Some(ExactMatch {
                id: stored.user.id,
                rank: rank(query, &stored)?,
                matches_text: query.text_rank(&keys.name, &keys.email).is_some(),
            })
        })
        .collect();
    // Found twice if it has both the id and the email address.
    matches.dedup_by_key(|exact| exact.id);
    Ok(matches)
}
