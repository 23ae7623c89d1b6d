//! Users in a CSV file: finds the columns, and parses each row into a user or the reason why not.

mod columns;
mod guard;
mod reader;
mod records;
mod rejected;
mod utf16;

pub(super) use self::{
    reader::{FileError, Reader, line},
    rejected::RejectedRows,
};
