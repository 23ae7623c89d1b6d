//! Finds anybody among millions in a blink, and any page of any order. In memory and pure: no I/O, no
//! threads, no clock. Whoever owns the tables applies each change after it is committed; searchers
//! read snapshots.
//!
//! - [`fold()`]: what makes texts alike without regard to case and accents.
//! - [`TextIndex`]: the folded name and email of each user, in blocks of 16 KiB, scanned as bytes.
//!   A million users with 14 bytes of name and 25 of address take some 41 MB.
//! - [`SearchTerm`]: what a person typed, and how well a row matches it ([`Rank`]).
//! - [`IdSet`]: a set of ids, for lists that are in another order.
//! - [`Order`]: how many entries of a sorted table lie before a key, without counting them.
//!
//! What is not here: typing errors, and words that mean the same.

mod block;
mod id_set;
mod order;
mod scan;
mod text_index;

pub use self::{
    id_set::IdSet,
    order::{Order, Place, Split},
    scan::Found,
    text_index::TextIndex,
};
