//! Which changes somebody wants to be told of.

use crate::text::fold;

use super::{Change, Email, Name, ParsedQuery, Query, UserId};

/// Which changes somebody wants to be told of: all of them where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct WatchFilter {
    user: Option<UserId>,
    sought: Option<ParsedQuery>,
}

impl WatchFilter {
    /// In the changes of a user, or of all; and of these in those of who is found by `query`.
    #[must_use]
    pub fn new(user: Option<UserId>, query: Option<&Query>) -> Self {
        Self {
            user,
            sought: query.map(ParsedQuery::new),
        }
    }

    /// Whether this change is wanted: a search finds who they are after it, or were before.
    #[must_use]
    pub fn wants(&self, change: &Change) -> bool {
        let id = change.user.id;
        if self.user.is_some_and(|user| user != id) {
            return false;
        }
        let Some(sought) = &self.sought else {
            return true;
        };
        let finds = |name: &Name, email: &Email| {
            let text = sought.needle.as_ref().is_some_and(|needle| {
                let (name, email) = (fold(name.as_str()), fold(email.as_str()));
                needle.matches(&name, &email).is_some()
            });
            text || sought
                .email
                .as_deref()
                .is_some_and(|key| email.key() == key)
        };
        sought.id == Some(id)
            || finds(&change.user.name, &change.user.email)
            || change
                .before
                .as_ref()
                .is_some_and(|(name, email)| finds(name, email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, ChangeKind, Email, Name, Revision, Timestamp, User};

    fn renamed() -> Change {
        let name = |name| Name::parse(name).expect("a name");
        let email = |email| Email::parse(email).expect("an address");
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

    fn wants(user: Option<i32>, query: &str) -> bool {
        let query = Query::parse(query).expect("short enough");
        WatchFilter::new(user.and_then(UserId::new), query.as_ref()).wants(&renamed())
    }

    #[test]
    fn who_asks_for_nothing_is_told_of_everything() {
        assert!(wants(None, "") && WatchFilter::default().wants(&renamed()));
    }

    #[test]
    fn a_search_finds_who_they_are_and_who_they_were() {
        for query in ["ZOE", "sokolow", "jones", "jones@example.org", "zoe jones"] {
            assert!(wants(None, query), "{query}");
        }
        // Words of two users who never were one.
        assert!(!wants(None, "sokolow jones") && !wants(None, "ada"));
    }

    #[test]
    fn what_nobody_is_found_by_is_not_everybody() {
        for query in ["\u{301}", "\u{301}\u{308}", "\u{200b}"] {
            assert!(!wants(None, query), "{query:?}");
        }
    }

    #[test]
    fn a_number_is_an_id_too_and_an_id_is_no_search() {
        assert!(wants(None, "77") && !wants(None, "78") && !wants(None, "7"));
        // As in a list: in other digits too, and not with a sign.
        assert!(wants(None, "\u{ff17}\u{ff17}") && !wants(None, "+77"));
        assert!(wants(Some(77), "") && wants(Some(77), "zoe"));
        assert!(!wants(Some(7), "") && !wants(Some(7), "zoe") && !wants(Some(77), "ada"));
    }
}
