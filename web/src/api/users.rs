//! The user directory.

use std::pin::pin;

use frontdesk::user::{
    ListUsersRequest, UserRequest, UserResponse, user_service_client::UserServiceClient,
};
use frontdesk_transport::client::{Channel, Timer};
use futures_util::future::{Either, select};
use tonic::{Status, Streaming, metadata::MetadataMap};

use super::{
    health::ServerHealth,
    time_slice::TimeSlice,
    timeout::{Timeout, UNARY, with_timeout},
};
use crate::state::{error::Error, list_view::ListView, packed_users::PackedUsers, user::User};

/// A list that makes no progress for this long is cancelled.
const IDLE_TIMEOUT_MS: f64 = 30_000.0;

#[derive(Clone)]
pub struct Users {
    client: UserServiceClient<Channel>,
    health: ServerHealth,
}

impl Users {
    pub(super) fn new(channel: Channel, health: ServerHealth) -> Self {
        Self {
            client: UserServiceClient::new(channel),
            health,
        }
    }

    /// # Errors
    ///
    /// [`Error::Status`] with `NOT_FOUND` if there is no such user; any other failure of a call.
    pub async fn get(&self, id: i32) -> Result<User, Error> {
        let timeout = Timeout::from_static(UNARY);
        let request = with_timeout(Some(timeout), UserRequest { id });
        match self.client.clone().get_user(request).await {
            Ok(reply) => {
                let UserResponse {
                    id, name, email, ..
                } = reply.into_inner();
                Ok(User { id, name, email })
            }
            Err(status) => Err(self.health.to_error(&status)),
        }
    }

    /// # Errors
    ///
    /// Any failure of a call.
    pub async fn list(&self, view: ListView) -> Result<UserListing, Error> {
        let request = match view {
            ListView::All => ListUsersRequest::default(),
            ListView::Page(page) => ListUsersRequest {
                page: i32::try_from(page.number).unwrap_or(i32::MAX),
                page_size: i32::try_from(page.size).unwrap_or(i32::MAX),
                ..ListUsersRequest::default()
            },
        };
        let mut client = self.client.clone();
        let Some(reply) = with_idle_timeout(client.list_users(request)).await else {
            self.health.check_now();
            return Err(Error::DeadlineExceeded);
        };
        let reply = reply.map_err(|status| self.health.to_error(&status))?;
        Ok(UserListing {
            total: parse_header(reply.metadata(), "x-total-count"),
            batches: UserBatches {
                stream: reply.into_inner(),
                batch: PackedUsers::default(),
                end: None,
                slice: TimeSlice::new(),
                health: self.health,
            },
        })
    }
}

/// The response to [`Users::list`].
pub struct UserListing {
    /// The number of users in the directory.
    pub total: Option<u64>,
    pub batches: UserBatches,
}

/// Batches of users as they arrive. Dropping it cancels the call.
pub struct UserBatches {
    stream: Streaming<UserResponse>,
    batch: PackedUsers,
    /// How the stream ended; reported after the users that arrived before.
    end: Option<Result<(), Error>>,
    slice: TimeSlice,
    health: ServerHealth,
}

impl UserBatches {
    /// The next batch, or `None` at the end of the list. The first batch is returned as soon as a
    /// user arrives; later ones collect the users of one time slice. Yields to the browser in
    /// between.
    pub async fn next(&mut self) -> Option<Result<&PackedUsers, Error>> {
        self.slice.yield_if_over().await;
        self.batch.clear();
        if self.end.is_none() {
            if let Some(message) = with_idle_timeout(self.stream.message()).await {
                self.add(message);
                self.fill().await;
            } else {
                self.health.check_now();
                self.end = Some(Err(Error::DeadlineExceeded));
            }
        }
        if !self.batch.is_empty() {
            return Some(Ok(&self.batch));
        }
        let end = self.end.replace(Ok(()))?;
        end.err().map(Err)
    }

    /// Collects users until the slice is over, so that not every chunk of the response becomes a
    /// separate batch.
    async fn fill(&mut self) {
        let mut over = pin!(self.slice.over());
        while self.end.is_none() && !self.slice.is_over(self.batch.len()) {
            let message = match select(pin!(self.stream.message()), &mut over).await {
                Either::Left((message, _)) => message,
                Either::Right(_) => break,
            };
            self.add(message);
        }
    }

    fn add(&mut self, message: Result<Option<UserResponse>, Status>) {
        match message {
            Ok(Some(user)) => self.batch.push(user.id, &user.name, &user.email),
            Ok(None) => self.end = Some(Ok(())),
            Err(status) => self.end = Some(Err(self.health.to_error(&status))),
        }
    }
}

/// `None` if the future does not complete within [`IDLE_TIMEOUT_MS`].
async fn with_idle_timeout<F: Future>(future: F) -> Option<F::Output> {
    match select(pin!(future), Timer::after(IDLE_TIMEOUT_MS)).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}

fn parse_header(metadata: &MetadataMap, key: &'static str) -> Option<u64> {
    metadata.get(key)?.to_str().ok()?.parse().ok()
}
