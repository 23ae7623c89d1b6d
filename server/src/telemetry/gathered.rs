//! Lines on their way to a slow place.
//!
//! A terminal or a pipe that takes nothing must not hold up answers, so a thread of its own writes
//! what all others say. They hand their lines over in one buffer: a queue of lines (as in
//! `tracing-appender`) costs each of them an allocation, and the thread a waking, which together
//! took a tenth of what the server can do.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::MakeWriter;

/// How many bytes may wait to be written; lines that would go beyond it are lost, and counted.
const MOST_WAITING: usize = 4 * 1024 * 1024;

/// How much room is kept for the next lines.
const KEPT: usize = 64 * 1024;

/// How long lines are gathered after a write: nobody misses one for so long, and the thread is
/// woken that seldom.
const GATHERING: Duration = Duration::from_millis(5);

/// How long the end waits for what is left to be written.
const PATIENCE: Duration = Duration::from_secs(1);

/// Where lines are handed over; see [the module](self).
#[derive(Debug, Clone)]
pub(super) struct Lines(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    /// The writer waits for lines, or for the end.
    for_writer: Condvar,
    /// The end waits for the writer.
    for_end: Condvar,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<u8>,
    lost: u64,
    ending: bool,
    written: bool,
}

impl Shared {
    /// Nothing is left half-done under this lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what is left when it is dropped.
#[must_use = "lines that wait are written when it is dropped"]
#[derive(Debug)]
pub(super) struct Guard(Arc<Shared>);

impl Drop for Guard {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ending = true;
        self.0.for_writer.notify_one();
        // Not for ever: the place may be one that takes nothing any more.
        let _timed_out = self
            .0
            .for_end
            .wait_timeout_while(state, PATIENCE, |state| !state.written);
    }
}

/// Starts the thread that writes to `place`. `tell` is called there with how many lines were lost,
/// some time after they were.
///
/// # Errors
///
/// Where no thread can be started.
pub(super) fn to<W, F>(place: W, tell: F) -> io::Result<(Lines, Guard)>
where
    W: Write + Send + 'static,
    F: Fn(u64) + Send + 'static,
{
    let shared = Arc::new(Shared::default());
    let lines = Lines(Arc::clone(&shared));
    let guard = Guard(Arc::clone(&shared));
    thread::Builder::new()
        .name("log".into())
        .spawn(move || write(&shared, place, tell))?;
    Ok((lines, guard))
}

fn write(shared: &Shared, mut place: impl Write, tell: impl Fn(u64)) {
    let mut batch = Vec::new();
    loop {
        let state = shared.lock();
        let mut state = shared
            .for_writer
            .wait_while(state, |state| state.waiting.is_empty() && !state.ending)
            .unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut state.waiting, &mut batch);
        let lost = mem::take(&mut state.lost);
        let is_over = state.ending && batch.is_empty() && lost == 0;
        drop(state);
        if is_over {
            break;
        }
        // There is nowhere to say that the log can't be written.
        let _unwritten = place.write_all(&batch).and_then(|()| place.flush());
        batch.clear();
        batch.shrink_to(KEPT);
        if lost > 0 {
            tell(lost);
        }
        let state = shared.lock();
        let _timed_out = shared
            .for_writer
            .wait_timeout_while(state, GATHERING, |state| !state.ending);
    }
    shared.lock().written = true;
    shared.for_end.notify_all();
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = &'a Self;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl Write for &Lines {
    /// Takes one whole line, or loses it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut state = self.0.lock();
        if state.waiting.len() + line.len() > MOST_WAITING {
            state.lost += 1;
            return Ok(line.len());
        }
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        drop(state);
        if is_first {
            self.0.for_writer.notify_one();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    /// Says what it is given, and takes it only when it is told to.
    struct Place {
        given: Sender<Vec<u8>>,
        take: Receiver<()>,
    }

    impl Write for Place {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.given.send(bytes.to_vec()).map_err(io::Error::other)?;
            self.take.recv().map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_end_waits_for_what_was_said() {
        let (given, was_given) = channel();
        let (taken, take) = channel();
        let (lines, guard) = to(Place { given, take }, |_| {}).expect("a thread");
        (&lines).write_all(b"one\n").expect("taken");
        assert_eq!(was_given.recv().expect("a write"), b"one\n");
        (&lines).write_all(b"two\n").expect("taken");
        (&lines).write_all(b"three\n").expect("taken");
        for _ in 0..2 {
            taken.send(()).expect("somebody waits");
        }
        drop(guard);
        assert_eq!(was_given.try_recv().expect("a write"), b"two\nthree\n");
    }

    #[test]
    fn a_place_that_takes_nothing_holds_nobody_up_and_what_is_lost_is_told() {
        let (given, was_given) = channel();
        let (taken, take) = channel();
        let (tell, told) = channel();
        let (lines, guard) = to(Place { given, take }, move |lost| {
            tell.send(lost).expect("heard");
        })
        .expect("a thread");
        (&lines).write_all(b"first\n").expect("taken");
        assert_eq!(was_given.recv().expect("a write"), b"first\n");
        let line = [b'.'; 1024];
        let fit = MOST_WAITING / line.len();
        for _ in 0..fit + 3 {
            (&lines).write_all(&line).expect("taken");
        }
        for _ in 0..2 {
            taken.send(()).expect("somebody waits");
        }
        assert_eq!(told.recv().expect("told"), 3);
        assert_eq!(was_given.recv().expect("a write").len(), fit * line.len());
        drop(guard);
    }
}
