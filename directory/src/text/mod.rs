//! Text matching: folding, search terms and ranks.

mod byte_scan;
mod fold;
mod rank;
mod search_term;
mod word;

pub use self::{fold::fold, rank::Rank, search_term::SearchTerm};
