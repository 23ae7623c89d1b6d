//! Limits on calls, connections, bytes, time and memory.

mod calls;
mod connections;
mod incomplete_requests;
#[cfg(target_os = "linux")]
mod memory;
mod request_size;
mod slow_readers;
