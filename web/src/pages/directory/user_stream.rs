use leptos::prelude::*;

use crate::{
    api::{Api, clock, task::TaskSlot, users::UserListing},
    state::{
        list_view::ListView,
        packed_users::PackedUsers,
        progress::{self, Announcer, Count, Phase},
        user::User,
        user_list::UserList,
    },
};

/// The list of all users and its progress, as signals. A reload keeps each old row until a new one
/// replaces it.
#[derive(Clone, Copy)]
pub(super) struct UserStream {
    api: StoredValue<Api>,
    users: StoredValue<UserList>,
    phase: RwSignal<Phase>,
    count: RwSignal<Count>,
    rows: RwSignal<usize>,
    version: RwSignal<u32>,
    announcement: RwSignal<String>,
    task: TaskSlot,
}

impl UserStream {
    pub(super) fn new(api: &Api) -> Self {
        Self {
            api: StoredValue::new(api.clone()),
            users: StoredValue::new(UserList::default()),
            phase: RwSignal::new(Phase::Paused),
            count: RwSignal::new(Count::default()),
            rows: RwSignal::new(0),
            version: RwSignal::new(0),
            announcement: RwSignal::new(String::new()),
            task: TaskSlot::new(),
        }
    }

    pub(super) fn phase(self) -> ReadSignal<Phase> {
        self.phase.read_only()
    }

    pub(super) fn count(self) -> ReadSignal<Count> {
        self.count.read_only()
    }

    /// The number of rows to show, old rows included.
    pub(super) fn rows(self) -> ReadSignal<usize> {
        self.rows.read_only()
    }

    /// Changes when existing rows are replaced.
    pub(super) fn version(self) -> ReadSignal<u32> {
        self.version.read_only()
    }

    /// For assistive technology.
    pub(super) fn announcement(self) -> ReadSignal<String> {
        self.announcement.read_only()
    }

    pub(super) fn user(self, index: usize) -> Option<User> {
        self.users.with_value(|users| users.get(index))
    }

    pub(super) fn user_with_id(self, id: i32) -> Option<User> {
        self.users
            .with_value(|users| users.get(users.position(id)?))
    }

    /// The ids before and after this one, if they have been received.
    pub(super) fn neighbors(self, id: i32) -> (Option<i32>, Option<i32>) {
        self.users.with_value(|users| users.neighbors(id))
    }

    /// Loads the list, unless it is complete or was stopped by the user.
    pub(super) fn resume(self) {
        if matches!(self.phase.get_untracked(), Phase::Paused | Phase::Failed(_)) {
            self.reload();
        }
    }

    /// Called when the list is no longer shown.
    pub(super) fn pause(self) {
        if self.phase.with_untracked(Phase::is_active) {
            self.task.abort();
            self.phase.set(Phase::Paused);
        }
    }

    pub(super) fn stop(self) {
        if self.phase.with_untracked(Phase::is_active) {
            self.task.abort();
            self.end(Phase::Stopped);
        }
    }

    /// Loads the list from the first user on. Rows and count stay until the response starts.
    pub(super) fn reload(self) {
        self.phase.set(Phase::Connecting);
        self.task.spawn(async move {
            let users = self.api.with_value(|api| api.users.clone());
            match users.list(ListView::All).await {
                Ok(listing) => {
                    let end = self.receive(listing).await;
                    self.end(end);
                }
                Err(error) => _ = self.phase.try_set(Phase::Failed(error)),
            }
        });
    }

    async fn receive(self, listing: UserListing) -> Phase {
        let mut announcer = Announcer::default();
        let mut batches = listing.batches;
        self.users.try_update_value(UserList::restart);
        self.count.try_set(Count {
            received: 0,
            total: listing.total,
        });
        self.phase.try_set(Phase::Receiving);
        while let Some(batch) = batches.next().await {
            match batch {
                Ok(batch) => self.add(batch, &mut announcer),
                Err(error) => return Phase::Failed(error),
            }
        }
        Phase::Complete
    }

    fn add(self, batch: &PackedUsers, announcer: &mut Announcer) {
        let added = self.users.try_update_value(|users| {
            let replaces_rows = users.received() < users.len();
            users.extend(batch);
            (replaces_rows, users.received(), users.len())
        });
        let Some((replaces_rows, received, rows)) = added else {
            return;
        };
        if replaces_rows {
            self.version.try_update(|version| *version += 1);
        }
        if self.rows.try_get_untracked() != Some(rows) {
            self.rows.try_set(rows);
        }
        let count = self.count.try_update(|count| {
            count.received = received as u64;
            *count
        });
        let announcement = count.and_then(|count| announcer.announcement(clock::now_ms(), count));
        if let Some(announcement) = announcement {
            self.announcement.try_set(announcement);
        }
    }

    fn end(self, phase: Phase) {
        if phase == Phase::Complete {
            let rows = self.users.try_update_value(|users| {
                users.finish();
                users.len()
            });
            self.rows.try_set(rows.unwrap_or_default());
            self.count
                .try_update(|count| count.total = Some(count.received));
        }
        let count = self.count.try_get_untracked().unwrap_or_default();
        if let Some(announcement) = progress::end_announcement(&phase, count) {
            self.announcement.try_set(announcement);
        }
        self.phase.try_set(phase);
    }
}
