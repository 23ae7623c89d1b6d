//! Test servers, and clients that expose everything on the wire.

mod call_status;
#[path = "../../binary/command.rs"]
mod command;
mod frames;
mod handshake;
mod http_client;
mod permits;
mod process;
mod random;
mod server;
mod socket;
mod socket_events;
mod status;
mod users;

use std::time::Duration;

pub(crate) use self::{
    call_status::{CallStatus, PROTOCOLS, call_status, same_status_everywhere},
    command::frontdesk,
    frames::{Frame, frame_message, messages, parse_frames},
    handshake::{connect_http2, handshake_bytes, handshake_request},
    http_client::{HttpClient, HttpResponse, Version},
    permits::{acquire_permit, has_permit, wait_for_permit, wait_until_no_permit},
    process::{ServerProcess, serve_command},
    random::random_seed,
    server::Server,
    socket::{Io, REQUEST_HEADERS, Socket},
    socket_events::{Event, parse_event},
    status::{error_info, invalid_fields},
    users::{
        Users, create_user, delete_user, list_all_users, long_user, restore_user, update_name,
        user_by_id,
    },
};

/// Longer than any step of a test takes on a busy machine.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Both versions of HTTP.
pub(crate) const BOTH: [Version; 2] = [Version::Http1, Version::Http2];

/// John Doe and the samples of a new directory; its revision as well.
pub(crate) const INITIAL_USERS: i32 = 1_000;
