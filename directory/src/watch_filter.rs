//! Which changes a watcher receives.

use crate::{Change, Email, Name, ParsedQuery, Query, UserId, text::fold};

/// Which changes a watcher receives: all of them by default.
#[derive(Clone, Debug, Default)]
pub struct WatchFilter {
    user: Option<UserId>,
    query: Option<ParsedQuery>,
}

impl WatchFilter {
    /// Selects the changes of one user, if given, and of these the ones of users that match a query,
    /// if given.
    #[must_use]
    pub fn new(user: Option<UserId>, query: Option<&Query>) -> Self {
        Self {
            user,
            query: query.map(ParsedQuery::new),
        }
    }

    /// Whether the watcher receives a change. A query matches the user as it is after the change, or
    /// as it was before.
    #[must_use]
    pub fn matches(&self, change: &Change) -> bool {
        let id = change.user.id;
        if self.user.is_some_and(|user| user != id) {
            return false;
        }
        let Some(query) = &self.query else {
            return true;
        };
        let matches = |name: &Name, email: &Email| {
            let rank = query.rank(id, &fold(name.as_str()), &email.key());
            rank.is_some()
        };
        let before = change.before.as_ref();
        matches(&change.user.name, &change.user.email)
            || before.is_some_and(|(name, email)| matches(name, email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, ChangeKind, Revision, Timestamp, User};

    fn rename() -> Change {
        let name = |name| Name::parse(name).expect("a name");
        let email = |email| Email::parse(email).expect("an email address");
        Change {
            kind: ChangeKind::Updated,
            user: User {
                id: UserId::new(77).expect("an id"),
                name: name("Zoë Sokołów"),
                email: email("zoe@example.org"),
                revision: Revision(9),
                update_time: Timestamp(0),
                sample: false,
                purge_time: None,
            },
            before: Some((name("Zoë Jones"), email("jones@example.org"))),
            previous_revision: Some(Revision(8)),
            actor: Actor::LOCAL_OPERATOR,
        }
    }

    fn matches(user: Option<i32>, query: &str) -> bool {
        let query = Query::parse(query).expect("short enough");
        WatchFilter::new(user.and_then(UserId::new), query.as_ref()).matches(&rename())
    }

    #[test]
    fn an_empty_filter_matches_every_change() {
        assert!(matches(None, "") && WatchFilter::default().matches(&rename()));
    }

    #[test]
    fn a_query_matches_a_user_before_and_after_the_change() {
        for query in ["ZOE", "sokolow", "jones", "jones@example.org", "zoe jones"] {
            assert!(matches(None, query), "{query}");
        }
        // One word from before the change and one from after it.
        assert!(!matches(None, "sokolow jones") && !matches(None, "ada"));
    }

    #[test]
    fn a_query_that_folds_to_nothing_matches_no_change() {
        for query in ["\u{301}", "\u{301}\u{308}", "\u{200b}"] {
            assert!(!matches(None, query), "{query:?}");
        }
    }

    #[test]
    fn a_number_matches_an_id_and_the_user_filter_matches_only_ids() {
        assert!(matches(None, "77") && !matches(None, "78") && !matches(None, "7"));
        // As in a list: digits of any script, but no sign.
        assert!(matches(None, "\u{ff17}\u{ff17}") && !matches(None, "+77"));
        assert!(matches(Some(77), "") && matches(Some(77), "zoe"));
        assert!(!matches(Some(7), "") && !matches(Some(7), "zoe") && !matches(Some(77), "ada"));
    }
}
