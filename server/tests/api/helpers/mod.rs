//! A desk of one's own, and clients that show what is on the wire.

#[path = "../../binary/command.rs"]
mod command;
mod open;
mod places;
mod server;
mod socket;
mod wire;

pub(crate) use self::{
    command::frontdesk,
    open::Open,
    places::{gets_a_place, has_a_place},
    server::Server,
    socket::{BLOCK, Event, IN_TIME, Io, Socket, connect, event, opening, opening_bytes},
    wire::{Answer, Frame, Version, Wire, frames, message},
};
