//! One file a page: each owns what it reads and what becomes of it.

mod answer;
mod back;
mod directory;
mod greet;
mod missing;
mod person;

pub(crate) use self::{
    directory::{DirectoryPage, Memory},
    greet::GreetPage,
    missing::MissingPage,
    person::PersonPage,
};
