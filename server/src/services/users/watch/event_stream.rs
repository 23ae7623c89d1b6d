use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
    vec,
};

use frontdesk::user::UserEvent;
use frontdesk_directory::{Change, RequestContext, Revision, Watch, WatchFilter, WatchStream};
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};
use tonic::Status;

use crate::services::{status, users::convert};

/// The maximum number of batches searched for wanted changes in one poll, so that other tasks run.
const MAX_BATCHES_PER_POLL: usize = 4;

/// One event of a watch.
#[derive(Debug)]
pub(in crate::services::users) enum Event {
    Change(Arc<Change>),
    /// Every wanted change up to this revision has been sent.
    Bookmark(Revision),
}

impl Event {
    pub(in crate::services::users) fn into_message(self) -> UserEvent {
        match self {
            Self::Change(change) => convert::event(Arc::unwrap_or_clone(change)),
            Self::Bookmark(revision) => convert::bookmark(revision),
        }
    }
}

/// The wanted changes of a watch, and bookmarks: one when it has caught up, and one after each interval
/// without an event. The stream is ready while a batch lasts, so that tonic puts many messages into
/// one HTTP/2 frame.
pub(in crate::services::users) struct EventStream {
    changes: WatchStream,
    filter: WatchFilter,
    batch: vec::IntoIter<Arc<Change>>,
    /// The revision of the last change of the batch.
    batch_end: Revision,
    /// Every change up to here has been sent or filtered out.
    position: Revision,
    /// The revision of the directory when the watch began; `None` once the watch has caught up.
    head: Option<Revision>,
    /// Whether a change of the batch has been sent.
    has_sent: bool,
    /// Updated once per batch.
    last_event: Instant,
    /// Fires at the earliest time for the next bookmark. An event does not reset it: if it fires too
    /// early, it is set to the remaining time.
    bookmark_timer: Pin<Box<Sleep>>,
    bookmark_interval: Duration,
    context: RequestContext,
}

impl EventStream {
    pub(in crate::services::users) fn new(
        watch: Watch,
        filter: WatchFilter,
        bookmark_interval: Duration,
        context: RequestContext,
    ) -> Self {
        Self {
            changes: watch.changes,
            filter,
            batch: Vec::new().into_iter(),
            batch_end: watch.after,
            position: watch.after,
            head: Some(watch.head),
            has_sent: false,
            last_event: Instant::now(),
            bookmark_timer: Box::pin(sleep(bookmark_interval)),
            bookmark_interval,
            context,
        }
    }

    fn next_wanted(&mut self) -> Option<Event> {
        let change = self.batch.find(|change| self.filter.matches(change))?;
        self.position = change.revision();
        self.has_sent = true;
        Some(Event::Change(change))
    }

    /// Whether the position has just reached the revision that the directory had at the start.
    fn has_just_caught_up(&mut self) -> bool {
        let caught_up = self.head.is_some_and(|head| self.position >= head);
        if caught_up {
            self.head = None;
        }
        caught_up
    }

    /// Whether the last event was at least an interval ago; if not, the task is woken at that time.
    fn is_bookmark_due(&mut self, cx: &mut Context<'_>) -> bool {
        while self.bookmark_timer.as_mut().poll(cx).is_ready() {
            let due = self.last_event + self.bookmark_interval;
            if due <= Instant::now() {
                return true;
            }
            self.bookmark_timer.as_mut().reset(due);
        }
        false
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        for _ in 0..MAX_BATCHES_PER_POLL {
            if let Some(event) = this.next_wanted() {
                return Poll::Ready(Some(Ok(event)));
            }
            this.position = this.batch_end;
            if mem::take(&mut this.has_sent) {
                this.last_event = Instant::now();
            }
            if this.has_just_caught_up() || this.is_bookmark_due(cx) {
                this.last_event = Instant::now();
                return Poll::Ready(Some(Ok(Event::Bookmark(this.position))));
            }
            match ready!(this.changes.as_mut().poll_next(cx)) {
                Some(Ok(batch)) => {
                    if let Some(last) = batch.last() {
                        this.batch_end = last.revision();
                    }
                    this.batch = batch.into_iter();
                }
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(status::error(&error, &this.context))));
                }
                None => return Poll::Ready(None),
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use frontdesk_directory::{Actor, ChangeKind, Email, Error, Name, Timestamp, User, UserId};
    use futures_util::{StreamExt as _, stream};
    use tonic::Code;
    use tonic_types::StatusExt as _;

    use super::*;

    /// The change of each revision is to the user with the same number.
    fn batch(revisions: RangeInclusive<i32>) -> Vec<Arc<Change>> {
        let change = |revision: i32| Change {
            kind: ChangeKind::Created,
            user: User {
                id: UserId::new(revision).expect("a valid id"),
                name: Name::parse("Ada").expect("a valid name"),
                email: Email::parse("ada@example.org").expect("a valid email"),
                revision: Revision(revision.unsigned_abs().into()),
                update_time: Timestamp(0),
                sample: false,
                purge_time: None,
            },
            before: None,
            previous_revision: None,
            actor: Actor::LOCAL_OPERATOR,
        };
        revisions
            .map(|revision| Arc::new(change(revision)))
            .collect()
    }

    fn event_stream(
        head: u64,
        user: Option<i32>,
        bookmark_interval: Duration,
        batches: impl Stream<Item = Result<Vec<Arc<Change>>, Error>> + Send + 'static,
    ) -> EventStream {
        let watch = Watch {
            after: Revision(0),
            head: Revision(head),
            changes: batches.boxed(),
        };
        let filter = WatchFilter::new(user.and_then(UserId::new), None);
        EventStream::new(watch, filter, bookmark_interval, RequestContext::local())
    }

    /// The revisions that a watch from 0 sends, bookmarks in brackets, and its status.
    async fn transcript(
        head: u64,
        user: Option<i32>,
        batches: Vec<Result<Vec<Arc<Change>>, Error>>,
    ) -> (String, Option<Status>) {
        let mut events = event_stream(head, user, Duration::from_hours(1), stream::iter(batches));
        let mut sent = Vec::new();
        loop {
            sent.push(match events.next().await {
                Some(Ok(Event::Change(change))) => change.revision().to_string(),
                Some(Ok(Event::Bookmark(revision))) => format!("[{revision}]"),
                Some(Err(status)) => return (sent.join(" "), Some(status)),
                None => return (sent.join(" "), None),
            });
        }
    }

    #[tokio::test]
    async fn one_bookmark_is_sent_when_the_watch_has_caught_up() {
        for (head, user, expected) in [
            (0, None, "[0] 1 2 3 4 5"),
            (3, None, "1 2 3 [3] 4 5"),
            // A batch may reach beyond the head.
            (2, None, "1 2 3 [3] 4 5"),
            (9, None, "1 2 3 4 5"),
            (3, Some(4), "[3] 4"),
            (4, Some(2), "2 [5]"),
            (5, Some(9), "[5]"),
        ] {
            let batches = vec![Ok(batch(1..=3)), Ok(batch(4..=5))];
            let (sent, _) = transcript(head, user, batches).await;
            assert_eq!(sent, expected, "{head} {user:?}");
        }
    }

    #[tokio::test]
    async fn a_watcher_behind_the_change_log_gets_its_batch_and_then_the_oldest_revision() {
        let oldest = Revision(70);
        let too_old = Err(Error::RevisionTooOld { oldest });
        let (sent, status) = transcript(99, None, vec![Ok(batch(1..=3)), too_old]).await;
        assert_eq!(sent, "1 2 3");
        let status = status.expect("an error");
        assert_eq!(status.code(), Code::OutOfRange);
        let info = status.get_details_error_info().expect("ErrorInfo");
        assert_eq!(info.metadata["oldest_revision"], "70");
    }

    #[tokio::test]
    async fn bookmarks_are_sent_while_no_change_of_many_is_wanted() {
        let batches = stream::iter(1..).map(|revision| Ok(batch(revision..=revision)));
        let mut events = event_stream(0, Some(i32::MAX), Duration::from_millis(5), batches);
        let mut last = None;
        for _ in 0..3 {
            match events.next().await {
                Some(Ok(Event::Bookmark(revision))) => {
                    assert!(last.replace(revision) < Some(revision));
                }
                other => panic!("unexpected: {other:?}"),
            }
        }
    }
}
