//! A model: whatever is changed, trimmed or interrupted, every watcher ends up with the directory.

use std::{collections::BTreeMap, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::{sync::watch, task::JoinSet, time::timeout};

use super::{super::sweep::step, watch::trim, *};

const WATCHERS: u64 = 1_000;
/// The store is closed and opened again between them.
const ROUNDS: u64 = 4;
const WRITERS: u64 = 4;
const WRITES: usize = 40;
/// Long enough for a busy machine.
const TIMEOUT: Duration = Duration::from_mins(3);

/// What a watcher has made of the changes.
#[derive(Clone, Default)]
struct Replica {
    number: u64,
    users: BTreeMap<i32, User>,
    /// Everything up to here was applied.
    position: u64,
    /// The head when the last list had been read: it may contain changes up to here, or not.
    listed: u64,
    lists: usize,
}

impl Replica {
    async fn list(&mut self, store: &Store) {
        let mut list = store.list(ListQuery::all()).await.expect("a list");
        self.users.clear();
        while let Some(batch) = next(&mut list.users).await {
            let batch = batch.expect("a batch");
            self.users
                .extend(batch.into_iter().map(|user| (user.id.get(), user)));
        }
        self.position = list.revision.0;
        self.listed = store.0.head.borrow().revision.0;
        self.lists += 1;
    }

    fn apply(&mut self, change: &Change) {
        let revision = change.revision().0;
        assert_eq!(
            revision,
            self.position + 1,
            "lost, duplicated or out of order"
        );
        self.position = revision;
        let id = change.user.id.get();
        let known = self.users.get(&id);
        if revision > self.listed {
            // It follows exactly from the changes before it.
            match change.kind {
                ChangeKind::Created | ChangeKind::Restored => assert_eq!(known, None),
                ChangeKind::Updated => {
                    let before = known.map(|user| (user.name.clone(), user.email.clone()));
                    assert_eq!(before, change.before);
                }
                ChangeKind::Deleted => assert!(known.is_some()),
            }
            let previous = known.map(|user| user.revision);
            assert_eq!(previous, change.previous_revision);
        }
        if known.is_some_and(|user| user.revision > change.user.revision) {
            return;
        }
        if change.kind == ChangeKind::Deleted {
            self.users.remove(&id);
        } else {
            self.users.insert(id, change.user.clone());
        }
    }

    /// Watches, stops and resumes until it has applied everything.
    async fn follow(&mut self, store: Store, mut end: watch::Receiver<Option<u64>>, seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        loop {
            let mut changes = match store.watch(Some(Revision(self.position))).await {
                Ok(watch) => watch.changes,
                Err(Error::RevisionTooOld { oldest }) => {
                    assert!(oldest.0 > self.position + 1);
                    self.list(&store).await;
                    continue;
                }
                Err(other) => panic!("{other}"),
            };
            let batches = random.random_range(1..20);
            for _ in 0..batches {
                let batch = tokio::select! {
                    batch = next(&mut changes) => batch,
                    _ = end.wait_for(|end| *end == Some(self.position)) => return,
                };
                match batch.expect("no end") {
                    Ok(batch) => batch.iter().for_each(|change| self.apply(change)),
                    Err(Error::RevisionTooOld { .. }) => break,
                    Err(other) => panic!("{other}"),
                }
            }
            if random.random_bool(0.3) {
                tokio::task::yield_now().await;
            }
        }
    }
}

/// Whether a watcher is disconnected during a round; in the last round none is.
fn is_disconnected(watcher: u64, round: u64) -> bool {
    round + 1 < ROUNDS && (watcher + round).is_multiple_of(8)
}

fn random_command(random: &mut ChaCha8Rng) -> Command {
    let id = user_id(random.random_range(900..1_200));
    // Few emails, so that some are taken.
    let number = random.random_range(0..300);
    let NewUser { name, email } = new_user(&format!("Name {number}"), &format!("{number}@x.org"));
    match random.random_range(0..10) {
        0..3 => Command::Create { name, email },
        3..6 => Command::Update {
            id,
            name: Some(name),
            email: random.random_bool(0.5).then_some(email),
            expected: None,
        },
        6..8 => delete(id),
        _ => restore(id),
    }
}

async fn write_randomly(store: Store, seed: u64) {
    let context = RequestContext::local();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..WRITES {
        match random.random_range(0..20) {
            0 => {
                let users = (0..random.random_range(1..60)).map(|n| {
                    let email = format!("{seed}.{n}.{}@y.org", random.random::<u32>());
                    new_user("Imported", &email)
                });
                let users: Vec<_> = users.collect();
                let import = store.0.queue(&context, None, move |transaction| {
                    for user in users.clone() {
                        transaction.decide(&Actor::LOCAL_OPERATOR, |rules| {
                            rules.import_row(user, false, OnExisting::Skip)
                        })?;
                    }
                    Ok(())
                });
                let imported = import.await.expect("the writer runs").await;
                imported.expect("a response").expect("imported");
            }
            1 => {
                let policy = RetentionPolicy {
                    max_changes: random.random_range(0..300),
                    ..RetentionPolicy::default()
                };
                let sweep = store.0.queue(&context, None, move |transaction| {
                    step(transaction, policy, now())
                });
                let swept = sweep.await.expect("the writer runs").await;
                swept.expect("a response").expect("swept");
            }
            _ => {
                let command = random_command(&mut random);
                match store.execute(command, None).await.expect("a response") {
                    Ok(_) | Err(Rejection::UserNotFound(_) | Rejection::EmailTaken(_)) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        }
    }
}

#[test]
fn a_thousand_watchers_that_come_and_go_end_up_with_the_directory() {
    let seed: u64 = std::env::var("FRONTDESK_SEED").map_or_else(
        |_| rand::random(),
        |seed| seed.parse().expect("FRONTDESK_SEED is a number"),
    );
    // Printed when the test fails.
    println!("FRONTDESK_SEED={seed}");
    let folder = Folder::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .expect("a runtime");
    let mut first = Replica::default();
    {
        // A small directory: all of it is compared, a thousand times.
        let store = new_store(&folder);
        assert_eq!(remove_samples(&store, 900), 900);
        trim(&store, 1_900);
        runtime.block_on(first.list(&store));
    }
    let mut replicas: Vec<_> = (0..WATCHERS)
        .map(|number| Replica {
            number,
            lists: 0,
            ..first.clone()
        })
        .collect();
    for round in 0..ROUNDS {
        let store = new_store(&folder);
        let seed = move |number: u64| seed.wrapping_add(round * 1_000_000 + number);
        replicas = runtime.block_on(async {
            let (end, ended) = watch::channel(None);
            let mut watchers = JoinSet::new();
            for mut replica in replicas {
                let (store, ended) = (store.clone(), ended.clone());
                watchers.spawn(async move {
                    if !is_disconnected(replica.number, round) {
                        let seed = seed(replica.number);
                        replica.follow(store, ended, seed).await;
                    }
                    replica
                });
            }
            let mut writers = JoinSet::new();
            for number in 0..WRITERS {
                writers.spawn(write_randomly(store.clone(), seed(900_000 + number)));
            }
            writers.join_all().await;
            end.send_replace(Some(store.0.head.borrow().revision.0));
            timeout(TIMEOUT, watchers.join_all())
                .await
                .expect("all watchers catch up")
        });
        let mut truth = Replica::default();
        runtime.block_on(truth.list(&store));
        for replica in &replicas {
            if is_disconnected(replica.number, round) {
                continue;
            }
            assert_eq!(replica.position, truth.position);
            assert!(replica.users == truth.users, "another directory");
        }
    }
    let lists: usize = replicas.iter().map(|replica| replica.lists).sum();
    println!("{lists} times the change log did not reach back far enough");
    drop(runtime);
    let [total, ..] = counts(&folder);
    assert_eq!(usize::try_from(total), Ok(replicas[0].users.len()));
}
