//! A log that tests can read.

use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::fmt::{MakeWriter, writer::MutexGuardWriter};

#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&log).into_owned()
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = MutexGuardWriter<'a, Vec<u8>>;

    fn make_writer(&'a self) -> Self::Writer {
        self.0.make_writer()
    }
}
