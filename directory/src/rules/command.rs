//! Commands that change one user.

use super::{
    AppliedChange, Decision, IDEMPOTENCY_WINDOW, Lookup, Rules, StoredResponse, decision::Row,
    fingerprint::fingerprint,
};
use crate::{
    Change, ChangeKind, Command, Email, IdempotencyKey, Name, NewUser, Rejection, Revision,
    Timestamp, User, UserId,
};

type Outcome = Decision<Result<User, Rejection>>;

impl<L: Lookup> Rules<'_, L> {
    /// Decides what a command does. With a key that was used within [`IDEMPOTENCY_WINDOW`], it does
    /// nothing and the response is that of the first command.
    ///
    /// # Errors
    /// The lookup failed.
    pub fn execute(
        &self,
        command: Command,
        key: Option<&IdempotencyKey>,
    ) -> Result<Outcome, L::Error> {
        let Some(key) = key else {
            return self.decide(command);
        };
        let fingerprint = fingerprint(&command);
        let oldest = self.now.saturating_sub(IDEMPOTENCY_WINDOW);
        if let Some(stored) = self.lookup.response(key)?
            && stored.time > oldest
        {
            return Ok(Decision::unchanged(if stored.fingerprint == fingerprint {
                stored.response
            } else {
                Err(Rejection::IdempotencyKeyReused)
            }));
        }
        let decision = self.decide(command)?;
        let stored = StoredResponse {
            time: self.now,
            fingerprint,
            response: decision.response().clone(),
        };
        Ok(decision.storing(key.clone(), stored))
    }

    fn decide(&self, command: Command) -> Result<Outcome, L::Error> {
        match command {
            Command::Create { name, email } => {
                let Some(id) = self.next_id() else {
                    return Ok(rejected(Rejection::IdsExhausted));
                };
                if let Some(holder) = self.lookup.user_by_email(&email.key())? {
                    return Ok(rejected(Rejection::EmailTaken(holder.id)));
                }
                Ok(succeeded(self.insert(id, NewUser { name, email }, false)))
            }
            Command::Update {
                id,
                name,
                email,
                expected,
            } => match check(id, expected, self.lookup.user(id)?) {
                Ok(user) => self.update(user, name, email),
                Err(rejection) => Ok(rejected(rejection)),
            },
            Command::Delete { id, expected } => {
                Ok(match check(id, expected, self.lookup.user(id)?) {
                    Ok(user) => succeeded(self.trash(user)),
                    Err(rejection) => rejected(rejection),
                })
            }
            Command::Restore { id, expected } => {
                match check(id, expected, self.lookup.trashed_user(id)?) {
                    Ok(user) => self.restore(user),
                    Err(rejection) => Ok(rejected(rejection)),
                }
            }
        }
    }

    /// Creates a user whose email no other user has.
    pub(super) fn insert(&self, id: UserId, user: NewUser, sample: bool) -> AppliedChange {
        let user = User {
            id,
            name: user.name,
            email: user.email,
            revision: self.next_revision(),
            update_time: self.now,
            sample,
            purge_time: None,
        };
        AppliedChange {
            last_id: Some(id),
            ..self.change(ChangeKind::Created, user, Row::Insert, None)
        }
    }

    fn update(
        &self,
        user: User,
        name: Option<Name>,
        email: Option<Email>,
    ) -> Result<Outcome, L::Error> {
        let name = name.unwrap_or_else(|| user.name.clone());
        let email = email.unwrap_or_else(|| user.email.clone());
        if name == user.name && email == user.email {
            return Ok(Decision::unchanged(Ok(user)));
        }
        if email.key() != user.email.key()
            && let Some(holder) = self.lookup.user_by_email(&email.key())?
        {
            return Ok(rejected(Rejection::EmailTaken(holder.id)));
        }
        Ok(succeeded(self.overwrite(user, name, email)))
    }

    /// Overwrites a user's fields. A sample that was changed is no longer a sample: it stays when
    /// the samples are removed.
    pub(super) fn overwrite(&self, user: User, name: Name, email: Email) -> AppliedChange {
        let previous = user.revision;
        let before = (user.name, user.email);
        let user = User {
            name,
            email,
            revision: self.next_revision(),
            update_time: self.now,
            sample: false,
            ..user
        };
        let mut change = self.change(ChangeKind::Updated, user, Row::Update, Some(previous));
        change.change.before = Some(before);
        change
    }

    fn trash(&self, user: User) -> AppliedChange {
        let purge_time = Some(self.now.saturating_add(self.trash_retention));
        self.remove(user, Row::Trash, purge_time)
    }

    /// Removes a user without passing through the trash.
    pub(super) fn purge(&self, user: User) -> AppliedChange {
        self.remove(user, Row::Purge, None)
    }

    fn remove(&self, user: User, row: Row, purge_time: Option<Timestamp>) -> AppliedChange {
        let previous = user.revision;
        let user = User {
            revision: self.next_revision(),
            update_time: self.now,
            purge_time,
            ..user
        };
        self.change(ChangeKind::Deleted, user, row, Some(previous))
    }

    fn restore(&self, user: User) -> Result<Outcome, L::Error> {
        // Expired, but not yet purged by the retention sweep.
        if user.update_time.saturating_add(self.trash_retention) <= self.now {
            return Ok(rejected(Rejection::UserNotFound(user.id)));
        }
        if let Some(holder) = self.lookup.user_by_email(&user.email.key())? {
            return Ok(rejected(Rejection::EmailTaken(holder.id)));
        }
        let user = User {
            revision: self.next_revision(),
            update_time: self.now,
            purge_time: None,
            ..user
        };
        Ok(succeeded(self.change(
            ChangeKind::Restored,
            user,
            Row::Restore,
            None,
        )))
    }

    fn change(
        &self,
        kind: ChangeKind,
        user: User,
        row: Row,
        previous_revision: Option<Revision>,
    ) -> AppliedChange {
        AppliedChange {
            change: Change {
                kind,
                user,
                before: None,
                previous_revision,
                actor: self.actor.clone(),
            },
            row,
            last_id: self.counters.last_id,
        }
    }
}

fn rejected(rejection: Rejection) -> Outcome {
    Decision::unchanged(Err(rejection))
}

fn succeeded(change: AppliedChange) -> Outcome {
    Decision::changed(Ok(change.change.user.clone()), change)
}

fn check(id: UserId, expected: Option<Revision>, user: Option<User>) -> Result<User, Rejection> {
    let user = user.ok_or(Rejection::UserNotFound(id))?;
    match expected {
        Some(expected) if expected != user.revision => {
            Err(Rejection::RevisionMismatch(user.revision))
        }
        _ => Ok(user),
    }
}
