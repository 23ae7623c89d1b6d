//! People in a CSV file: which columns they are in, and each row a person or a reason why not.
//!
//! Knows the domain, and neither the tables nor the terminal.

mod columns;
mod guard;
mod packed;
mod printable;
mod reader;
mod records;
mod rejected;
mod utf8;

pub(crate) use self::printable::shown;
pub use self::{
    columns::Columns,
    packed::PackedRows,
    reader::{FileError, Reader, Row},
    rejected::Rejected,
};
