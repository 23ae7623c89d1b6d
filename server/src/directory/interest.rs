//! Which changes somebody wants to be told of.

use frontdesk_index::{Needle, fold};

use super::{Change, Query, UserId};

/// Which changes somebody wants to be told of: all of them where nothing is said.
#[derive(Clone, Debug, Default)]
pub struct Interest {
    user: Option<UserId>,
    /// The id that a search is the number of: a pasted one finds its one person.
    number: Option<UserId>,
    needle: Option<Needle>,
}

impl Interest {
    /// In the changes of a user, or of all; and of these in those of who is found by `query`.
    #[must_use]
    pub fn new(user: Option<UserId>, query: Option<&Query>) -> Self {
        let query = query.map(Query::as_str);
        Self {
            user,
            number: query.and_then(|query| UserId::new(query.parse().ok()?)),
            needle: query.and_then(Needle::new),
        }
    }

    /// Whether this change is wanted: a search finds who they are after it, or were before.
    #[must_use]
    pub fn wants(&self, change: &Change) -> bool {
        let id = change.user.id;
        if self.user.is_some_and(|user| user != id) {
            return false;
        }
        let Some(needle) = &self.needle else {
            return true;
        };
        let finds = |name: &str, email: &str| needle.matches(&fold(name), &fold(email)).is_some();
        self.number == Some(id)
            || finds(change.user.name.as_str(), change.user.email.as_str())
            || change
                .before
                .as_ref()
                .is_some_and(|(name, email)| finds(name.as_str(), email.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{ChangeKind, Email, Moment, Name, Revision, User};

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
                changed: Moment(0),
                sample: false,
                in_bin_until: None,
            },
            before: Some((name("Zoë Jones"), email("jones@example.org"))),
        }
    }

    fn wants(user: Option<i32>, query: &str) -> bool {
        let query = Query::parse(query).expect("short enough");
        Interest::new(user.and_then(UserId::new), query.as_ref()).wants(&renamed())
    }

    #[test]
    fn who_asks_for_nothing_is_told_of_everything() {
        assert!(wants(None, "") && Interest::default().wants(&renamed()));
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
    fn a_number_is_an_id_too_and_an_id_is_no_search() {
        assert!(wants(None, "77") && !wants(None, "78") && !wants(None, "7"));
        assert!(wants(Some(77), "") && wants(Some(77), "zoe"));
        assert!(!wants(Some(7), "") && !wants(Some(7), "zoe") && !wants(Some(77), "ada"));
    }
}
