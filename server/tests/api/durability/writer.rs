//! A client that writes continuously and records what was acknowledged.

use std::{collections::HashMap, error::Error as _};

use frontdesk::user::{
    CreateUserRequest, DeleteUserRequest, RestoreUserRequest, UpdateUserRequest, UserResponse,
};
use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tonic::{Code, Response, Status};

use super::model::ExpectedUser;
use crate::helpers::Users;

/// A write that can be repeated.
#[derive(Clone, Debug)]
enum Write {
    Create(CreateUserRequest),
    Update(UpdateUserRequest),
    Delete(DeleteUserRequest),
    Restore(RestoreUserRequest),
}

impl Write {
    async fn send(self, users: &mut Users) -> Result<UserResponse, Status> {
        let response = match self {
            Self::Create(request) => users.create_user(request).await,
            Self::Update(request) => users.update_user(request).await,
            Self::Delete(request) => users.delete_user(request).await,
            Self::Restore(request) => users.restore_user(request).await,
        };
        response.map(Response::into_inner)
    }

    /// The id of an existing user.
    fn id(&self) -> Option<i32> {
        match self {
            Self::Create(_) => None,
            Self::Update(request) => Some(request.id),
            Self::Delete(request) => Some(request.id),
            Self::Restore(request) => Some(request.id),
        }
    }
}

/// A writer that only changes its own users.
pub(super) struct Writer {
    name: usize,
    number: u32,
    random: ChaCha8Rng,
    expected: HashMap<i32, ExpectedUser>,
    /// A write without a response; it is repeated first.
    pending: Option<Write>,
    /// Writes that succeeded or were rejected.
    pub(super) acknowledged: u32,
}

impl Writer {
    pub(super) fn new(name: usize, seed: u64) -> Self {
        Self {
            name,
            number: 0,
            random: ChaCha8Rng::seed_from_u64(seed.wrapping_add(name as u64)),
            expected: HashMap::new(),
            pending: None,
            acknowledged: 0,
        }
    }

    /// The users without a pending write.
    pub(super) fn settled(&self) -> HashMap<i32, ExpectedUser> {
        let mut settled = self.expected.clone();
        if let Some(id) = self.pending.as_ref().and_then(Write::id) {
            settled.remove(&id);
        }
        settled
    }

    /// Writes until the server is killed.
    pub(super) async fn write(&mut self, users: &mut Users) {
        while self.write_once(users).await {}
    }

    /// Sends one write, the pending one first; returns whether it was acknowledged.
    pub(super) async fn write_once(&mut self, users: &mut Users) -> bool {
        let write = match self.pending.take() {
            Some(write) => write,
            None => self.next_write(),
        };
        match write.clone().send(users).await {
            Ok(user) => self.record(&write, user),
            Err(status) if is_connection_lost(&status) => {
                self.pending = Some(write);
                return false;
            }
            Err(status) => self.assert_rejection_expected(&write, &status),
        }
        self.acknowledged += 1;
        true
    }

    fn record(&mut self, write: &Write, user: UserResponse) {
        if let Some(known) = self.expected.get(&user.id) {
            assert!(
                user.revision > known.user.revision,
                "{user:?} after {known:?}"
            );
        }
        match write {
            Write::Create(request) => assert_eq!(user.email, request.email),
            Write::Update(request) => assert_eq!(user.name, request.name),
            Write::Delete(_) | Write::Restore(_) => {
                let known = &self.expected[&user.id].user;
                assert_eq!((&user.name, &user.email), (&known.name, &known.email));
            }
        }
        let deleted = matches!(write, Write::Delete(_));
        assert_eq!(user.delete_time.is_some(), deleted, "{user:?}");
        self.expected
            .insert(user.id, ExpectedUser { user, deleted });
    }

    fn assert_rejection_expected(&self, write: &Write, status: &Status) {
        let expected = match write {
            Write::Create(request) => {
                let taken =
                    |known: &ExpectedUser| !known.deleted && known.user.email == request.email;
                self.expected
                    .values()
                    .any(taken)
                    .then_some(Code::AlreadyExists)
            }
            Write::Update(request) => {
                let known = &self.expected[&request.id].user;
                (request.expected_revision != known.revision).then_some(Code::Aborted)
            }
            Write::Delete(_) | Write::Restore(_) => None,
        };
        assert_eq!(Some(status.code()), expected, "{write:?}: {status:?}");
    }

    fn next_write(&mut self) -> Write {
        self.number += 1;
        let request_id = format!("{}.{}", self.name, self.number);
        let ids: Vec<_> = self.expected.keys().copied().collect();
        let chosen = ids.get(self.random.random_range(0..ids.len().max(1)));
        let Some(known) = chosen.and_then(|id| self.expected.get(id)) else {
            return self.create(request_id);
        };
        let id = known.user.id;
        // With the revision, a repeated write that was applied already cannot overwrite a later one.
        let expected_revision = known.user.revision;
        if known.deleted {
            return Write::Restore(RestoreUserRequest {
                id,
                expected_revision,
                request_id,
            });
        }
        match self.random.random_range(0..10) {
            0..3 => self.create(request_id),
            // Rejected: the email is taken.
            3 => Write::Create(CreateUserRequest {
                name: "Rejected".to_owned(),
                email: known.user.email.clone(),
                request_id,
            }),
            // Rejected: the revision is outdated.
            4 => Write::Update(UpdateUserRequest {
                id,
                name: "Rejected".to_owned(),
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
                name: format!("Writer {}, write {}", self.name, self.number),
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

/// Whether no response came: tonic's own errors have a source, a status of the server has none.
pub(super) fn is_connection_lost(status: &Status) -> bool {
    status.source().is_some() || status.code() == Code::Unavailable
}
