//! `WatchUsers`: what is asked for, and the stream that answers it.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
    vec,
};

use frontdesk::user::{UserEvent, WatchUsersRequest};
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};
use tonic::{Extensions, Status};

use super::{
    super::status::{self, BadFields},
    wire,
};
use frontdesk_directory::{Change, Query, Revision, UserId, Watch, WatchFilter, WatchStream};

/// From where on is watched, and for what.
pub(super) fn parse(
    request: &WatchUsersRequest,
) -> Result<(Option<Revision>, WatchFilter), Status> {
    let mut bad = BadFields::default();
    let from = request.from_revision.map(revision).transpose();
    let from = bad.check("from_revision", from);
    let query = bad.check("query", Query::parse(&request.query));
    let user = bad.check("user_id", user(request.user_id));
    match (from, query, user) {
        (Some(from), Some(query), Some(user)) => Ok((from, WatchFilter::new(user, query.as_ref()))),
        _ => Err(bad.status()),
    }
}

fn revision(revision: i64) -> Result<Revision, &'static str> {
    u64::try_from(revision)
        .map(Revision)
        .map_err(|_| "must be 0 (from the first) or a revision")
}

/// The user of this number, or all for 0.
pub(super) fn user(id: i32) -> Result<Option<UserId>, &'static str> {
    if id < 0 {
        return Err("must be 0 (all) or the id of a user");
    }
    Ok(UserId::new(id))
}

/// How many batches are looked through before others have their turn.
const BATCHES_A_TURN: usize = 4;

/// One event of a watch.
#[derive(Debug)]
pub(super) enum Event {
    /// A change.
    Change(Arc<Change>),
    /// That there was none up to this revision but what was said.
    Bookmark(Revision),
}

impl Event {
    /// The event as a message.
    pub(super) fn into_message(self) -> UserEvent {
        match self {
            Self::Change(change) => wire::event(Arc::unwrap_or_clone(change)),
            Self::Bookmark(revision) => wire::bookmark(revision),
        }
    }
}

/// The changes that somebody wants to be told of, and bookmarks. Ready while a batch lasts, so that
/// tonic puts many messages into one HTTP/2 frame.
pub(super) struct EventStream {
    news: WatchStream,
    interest: WatchFilter,
    batch: vec::IntoIter<Arc<Change>>,
    /// The revision at the batch's end.
    end: Revision,
    /// All up to here has been said, or was not wanted.
    position: Revision,
    /// How far the directory was when the watch began, until all of that has been said.
    behind: Option<Revision>,
    /// Whether something of the batch was said.
    talking: bool,
    /// Since when nothing was said, as of the last batch.
    silent: Instant,
    /// Rings when it may be time for a bookmark. It is not set anew for each event: when it rings too
    /// early, it is set to what is left.
    bell: Pin<Box<Sleep>>,
    bookmarks: Duration,
    extensions: Extensions,
}

impl EventStream {
    pub(super) fn new(
        watch: Watch,
        interest: WatchFilter,
        bookmarks: Duration,
        extensions: Extensions,
    ) -> Self {
        Self {
            news: watch.changes,
            interest,
            batch: Vec::new().into_iter(),
            end: watch.after,
            position: watch.after,
            behind: Some(watch.head),
            talking: false,
            silent: Instant::now(),
            bell: Box::pin(sleep(bookmarks)),
            bookmarks,
            extensions,
        }
    }

    /// The next of the batch that is wanted.
    fn wanted(&mut self) -> Option<Event> {
        let news = self.batch.find(|news| self.interest.matches(news))?;
        self.position = news.revision();
        self.talking = true;
        Some(Event::Change(news))
    }

    /// Whether all that was there at the beginning has been said just now.
    fn has_caught_up(&mut self) -> bool {
        let caught_up = self.behind.is_some_and(|head| self.position >= head);
        if caught_up {
            self.behind = None;
        }
        caught_up
    }

    /// Whether nothing was said for long enough; wakes when that is so.
    fn is_silent(&mut self, cx: &mut Context<'_>) -> bool {
        while self.bell.as_mut().poll(cx).is_ready() {
            let due = self.silent + self.bookmarks;
            if due <= Instant::now() {
                return true;
            }
            self.bell.as_mut().reset(due);
        }
        false
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        for _ in 0..BATCHES_A_TURN {
            if let Some(news) = this.wanted() {
                return Poll::Ready(Some(Ok(news)));
            }
            // What nobody wanted is behind us too.
            this.position = this.end;
            if mem::take(&mut this.talking) {
                this.silent = Instant::now();
            }
            if this.has_caught_up() || this.is_silent(cx) {
                this.silent = Instant::now();
                return Poll::Ready(Some(Ok(Event::Bookmark(this.position))));
            }
            match ready!(Pin::new(&mut this.news).poll_next(cx)) {
                Some(Ok(batch)) => {
                    if let Some(last) = batch.last() {
                        this.end = last.revision();
                    }
                    this.batch = batch.into_iter();
                }
                Some(Err(error)) => {
                    return Poll::Ready(Some(Err(status::directory(&error, &this.extensions))));
                }
                None => return Poll::Ready(None),
            }
        }
        // Much comes that nobody wants: others have their turn.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{StreamExt as _, stream};
    use tonic::Code;
    use tonic_types::StatusExt as _;

    use super::*;
    use frontdesk_directory::{Change, ChangeKind, Email, Name, Timestamp, User};

    /// Each change is of the user with the number of its revision.
    fn batch(revisions: std::ops::RangeInclusive<i32>) -> Vec<Arc<Change>> {
        let change = |revision: i32| Change {
            kind: ChangeKind::Created,
            user: User {
                id: UserId::new(revision).expect("an id"),
                name: Name::parse("Ada").expect("a name"),
                email: Email::parse("ada@example.org").expect("an address"),
                revision: Revision(revision.unsigned_abs().into()),
                update_time: Timestamp(0),
                sample: false,
                purge_time: None,
            },
            before: None,
        };
        revisions
            .map(|revision| Arc::new(change(revision).into()))
            .collect()
    }

    /// What a watch from 0 says of these batches; a bookmark in brackets.
    async fn said(
        head: u64,
        user: Option<i32>,
        batches: Vec<Result<Vec<Arc<Change>>, frontdesk_directory::Error>>,
    ) -> (String, Option<Status>) {
        let watching = Watch {
            after: Revision(0),
            head: Revision(head),
            changes: stream::iter(batches).boxed(),
        };
        let interest = WatchFilter::new(user.and_then(UserId::new), None);
        let hour = Duration::from_hours(1);
        let mut watch = EventStream::new(watching, interest, hour, Extensions::new());
        let mut words = Vec::new();
        loop {
            words.push(match watch.next().await {
                Some(Ok(Event::Change(news))) => news.revision().to_string(),
                Some(Ok(Event::Bookmark(revision))) => format!("[{revision}]"),
                Some(Err(status)) => return (words.join(" "), Some(status)),
                None => return (words.join(" "), None),
            });
        }
    }

    #[tokio::test]
    async fn one_bookmark_comes_when_all_that_was_there_has_been_said() {
        for (head, user, expected) in [
            (0, None, "[0] 1 2 3 4 5"),
            (3, None, "1 2 3 [3] 4 5"),
            // A batch may go further than the directory was.
            (2, None, "1 2 3 [3] 4 5"),
            (9, None, "1 2 3 4 5"),
            (3, Some(4), "[3] 4"),
            (4, Some(2), "2 [5]"),
            (5, Some(9), "[5]"),
        ] {
            let (words, _) = said(head, user, vec![Ok(batch(1..=3)), Ok(batch(4..=5))]).await;
            assert_eq!(words, expected, "{head} {user:?}");
        }
    }

    #[tokio::test]
    async fn who_is_overtaken_is_told_of_all_before_and_then_how_far_the_record_goes_back() {
        let oldest = Revision(70);
        let overtaken = Err(frontdesk_directory::Error::RevisionTooOld { oldest });
        let (words, status) = said(99, None, vec![Ok(batch(1..=3)), overtaken]).await;
        assert_eq!(words, "1 2 3");
        let status = status.expect("an end");
        assert_eq!(status.code(), Code::OutOfRange);
        let info = status.get_details_error_info().expect("the reason");
        assert_eq!(info.metadata["oldest_revision"], "70");
    }

    #[tokio::test]
    async fn bookmarks_come_while_nothing_is_wanted_of_much_that_comes() {
        let news = stream::iter(1..).map(|revision| Ok(batch(revision..=revision)));
        let watching = Watch {
            after: Revision(0),
            head: Revision(0),
            changes: news.boxed(),
        };
        let interest = WatchFilter::new(UserId::new(i32::MAX), None);
        let soon = Duration::from_millis(5);
        let mut watch = EventStream::new(watching, interest, soon, Extensions::new());
        let mut last = None;
        for _ in 0..3 {
            match watch.next().await {
                Some(Ok(Event::Bookmark(revision))) => {
                    assert!(last.replace(revision) < Some(revision));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
