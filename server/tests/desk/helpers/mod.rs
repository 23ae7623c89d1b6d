//! A desk of one's own, and clients that show what is on the wire.

#[path = "../../binary/command.rs"]
mod command;
mod desk;
mod wire;

pub(crate) use self::{
    command::frontdesk,
    desk::Desk,
    wire::{Answer, Frame, Version, Wire, frames, message},
};
