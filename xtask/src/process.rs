//! Child processes that never outlive this one.
//!
//! Each child leads a process group of its own. A signal that is to end this process ends all the
//! groups first, in order and within a bound, so that nothing is left behind: no server, no
//! browser, no compiler.

use std::{
    io::{self, BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio, exit},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::Outcome;

/// A little more than the server takes at most to let its calls end.
const GRACE: Duration = Duration::from_secs(12);
const TICK: Duration = Duration::from_millis(20);
/// What shells report for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

static RUNNING: Mutex<Vec<Arc<Mutex<Leader>>>> = Mutex::new(Vec::new());
static ENDING: AtomicBool = AtomicBool::new(false);

/// From here on SIGINT, SIGTERM and SIGHUP end all children, then this process.
pub(crate) fn end_children_on_signal() -> Outcome {
    ctrlc::set_handler(|| {
        ENDING.store(true, Ordering::SeqCst);
        let children = lock(&RUNNING).clone();
        for child in &children {
            lock(child).signal(Signal::TERM);
        }
        let deadline = Instant::now() + GRACE;
        for child in &children {
            end(child, deadline);
        }
        exit(INTERRUPTED);
    })?;
    Ok(())
}

/// Returns unless a signal is ending this process; then it never does.
pub(crate) fn yield_to_signal_handler() {
    while ENDING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// A running child and all that it starts; ended when dropped.
pub(crate) struct Group {
    child: Arc<Mutex<Leader>>,
}

impl Group {
    /// Starts `command` as the head of a process group of its own, without standard input.
    pub(crate) fn start(command: &mut Command) -> Outcome<Self> {
        yield_to_signal_handler();
        let name = command.get_program().to_string_lossy().into_owned();
        // Held while the child starts: the signal handler sees it, or keeps it from starting.
        let mut running = lock(&RUNNING);
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("{name} could not be started: {error}"))?;
        let child = Arc::new(Mutex::new(Leader { child, ended: None }));
        running.push(Arc::clone(&child));
        Ok(Self { child })
    }

    /// What the child writes to its standard output, where the command asked for a pipe.
    pub(crate) fn output(&self) -> Option<BufReader<ChildStdout>> {
        lock(&self.child).child.stdout.take().map(BufReader::new)
    }

    /// How the child ended; nothing while it runs. What it leaves behind ends with it.
    pub(crate) fn ended(&self) -> Outcome<Option<ExitStatus>> {
        Ok(lock(&self.child).ended()?)
    }

    /// Waits until the child has ended.
    pub(crate) fn wait(&self) -> Outcome<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(TICK);
        }
    }

    /// Asks the group to end and sees to it that it does.
    pub(crate) fn stop(self) {
        lock(&self.child).signal(Signal::TERM);
        end(&self.child, Instant::now() + GRACE);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        yield_to_signal_handler();
        end(&self.child, Instant::now());
        lock(&RUNNING).retain(|other| !Arc::ptr_eq(other, &self.child));
    }
}

/// Runs `command` to its end; an exit code other than zero is an error.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = Group::start(command)?.wait()?;
    success(command, status)
}

/// Like [`run`]; `each` is shown every line of standard output, which goes out all the same.
pub(crate) fn run_watched(command: &mut Command, mut each: impl FnMut(&str)) -> Outcome {
    let group = Group::start(command.stdout(Stdio::piped()))?;
    if let Some(output) = group.output() {
        // A test may print what is no text at all.
        for line in output.split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            each(&line);
        }
    }
    let status = group.wait()?;
    success(command, status)
}

/// The standard output of a short command that says something and ends, such as `--version`.
pub(crate) fn said(command: &mut Command) -> io::Result<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn success(command: &Command, status: ExitStatus) -> Outcome {
    yield_to_signal_handler();
    if status.success() {
        return Ok(());
    }
    let name = command.get_program().to_string_lossy();
    let arguments: Vec<_> = command
        .get_args()
        .map(|part| part.to_string_lossy())
        .collect();
    Err(format!("`{name} {}` failed: {status}", arguments.join(" ")).into())
}

/// A child whose number is the number of its group.
struct Leader {
    child: Child,
    /// Set when its entry is taken off the system, and its number is free for others.
    ended: Option<ExitStatus>,
}

impl Leader {
    /// How it ended; nothing while it runs.
    fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        if self.ended.is_none() && self.lies_dead()? {
            // Before its entry goes: until then the number can be no other group's.
            self.signal(Signal::KILL);
            self.ended = Some(self.child.wait()?);
        }
        Ok(self.ended)
    }

    /// Whether it has ended, and its entry is still there.
    fn lies_dead(&self) -> io::Result<bool> {
        let how = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let status = waitid(WaitId::Pid(Pid::from_child(&self.child)), how)?;
        Ok(status.is_some())
    }

    /// Sends `signal` to the group, unless its number may by now be another's; says whether.
    fn signal(&self, signal: Signal) -> bool {
        // Fails where nobody is left in the group, which is what is wanted in the end.
        self.ended.is_none() && kill_process_group(Pid::from_child(&self.child), signal).is_ok()
    }
}

/// Waits for the child until `deadline`, then kills its group.
fn end(child: &Mutex<Leader>, deadline: Instant) {
    while matches!(lock(child).ended(), Ok(None)) {
        if Instant::now() >= deadline {
            lock(child).signal(Signal::KILL);
        }
        thread::sleep(TICK);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Replaces this process by `command`; returns only when that fails.
pub(crate) fn replace_by(command: &mut Command) -> Box<dyn std::error::Error> {
    let error = command.exec();
    format!(
        "{} could not be started: {error}",
        command.get_program().to_string_lossy()
    )
    .into()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn sh(script: &str) -> Group {
        let mut command = Command::new("sh");
        Group::start(command.args(["-c", script]).stdout(Stdio::piped())).expect("it starts")
    }

    #[test]
    fn what_a_child_leaves_behind_ends_with_it() {
        let group = sh("sleep 600 & exit 3");
        let mut output = group.output().expect("a pipe");
        assert_eq!(group.wait().expect("it ends").code(), Some(3));
        // The end comes when nobody has the pipe open any more.
        let mut said = String::new();
        output.read_to_string(&mut said).expect("the end");
    }

    #[test]
    fn no_signal_goes_to_a_number_that_may_be_anothers() {
        let group = sh("exit 0");
        group.wait().expect("it ends");
        let leader = lock(&group.child);
        assert!(leader.ended.is_some() && !leader.signal(Signal::TERM));
    }

    #[test]
    fn a_group_that_does_not_listen_is_killed() {
        let group = sh("trap '' TERM; echo ready; sleep 600 & wait; sleep 600");
        let mut output = group.output().expect("a pipe");
        output.read_line(&mut String::new()).expect("it is ready");
        let leader = Arc::clone(&group.child);
        drop(group);
        let ended = lock(&leader).ended().expect("its state");
        assert!(ended.is_some_and(|status| !status.success()));
        output.read_to_string(&mut String::new()).expect("the end");
    }
}
