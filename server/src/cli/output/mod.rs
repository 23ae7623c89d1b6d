//! What commands print: tables and text for a terminal, JSON for programs.

mod event;
mod json;
mod printable;
mod progress;
mod stdout;
mod table;
mod time;

pub(super) use self::{
    event::EventPrinter,
    json::JsonLines,
    printable::printable,
    progress::Progress,
    stdout::{PrintError, Stdout, finish, note, print},
    table::{Column, Table},
    time::{format_millis, format_time},
};
