//! The change feed: brings committed changes to the followers, in revision order.

use std::sync::Arc;

use frontdesk_directory::{Change, Error, Revision};
use tokio::sync::watch;

/// The maximum number of changes that a follower that is behind reads from the change log at once.
const CATCH_UP_BATCH: usize = 1_024;

/// The newest revision of the directory, and the oldest one in its change log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) revision: Revision,
    /// The oldest revision in the change log.
    pub(crate) oldest: Revision,
}

/// Keeps something up to date by applying changes, each once and in revision order.
pub(crate) trait Follower {
    /// The revision of the last change that was applied.
    fn position(&self) -> Revision;

    /// Applies the changes that follow its position, without a gap.
    fn apply(&mut self, changes: &[Arc<Change>]);

    /// Starts over at a revision, or at a later one that it has read elsewhere: the change log no
    /// longer contains the changes after its position.
    fn restart(&mut self, revision: Revision);
}

/// Reads the change log forwards.
pub(crate) trait ChangeLog {
    /// Up to `limit` changes after a revision, without a gap; [`Error::RevisionTooOld`] if the change
    /// log no longer contains the first one.
    fn read_after(&self, revision: Revision, limit: usize) -> Result<Vec<Arc<Change>>, Error>;
}

/// Applies committed changes to its followers in the writer's thread, before the writes are
/// acknowledged: a client finds what it has written, and no thread has to wait for another. A
/// follower therefore has to be fast.
///
/// The feed does not depend on a database: a store publishes what it has committed, or what it has
/// read from a change log that another process writes.
pub(crate) struct Feed<'a> {
    log: Box<dyn ChangeLog + 'a>,
    followers: Vec<Box<dyn Follower + 'a>>,
    head: watch::Sender<Head>,
}

impl<'a> Feed<'a> {
    /// A feed that publishes in `head` what all followers have applied.
    pub(crate) fn new(log: impl ChangeLog + 'a, head: watch::Sender<Head>) -> Self {
        Self {
            log: Box::new(log),
            followers: Vec::new(),
            head,
        }
    }

    /// Adds a follower, which may start anywhere in the change log.
    pub(crate) fn add(&mut self, mut follower: impl Follower + 'a) {
        let head = self.head.borrow().revision;
        catch_up(&*self.log, &mut follower, head);
        self.followers.push(Box::new(follower));
    }

    /// Applies changes that were committed. Watchers are woken after all followers have applied them.
    pub(crate) fn publish(&mut self, changes: &[Arc<Change>], head: Head) {
        if let Some(first) = changes.first().map(|change| change.revision().0) {
            for follower in &mut self.followers {
                catch_up(&*self.log, &mut **follower, Revision(first - 1));
                let applied = follower.position().0.saturating_sub(first - 1);
                let applied = usize::try_from(applied).unwrap_or(usize::MAX);
                if let Some(new) = changes.get(applied..).filter(|new| !new.is_empty()) {
                    follower.apply(new);
                }
            }
        }
        self.head.send_if_modified(|known| {
            // Watchers do not need to know that the change log was trimmed.
            let has_changes = known.revision != head.revision;
            *known = head;
            has_changes
        });
    }
}

/// Brings a follower up to a revision.
fn catch_up(log: &dyn ChangeLog, follower: &mut (impl Follower + ?Sized), revision: Revision) {
    while follower.position() < revision {
        match log.read_after(follower.position(), CATCH_UP_BATCH) {
            Ok(changes) if !changes.is_empty() => follower.apply(&changes),
            unreadable => {
                let error = unreadable.err();
                tracing::warn!(?error, "a follower of the change log starts over");
                follower.restart(revision);
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use frontdesk_directory::{Actor, ChangeKind, Email, Name, Timestamp, User, UserId};

    use super::*;

    fn changes(revisions: std::ops::RangeInclusive<u64>) -> Vec<Arc<Change>> {
        let change = |revision| {
            let user = User {
                id: UserId::MAX,
                name: Name::from_trusted("Ada".to_owned()),
                email: Email::from_trusted("ada@example.org".to_owned()),
                revision: Revision(revision),
                update_time: Timestamp(0),
                sample: false,
                purge_time: None,
            };
            Arc::new(Change {
                kind: ChangeKind::Updated,
                user,
                before: None,
                previous_revision: None,
                actor: Actor::LOCAL_OPERATOR,
            })
        };
        revisions.map(change).collect()
    }

    /// A change log from one revision to another.
    struct Log(u64, u64);

    impl ChangeLog for Log {
        fn read_after(&self, revision: Revision, limit: usize) -> Result<Vec<Arc<Change>>, Error> {
            if revision.0 + 1 < self.0 {
                return Err(Error::RevisionTooOld {
                    oldest: Revision(self.0),
                });
            }
            let mut changes = changes(revision.0 + 1..=self.1);
            changes.truncate(limit);
            Ok(changes)
        }
    }

    #[derive(Default)]
    struct Applied {
        position: u64,
        changes: Vec<u64>,
        restarts: usize,
    }

    struct Recorder(Rc<RefCell<Applied>>);

    impl Follower for Recorder {
        fn position(&self) -> Revision {
            Revision(self.0.borrow().position)
        }

        fn apply(&mut self, changes: &[Arc<Change>]) {
            let mut applied = self.0.borrow_mut();
            for change in changes {
                assert_eq!(change.revision().0, applied.position + 1, "a gap");
                applied.position += 1;
                let revision = applied.position;
                applied.changes.push(revision);
            }
        }

        fn restart(&mut self, revision: Revision) {
            let mut applied = self.0.borrow_mut();
            applied.position = revision.0;
            applied.restarts += 1;
        }
    }

    fn head(revision: u64) -> Head {
        Head {
            revision: Revision(revision),
            oldest: Revision(1),
        }
    }

    #[test]
    fn a_follower_that_starts_late_or_falls_behind_catches_up_from_the_change_log() {
        let (sender, receiver) = watch::channel(head(3_000));
        let mut feed = Feed::new(Log(1, 4_000), sender);
        let applied = Rc::new(RefCell::new(Applied::default()));
        feed.add(Recorder(Rc::clone(&applied)));
        assert!(applied.borrow().position >= 3_000);
        applied.borrow_mut().position = 2_500;
        applied.borrow_mut().changes.clear();
        feed.publish(&changes(3_995..=4_000), head(4_000));
        assert!(applied.borrow().changes.iter().copied().eq(2_501..=4_000));
        assert_eq!(receiver.borrow().revision, Revision(4_000));
        feed.publish(&changes(4_001..=4_002), head(4_002));
        assert_eq!(applied.borrow().changes.last(), Some(&4_002));
        assert_eq!(applied.borrow().restarts, 0);
    }

    #[test]
    fn a_follower_that_the_change_log_no_longer_reaches_starts_over() {
        let (sender, _receiver) = watch::channel(head(100));
        let mut feed = Feed::new(Log(50, 100), sender);
        let applied = Rc::new(RefCell::new(Applied::default()));
        feed.add(Recorder(Rc::clone(&applied)));
        feed.publish(&changes(101..=101), head(101));
        assert_eq!(applied.borrow().restarts, 1);
        assert_eq!(applied.borrow().changes, [101]);
    }
}
