//! What pages are made of: signals in, callbacks out. Nothing here knows the server.

mod address;
mod banner;
mod built;
mod calls;
mod card;
mod chorus;
mod faces;
mod feed;
mod field;
pub(crate) mod grid;
mod heading;
mod live;
mod pager;
mod progress;
mod rows;
mod scheme;
mod shell;
mod wire;

pub(crate) use self::{
    address::Address,
    banner::Banner,
    built::{Built, built},
    calls::CallSwitch,
    card::{Card, Neighbours},
    chorus::Chorus,
    faces::{Blank, Failed, Waiting},
    field::{Act, NameField},
    grid::People,
    heading::{Arrivals, Heading},
    live::live,
    pager::{Pager, ViewSwitch},
    progress::{Gauge, Turn},
    shell::{Footer, Header},
    wire::Wire,
};
