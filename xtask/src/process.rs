//! Child processes that never outlive this one.
//!
//! Each child leads its own process group. When this process receives a signal that ends it,
//! fails or panics, all groups are ended first: no server, browser or compiler is left behind.

use std::{
    io::{self, BufRead as _, BufReader},
    mem,
    os::unix::process::CommandExt as _,
    process::{ChildStdout, Command, ExitStatus, Stdio, exit},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessGroup};
use rustix::process::Signal;

use crate::Result;

/// Longer than the server's own limit for draining calls at shutdown.
const GRACE_PERIOD: Duration = Duration::from_secs(12);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// What shells report for a program that SIGINT ended.
const EXIT_INTERRUPTED: i32 = 130;

static RUNNING: Mutex<Vec<Arc<Mutex<Leader>>>> = Mutex::new(Vec::new());
static ENDING: AtomicBool = AtomicBool::new(false);

/// From here on SIGINT, SIGTERM and SIGHUP end all children, then this process.
pub(crate) fn install_signal_handler() -> Result {
    ctrlc::set_handler(|| {
        ENDING.store(true, Ordering::SeqCst);
        let children = lock(&RUNNING).clone();
        for child in &children {
            lock(child).signal(Signal::TERM);
        }
        let deadline = Instant::now() + GRACE_PERIOD;
        for child in &children {
            wait_or_kill(child, deadline);
        }
        exit(EXIT_INTERRUPTED);
    })?;
    Ok(())
}

/// Returns unless a signal is ending this process; then it blocks until the process ends.
pub(crate) fn yield_to_signal_handler() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// A running child and all its descendants; killed when dropped.
pub(crate) struct Group {
    leader: Arc<Mutex<Leader>>,
}

impl Group {
    /// Starts `command` as the leader of a new process group, without standard input. The builder
    /// is left empty.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        yield_to_signal_handler();
        let program = command.get_program().to_string_lossy().into_owned();
        let mut command = mem::replace(command, Command::new(""));
        command.stdin(Stdio::null());
        let mut command = CommandWrap::from(command);
        // Locked while the child starts: the signal handler either sees it or prevents the start.
        let mut running = lock(&RUNNING);
        let child = command
            .wrap(ProcessGroup::leader())
            .spawn()
            .map_err(|error| format!("cannot start {program}: {error}"))?;
        let leader = Arc::new(Mutex::new(Leader {
            child,
            status: None,
        }));
        running.push(Arc::clone(&leader));
        Ok(Self { leader })
    }

    /// The child's standard output, if it is a pipe.
    pub(crate) fn stdout(&self) -> Option<BufReader<ChildStdout>> {
        let stdout = lock(&self.leader).child.stdout().take();
        stdout.map(BufReader::new)
    }

    /// The child's exit status, or `None` while it runs.
    pub(crate) fn try_wait(&self) -> Result<Option<ExitStatus>> {
        Ok(lock(&self.leader).try_wait()?)
    }

    /// Waits until the child has ended.
    pub(crate) fn wait(&self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.try_wait()? {
                return Ok(status);
            }
            thread::sleep(POLL_INTERVAL);
        }
    }

    /// Sends SIGTERM to the group, and SIGKILL if it is still running after the grace period.
    pub(crate) fn stop(self) {
        lock(&self.leader).signal(Signal::TERM);
        wait_or_kill(&self.leader, Instant::now() + GRACE_PERIOD);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        yield_to_signal_handler();
        wait_or_kill(&self.leader, Instant::now());
        lock(&RUNNING).retain(|other| !Arc::ptr_eq(other, &self.leader));
    }
}

/// Runs `command` to its end; an exit code other than zero is an error.
pub(crate) fn run(command: &mut Command) -> Result {
    let description = describe(command);
    let status = Group::start(command)?.wait()?;
    check(status, &description)
}

/// Like [`run`], and calls `inspect` with every line of standard output, which is also printed.
pub(crate) fn run_inspected(command: &mut Command, mut inspect: impl FnMut(&str)) -> Result {
    let description = describe(command);
    let group = Group::start(command.stdout(Stdio::piped()))?;
    if let Some(stdout) = group.stdout() {
        // Lines as bytes: a test may print invalid UTF-8.
        for line in stdout.split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            inspect(&line);
        }
    }
    check(group.wait()?, &description)
}

/// The standard output of a command that ends quickly by itself, such as `--version`.
pub(crate) fn output(command: &mut Command) -> io::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Replaces this process by `command`; returns only if that fails.
pub(crate) fn exec(command: &mut Command) -> Box<dyn std::error::Error> {
    let error = command.exec();
    let program = command.get_program().to_string_lossy();
    format!("cannot start {program}: {error}").into()
}

fn describe(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn check(status: ExitStatus, description: &str) -> Result {
    yield_to_signal_handler();
    if status.success() {
        return Ok(());
    }
    Err(format!("`{description}` failed: {status}").into())
}

/// A child that leads a process group.
struct Leader {
    child: Box<dyn ChildWrapper>,
    /// Set once the child has been reaped.
    status: Option<ExitStatus>,
}

impl Leader {
    fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.status.is_none()
            && let Some(status) = self.child.try_wait()?
        {
            // Ends the descendants that the child left behind. The group keeps its id as long as
            // it has members; without members the signal has no target.
            self.signal(Signal::KILL);
            self.status = Some(status);
        }
        Ok(self.status)
    }

    /// Sends `signal` to the group and returns whether it was sent. A group whose leader has been
    /// reaped gets none: its id may be reused.
    fn signal(&self, signal: Signal) -> bool {
        self.status.is_none() && self.child.signal(signal.as_raw()).is_ok()
    }
}

/// Waits for the child until `deadline`, then kills its group.
fn wait_or_kill(leader: &Mutex<Leader>, deadline: Instant) {
    while matches!(lock(leader).try_wait(), Ok(None)) {
        if Instant::now() >= deadline {
            lock(leader).signal(Signal::KILL);
        }
        thread::sleep(POLL_INTERVAL);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn start_shell(script: &str) -> Group {
        let mut command = Command::new("sh");
        Group::start(command.args(["-c", script]).stdout(Stdio::piped())).expect("start a shell")
    }

    #[test]
    fn descendants_end_with_the_child() {
        let group = start_shell("sleep 600 & exit 3");
        let mut stdout = group.stdout().expect("a pipe");
        assert_eq!(group.wait().expect("an exit status").code(), Some(3));
        // Reaches the end only when no process has the pipe open.
        stdout
            .read_to_string(&mut String::new())
            .expect("end of output");
    }

    #[test]
    fn a_reaped_group_gets_no_signal() {
        let group = start_shell("exit 0");
        group.wait().expect("an exit status");
        let leader = lock(&group.leader);
        assert!(leader.status.is_some() && !leader.signal(Signal::TERM));
    }

    #[test]
    fn a_group_that_ignores_sigterm_is_killed() {
        let group = start_shell("trap '' TERM; echo ready; sleep 600 & wait; sleep 600");
        let mut stdout = group.stdout().expect("a pipe");
        stdout.read_line(&mut String::new()).expect("a first line");
        let leader = Arc::clone(&group.leader);
        drop(group);
        let status = lock(&leader).try_wait().expect("its state");
        assert!(status.is_some_and(|status| !status.success()));
        stdout
            .read_to_string(&mut String::new())
            .expect("end of output");
    }
}
