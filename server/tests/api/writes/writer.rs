//! Somebody who writes all the time, and remembers what was answered.

use std::{collections::HashMap, error::Error as _};

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest, UserResponse,
    user_service_client::UserServiceClient,
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tonic::{Code, Response, Status, transport::Channel};

use super::model::Known;

/// A write, as it can be sent again.
#[derive(Clone, Debug)]
enum Write {
    Create(CreateUserRequest),
    Update(UpdateUserRequest),
    Delete(DeleteUserRequest),
    Restore(RestoreUserRequest),
}

impl Write {
    async fn send(self, users: &mut UserServiceClient<Channel>) -> Result<UserResponse, Status> {
        let answer = match self {
            Self::Create(request) => users.create_user(request).await,
            Self::Update(request) => users.update_user(request).await,
            Self::Delete(request) => users.delete_user(request).await,
            Self::Restore(request) => users.restore_user(request).await,
        };
        answer.map(Response::into_inner)
    }

    /// Whose.
    fn id(&self) -> Option<i32> {
        match self {
            Self::Create(_) => None,
            Self::Update(request) => Some(request.id),
            Self::Delete(request) => Some(request.id),
            Self::Restore(request) => Some(request.id),
        }
    }
}

/// A writer whose users nobody else changes.
pub(super) struct Writer {
    name: usize,
    number: u32,
    random: ChaCha8Rng,
    known: HashMap<i32, Known>,
    /// What was sent and has not been answered.
    pending: Option<Write>,
    /// How many were answered, well or with a refusal.
    pub(super) answered: u32,
}

impl Writer {
    pub(super) fn new(name: usize, seed: u64) -> Self {
        Self {
            name,
            number: 0,
            random: ChaCha8Rng::seed_from_u64(seed.wrapping_add(name as u64)),
            known: HashMap::new(),
            pending: None,
            answered: 0,
        }
    }

    /// Those whom nothing is under way for.
    pub(super) fn settled(&self) -> HashMap<i32, Known> {
        let mut settled = self.known.clone();
        if let Some(id) = self.pending.as_ref().and_then(Write::id) {
            settled.remove(&id);
        }
        settled
    }

    /// Writes until nobody answers any more.
    pub(super) async fn write(&mut self, users: &mut UserServiceClient<Channel>) {
        while self.write_once(users).await {}
    }

    /// One write, that before all which was not answered; whether it was answered.
    pub(super) async fn write_once(&mut self, users: &mut UserServiceClient<Channel>) -> bool {
        let write = match self.pending.take() {
            Some(write) => write,
            None => self.next(),
        };
        match write.clone().send(users).await {
            Ok(user) => self.learn(&write, user),
            // tonic's own errors have a source; what the server says has none.
            Err(status) if status.source().is_some() || status.code() == Code::Unavailable => {
                self.pending = Some(write);
                return false;
            }
            Err(status) => self.refused(&write, &status),
        }
        self.answered += 1;
        true
    }

    fn learn(&mut self, write: &Write, user: UserResponse) {
        if let Some(known) = self.known.get(&user.id) {
            assert!(
                user.revision > known.user.revision,
                "{user:?} after {known:?}"
            );
        }
        match write {
            Write::Create(request) => assert_eq!(user.email, request.email),
            Write::Update(request) => assert_eq!(user.name, request.name),
            Write::Delete(_) | Write::Restore(_) => {
                let known = &self.known[&user.id].user;
                assert_eq!((&user.name, &user.email), (&known.name, &known.email));
            }
        }
        let in_bin = matches!(write, Write::Delete(_));
        assert_eq!(user.delete_time.is_some(), in_bin, "{user:?}");
        self.known.insert(user.id, Known { user, in_bin });
    }

    /// Only what is meant to be is refused.
    fn refused(&self, write: &Write, status: &Status) {
        let expected = match write {
            Write::Create(request) => {
                let taken = |known: &Known| !known.in_bin && known.user.email == request.email;
                self.known
                    .values()
                    .any(taken)
                    .then_some(Code::AlreadyExists)
            }
            Write::Update(request) => {
                let known = &self.known[&request.id].user;
                (request.expected_revision != known.revision).then_some(Code::Aborted)
            }
            Write::Delete(_) | Write::Restore(_) => None,
        };
        assert_eq!(Some(status.code()), expected, "{write:?}: {status:?}");
    }

    fn next(&mut self) -> Write {
        self.number += 1;
        let request_id = format!("{}.{}", self.name, self.number);
        let ids: Vec<_> = self.known.keys().copied().collect();
        let chosen = ids.get(self.random.random_range(0..ids.len().max(1)));
        let Some(known) = chosen.and_then(|id| self.known.get(id)) else {
            return self.create(request_id);
        };
        let id = known.user.id;
        // Each is what the client saw, so that a write that was not answered changes no other.
        let expected_revision = known.user.revision;
        if known.in_bin {
            return Write::Restore(RestoreUserRequest {
                id,
                expected_revision,
                request_id,
            });
        }
        match self.random.random_range(0..10) {
            0..3 => self.create(request_id),
            // Refused: the email is taken.
            3 => Write::Create(CreateUserRequest {
                name: "Nobody".to_owned(),
                email: known.user.email.clone(),
                request_id,
            }),
            // Refused: they were changed since.
            4 => Write::Update(UpdateUserRequest {
                id,
                name: "Nobody".to_owned(),
                expected_revision: expected_revision.saturating_sub(1).max(1),
                request_id,
                ..UpdateUserRequest::default()
            }),
            5 => Write::Delete(DeleteUserRequest {
                id,
                expected_revision,
                request_id,
            }),
            _ => Write::Update(UpdateUserRequest {
                id,
                name: format!("Writer {} the {}th", self.name, self.number),
                expected_revision,
                request_id,
                ..UpdateUserRequest::default()
            }),
        }
    }

    fn create(&self, request_id: String) -> Write {
        Write::Create(CreateUserRequest {
            name: format!("Writer {}", self.name),
            email: format!("writer{}.{}@example.org", self.name, self.number),
            request_id,
        })
    }
}
