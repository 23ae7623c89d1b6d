//! Logs how many log lines were dropped.

use std::{
    io,
    sync::mpsc::{self, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::Duration,
};

use tracing_appender::non_blocking::ErrorCounter;

const INTERVAL: Duration = Duration::from_secs(10);

/// Reports at intervals, and once more when it is dropped.
#[derive(Debug)]
pub(super) struct DroppedLines(Option<(Sender<()>, JoinHandle<()>)>);

impl DroppedLines {
    pub(super) fn report(counter: ErrorCounter) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("dropped-lines".to_owned())
            .spawn(move || {
                let mut reported = 0;
                while stopped.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                    report_new(&counter, &mut reported);
                }
                report_new(&counter, &mut reported);
            })?;
        Ok(Self(Some((stop, thread))))
    }
}

fn report_new(counter: &ErrorCounter, reported: &mut usize) {
    let dropped = counter.dropped_lines();
    let lines = dropped - *reported;
    if lines > 0 {
        tracing::warn!(
            lines,
            "log lines were dropped: the log is not read fast enough"
        );
        *reported = dropped;
    }
}

impl Drop for DroppedLines {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::mpsc::{Receiver, Sender, channel},
    };

    use tracing_appender::non_blocking::NonBlockingBuilder;

    use super::*;
    use crate::telemetry::testing::Log;

    /// A writer that reports what it is given, and blocks until it may accept it.
    struct Blocking {
        given: Sender<Vec<u8>>,
        accept: Receiver<()>,
    }

    impl Write for Blocking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.given.send(bytes.to_vec()).map_err(io::Error::other)?;
            self.accept.recv().map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_blocked_writer_does_not_block_loggers_and_dropped_lines_are_reported() {
        const LIMIT: usize = 4;
        let (given, was_given) = channel();
        let (accepts, accept) = channel();
        let (mut writer, guard) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(LIMIT)
            .finish(Blocking { given, accept });
        writer.write_all(b"first\n").expect("buffered");
        assert_eq!(was_given.recv().expect("a write"), b"first\n");
        for _ in 0..LIMIT + 3 {
            writer.write_all(b"more\n").expect("buffered or dropped");
        }
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_writer(log.clone())
            .with_ansi(false)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            report_new(&writer.error_counter(), &mut 0);
        });
        assert!(log.text().contains("lines=3"), "{}", log.text());
        for _ in 0..=LIMIT {
            accepts.send(()).expect("it waits");
        }
        drop(guard);
        assert_eq!(was_given.try_iter().count(), LIMIT, "the rest is written");
    }
}
