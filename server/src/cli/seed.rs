//! `frontdesk seed`.

use std::collections::VecDeque;

use clap::Args;

use super::{Place, broken, progress::Progress, say};
use crate::failure::Failure;
use frontdesk_directory::Error;
use frontdesk_store::{Lock, Origin, Pending, RetentionPolicy, Samples, Store};

/// How many sample people are given to the store at once.
const BATCH: usize = 10_000;
/// How many batches are under way at most.
const UNDER_WAY: usize = 16;

/// The flags of `frontdesk seed`.
#[derive(Debug, Args)]
pub struct SeedArgs {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    what: What,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// Adds so many sample people, besides those who are there [default: none]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    count: Option<u32>,

    /// Removes all sample people, and nobody else
    #[arg(long)]
    remove: bool,
}

/// Adds or removes people who are made up.
///
/// # Errors
///
/// The folder can't be used.
pub fn run(arguments: SeedArgs) -> Result<(), Failure> {
    let data = arguments.place.data_or_new()?;
    let lock = Lock::take(&data, "frontdesk seed")?;
    let store = Store::open(&lock, RetentionPolicy::default())?;
    let done = match arguments.what.count {
        Some(count) => {
            add(&store, u64::from(count)).map(|()| format!("{count} sample people added"))
        }
        None => remove(&store).map(|removed| format!("{removed} sample people removed")),
    };
    say(&done.map_err(|error| broken(&error))?)
}

fn remove(store: &Store) -> Result<usize, Error> {
    let mut removed = 0;
    loop {
        match store.remove_samples(BATCH).and_then(Pending::wait)? {
            0 => return Ok(removed),
            some => removed += some,
        }
    }
}

fn add(store: &Store, count: u64) -> Result<(), Error> {
    let last = store.last_id().and_then(Pending::wait)?;
    // Numbered like their ids: nobody before them has such a number.
    let mut samples = Samples::starting_at(u64::from(last.unsigned_abs()) + 1);
    let mut progress = Progress::new(Some(count));
    let mut under_way = VecDeque::with_capacity(UNDER_WAY);
    let (mut asked, mut kept) = (0, 0);
    while kept < count {
        if asked < count && under_way.len() < UNDER_WAY {
            let size = (count - asked).min(BATCH as u64);
            let batch = samples
                .by_ref()
                .zip(0..size)
                .map(|(sample, _)| sample)
                .collect();
            under_way.push_back((store.add(batch, Origin::Sample)?, size));
            asked += size;
        } else if let Some((pending, size)) = under_way.pop_front() {
            let new = pending.wait()?.new as u64;
            kept += new;
            // Somebody real has the address of a sample: another one comes instead.
            asked -= size - new;
            progress.rows(kept, kept, || format!("{kept} sample people added so far"));
        }
    }
    Ok(())
}
