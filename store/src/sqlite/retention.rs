//! What is kept for a time only, and goes when that is over: in small steps, between all that others
//! have to write.

use std::{
    io,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use rusqlite::params;
use tokio::sync::mpsc;

use super::{
    idempotency::REMEMBERED,
    metadata::WriteTransaction,
    threads::spawn,
    writer::{Work, work},
};
use frontdesk_directory::{Error, Timestamp};

const DAY: Duration = Duration::from_hours(24);
/// For so long after its start nobody believes a clock that is more than a day ahead of the last
/// change: it may have been set wrong, and is put right by then, while what is let go of is gone.
const TRIAL: Duration = Duration::from_hours(1);
/// How many rows a step takes at most: who wants to write waits for one step, a few milliseconds.
const STEP: i64 = 256;
/// How many answered batches of an import: each may name a thousand rows that were refused.
const STEP_OF_BATCHES: i64 = 8;

/// How much is kept, and how long what is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetentionPolicy {
    /// How long a deleted user can be restored.
    pub bin: Duration,
    /// How long changes are on record.
    pub record: Duration,
    /// How many changes are on record at most.
    pub changes: u64,
    /// How many bytes the database takes at most, without the log of what is being written.
    pub bytes: Option<u64>,
    /// How often it is looked for what has been kept for long enough. `None`: never, for who opens
    /// the directory in passing and does not know for how long its server wants to keep what.
    pub look: Option<Duration>,
}

impl Default for RetentionPolicy {
    fn default() -> Self {
        Self {
            bin: 30 * DAY,
            record: 30 * DAY,
            changes: 4_000_000,
            bytes: None,
            look: None,
        }
    }
}

/// The thread that looks.
pub(super) struct RetentionThread {
    /// When it is dropped, the thread ends.
    stop: Sender<()>,
    thread: thread::JoinHandle<()>,
}

impl RetentionThread {
    /// Has it end behind the step that it is at, without waiting for that.
    pub(super) fn stop(self) -> thread::JoinHandle<()> {
        drop(self.stop);
        self.thread
    }
}

/// Starts the thread, where there is to be one. It looks at once, and then each time it is to.
pub(super) fn start(
    keeping: RetentionPolicy,
    writer: mpsc::Sender<Work>,
) -> io::Result<Option<RetentionThread>> {
    let Some(look) = keeping.look else {
        return Ok(None);
    };
    let (stop, stopped) = channel();
    let thread = spawn("store-keeper", move || {
        run(keeping, look, &writer, &stopped);
    })?;
    Ok(Some(RetentionThread { stop, thread }))
}

fn run(
    keeping: RetentionPolicy,
    look: Duration,
    writer: &mpsc::Sender<Work>,
    stopped: &Receiver<()>,
) {
    let mut pause = Duration::ZERO;
    let begun = Instant::now();
    while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        // Each step waits in the writer's queue behind what came before it.
        let on_trial = begun.elapsed() < TRIAL;
        let (work, done) = work(move |changing| {
            let now = changing.now();
            let now = if on_trial {
                believed(now, changing.last_change())
            } else {
                now
            };
            step(changing, keeping, now)
        });
        if writer.blocking_send(work).is_err() {
            return;
        }
        pause = match done.blocking_recv() {
            Ok(Ok(Left::More)) => Duration::ZERO,
            Ok(Ok(Left::Nothing)) => look,
            Ok(Err(error)) => {
                match &error {
                    Error::Internal(cause) => {
                        tracing::error!(error = %cause, "what is old can't be let go of");
                    }
                    other => tracing::warn!(error = %other, "what is old can't be let go of"),
                }
                look
            }
            Err(_) => return,
        };
    }
}

/// What is believed of a clock that has not proved itself.
fn believed(now: Timestamp, last_change: Timestamp) -> Timestamp {
    now.min(last_change.saturating_add(DAY))
}

/// Whether a step has left something for the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    More,
    Nothing,
}

/// Lets go of some of what has been kept for long enough.
pub(super) fn step(
    changing: &mut WriteTransaction<'_>,
    keeping: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    for sweep in [bin, record, requests, batches, imports] {
        if sweep(changing, keeping, now)? == Left::More {
            return Ok(Left::More);
        }
    }
    Ok(Left::Nothing)
}

/// Users leave the bin in the order in which they came.
fn bin(
    changing: &mut WriteTransaction<'_>,
    keeping: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    let mut sweep = changing.db.prepare_cached(
        "DELETE FROM bin WHERE id IN (SELECT id FROM bin ORDER BY revision LIMIT ?1) \
         AND changed <= ?2",
    )?;
    let gone = sweep.execute(params![STEP, now.saturating_sub(keeping.bin).0])?;
    Ok(left(gone, STEP))
}

/// The record loses its lower end, and says from where on it is there, in one transaction.
fn record(
    changing: &mut WriteTransaction<'_>,
    keeping: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    let oldest = changing.oldest();
    let newest = i64::try_from(changing.revision().0).unwrap_or(i64::MAX);
    let most = i64::try_from(keeping.changes).unwrap_or(i64::MAX);
    // No change is older than the one before it.
    let old: Option<i64> = changing
        .db
        .prepare_cached(
            "SELECT max(revision) FROM changes WHERE revision BETWEEN ?1 AND ?2 AND changed <= ?3",
        )?
        .query_row(
            params![
                oldest,
                oldest + STEP - 1,
                now.saturating_sub(keeping.record).0
            ],
            |row| row.get(0),
        )?;
    let too_many = newest.saturating_sub(most).min(oldest + STEP - 1);
    let last = old.unwrap_or(0).max(too_many);
    if last < oldest {
        return Ok(Left::Nothing);
    }
    let mut sweep = changing
        .db
        .prepare_cached("DELETE FROM changes WHERE revision <= ?1")?;
    let gone = sweep.execute([last])?;
    drop(sweep);
    changing.forget(last);
    Ok(left(gone, STEP))
}

/// Answers to requests are numbered in the order of their times. No more are kept than changes.
fn requests(
    changing: &mut WriteTransaction<'_>,
    keeping: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    let mut sweep = changing.db.prepare_cached(
        "DELETE FROM requests WHERE number IN (SELECT number FROM requests ORDER BY number \
         LIMIT ?1) AND (at <= ?2 OR number <= (SELECT max(number) FROM requests) - ?3)",
    )?;
    let most = i64::try_from(keeping.changes).unwrap_or(i64::MAX);
    let gone = sweep.execute(params![STEP, now.saturating_sub(REMEMBERED).0, most])?;
    Ok(left(gone, STEP))
}

/// The batches of an import go before it does: none is ever left without one.
fn batches(
    changing: &mut WriteTransaction<'_>,
    _: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    let mut sweep = changing.db.prepare_cached(
        "DELETE FROM import_batches WHERE (import, sequence) IN (SELECT import, sequence \
         FROM imports JOIN import_batches ON import = id WHERE at <= ?2 LIMIT ?1)",
    )?;
    let gone = sweep.execute(params![STEP_OF_BATCHES, now.saturating_sub(REMEMBERED).0])?;
    Ok(left(gone, STEP_OF_BATCHES))
}

fn imports(
    changing: &mut WriteTransaction<'_>,
    _: RetentionPolicy,
    now: Timestamp,
) -> rusqlite::Result<Left> {
    let mut sweep = changing.db.prepare_cached(
        "DELETE FROM imports WHERE id IN (SELECT id FROM imports WHERE at <= ?2 LIMIT ?1)",
    )?;
    let gone = sweep.execute(params![STEP, now.saturating_sub(REMEMBERED).0])?;
    Ok(left(gone, STEP))
}

fn left(gone: usize, step: i64) -> Left {
    if i64::try_from(gone) == Ok(step) {
        Left::More
    } else {
        Left::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_jumped_lets_nothing_go_at_once() {
        let last = Timestamp(1_800_000_000_000);
        let hour = Duration::from_hours(1);
        assert_eq!(
            believed(last.saturating_add(hour), last),
            last.saturating_add(hour)
        );
        assert_eq!(
            believed(last.saturating_add(40 * DAY), last),
            last.saturating_add(DAY)
        );
        // Nothing was ever changed: nothing is old.
        assert_eq!(
            believed(last, Timestamp(0)),
            Timestamp(0).saturating_add(DAY)
        );
    }
}
