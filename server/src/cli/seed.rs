//! `frontdesk seed`.

use std::collections::VecDeque;

use clap::Args;
use frontdesk_directory::Error;
use frontdesk_store::{self as store, Lock, Origin, Pending, RetentionPolicy, Samples, Store};

use super::{
    error::CliError,
    location::{Location, note_new},
    output::{Progress, print},
};

/// Users per write.
const BATCH: usize = 10_000;
const MAX_PENDING_BATCHES: usize = 16;

/// The arguments of `frontdesk seed`.
#[derive(Debug, Args)]
pub(super) struct SeedArgs {
    #[command(flatten)]
    location: Location,

    #[command(flatten)]
    action: Action,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Action {
    /// Number of sample users to add [default: none]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    count: Option<u32>,

    /// Remove all sample users
    #[arg(long)]
    remove: bool,
}

/// Adds or removes sample users.
///
/// # Errors
///
/// The data directory cannot be used, or a write failed.
pub(super) fn run(arguments: SeedArgs) -> Result<(), CliError> {
    let (settings, _) = arguments.location.settings()?;
    if !store::has_database(&settings.data) {
        note_new(&settings.data);
    }
    let lock = Lock::acquire(&settings.data, "frontdesk seed")?;
    let store = Store::open(&lock, RetentionPolicy::default())?;
    let done = match arguments.action.count {
        Some(count) => {
            add(&store, u64::from(count)).map(|()| format!("sample users added: {count}"))
        }
        None => remove(&store).map(|removed| format!("sample users removed: {removed}")),
    };
    print(&done.map_err(|error| to_error(&error))?)
}

/// The cause of an internal error is for the log of a server; here the user may see it.
fn to_error(error: &Error) -> CliError {
    CliError::failed(match error {
        Error::Internal(cause) => cause.to_string(),
        other => other.to_string(),
    })
}

fn remove(store: &Store) -> Result<usize, Error> {
    let mut removed = 0;
    loop {
        match store.remove_samples(BATCH).and_then(Pending::wait)? {
            0 => return Ok(removed),
            batch => removed += batch,
        }
    }
}

fn add(store: &Store, count: u64) -> Result<(), Error> {
    let last = store.last_id().and_then(Pending::wait)?;
    // Samples are numbered like IDs, so that no earlier sample has the same email address.
    let mut samples = Samples::starting_at(u64::from(last.unsigned_abs()) + 1);
    let mut progress = Progress::new(Some(count));
    let mut pending = VecDeque::with_capacity(MAX_PENDING_BATCHES);
    let (mut requested, mut added) = (0, 0);
    while added < count {
        if requested < count && pending.len() < MAX_PENDING_BATCHES {
            let size = (count - requested).min(BATCH as u64);
            let batch = samples
                .by_ref()
                .zip(0..size)
                .map(|(sample, _)| sample)
                .collect();
            pending.push_back((store.add_users(batch, Origin::Sample)?, size));
            requested += size;
        } else if let Some((batch, size)) = pending.pop_front() {
            let new = batch.wait()?.created as u64;
            added += new;
            // If a real user has the email address of a sample, another sample is added.
            requested -= size - new;
            progress.report(added, added, || {
                format!("sample users added so far: {added}")
            });
        }
    }
    Ok(())
}
