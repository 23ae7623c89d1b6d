//! The retention sweep: removes expired data in small steps, between other writes.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use frontdesk_directory::{Error, Timestamp, rules::IDEMPOTENCY_WINDOW};
use rusqlite::params;
use tokio::sync::mpsc;

use super::{
    thread::spawn,
    transaction::WriteTransaction,
    writer::{Job, job},
};
use crate::retention::{CLOCK_TRIAL, RetentionPolicy, trusted_time};

/// The maximum number of rows that a step removes: a write waits for one step, a few milliseconds.
const STEP: i64 = 256;
/// The same for import batches: each may list a thousand rejected rows.
const BATCH_STEP: i64 = 8;

pub(super) struct Sweeper {
    /// The thread ends when this is dropped.
    stop: Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl Sweeper {
    /// Starts the thread. It sweeps at once, and then at the policy's interval; `None` without one.
    pub(super) fn start(
        policy: RetentionPolicy,
        writer: mpsc::Sender<Job>,
    ) -> io::Result<Option<Self>> {
        let Some(interval) = policy.sweep_interval else {
            return Ok(None);
        };
        let (stop, stopped) = channel();
        let thread = spawn("store-sweeper", move || {
            run(policy, interval, &writer, &stopped);
        })?;
        Ok(Some(Self { stop, thread }))
    }

    /// Stops the thread after its current step, without waiting for it.
    pub(super) fn stop(self) -> thread::JoinHandle<()> {
        drop(self.stop);
        self.thread
    }
}

fn run(
    policy: RetentionPolicy,
    interval: Duration,
    writer: &mpsc::Sender<Job>,
    stopped: &Receiver<()>,
) {
    let mut pause = Duration::ZERO;
    let started = Instant::now();
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let is_trial = started.elapsed() < CLOCK_TRIAL;
        // Each step queues behind the writes that came before it.
        let (step, done) = job(None, None, move |transaction| {
            let mut now = transaction.now();
            if is_trial {
                now = trusted_time(now, transaction.last_change());
            }
            step(transaction, policy, now)
        });
        if writer.blocking_send(step).is_err() {
            return;
        }
        pause = match done.blocking_recv() {
            Ok(Ok(Progress::More)) => Duration::ZERO,
            Ok(Ok(Progress::Done)) => interval,
            Ok(Err(error)) => {
                match &error {
                    Error::Internal(cause) => {
                        tracing::error!(error = %cause, "retention sweep failed");
                    }
                    other => tracing::warn!(error = %other, "retention sweep failed"),
                }
                interval
            }
            Err(_) => return,
        };
    }
}

/// Whether there is more to remove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Done,
}

impl Progress {
    fn of(removed: usize, limit: i64) -> Self {
        if i64::try_from(removed) == Ok(limit) {
            Self::More
        } else {
            Self::Done
        }
    }
}

/// Removes some of the data that has expired at `now`.
pub(super) fn step(
    transaction: &mut WriteTransaction<'_>,
    policy: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    for sweep in [trash, change_log, idempotency_keys, import_batches, imports] {
        if sweep(transaction, policy, now)? == Progress::More {
            return Ok(Progress::More);
        }
    }
    Ok(Progress::Done)
}

/// Users leave the trash in the order in which they were deleted.
fn trash(
    transaction: &mut WriteTransaction<'_>,
    policy: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    let mut delete = transaction.db().prepare_cached(
        "DELETE FROM trash WHERE id IN (SELECT id FROM trash ORDER BY revision LIMIT ?1) \
         AND update_time <= ?2",
    )?;
    let removed = delete.execute(params![STEP, now.saturating_sub(policy.trash).0])?;
    Ok(Progress::of(removed, STEP))
}

/// The change log is trimmed at its lower end, in one transaction with its oldest revision.
fn change_log(
    transaction: &mut WriteTransaction<'_>,
    policy: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    let oldest = transaction.metadata().oldest_revision;
    let newest = transaction.metadata().revision;
    let limit = i64::try_from(policy.max_changes).unwrap_or(i64::MAX);
    // No change is older than the one before it.
    let expired: Option<i64> = transaction
        .db()
        .prepare_cached(
            "SELECT max(revision) FROM change_log \
             WHERE revision BETWEEN ?1 AND ?2 AND update_time <= ?3",
        )?
        .query_row(
            params![
                oldest,
                oldest + STEP - 1,
                now.saturating_sub(policy.change_log).0
            ],
            |row| row.get(0),
        )?;
    let excess = newest.saturating_sub(limit).min(oldest + STEP - 1);
    let last = expired.unwrap_or(0).max(excess);
    if last < oldest {
        return Ok(Progress::Done);
    }
    let removed = transaction
        .db()
        .prepare_cached("DELETE FROM change_log WHERE revision <= ?1")?
        .execute([last])?;
    transaction.trimmed(last);
    Ok(Progress::of(removed, STEP))
}

/// Idempotency keys are numbered in the order of their times. No more are stored than changes.
fn idempotency_keys(
    transaction: &mut WriteTransaction<'_>,
    policy: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    let mut delete = transaction.db().prepare_cached(
        "DELETE FROM idempotency_keys \
         WHERE number IN (SELECT number FROM idempotency_keys ORDER BY number LIMIT ?1) \
         AND (create_time <= ?2 OR number <= (SELECT max(number) FROM idempotency_keys) - ?3)",
    )?;
    let limit = i64::try_from(policy.max_changes).unwrap_or(i64::MAX);
    let removed = delete.execute(params![
        STEP,
        now.saturating_sub(IDEMPOTENCY_WINDOW).0,
        limit
    ])?;
    Ok(Progress::of(removed, STEP))
}

/// The batches of an import are removed before it: none is ever left without its import.
fn import_batches(
    transaction: &mut WriteTransaction<'_>,
    _: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    let mut delete = transaction.db().prepare_cached(
        "DELETE FROM import_batches WHERE (import_id, sequence) IN \
         (SELECT import_id, sequence FROM imports JOIN import_batches ON import_id = id \
          WHERE update_time <= ?2 LIMIT ?1)",
    )?;
    let removed = delete.execute(params![
        BATCH_STEP,
        now.saturating_sub(IDEMPOTENCY_WINDOW).0
    ])?;
    Ok(Progress::of(removed, BATCH_STEP))
}

fn imports(
    transaction: &mut WriteTransaction<'_>,
    _: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Progress> {
    let mut delete = transaction.db().prepare_cached(
        "DELETE FROM imports \
         WHERE id IN (SELECT id FROM imports WHERE update_time <= ?2 LIMIT ?1)",
    )?;
    let removed = delete.execute(params![STEP, now.saturating_sub(IDEMPOTENCY_WINDOW).0])?;
    Ok(Progress::of(removed, STEP))
}
