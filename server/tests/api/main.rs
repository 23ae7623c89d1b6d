//! Black box: a real server on a port of its own, and real clients; one file a subject.

mod bad_input;
mod bounds;
mod cors;
mod encoding;
mod find;
mod greetings;
mod grpc_web;
mod helpers;
#[cfg(target_os = "linux")]
mod hostile;
mod imports;
mod log;
mod native;
mod page;
mod reflection;
mod settings;
mod shutdown;
mod slow_readers;
mod socket;
mod tls;
mod unread;
mod watch;
#[cfg(unix)]
mod writes;
