//! Random sequences of commands, checked against a simple model.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proptest::prelude::*;

use super::*;
use crate::{
    Change, ChangeKind, Command, Email, IdempotencyKey, Name, NewUser, OnExisting, Rejection, User,
};

const TRASH_RETENTION: Duration = Duration::from_hours(12);
type Never = std::convert::Infallible;

/// A store in memory that checks everything it is asked to write.
struct Memory {
    users: BTreeMap<UserId, User>,
    trash: BTreeMap<UserId, User>,
    responses: HashMap<String, StoredResponse>,
    log: Vec<Change>,
    counters: Counters,
}

impl Memory {
    fn new(last_id: Option<UserId>) -> Self {
        Self {
            users: BTreeMap::new(),
            trash: BTreeMap::new(),
            responses: HashMap::new(),
            log: Vec::new(),
            counters: Counters {
                last_id,
                revision: Revision(0),
                update_time: Timestamp(0),
            },
        }
    }

    fn rules<'a>(&'a self, clock: Timestamp, actor: &'a Actor) -> Rules<'a, Self> {
        Rules::new(self, self.counters, clock, actor, TRASH_RETENTION)
    }

    fn write<T>(&mut self, decision: Result<Decision<T>, Never>) -> T {
        let Ok(decision) = decision;
        let Ok(response) = decision.write(self);
        response
    }

    fn execute(
        &mut self,
        clock: Timestamp,
        command: Command,
        key: Option<&IdempotencyKey>,
    ) -> Result<User, Rejection> {
        let decision = self
            .rules(clock, &Actor::LOCAL_OPERATOR)
            .execute(command, key);
        self.write(decision)
    }

    fn import(&mut self, clock: Timestamp, row: NewUser, on: OnExisting) -> RowOutcome {
        let decision = self
            .rules(clock, &Actor::LOCAL_OPERATOR)
            .import_row(row, false, on);
        self.write(decision)
    }

    fn has_email(&self, user: &User) -> bool {
        let key = user.email.key();
        self.users
            .values()
            .any(|other| other.id != user.id && other.email.key() == key)
    }
}

impl Lookup for Memory {
    type Error = Never;

    fn user(&self, id: UserId) -> Result<Option<User>, Never> {
        Ok(self.users.get(&id).cloned())
    }

    fn trashed_user(&self, id: UserId) -> Result<Option<User>, Never> {
        Ok(self.trash.get(&id).cloned())
    }

    fn user_by_email(&self, key: &str) -> Result<Option<User>, Never> {
        let mut users = self.users.values();
        Ok(users.find(|user| user.email.key() == key).cloned())
    }

    fn response(&self, key: &IdempotencyKey) -> Result<Option<StoredResponse>, Never> {
        Ok(self.responses.get(key.as_str()).cloned())
    }
}

impl Writer for Memory {
    type Error = Never;

    fn apply(&mut self, change: AppliedChange) -> Result<(), Never> {
        let before = self.counters;
        self.counters = change.counters();
        let user = &change.change().user;
        assert_eq!(self.counters.revision.0, before.revision.0 + 1, "dense");
        assert!(self.counters.update_time >= before.update_time);
        let previous = self.users.get(&user.id).map(|user| user.revision);
        assert_eq!(change.change().previous_revision, previous);
        match change.row() {
            RowChange::Insert(user) => {
                assert!(before.last_id < Some(user.id), "an id is never reused");
                assert_eq!(self.counters.last_id, Some(user.id));
                assert!(!self.has_email(user));
                self.users.insert(user.id, user.clone());
            }
            RowChange::Update(user) => {
                assert!(!self.has_email(user));
                assert!(self.users.insert(user.id, user.clone()).is_some());
            }
            RowChange::Trash(user) => {
                assert!(self.users.remove(&user.id).is_some());
                self.trash.insert(user.id, user.clone());
            }
            RowChange::Restore(user) => {
                assert!(!self.has_email(user));
                assert!(self.trash.remove(&user.id).is_some());
                self.users.insert(user.id, user.clone());
            }
            RowChange::Purge(id) => assert!(self.users.remove(&id).is_some()),
        }
        self.log.push(change.into_change());
        Ok(())
    }

    fn store_response(
        &mut self,
        key: &IdempotencyKey,
        response: &StoredResponse,
    ) -> Result<(), Never> {
        self.responses
            .insert(key.as_str().to_owned(), response.clone());
        Ok(())
    }
}

#[derive(Clone, Debug)]
enum Step {
    Execute(Command, Option<IdempotencyKey>),
    Import(NewUser, OnExisting),
    RemoveSample(UserId),
}

fn name() -> impl Strategy<Value = Name> {
    (0..3).prop_map(|number| Name::from_trusted(format!("Name {number}")))
}

fn email() -> impl Strategy<Value = Email> {
    (0..5, any::<bool>()).prop_map(|(number, upper)| {
        let domain = if upper { "X.ORG" } else { "x.org" };
        Email::from_trusted(format!("{number}@{domain}"))
    })
}

fn id() -> impl Strategy<Value = UserId> {
    (1..9).prop_map(|number| UserId::new(number).expect("an id"))
}

fn expected() -> impl Strategy<Value = Option<Revision>> {
    prop::option::weighted(0.2, (1_u64..12).prop_map(Revision))
}

fn key() -> impl Strategy<Value = Option<IdempotencyKey>> {
    prop::option::weighted(
        0.4,
        (0..4).prop_map(|number| {
            let key = IdempotencyKey::parse(&format!("key {number}"));
            key.expect("a key").expect("not empty")
        }),
    )
}

fn step() -> impl Strategy<Value = Step> {
    let on_existing = prop_oneof![
        Just(OnExisting::Reject),
        Just(OnExisting::Skip),
        Just(OnExisting::Update)
    ];
    let command = prop_oneof![
        4 => (name(), email()).prop_map(|(name, email)| Command::Create { name, email }),
        3 => (id(), prop::option::of(name()), prop::option::of(email()), expected()).prop_map(
            |(id, name, email, expected)| Command::Update { id, name, email, expected }
        ),
        3 => (id(), expected()).prop_map(|(id, expected)| Command::Delete { id, expected }),
        3 => (id(), expected()).prop_map(|(id, expected)| Command::Restore { id, expected }),
    ];
    prop_oneof![
        6 => (command, key()).prop_map(|(command, key)| Step::Execute(command, key)),
        2 => (name(), email(), on_existing)
            .prop_map(|(name, email, on)| Step::Import(NewUser { name, email }, on)),
        1 => id().prop_map(Step::RemoveSample),
    ]
}

/// What a command without a key must return, from what is stored.
fn model(memory: &Memory, now: Timestamp, command: &Command) -> Result<(), Rejection> {
    let taken = |key: &str, but: Option<UserId>| {
        let mut users = memory.users.values();
        let holder = users.find(|user| user.email.key() == key && Some(user.id) != but);
        holder.map_or(Ok(()), |holder| Err(Rejection::EmailTaken(holder.id)))
    };
    let find = |users: &BTreeMap<UserId, User>, id: UserId, expected: Option<Revision>| {
        let user = users.get(&id).cloned().ok_or(Rejection::UserNotFound(id))?;
        match expected {
            Some(expected) if expected != user.revision => {
                Err(Rejection::RevisionMismatch(user.revision))
            }
            _ => Ok(user),
        }
    };
    match command {
        Command::Create { email, .. } => taken(&email.key(), None),
        Command::Update {
            id,
            email,
            expected,
            ..
        } => {
            find(&memory.users, *id, *expected)?;
            email
                .as_ref()
                .map_or(Ok(()), |email| taken(&email.key(), Some(*id)))
        }
        Command::Delete { id, expected } => find(&memory.users, *id, *expected).map(drop),
        Command::Restore { id, expected } => {
            let user = find(&memory.trash, *id, *expected)?;
            if user.update_time.saturating_add(TRASH_RETENTION) <= now {
                return Err(Rejection::UserNotFound(*id));
            }
            taken(&user.email.key(), None)
        }
    }
}

/// The users that result from replaying the change log on an empty directory.
fn replay(log: &[Change]) -> BTreeMap<UserId, User> {
    let mut users = BTreeMap::new();
    for change in log {
        let user = &change.user;
        let known: Option<User> = if change.kind == ChangeKind::Deleted {
            users.remove(&user.id)
        } else {
            users.insert(user.id, user.clone())
        };
        let before = known.map(|user| (user.name, user.email));
        match change.kind {
            ChangeKind::Created | ChangeKind::Restored => assert_eq!(before, None),
            ChangeKind::Updated => assert_eq!(before, change.before),
            ChangeKind::Deleted => {
                assert_eq!(before, Some((user.name.clone(), user.email.clone())));
            }
        }
    }
    users
}

proptest! {
    /// The clock is set forwards and backwards, across the ends of the trash and of the keys.
    #[test]
    fn any_sequence_of_commands_keeps_the_invariants(
        steps in prop::collection::vec((step(), -1_i64..30), 1..60),
    ) {
        let mut memory = Memory::new(None);
        let mut clock = Timestamp(1_000_000_000_000);
        let mut first = HashMap::new();
        let mut assigned = BTreeSet::new();
        for (step, hours) in steps {
            clock = if hours < 20 { clock } else { clock.saturating_add(Duration::from_hours(1)) };
            if hours == 29 {
                clock = clock.saturating_add(Duration::from_hours(13));
            }
            let now = if hours < 0 { clock.saturating_sub(Duration::from_hours(20)) } else { clock };
            let time = now.max(memory.counters.update_time);
            let revision = memory.counters.revision;
            match step {
                Step::Execute(command, key) => {
                    let allowed = model(&memory, time, &command);
                    let response = memory.execute(now, command.clone(), key.as_ref());
                    let known = key.as_ref().and_then(|key| first.get(key.as_str()).cloned());
                    match known {
                        Some((at, other, stored)) if time.saturating_sub(IDEMPOTENCY_WINDOW) < at => {
                            let repeated = if other == command {
                                stored
                            } else {
                                Err(Rejection::IdempotencyKeyReused)
                            };
                            prop_assert_eq!(response, repeated);
                            prop_assert_eq!(memory.counters.revision, revision);
                        }
                        _ => {
                            prop_assert_eq!(response.as_ref().map(drop).map_err(|why| *why), allowed);
                            if let Some(key) = key {
                                let key = key.as_str().to_owned();
                                first.insert(key, (time, command.clone(), response.clone()));
                            }
                            if let Ok(user) = &response {
                                let stored = match command {
                                    Command::Delete { .. } => memory.trash.get(&user.id),
                                    _ => memory.users.get(&user.id),
                                };
                                prop_assert_eq!(stored, Some(user));
                            }
                            prop_assert!(response.is_ok() || memory.counters.revision == revision);
                        }
                    }
                }
                Step::Import(row, on_existing) => {
                    let existing = memory.users.values().find(|user| user.email.key() == row.email.key());
                    let same_name = existing.is_some_and(|user| user.name == row.name);
                    let same = same_name && existing.is_some_and(|user| user.email == row.email);
                    let outcome = match (existing, on_existing) {
                        (None, _) => RowOutcome::Created,
                        (Some(user), OnExisting::Reject) if !same_name => RowOutcome::EmailTaken(user.id),
                        (Some(_), OnExisting::Update) if !same => RowOutcome::Updated,
                        _ => RowOutcome::Unchanged,
                    };
                    prop_assert_eq!(memory.import(now, row, on_existing), outcome);
                }
                Step::RemoveSample(id) => {
                    if let Some(user) = memory.users.get(&id).cloned() {
                        let decision = memory.rules(now, &Actor::LOCAL_OPERATOR).remove_sample(user);
                        memory.write(Ok(decision));
                        prop_assert!(memory.users.contains_key(&id), "none of them is a sample");
                    }
                }
            }
            if let Some(change) = memory.log.last()
                && change.kind == ChangeKind::Created
                && change.revision() > revision
            {
                prop_assert!(assigned.insert(change.user.id));
            }
        }
        prop_assert_eq!(replay(&memory.log), memory.users);
    }
}

fn user(name: &str, email: &str) -> NewUser {
    NewUser {
        name: Name::from_trusted(name.to_owned()),
        email: Email::from_trusted(email.to_owned()),
    }
}

fn create(name: &str, email: &str) -> Command {
    let NewUser { name, email } = user(name, email);
    Command::Create { name, email }
}

#[test]
fn a_sample_that_is_imported_or_updated_stays_when_the_samples_are_removed() {
    let mut memory = Memory::new(None);
    let clock = Timestamp(1);
    for number in 0..3 {
        let sample = user("Ada", &format!("{number}@x.org"));
        let decision = memory.rules(clock, &Actor::LOCAL_OPERATOR).import_row(
            sample,
            true,
            OnExisting::Reject,
        );
        assert_eq!(memory.write(decision), RowOutcome::Created);
    }
    let imported = memory.import(clock, user("Ada", "0@x.org"), OnExisting::Reject);
    assert_eq!(imported, RowOutcome::Updated);
    let update = Command::Update {
        id: UserId::new(2).expect("an id"),
        name: Some(Name::from_trusted("Grace".to_owned())),
        email: None,
        expected: None,
    };
    assert!(memory.execute(clock, update, None).is_ok());
    for user in memory.users.values().cloned().collect::<Vec<_>>() {
        let decision = memory
            .rules(clock, &Actor::LOCAL_OPERATOR)
            .remove_sample(user);
        memory.write(Ok(decision));
    }
    assert!(memory.users.keys().map(|id| id.get()).eq([1, 2]));
    assert!(memory.trash.is_empty());
}

#[test]
fn no_user_is_created_when_all_ids_have_been_assigned() {
    let mut memory = Memory::new(UserId::new(UserId::MAX.get() - 1));
    let clock = Timestamp(1);
    let last = memory.execute(clock, create("Ada", "ada@x.org"), None);
    assert_eq!(last.map(|user| user.id), Ok(UserId::MAX));
    let rejected = memory.execute(clock, create("Ida", "ida@x.org"), None);
    assert_eq!(rejected, Err(Rejection::IdsExhausted));
    let outcome = memory.import(clock, user("Ida", "ida@x.org"), OnExisting::Reject);
    assert_eq!(outcome, RowOutcome::IdsExhausted);
    let outcome = memory.import(clock, user("Ada", "ada@x.org"), OnExisting::Reject);
    assert_eq!(outcome, RowOutcome::Unchanged);
}

#[test]
fn a_change_names_its_actor_and_is_never_older_than_the_one_before() {
    let mut memory = Memory::new(None);
    let actor = Actor::from_trusted("ada".to_owned());
    for (clock, time) in [(50, 50), (20, 50), (60, 60)] {
        let command = create("Ada", &format!("{clock}@x.org"));
        let decision = memory
            .rules(Timestamp(clock), &actor)
            .execute(command, None);
        let created = memory.write(decision).expect("created");
        assert_eq!(created.update_time, Timestamp(time));
    }
    assert!(memory.log.iter().all(|change| change.actor == actor));
}

#[test]
fn a_batch_is_the_next_one_or_one_that_was_written() {
    use crate::{ImportProgress, ImportRejection};

    let progress = ImportProgress {
        last_sequence: 3,
        ..ImportProgress::default()
    };
    let place = |sequence, on_existing| {
        BatchPosition::of(sequence, on_existing, Some((OnExisting::Skip, progress)))
    };
    assert_eq!(place(4, OnExisting::Skip), Ok(BatchPosition::Next));
    assert_eq!(place(3, OnExisting::Skip), Ok(BatchPosition::Written));
    assert_eq!(
        place(5, OnExisting::Skip),
        Err(ImportRejection::UnexpectedSequence(4))
    );
    assert_eq!(
        place(4, OnExisting::Update),
        Err(ImportRejection::OnExistingMismatch)
    );
    let first = BatchPosition::of(1, OnExisting::Skip, None);
    assert_eq!(first, Ok(BatchPosition::Next));
    let second = BatchPosition::of(2, OnExisting::Skip, None);
    assert_eq!(second, Err(ImportRejection::UnexpectedSequence(1)));
}
