//! What pages are made of: signals in, callbacks out. Nothing here knows the server.

mod address;
mod banner;
mod built;
mod card;
mod chorus;
mod faces;
mod field;
pub(crate) mod grid;
mod heading;
mod live;
mod pager;
mod progress;
mod rows;
mod scheme;
mod shell;

pub(crate) use self::{
    address::Address,
    banner::Banner,
    built::{Built, built},
    card::{Card, Neighbours},
    chorus::{Chorus, Line},
    faces::{Blank, Failed, Waiting},
    field::NameField,
    grid::People,
    heading::{Arrivals, Heading},
    live::live,
    pager::{Pager, ViewSwitch},
    progress::{Gauge, Turn},
    shell::{Footer, Header},
};
