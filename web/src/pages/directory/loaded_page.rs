use std::sync::Arc;

use crate::{
    api::{Error, users::Users},
    state::{
        list_view::{ListView, Page},
        user_list::UserList,
    },
};

#[derive(Clone, Debug)]
pub(super) struct LoadedPage {
    pub(super) page: Page,
    /// The number of users in the directory.
    pub(super) total: Option<u64>,
    pub(super) users: Arc<UserList>,
}

impl LoadedPage {
    pub(super) async fn load(users: Users, page: Page) -> Result<Self, Error> {
        let mut listing = users.list(ListView::Page(page)).await?;
        let mut users = UserList::default();
        while let Some(batch) = listing.batches.next().await {
            users.extend(batch?);
        }
        users.finish();
        Ok(Self {
            page,
            total: listing.total,
            users: Arc::new(users),
        })
    }

    /// The page to show instead, if this one lies beyond the end.
    pub(super) fn replacement(&self) -> Option<Page> {
        self.page.last_if_beyond(self.total?)
    }
}

impl PartialEq for LoadedPage {
    fn eq(&self, other: &Self) -> bool {
        self.page == other.page && Arc::ptr_eq(&self.users, &other.users)
    }
}
