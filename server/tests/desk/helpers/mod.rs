//! A desk of one's own, and clients that show what is on the wire.

mod desk;
mod wire;

pub(crate) use self::{
    desk::{Desk, frontdesk},
    wire::{Answer, Frame, Version, Wire, frames, message},
};
