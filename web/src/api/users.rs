//! The directory.

use std::pin::pin;

use frontdesk::user::{
    ListUsersRequest, UserRequest, UserResponse, user_service_client::UserServiceClient,
};
use frontdesk_transport::client::{Channel, Timer};
use futures_util::future::{Either, select};
use tonic::{Status, Streaming, metadata::MetadataMap};

use super::{
    Failure, Link,
    pace::Pace,
    timeout::{UNARY, within},
};
use crate::model::{Packed, Person, address::View};

/// A list that says nothing for this long is given up.
const SILENCE_MS: f64 = 30_000.0;

/// The directory.
#[derive(Clone)]
pub struct Users {
    client: UserServiceClient<Channel>,
    link: Link,
}

impl Users {
    pub(super) fn new(channel: Channel, link: Link) -> Self {
        Self {
            client: UserServiceClient::new(channel),
            link,
        }
    }

    /// The person with this `id`.
    ///
    /// # Errors
    ///
    /// [`Failure::Refused`] with `NotFound` where there is none; any other failure of a call.
    pub async fn person(&self, id: i32) -> Result<Person, Failure> {
        let request = within(UNARY, UserRequest { id });
        match self.client.clone().get_user(request).await {
            Ok(reply) => Ok(person(reply.into_inner())),
            Err(status) => Err(self.link.learn_from(&status)),
        }
    }

    /// The people whom `view` asks for.
    ///
    /// # Errors
    ///
    /// Any failure of a call.
    pub async fn list(&self, view: View) -> Result<Listing, Failure> {
        let request = match view {
            View::All => ListUsersRequest::default(),
            View::Page(page) => ListUsersRequest {
                page: i32::try_from(page.number).unwrap_or(i32::MAX),
                page_size: i32::try_from(page.size).unwrap_or(i32::MAX),
                ..ListUsersRequest::default()
            },
        };
        let mut client = self.client.clone();
        let Some(reply) = within_silence(client.list_users(request)).await else {
            self.link.ask_now();
            return Err(Failure::TooLate);
        };
        let reply = reply.map_err(|status| self.link.learn_from(&status))?;
        let total = number(reply.metadata(), "x-total-count");
        Ok(Listing {
            total,
            rows: Rows {
                stream: reply.into_inner(),
                portion: Packed::default(),
                ended: None,
                pace: Pace::new(),
                link: self.link,
            },
        })
    }
}

/// An answer to [`Users::list`], as it begins.
pub struct Listing {
    /// How many people the directory holds.
    pub total: Option<u64>,
    /// The people.
    pub rows: Rows,
}

/// People as they come in. Dropping it cancels the call.
pub struct Rows {
    stream: Streaming<UserResponse>,
    portion: Packed,
    /// How it ended, once it has: told after the people who came before.
    ended: Option<Result<(), Failure>>,
    pace: Pace,
    link: Link,
}

impl Rows {
    /// The next people, or `None` after the last: the first who come, at once; then all who come
    /// in the time of a portion. Between two portions the browser has its turn.
    pub async fn next(&mut self) -> Option<Result<&Packed, Failure>> {
        self.pace.rest().await;
        self.portion.clear();
        if self.ended.is_none() {
            if let Some(message) = within_silence(self.stream.message()).await {
                self.take(message);
                self.fill().await;
            } else {
                self.link.ask_now();
                self.ended = Some(Err(Failure::TooLate));
            }
        }
        if !self.portion.is_empty() {
            return Some(Ok(&self.portion));
        }
        let ended = self.ended.replace(Ok(()))?;
        ended.err().map(Err)
    }

    /// Takes what comes until the portion is over. To wait for more within it is cheaper than to
    /// show what little has come: each chunk of an answer would be a portion of its own.
    async fn fill(&mut self) {
        let mut over = pin!(self.pace.over());
        while self.ended.is_none() && !self.pace.is_over(self.portion.len()) {
            let message = match select(pin!(self.stream.message()), &mut over).await {
                Either::Left((message, _)) => message,
                Either::Right(_) => break,
            };
            self.take(message);
        }
    }

    fn take(&mut self, message: Result<Option<UserResponse>, Status>) {
        match message {
            Ok(Some(user)) => self.portion.push(user.id, &user.name, &user.email),
            Ok(None) => self.ended = Some(Ok(())),
            Err(status) => self.ended = Some(Err(self.link.learn_from(&status))),
        }
    }
}

/// What is waited for, unless nothing is heard for [`SILENCE_MS`].
async fn within_silence<F: Future>(answer: F) -> Option<F::Output> {
    match select(pin!(answer), Timer::after(SILENCE_MS)).await {
        Either::Left((answer, _)) => Some(answer),
        Either::Right(_) => None,
    }
}

fn number(metadata: &MetadataMap, key: &'static str) -> Option<u64> {
    metadata.get(key)?.to_str().ok()?.parse().ok()
}

fn person(message: UserResponse) -> Person {
    Person {
        id: message.id,
        name: message.name,
        email: message.email,
    }
}
