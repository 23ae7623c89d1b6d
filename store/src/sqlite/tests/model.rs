//! A model: whatever is changed, forgotten or broken off, who watches has the directory in the end.

use std::{collections::BTreeMap, time::Duration};

use rand::{RngExt as _, SeedableRng as _, rngs::ChaCha8Rng};
use tokio::{sync::watch, time::timeout};

use super::{super::retention::step, watch::forget, *};
use frontdesk_directory::{Change, ChangeKind, Command, Rejection, Timestamp};

const WATCHERS: u64 = 1_000;
/// Between them the server goes down and is started again.
const ROUNDS: u64 = 4;
const EDITORS: u64 = 4;
const EDITS: usize = 40;
/// Long enough for a machine that has much to do.
const IN_TIME: Duration = Duration::from_mins(3);

/// What a watcher has made of what it was told.
#[derive(Clone, Default)]
struct Replica {
    number: u64,
    users: BTreeMap<i32, User>,
    /// All up to here was told.
    position: u64,
    /// The revision of the last list: what came before that was read is on it already, or not.
    listed: u64,
    lists: usize,
}

impl Replica {
    async fn list(&mut self, store: &Store) {
        let mut listing = store.list(ListQuery::all()).await.expect("a list");
        self.users.clear();
        while let Some(batch) = next(&mut listing.users).await {
            let batch = batch.expect("a batch");
            self.users
                .extend(batch.into_iter().map(|user| (user.id.get(), user)));
        }
        self.position = listing.revision.0;
        // What was changed while the list was read may be on it.
        self.listed = store.0.live.now().revision.0;
        self.lists += 1;
    }

    fn hear(&mut self, change: &Change) {
        let revision = change.revision().0;
        assert_eq!(revision, self.position + 1, "lost, doubled or out of order");
        self.position = revision;
        let id = change.user.id.get();
        let known = self.users.get(&id);
        if revision > self.listed {
            // It follows from what was told before, to the letter.
            match change.kind {
                ChangeKind::Created | ChangeKind::Restored => assert_eq!(known, None),
                ChangeKind::Updated => {
                    let before = known.map(|user| (user.name.clone(), user.email.clone()));
                    assert_eq!(before, change.before);
                }
                ChangeKind::Deleted => assert!(known.is_some()),
            }
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

    /// Watches, breaks off and comes back, until it has been told of all there is.
    async fn follow(&mut self, store: Store, mut end: watch::Receiver<Option<u64>>, seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        loop {
            let mut news = match store.watch(Some(Revision(self.position))).await {
                Ok(watching) => watching.changes,
                Err(Error::RevisionTooOld { oldest }) => {
                    assert!(oldest.0 > self.position + 1);
                    self.list(&store).await;
                    continue;
                }
                Err(other) => panic!("{other}"),
            };
            // Some stay to the end.
            let batches = random.random_range(1..20);
            for _ in 0..batches {
                let batch = tokio::select! {
                    batch = next(&mut news) => batch,
                    _ = end.wait_for(|end| *end == Some(self.position)) => return,
                };
                match batch.expect("no end") {
                    Ok(batch) => batch.iter().for_each(|news| self.hear(news)),
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

/// Whether a watcher stays away until the next round.
fn is_away(watcher: u64, round: u64) -> bool {
    round + 1 < ROUNDS && (watcher + round).is_multiple_of(8)
}

fn edit(random: &mut ChaCha8Rng) -> Command {
    let id = UserId::new(random.random_range(900..1_200)).expect("an id");
    // Few addresses, so that they are taken now and then.
    let number = random.random_range(0..300);
    let NewUser { name, email } = person(&format!("Name {number}"), &format!("{number}@x.org"));
    match random.random_range(0..10) {
        0..3 => Command::Create { name, email },
        3..6 => Command::Update {
            id,
            name: Some(name),
            email: random.random_bool(0.5).then_some(email),
            expected: None,
        },
        6..8 => Command::Delete { id, expected: None },
        _ => Command::Restore { id, expected: None },
    }
}

async fn change(store: Store, seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    for _ in 0..EDITS {
        match random.random_range(0..20) {
            0 => {
                let people = (0..random.random_range(1..60)).map(|n| {
                    let email = format!("{seed}.{n}.{}@y.org", random.random::<u32>());
                    person("Somebody", &email)
                });
                let people: Vec<_> = people.collect();
                let added = store.change(move |changing| {
                    bulk::add(changing, people.clone(), Origin::Real, OnExisting::Skip)
                });
                added.await.expect("added");
            }
            1 => {
                let keeping = RetentionPolicy {
                    changes: random.random_range(0..300),
                    ..RetentionPolicy::default()
                };
                let swept = store.change(move |changing| {
                    step(
                        changing,
                        keeping,
                        Timestamp::from(std::time::SystemTime::now()),
                    )
                });
                swept.await.expect("swept");
            }
            _ => match store
                .execute(edit(&mut random), None)
                .await
                .expect("an answer")
            {
                Ok(_) | Err(Rejection::UserNotFound(_) | Rejection::EmailTaken(_)) => {}
                Err(other) => panic!("{other:?}"),
            },
        }
    }
}

#[test]
fn a_thousand_watchers_that_come_and_go_have_the_directory_in_the_end() {
    let seed: u64 = std::env::var("FRONTDESK_SEED").map_or_else(
        |_| rand::random(),
        |seed| seed.parse().expect("FRONTDESK_SEED is a number"),
    );
    // Said where it fails.
    println!("FRONTDESK_SEED={seed}");
    let folder = Folder::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .expect("a runtime");
    let mut first = Replica::default();
    {
        // A small directory: all is compared, a thousand times.
        let store = fresh(&folder);
        let removed = store.remove_samples(900).expect("the writer is there");
        assert_eq!(removed.wait().expect("removed"), 900);
        forget(&store, 1_900);
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
        let store = fresh(&folder);
        let seed = move |number: u64| seed.wrapping_add(round * 1_000_000 + number);
        replicas = runtime.block_on(async {
            let (end, ended) = watch::channel(None);
            let mut watching = tokio::task::JoinSet::new();
            for mut replica in replicas {
                let (store, ended) = (store.clone(), ended.clone());
                let stays = !is_away(replica.number, round);
                watching.spawn(async move {
                    if stays {
                        let seed = seed(replica.number);
                        replica.follow(store, ended, seed).await;
                    }
                    replica
                });
            }
            let mut changing = tokio::task::JoinSet::new();
            for number in 0..EDITORS {
                changing.spawn(change(store.clone(), seed(900_000 + number)));
            }
            changing.join_all().await;
            end.send_replace(Some(store.0.live.now().revision.0));
            timeout(IN_TIME, watching.join_all())
                .await
                .expect("all are told")
        });
        let mut truth = Replica::default();
        runtime.block_on(truth.list(&store));
        for replica in &replicas {
            if is_away(replica.number, round) {
                continue;
            }
            assert_eq!(replica.position, truth.position);
            assert!(replica.users == truth.users, "another directory");
        }
    }
    let lists: usize = replicas.iter().map(|replica| replica.lists).sum();
    println!("{lists} times the record was too short");
    drop(runtime);
    let [total, ..] = counts(&folder);
    assert_eq!(usize::try_from(total), Ok(replicas[0].users.len()));
}
